"""The account statement on its own: once a month, to whoever has something open. It informs, asks for nothing and is no step."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from puntual.audit.actions import Actor, action
from puntual.conduct.gate import Allowed
from puntual.kernel.problems import N_, Problem
from puntual.organizations.models import Organization
from puntual.outreach.models import StatementSchedule
from puntual.outreach.notices.gate import Ways, paused
from puntual.outreach.observe import HORIZON_DAYS, observe
from puntual.outreach.plan import PlannedActivity, plan_many
from puntual.outreach.points import recipient
from puntual.outreach.surroundings import surroundings
from puntual.parties.models import Creditor, Customer
from puntual.strategies.facts import CustomerFacts
from puntual.strategies.models import StoredSegment
from puntual.strategies.notices import STATEMENT
from puntual.strategies.segment_queries import memberships

LAST_DAY = 28
"""The latest day of the month one can be sent on: every month has it."""
_FEW = 5_000  # up to as many are looked at by name; beyond, everybody is read through

# On the day itself nothing else may be said, and what was sent this month, or waits, is not planned again.
_CANDIDATES = """
SELECT c.id, c.creditor_id
FROM parties_customer c
JOIN (
    SELECT customer_id FROM receivables_installment
    WHERE organization_id = %(organization)s AND open_amount > 0 AND due_on <= %(horizon)s
    GROUP BY customer_id
) o ON o.customer_id = c.id
LEFT JOIN (
    SELECT DISTINCT customer_id FROM outreach_activity
    WHERE organization_id = %(organization)s AND direction = 'out' AND channel <> 'internal'
      AND (
          state IN ('proposed', 'queued', 'attempting', 'unknown')
          OR (state = 'to_do' AND day = %(day)s)
          OR (state IN ('sent', 'done') AND (day = %(day)s OR settled_at >= %(midnight)s))
          OR (step = 'statement' AND due_generation = %(month)s AND NOT (
              state = 'failed' OR (state = 'lapsed' AND result <> 'not_approved')))
      )
) a ON a.customer_id = c.id
WHERE c.organization_id = %(organization)s AND c.handling <> 'none' AND a.customer_id IS NULL
"""
_REFUSED = """
SELECT DISTINCT ON (n.point_id) p.customer_id, n.point_id, n.granted
FROM parties_consent n
JOIN parties_contactpoint p ON p.organization_id = n.organization_id AND p.id = n.point_id
WHERE n.organization_id = %(organization)s AND n.purpose = 'statements' {only}
ORDER BY n.point_id, n.given_on DESC, n.id DESC
"""


@dataclass(frozen=True, slots=True)
class Scope:
    """For whom a schedule is: one customer, a segment, a creditor or, with none of them, the whole organization."""

    customer: Customer | None = None
    segment: StoredSegment | None = None
    creditor: Creditor | None = None


def set_schedule(by: Actor, scope: Scope, day: int | None, *, approve: bool = False) -> StatementSchedule:
    """Send statements on that day of each month (1 to 28) from now on, or never (None); with `approve` a person looks first.

    The closest scope decides: the customer's own, its first segment's, its creditor's, the organization's. Raises Problem for
    another day.
    """
    if day is not None and not 1 <= day <= LAST_DAY:
        raise Problem(N_("Choose a day from 1 to {last}, or never."), last=LAST_DAY)
    with action(by, "statements.schedule", day=day, approve=approve) as log:
        found, _made = StatementSchedule.objects.update_or_create(
            organization_id=by.organization_id,
            customer=scope.customer,
            segment=scope.segment,
            creditor=scope.creditor,
            defaults={"day": day, "approve": approve, "since": by.today},
        )
        log.about(found)
    return found


def drop_schedule(by: Actor, schedule_id: UUID) -> None:
    """Let the wider scope decide again. Raises StatementSchedule.DoesNotExist."""
    with action(by, "statements.unschedule") as log:
        found = StatementSchedule.objects.get(organization_id=by.organization_id, pk=schedule_id)
        log.about(found)
        found.delete()


def plan_statements(by: Actor) -> int:
    """Plan the statements of `by.today`: to whoever has something open, was not spoken to that day and whom conduct allows to
    write to; returns how many. What did not fit goes on a later day of the same month; running it again plans none twice.
    """
    schedules = _Schedules(list(StatementSchedule.objects.filter(organization_id=by.organization_id)), by.today)
    if not schedules.any_due:
        return 0
    organization = Organization.objects.get(pk=by.organization_id)
    chosen = schedules.of(by.organization_id, _candidates(organization, by.today))
    if not chosen:
        return 0
    with action(by, "statements.plan", day=by.today) as log:
        planned = plan_many(by, _rows(by, organization, chosen))
        log.say(planned=planned.total)
    return planned.total


def generation_of(day: date) -> int:
    """The months since 2000: what tells the statement of one month from another's."""
    return (day.year - 2000) * 12 + day.month


def refusing(organization_id: UUID, customers: Sequence[UUID] | None = None) -> dict[UUID, set[UUID]]:
    """By customer, the points at which statements are not wanted."""
    found: dict[UUID, set[UUID]] = {}
    with connection.cursor() as cursor:
        only = "" if customers is None else "AND p.customer_id = ANY(%(customers)s)"
        cursor.execute(
            _REFUSED.format(only=only), {"organization": organization_id, "customers": list(customers or ())}
        )
        for customer, point, granted in cursor:
            if not granted:
                found.setdefault(customer, set()).add(point)
    return found


class _Schedules:
    """Which schedule counts for whom on a day."""

    def __init__(self, rows: Sequence[StatementSchedule], day: date) -> None:
        self.day = day
        self.own = {row.customer_id: row for row in rows if row.customer_id}
        self.by_creditor = {row.creditor_id: row for row in rows if row.creditor_id}
        self.by_segment = {row.segment_id: row for row in rows if row.segment_id}
        self.everybody = next((row for row in rows if not (row.customer_id or row.creditor_id or row.segment_id)), None)
        self.any_due = any(self._is_due(row) for row in rows)

    def of(self, organization_id: UUID, customers: Mapping[UUID, UUID]) -> dict[UUID, StatementSchedule]:
        """Those who get one, with the schedule that says so; `customers` maps each to its creditor."""
        segments = list(
            StoredSegment.objects.filter(organization_id=organization_id, pk__in=self.by_segment)
            .order_by("position", "code")
            .values_list("id", "code")
        )
        told = memberships(organization_id, list(customers), self.day) if segments else {}
        found = {}
        for customer, creditor in customers.items():
            within = told.get(customer, frozenset())
            row = self.own.get(customer) or next(
                (self.by_segment[key] for key, code in segments if code in within),
                self.by_creditor.get(creditor) or self.everybody,
            )
            if row and self._is_due(row):
                found[customer] = row
        return found

    def _is_due(self, row: StatementSchedule) -> bool:
        """From its day of the month on; a month whose day had passed when it was set is left out."""
        return row.day is not None and row.since <= self.day.replace(day=row.day) <= self.day


def _candidates(organization: Organization, day: date) -> dict[UUID, UUID]:
    with connection.cursor() as cursor:
        cursor.execute(
            _CANDIDATES,
            {
                "organization": organization.id,
                "day": day,
                "midnight": datetime.combine(day, time(), ZoneInfo(organization.time_zone)),
                "horizon": day + timedelta(days=HORIZON_DAYS),
                "month": generation_of(day),
            },
        )
        return dict(cursor.fetchall())


def _rows(by: Actor, organization: Organization, chosen: Mapping[UUID, StatementSchedule]) -> Iterator[PlannedActivity]:
    around, ways = surroundings(organization, by.today), Ways(organization, by)
    few = list(chosen) if len(chosen) <= _FEW else None
    unwanted = refusing(organization.id, few)
    lapses_at = by.now + timedelta(hours=organization.approval_hours)
    for facts in observe(organization.id, by.today, by.now, around, customers=few):
        customer = UUID(facts.customer_id)
        row = chosen.get(customer)
        if row is None or paused(facts, STATEMENT):
            continue
        if customer in unwanted and not _has_other(organization.id, customer, by.today, unwanted[customer]):
            continue
        if way := ways.first(facts, ("email",), STATEMENT):
            waits = row.approve or facts.handling != Customer.Handling.AUTOMATIC
            yield _planned(facts, way[1], by.today, lapses_at if waits else None)


def _has_other(organization_id: UUID, customer_id: UUID, day: date, unwanted: Collection[UUID]) -> bool:
    """Whether the customer has a usable address besides those that want no statements."""
    return recipient(organization_id, customer_id, "email", day, without=unwanted) is not None


def _planned(facts: CustomerFacts, allowed: Allowed, day: date, lapses_at: datetime | None) -> PlannedActivity:
    return PlannedActivity(
        customer_id=facts.customer_id,
        channel="email",
        tone="",
        state="proposed" if lapses_at else "queued",
        version_id=None,
        step=STATEMENT,
        template=STATEMENT,
        lead_id=facts.customer_id,
        lead_days=None,
        due_generation=generation_of(day),
        point_id=None,
        not_before=_text(allowed.not_before),
        not_after=_text(allowed.until),
        lapses_at=_text(lapses_at) if lapses_at else None,
        demand="{}",
        value="0",
        items=[],
        item_steps=[],
        why=_WHY,
    )


_WHY = json.dumps({"code": STATEMENT, "params": {}})
_text = lru_cache(maxsize=4096)(str)  # the same few moments for everybody
