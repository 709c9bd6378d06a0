"""Who got what in which situation: everything that was granted or asked for in a period, and the exceptions with their reasons.

Situations are told apart by what limits depend on: kind, currency, balance band, age and segments. Everything runs inside
`acting_for` and names its organization.
"""

import json
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import connection

from puntual.agreements.guardrails import Situation
from puntual.analytics.narrowing import EVERYBODY, Whose
from puntual.kernel.aging import Buckets
from puntual.strategies.queries import active_manuals

ACCEPTED, OPEN, DECLINED, REFUSED, WITHDRAWN = "accepted", "open", "declined", "refused", "withdrawn"
"""How one ended: *declined* by the customer, or *refused* by whoever had to approve it."""
OUTCOMES = (ACCEPTED, OPEN, DECLINED, REFUSED, WITHDRAWN)
_BY_STATE = {
    **dict.fromkeys(("granted", "active", "completed", "broken", "replanned"), ACCEPTED),
    **dict.fromkeys(("awaiting", "offered"), OPEN),
    "expired": DECLINED,
    "withdrawn": WITHDRAWN,
}
MEASURES = ("days", "parts", "percent", "first_percent")
# One row per agreement with its latest exception. A plan's days run to its last part; its first part's share is of all its parts.
_GIVEN = """
WITH given AS (
    SELECT e.id, 'extension' AS kind, e.customer_id, e.situation, e.offer, e.state, e.recorded_at, e.recorded_by,
           (e.to_due - e.from_due) AS days, NULL::int AS parts, NULL::numeric AS percent, NULL::numeric AS first_percent
    FROM agreements_extension e
    WHERE e.organization_id = %(org)s AND (e.recorded_at AT TIME ZONE %(zone)s)::date BETWEEN %(since)s AND %(through)s
      {among_extensions}
    UNION ALL
    SELECT p.id, p.kind, p.customer_id, p.situation, p.offer, p.state, p.recorded_at, p.recorded_by,
           (part.last_on - p.agreed_on), part.parts::int,
           CASE WHEN p.discount > 0 THEN round(100 * p.discount / p.principal, 2) END,
           round(100 * part.first_amount / part.total, 2)
    FROM agreements_plan p
    JOIN LATERAL (
        SELECT max(due_on) AS last_on, count(*) AS parts, sum(amount) AS total,
               (array_agg(amount ORDER BY position))[1] AS first_amount
        FROM agreements_planpart WHERE organization_id = %(org)s AND plan_id = p.id
    ) part ON part.parts > 0
    WHERE p.organization_id = %(org)s AND p.agreed_on BETWEEN %(since)s AND %(through)s {among_plans}
)
SELECT g.id, g.kind, c.id, c.code, c.name, d.name, g.situation, g.offer, g.state,
       (g.recorded_at AT TIME ZONE %(zone)s)::date, g.recorded_by, g.days, g.parts, g.percent, g.first_percent,
       a.beyond, a.reason, a.asked_by, a.decision, a.decided_by, a.why
FROM given g
JOIN parties_customer c ON c.organization_id = %(org)s AND c.id = g.customer_id
JOIN parties_creditor d ON d.organization_id = %(org)s AND d.id = c.creditor_id
LEFT JOIN LATERAL (
    SELECT * FROM agreements_approval WHERE organization_id = %(org)s AND subject_id = g.id ORDER BY asked_at DESC LIMIT 1
) a ON true
WHERE true {narrowed}
ORDER BY g.recorded_at {order}, g.id {order}
{limit}"""
_EXCEPTIONS = "AND {}.id IN (SELECT subject_id FROM agreements_approval WHERE organization_id = %(org)s)"


@dataclass(frozen=True, slots=True)
class Exceeding:
    """What went beyond the limits: which, why, who asked, and who decided what and why ("waiting" while nobody did)."""

    beyond: Sequence[Mapping[str, str]]
    reason: str
    asked_by: str
    decision: str
    decided_by: str
    why: str


@dataclass(frozen=True, slots=True)
class Given:
    """One extension, plan or settlement; `outcome` is one of the constants above. What does not apply to its kind is None."""

    kind: str
    customer_id: UUID
    code: str
    name: str
    creditor: str
    situation: Situation | None
    offer: str
    outcome: str
    on: date
    by: str
    days: int
    parts: int | None
    percent: Decimal | None
    first_percent: Decimal | None
    exception: Exceeding | None


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """A situation as the report tells it: `band` is the place among the currency's bands, -1 where no situation was kept."""

    kind: str
    currency: str
    band: int
    age: int
    segments: tuple[str, ...]


@dataclass(slots=True)
class Tally:
    """What happened in a situation: how many, how they ended, how many exceptions, which offers, and from what to what."""

    given: int = 0
    outcomes: dict[str, int] = field(default_factory=lambda: dict.fromkeys(OUTCOMES, 0))
    exceptions: int = 0
    offers: set[str] = field(default_factory=set)
    ranges: dict[str, tuple[Decimal, Decimal]] = field(default_factory=dict)

    @property
    def acceptance(self) -> Decimal | None:
        """Percent accepted of what was accepted or declined; None where neither happened."""
        accepted, declined = self.outcomes[ACCEPTED], self.outcomes[DECLINED]
        return Decimal(100 * accepted) / (accepted + declined) if accepted + declined else None

    def add(self, one: Given) -> None:
        """Count one. Ranges are of what was agreed within the limits: an exception is told by itself."""
        self.given += 1
        self.outcomes[one.outcome] += 1
        if one.offer:
            self.offers.add(one.offer)
        if one.exception:
            self.exceptions += 1
            return
        for name, value in ((name, getattr(one, name)) for name in MEASURES):
            if value is not None:
                low, high = self.ranges.get(name, (Decimal(value), Decimal(value)))
                self.ranges[name] = min(low, Decimal(value)), max(high, Decimal(value))


def bands(organization_id: UUID) -> dict[str, tuple[Decimal, ...]]:
    """By currency, the amounts at which a balance band of an offer in force begins or ends, rising."""
    found: dict[str, set[Decimal]] = {}
    for manual in active_manuals(organization_id).values():
        for offer in manual.offers:
            for amounts in (offer.balance_from, offer.balance_below):
                for currency, amount in amounts.items():
                    found.setdefault(currency, set()).add(amount)
    return {currency: tuple(sorted(amounts)) for currency, amounts in found.items()}


def given(organization_id: UUID, since: date, through: date, zone: str, whose: Whose = EVERYBODY) -> list[Given]:
    """Everything of the days from `since` through `through` (of the organization's time `zone`), the first first."""
    asked: dict[str, Any] = {"org": organization_id, "since": since, "through": through, "zone": zone}
    return _read(asked, whose, among_extensions="", among_plans="", order="ASC", limit="")


def latest_exceptions(
    organization_id: UUID, since: date, through: date, zone: str, most: int, whose: Whose = EVERYBODY
) -> list[Given]:
    """Of these what went beyond the limits, the latest first, at most so many."""
    asked: dict[str, Any] = {"org": organization_id, "since": since, "through": through, "zone": zone, "most": most}
    among = {"among_extensions": _EXCEPTIONS.format("e"), "among_plans": _EXCEPTIONS.format("p")}
    return _read(asked, whose, **among, order="DESC", limit="LIMIT %(most)s")


def _read(asked: dict[str, Any], whose: Whose, **parts: str) -> list[Given]:
    with connection.cursor() as cursor:
        statement = _GIVEN.format(narrowed=whose.sql("c", "id", currency=False), **parts)
        cursor.execute(statement, {**asked, **whose.values})
        return [_given(row) for row in cursor.fetchall()]


def cell_of(one: Given, edges: Mapping[str, Sequence[Decimal]], buckets: Buckets) -> Cell:
    """The situation that one counts in."""
    here = one.situation
    if here is None:
        return Cell(one.kind, "", -1, 0, ())
    band = bisect_right(edges.get(here.currency, ()), here.balance)
    return Cell(one.kind, here.currency, band, buckets.index(here.age), tuple(sorted(here.segments)))


def tallies(found: Iterable[Given], edges: Mapping[str, Sequence[Decimal]], buckets: Buckets) -> dict[Cell, Tally]:
    """What happened by situation, in order."""
    counted: dict[Cell, Tally] = {}
    for one in found:
        counted.setdefault(cell_of(one, edges, buckets), Tally()).add(one)
    return dict(sorted(counted.items(), key=itemgetter(0)))


def _given(row: tuple[Any, ...]) -> Given:
    (
        _pk,
        kind,
        customer,
        code,
        name,
        creditor,
        situation,
        offer,
        state,
        on,
        by,
        days,
        parts,
        percent,
        first,
        *approval,
    ) = row
    beyond, reason, asked_by, decision, decided_by, why = approval
    return Given(
        kind=kind,
        customer_id=customer,
        code=code,
        name=name,
        creditor=creditor,
        situation=Situation.from_json(_json(situation)),
        offer=offer,
        outcome=_BY_STATE.get(state) or (REFUSED if decision == "refused" else DECLINED),
        on=on,
        by=by,
        days=days,
        parts=parts,
        percent=percent,
        first_percent=first,
        exception=Exceeding(_json(beyond), reason, asked_by, decision, decided_by, why) if decision else None,
    )


def _json(raw: Any) -> Any:
    """What the database holds as JSON, which a bare cursor gives as text."""
    return json.loads(raw) if isinstance(raw, str) else raw
