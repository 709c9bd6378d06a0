"""All active plans measured at once by the money on what they cover: paid, missed, broken, completed. Called by the day run.

Money counts for the parts in the order of their days. A part is judged once its creditor's bank is known through its day and its
grace; until then it waits. What is looked at is worked out afresh from all its entries, so running it twice changes nothing, and
a late statement, or money that was taken back, puts right what was judged before. A plan is looked at when something is not as
it was: entries that came to be known or to count, or a part whose grace is over now, or no longer.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorWrapper

from puntual.agreements.last_time import LastTime
from puntual.agreements.models import Plan, PlanPart
from puntual.agreements.plans.ending import MISSED, PAID, close, grant_discount, waive_from
from puntual.agreements.plans.reopening import reopen
from puntual.agreements.plans.schedule import ZERO, borne
from puntual.agreements.plans.standing import MONEY, RELIEF
from puntual.audit.actions import Actor, action
from puntual.organizations.calendars import calendar_of
from puntual.parties.models import Creditor
from puntual.receivables.actions import redate_holds
from puntual.receivables.models import Hold

State = Plan.State
_AHEAD: Final = timedelta(days=7)
"""A hold of an active plan never ends sooner: while its last part waits for the bank, nothing of it is chased."""
_ACTIVE = "p.organization_id = %(organization)s AND p.state = 'active' {which}"
_DAYS = f"""
    SELECT DISTINCT p.creditor_id, p.grace_days, q.due_on
    FROM agreements_plan p JOIN agreements_planpart q ON q.organization_id = %(organization)s AND q.plan_id = p.id
    WHERE {_ACTIVE} AND q.due_on < %(today)s
"""
MOVED: Final = """
    covered AS (
        SELECT i.plan_id, i.installment_id, i.paid_before, i.relieved_before
        FROM agreements_planitem i JOIN plan ON plan.id = i.plan_id WHERE i.organization_id = %(organization)s
        UNION ALL
        SELECT q.plan_id, n.id, 0, 0
        FROM agreements_planpart q JOIN plan ON plan.id = q.plan_id
        JOIN receivables_installment n ON n.organization_id = %(organization)s AND n.invoice_id = q.charge_id
        WHERE q.organization_id = %(organization)s AND q.charge_id IS NOT NULL
    ),
    before AS (
        SELECT plan_id, sum(paid_before) AS paid, sum(relieved_before) AS relieved FROM covered GROUP BY plan_id
    ),
    moved AS (
        SELECT c.plan_id, e.effective_on,
               -coalesce(sum(e.amount) FILTER (WHERE e.kind = ANY(%(money)s)), 0) AS paid,
               -coalesce(sum(e.amount) FILTER (WHERE e.kind = ANY(%(relief)s)), 0) AS relieved
        FROM covered c
        JOIN receivables_entry e ON e.organization_id = %(organization)s AND e.installment_id = c.installment_id
        WHERE (e.kind = ANY(%(money)s) OR e.kind = ANY(%(relief)s)) AND e.effective_on <= %(today)s
          AND NOT (e.kind = 'discount' AND e.source_id IS NOT DISTINCT FROM c.plan_id)
        GROUP BY c.plan_id, e.effective_on
    )
"""
"""What moved the items that the plans in `plan` cover, by day, and what of it is from before each plan."""
_JUDGED = """
    SELECT * FROM unnest(%(creditors)s::uuid[], %(graces)s::int[], %(days)s::date[], %(deadlines)s::date[])
        AS d(creditor_id, grace_days, due_on, deadline)
"""
# What is judged now and was not, or otherwise, follows from the parts alone; the rest from what was entered.
_LOOKED = f"""
    CREATE TEMPORARY TABLE plan_looked ON COMMIT DROP AS
    SELECT i.plan_id AS id FROM agreements_moved m
    JOIN agreements_planitem i ON i.organization_id = %(organization)s AND i.installment_id = m.id
    UNION
    SELECT q.plan_id FROM agreements_moved m
    JOIN receivables_installment n ON n.organization_id = %(organization)s AND n.id = m.id
    JOIN agreements_planpart q ON q.organization_id = %(organization)s AND q.charge_id = n.invoice_id
        AND q.charge_id IS NOT NULL
    UNION
    SELECT q.plan_id
    FROM agreements_plan p JOIN agreements_planpart q ON q.organization_id = %(organization)s AND q.plan_id = p.id
    LEFT JOIN ({_JUDGED}) d ON d.creditor_id = p.creditor_id AND d.grace_days = p.grace_days AND d.due_on = q.due_on
    WHERE p.organization_id = %(organization)s AND p.state = 'active'
      AND (q.due_on < %(today)s OR q.missed_on IS NOT NULL)
      AND CASE WHEN q.paid_on IS NULL OR q.paid_on > d.deadline THEN d.deadline END IS DISTINCT FROM q.missed_on
    UNION
    SELECT unnest(%(reopened)s::uuid[])
"""
# A part is settled on the first day from which enough was there and stayed: `floor` never falls, so that exactly one day fits.
_VALUE = f"""
    WITH plan AS MATERIALIZED (
        SELECT p.id, p.creditor_id, p.grace_days, p.agreed_on FROM agreements_plan p WHERE {_ACTIVE}
    ), {MOVED},
    running AS (
        SELECT m.plan_id, m.effective_on, sum(m.paid) OVER w - b.paid AS paid, sum(m.relieved) OVER w - b.relieved AS relieved
        FROM moved m JOIN before b ON b.plan_id = m.plan_id
        WINDOW w AS (PARTITION BY m.plan_id ORDER BY m.effective_on)
    ),
    floors AS (
        SELECT plan_id, effective_on, min(paid) OVER w AS floor,
               last_value(paid) OVER w AS paid, last_value(relieved) OVER w AS relieved
        FROM running
        WINDOW w AS (PARTITION BY plan_id ORDER BY effective_on ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)
    ),
    steps AS (
        SELECT *, lag(floor) OVER (PARTITION BY plan_id ORDER BY effective_on) AS below FROM floors
    ),
    now AS (SELECT DISTINCT plan_id, paid, relieved FROM floors),
    judged AS ({_JUDGED}),
    part AS (
        SELECT q.id, q.plan_id, q.due_on, q.amount, q.state, q.paid, q.paid_on, q.missed_on,
               plan.agreed_on, plan.creditor_id, plan.grace_days,
               sum(q.amount) OVER (PARTITION BY q.plan_id ORDER BY q.position) AS upto,
               sum(q.amount) OVER (PARTITION BY q.plan_id) AS whole
        FROM agreements_planpart q JOIN plan ON plan.id = q.plan_id WHERE q.organization_id = %(organization)s
    ),
    counted AS (
        SELECT part.*, greatest(0, least(part.amount, coalesce(now.paid, 0) - (part.upto - part.amount))) AS has,
               least(part.upto, part.whole - coalesce(now.relieved, 0)) AS owed
        FROM part LEFT JOIN now ON now.plan_id = part.plan_id
    ),
    found AS (
        SELECT c.*, CASE WHEN s.effective_on IS NOT NULL THEN greatest(s.effective_on, c.agreed_on) END AS settled_on,
               CASE WHEN s.effective_on IS NULL OR s.effective_on > d.deadline THEN d.deadline END AS missed
        FROM counted c
        LEFT JOIN steps s ON s.plan_id = c.plan_id AND s.floor >= c.owed AND (s.below IS NULL OR s.below < c.owed)
        LEFT JOIN judged d ON d.creditor_id = c.creditor_id AND d.grace_days = c.grace_days AND d.due_on = c.due_on
    ),
    said AS (
        SELECT id, has, settled_on, missed,
               CASE WHEN settled_on IS NOT NULL THEN 'paid' WHEN missed IS NOT NULL THEN 'missed' ELSE 'due' END AS state
        FROM found
        WHERE (found.paid, found.paid_on, found.missed_on) IS DISTINCT FROM (has, settled_on, missed)
           OR found.state <> CASE WHEN settled_on IS NOT NULL THEN 'paid' WHEN missed IS NOT NULL THEN 'missed' ELSE 'due' END
    ),
    done AS (
        UPDATE agreements_planpart q SET state = said.state, paid = said.has, paid_on = said.settled_on, missed_on = said.missed
        FROM said WHERE q.organization_id = %(organization)s AND q.id = said.id
        RETURNING q.state
    )
    SELECT state, count(*) FROM done GROUP BY state
"""
_ENDED = f"""
    SELECT p.id, bool_and(q.state = 'paid')
    FROM agreements_plan p JOIN agreements_planpart q ON q.organization_id = %(organization)s AND q.plan_id = p.id
    WHERE {_ACTIVE}
    GROUP BY p.organization_id, p.id
    HAVING bool_and(q.state = 'paid') OR (count(q.missed_on) > p.misses_allowed AND bool_or(q.state = 'missed'))
    ORDER BY p.id
"""
# All that was owed is paid, and what is left is interest of days to come.
_EARLY = f"""
    SELECT p.id
    FROM agreements_plan p
    JOIN agreements_planitem i ON i.organization_id = %(organization)s AND i.plan_id = p.id
    JOIN receivables_installment n ON n.organization_id = %(organization)s AND n.id = i.installment_id
    WHERE {_ACTIVE} AND p.interest > 0
    GROUP BY p.organization_id, p.id HAVING sum(n.open_amount) <= p.discount
    ORDER BY p.id
"""


@dataclass(frozen=True, slots=True)
class PlansValued:
    """What measuring the plans came to: parts that changed to paid or missed, and plans that ended."""

    paid: int = 0
    missed: int = 0
    completed: int = 0
    broken: int = 0
    reopened: int = 0


def value(by: Actor, plan_ids: Collection[UUID] | None = None, *, since: LastTime | None = None) -> PlansValued:
    """Measure the active plans of the organization, or some of them, as of today, and end those that are over.

    Where all were measured before, `since` says when, and only those are looked at to which anything happened from then on.

    A plan is completed once all its parts are paid, or all that it covers and the interest borne by then; a settlement's discount
    is taken off in that moment, and at no other. It is broken with one miss more than it allows, if a part is missed still. One
    that was completed goes on if money was taken back.
    """
    with action(by, "agreements.value_plans", day=by.today) as log:
        given: dict[str, Any] = {
            "organization": by.organization_id,
            "today": by.today,
            "money": sorted(MONEY),
            "relief": sorted(RELIEF),
            "plans": list(plan_ids or ()),
        }
        reopened = reopen(by) if plan_ids is None else []
        only = "" if plan_ids is None else "AND p.id = ANY(%(plans)s)"
        given |= _judged(by, given, only)
        with connection.cursor() as cursor:
            if plan_ids is None and since:
                since.gather_moved(cursor, by.organization_id)
                _look(cursor, {**given, "reopened": reopened})
                only = "AND p.id IN (SELECT id FROM plan_looked)"
            # Over everybody's plans a loop never pays, and with figures not yet analyzed the planner would take one.
            cursor.execute(f"SET LOCAL enable_nestloop = {'on' if only else 'off'}")
            cursor.execute(_VALUE.format(which=only), given)
            parts = dict(cursor.fetchall())
            completed, broken = _over(cursor, given, only)
            cursor.execute(_EARLY.format(which=only), given)
            early = [plan for (plan,) in cursor.fetchall()]
            cursor.execute("SET LOCAL enable_nestloop = on")
        completed += [plan for plan in early if plan not in completed and _paid_off(by, plan)]
        _complete(by, completed)
        _break(by, broken)
        _keep_held(by)
        made = PlansValued(parts.get("paid", 0), parts.get("missed", 0), len(completed), len(broken), len(reopened))
        log.say(paid=made.paid, missed=made.missed, completed=completed, broken=broken, reopened=reopened)
        return made


def _look(cursor: CursorWrapper, given: dict[str, Any]) -> None:
    """Put the plans to which anything happened into `plan_looked`."""
    cursor.execute("DROP TABLE IF EXISTS pg_temp.plan_looked")
    cursor.execute(_LOOKED, given)
    cursor.execute("ANALYZE plan_looked")


def _judged(by: Actor, given: dict[str, Any], only: str) -> dict[str, list[Any]]:
    """The days of parts whose grace is over and through which the creditor's bank is known, with the last day of that grace."""
    with connection.cursor() as cursor:
        cursor.execute(_DAYS.format(which=only), given)
        days: list[tuple[UUID, int, date]] = cursor.fetchall()
    creditors = {one.id: one for one in Creditor.objects.filter(organization_id=by.organization_id)}
    calendars = {one.country: calendar_of(by.organization_id, one.country) for one in creditors.values()}
    rows = []
    for creditor_id, grace, due_on in days:
        creditor = creditors[creditor_id]
        deadline = calendars[creditor.country].add_business_days(due_on, grace)
        if deadline < by.today and creditor.bank_through and creditor.bank_through >= deadline:
            rows.append((creditor_id, grace, due_on, deadline))
    names = ("creditors", "graces", "days", "deadlines")
    return {name: [row[at] for row in rows] for at, name in enumerate(names)}


def _over(cursor: CursorWrapper, given: dict[str, Any], only: str) -> tuple[list[UUID], list[UUID]]:
    """Plans that are completed, and plans that are broken."""
    cursor.execute(_ENDED.format(which=only), given)
    ended = cursor.fetchall()
    return [plan for plan, paid in ended if paid], [plan for plan, paid in ended if not paid]


def _paid_off(by: Actor, plan_id: UUID) -> bool:
    """Whether enough came in to end a plan today: what it covers, less its discount, and the interest borne so far."""
    plan = Plan.objects.get(organization_id=by.organization_id, id=plan_id)
    parts = list(PlanPart.objects.filter(organization_id=by.organization_id, plan=plan).order_by("position"))
    came = sum((part.paid for part in parts), ZERO)
    last = max((part.paid_on for part in parts if part.paid_on), default=by.today)
    asked: Decimal = plan.principal - plan.discount + sum(borne(parts, plan.agreed_on, last, plan.currency), ZERO)
    return came >= asked


def _complete(by: Actor, plan_ids: list[UUID]) -> None:
    for plan in Plan.objects.filter(organization_id=by.organization_id, id__in=plan_ids, interest__gt=0):
        waive_from(by, plan, by.today, running=False)
    for plan in Plan.objects.filter(organization_id=by.organization_id, id__in=plan_ids, discount__gt=0):
        grant_discount(by, plan)
    close(by, plan_ids, State.COMPLETED, PAID)


def _break(by: Actor, plan_ids: list[UUID]) -> None:
    for plan in Plan.objects.filter(organization_id=by.organization_id, id__in=plan_ids, interest__gt=0):
        waive_from(by, plan, by.today)
    close(by, plan_ids, State.BROKEN, MISSED)


def _keep_held(by: Actor) -> None:
    """Let the holds of active plans that would end before those are judged go on for a while."""
    soon = by.today + _AHEAD
    ending = Hold.objects.filter(
        organization_id=by.organization_id,
        reason=Hold.Reason.PLAN,
        released_on=None,
        until_on__lt=soon,
        source_id__in=Plan.objects.filter(organization_id=by.organization_id, state=State.ACTIVE).values("id"),
    )
    if plans := {plan for plan in ending.values_list("source_id", flat=True) if plan}:
        redate_holds(by, plans, soon, reason=Hold.Reason.PLAN)
