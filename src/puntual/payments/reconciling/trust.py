"""What an organization's rules are worth, and whether they may post by themselves."""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Q

from puntual.payments.matching.record import BAR, ENOUGH, Record, seeded
from puntual.payments.reconciling.models import LineSettlement, MatchingPolicy

__all__ = ["BAR", "ENOUGH", "Record", "Trust", "trust_of"]


class Trust(NamedTuple):
    """The rules' records and the bar they have to reach.

    A record is the organization's own once it has ENOUGH answers; before, it is what was measured on the seeded bank.
    """

    bar: Decimal
    records: Mapping[str, Record]

    def automatic(self, rule: str) -> bool:
        """Whether the rule posts by itself."""
        record = self.records.get(rule)
        return record is not None and record.reaches(self.bar)


def trust_of(organization_id: UUID) -> Trust:
    """The rules' records and the organization's bar. To be called inside `acting_for`."""
    policy = MatchingPolicy.objects.filter(organization_id=organization_id).first()
    settled = LineSettlement.objects.filter(organization_id=organization_id).exclude(rule="").exclude(agreed=None)
    own = settled.values("rule").annotate(answers=Count("id"), right=Count("id", filter=Q(agreed=True)))
    records = dict(seeded())
    for row in own.order_by("rule"):
        if row["answers"] >= ENOUGH or row["rule"] not in records:
            records[row["rule"]] = Record(row["right"], row["answers"], own=True)
    return Trust(policy.bar if policy else BAR, records)
