"""Reads of changed terms. Each names its organization."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from puntual.agreements.models import Terms
from puntual.agreements.terms.timeline import Change, days_on
from puntual.parties.models import Customer


def terms_of(organization_id: UUID, customer_id: UUID) -> QuerySet[Terms]:
    """Every change of a customer's terms, the latest first."""
    rows = Terms.objects.filter(organization_id=organization_id, customer_id=customer_id)
    return rows.order_by("-effective_on", "-recorded_at", "-id")


@dataclass(frozen=True, slots=True)
class TermsKnown:
    """The days customers have to pay, as far as anybody knows them."""

    now: dict[UUID, int | None]
    changes: dict[UUID, list[Change]]

    def days(self, customer_id: UUID, issued_on: date) -> int | None:
        """For an invoice issued on a day; None where nobody knows."""
        return days_on(issued_on, self.now.get(customer_id), self.changes.get(customer_id, ()))


def terms_known(organization_id: UUID, customer_ids: Collection[UUID]) -> TermsKnown:
    """The terms of these customers over time, in two queries."""
    mine = Customer.objects.filter(organization_id=organization_id, id__in=list(customer_ids))
    changes: dict[UUID, list[Change]] = {}
    rows = Terms.objects.filter(
        organization_id=organization_id,
        customer_id__in=list(customer_ids),
        withdrawn_on__isnull=True,
        terms_days__isnull=False,
    )
    columns = ("customer_id", "effective_on", "terms_days", "before")
    for customer_id, effective_on, days, before in rows.order_by("effective_on", "recorded_at").values_list(*columns):
        changes.setdefault(customer_id, []).append(Change(effective_on, days, before.get("terms_days")))
    return TermsKnown(dict(mine.values_list("id", "terms_days")), changes)
