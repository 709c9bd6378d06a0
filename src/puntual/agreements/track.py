"""How a customer kept what was agreed, in numbers. Runs inside `acting_for` and names its organization."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from puntual.agreements.models import Approval, Extension, Plan, Promise


@dataclass(frozen=True, slots=True)
class Track:
    """Promises and plans by how they ended, extensions that were granted, and exceptions that were made for the customer."""

    promises_kept: int
    promises_broken: int  # or kept in part
    plans_completed: int
    plans_broken: int
    extensions: int
    exceptions: int

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in self.__slots__)


def track_of(organization_id: UUID, customer_id: UUID) -> Track:
    """Everything that was agreed with a customer so far."""
    promises = _states(Promise, organization_id, customer_id)
    plans = _states(Plan, organization_id, customer_id)
    mine = {"organization_id": organization_id, "customer": customer_id}
    return Track(
        promises_kept=promises["kept"],
        promises_broken=promises["broken"] + promises["partly_kept"],
        plans_completed=plans["completed"],
        plans_broken=plans["broken"],
        extensions=Extension.objects.filter(**mine, state=Extension.State.GRANTED).count(),
        exceptions=Approval.objects.filter(**mine, decision=Approval.Decision.APPROVED).count(),
    )


def _states(table: type[Promise | Plan], organization_id: UUID, customer_id: UUID) -> Counter[str]:
    rows = table.objects.filter(organization_id=organization_id, customer=customer_id).order_by()
    return Counter(dict(rows.values_list("state").annotate(count=Count("*"))))
