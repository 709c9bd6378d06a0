"""Reads of alerts. Everything runs inside `acting_for` and names its organization."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from math import sqrt
from uuid import UUID

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet
from django.db.models.expressions import RawSQL

from puntual.analytics.alerts.kinds import JUDGED, RIGHT, Kind, Outcome
from puntual.analytics.alerts.models import Alert
from puntual.analytics.narrowing import EVERYBODY, Whose

_NAMED = re.compile(r"%\((\w+)\)s")
_CONFIDENT = 1.96
"""Standard errors to each side of which a normal figure lies nineteen times of twenty."""


def alerts(
    organization_id: UUID, state: str = "", kind: str = "", whose: Collection[UUID] | None = None
) -> "QuerySet[Alert]":
    """Those in a state ("" for any), of a kind, that are these members'; with what a list shows of them."""
    wanted: dict[str, object] = {"organization_id": organization_id}
    if state:
        wanted["state"] = state
    if kind:
        wanted["kind"] = kind
    if whose is not None:
        wanted["assigned_to__in"] = whose
    return Alert.objects.filter(**wanted).select_related("customer", "creditor", "assigned_to")


def open_alerts_of(organization_id: UUID, customer_id: UUID) -> list[Alert]:
    """What is open of a customer, the latest first."""
    rows = alerts(organization_id, Alert.State.OPEN).filter(customer=customer_id)
    return list(rows.order_by("-raised_on", "-id"))


def open_for(organization_id: UUID, whose: Collection[UUID], most: int = 1000) -> tuple[int, int]:
    """How many are open, and how many of them these members': at most `most` of each are counted."""
    rows = Alert.objects.filter(organization_id=organization_id, state=Alert.State.OPEN).order_by()
    mine = rows.filter(assigned_to__in=whose)[:most].count() if whose else 0
    return rows[:most].count(), mine


@dataclass(frozen=True, slots=True)
class HitRate:
    """What became of the alerts of one kind: raised, still open, and closed by outcome."""

    kind: Kind
    raised: int
    open: int
    outcomes: Counter[str]

    @property
    def right(self) -> int:
        """Those that were so, acted on or not."""
        return sum(self.outcomes[one] for one in RIGHT)

    @property
    def judged(self) -> int:
        """Those of which somebody said whether they were right."""
        return sum(self.outcomes[one] for one in JUDGED)

    @property
    def rate(self) -> float | None:
        """The share that was right, of those judged; None where none was."""
        return self.right / self.judged if self.judged else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Between which the rate lies with 95 % confidence (Wilson's score interval, 1927): honest with few, too."""
        return wilson(self.right, self.judged) if self.judged else None


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The 95 % score interval of a share. Raises ZeroDivisionError for a share of nothing."""
    share, squared = hits / of, _CONFIDENT**2
    middle = (share + squared / (2 * of)) / (1 + squared / of)
    half = _CONFIDENT * sqrt(share * (1 - share) / of + squared / (4 * of * of)) / (1 + squared / of)
    return max(0.0, middle - half), min(1.0, middle + half)


def hit_rates(organization_id: UUID, since: date, through: date, whose: Whose = EVERYBODY) -> list[HitRate]:
    """Of what was raised from `since` through `through`, what had become of it by then, by kind in their order."""
    rows = of_period(organization_id, since, through, whose).filter(raised_on__gte=since)
    counted = (
        rows.order_by().annotate(over=_closed(through)).values_list("kind", "outcome", "over").annotate(Count("id"))
    )
    outcomes: dict[str, Counter[str]] = defaultdict(Counter)
    for kind, outcome, over, number in counted:
        outcomes[kind][outcome if over else ""] += number
    return [
        HitRate(kind, outcomes[kind].total(), outcomes[kind].pop("", 0), outcomes[kind]) for kind in _seen(outcomes)
    ]


def _seen(outcomes: dict[str, Counter[str]]) -> Iterator[Kind]:
    return (kind for kind in Kind if kind in outcomes)


def _closed(day: date) -> "ExpressionWrapper[Q]":
    """Whether an alert was closed by the end of a day."""
    return ExpressionWrapper(Q(closed_on__isnull=False) & Q(closed_on__lte=day), BooleanField())


def of_period(organization_id: UUID, since: date, through: date, whose: Whose = EVERYBODY) -> "QuerySet[Alert]":
    """What was raised in a period, or open at its end; overtaken ones too. What is of a creditor's customers together is of no
    customer, so of no segment, collector or country.
    """
    standing = Q(closed_on=None) | Q(closed_on__gt=through) | Q(raised_on__gte=since)
    rows = alerts(organization_id).filter(standing, raised_on__lte=through)
    if not whose.named:
        return rows
    sql = f"SELECT a.id FROM analytics_alert a WHERE a.organization_id = %(org)s {whose.sql('a', currency=False)}"
    values = {"org": organization_id, **whose.values}
    # An expression of Django's takes its values by their place.
    placed, order = _NAMED.sub("%s", sql), _NAMED.findall(sql)
    return rows.filter(id__in=RawSQL(placed, [values[name] for name in order]))  # noqa: S611 - its values are parameters


def outcome_by(alert: Alert, day: date) -> str:
    """What had come of it by the end of a day; "" while it was open."""
    return Outcome(alert.outcome) if alert.closed_on and alert.closed_on <= day else ""
