"""How often each rule was right, and whether it may post by itself."""

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Q

from puntual.payments.reconciling.models import LineSettlement, MatchingPolicy

BAR = Decimal("0.995")
"""What a rule has to reach at least."""

ENOUGH = 200
"""From so many answers of its own an organization's record counts; before, what was measured on the seeded bank."""


class Record(NamedTuple):
    """How often a rule was right out of how many answers that it called sure."""

    right: int
    answers: int
    own: bool  # measured here, not on the seeded bank

    @property
    def precision(self) -> Decimal | None:
        """The share of right answers; None where there is none."""
        return Decimal(self.right) / self.answers if self.answers else None


class Trust(NamedTuple):
    """What an organization's rules are worth, and the bar they have to reach."""

    bar: Decimal
    records: Mapping[str, Record]

    def automatic(self, rule: str) -> bool:
        """Whether the rule posts by itself."""
        record = self.records.get(rule)
        return record is not None and record.answers >= ENOUGH and (record.precision or 0) >= self.bar


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


@cache
def seeded() -> Mapping[str, Record]:
    """What `make bench` measured on the seeded bank, whose truth is known (`bench/statement_lines.py`)."""
    measured = tomllib.loads(files("puntual.payments.reconciling").joinpath("measured.toml").read_text("utf-8"))
    return {rule: Record(right, answers, own=False) for rule, (right, answers) in measured["rules"].items()}
