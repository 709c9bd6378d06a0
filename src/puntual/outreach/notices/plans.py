"""Payment plans and settlements: a part to come, a part that was missed, the end of a plan, and what follows it."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from puntual.agreements.plans.standing import MONEY, RELIEF
from puntual.agreements.plans.valuing import MOVED
from puntual.outreach.notices.told import Occasion, Row, Search, Told

# What came in is counted for the parts in the order of their days, by the entries of this moment and as the valuing does it.
_PARTS = f"""
WITH plan AS MATERIALIZED (
    SELECT DISTINCT p.id, p.number, p.currency FROM agreements_plan p
    JOIN agreements_planpart t ON t.organization_id = p.organization_id AND t.plan_id = p.id
    WHERE p.organization_id = %(organization)s AND p.state = 'active' AND t.id = ANY(%(leads)s)
), {MOVED},
came AS (
    SELECT b.plan_id, coalesce(sum(m.paid), 0) - b.paid AS paid, coalesce(sum(m.relieved), 0) - b.relieved AS relieved
    FROM before b LEFT JOIN moved m ON m.plan_id = b.plan_id
    GROUP BY b.plan_id, b.paid, b.relieved
),
part AS (
    SELECT t.id, t.plan_id, t.due_on, t.amount, came.paid, came.relieved,
           row_number() OVER in_order AS place, count(*) OVER of_plan AS parts,
           sum(t.amount) OVER in_order AS upto, sum(t.amount) OVER of_plan AS whole
    FROM agreements_planpart t
    JOIN came ON came.plan_id = t.plan_id
    WHERE t.organization_id = %(organization)s
    WINDOW in_order AS (PARTITION BY t.plan_id ORDER BY t.position), of_plan AS (PARTITION BY t.plan_id)
)
SELECT part.id, plan.currency,
       CASE WHEN paid >= least(upto, whole - relieved) THEN 0
            ELSE amount - greatest(0, least(amount, paid - (upto - amount))) END,
       due_on, place, parts, plan.number, greatest(0, whole - relieved - paid)
FROM part JOIN plan ON plan.id = part.plan_id
WHERE part.id = ANY(%(leads)s)
"""
_TO_COME = """
SELECT p.customer_id, p.creditor_id, t.id, t.due_on
FROM agreements_planpart t
JOIN agreements_plan p ON p.organization_id = t.organization_id AND p.id = t.plan_id AND p.state = 'active'
WHERE t.organization_id = %(organization)s AND t.state = 'due' AND t.due_on BETWEEN %(day)s AND %(last)s
  AND p.agreed_on < %(day)s
"""
_MISSED = """
SELECT p.customer_id, p.creditor_id, t.id, t.missed_on, t.due_on
FROM agreements_planpart t
JOIN agreements_plan p ON p.organization_id = t.organization_id AND p.id = t.plan_id AND p.state = 'active'
WHERE t.organization_id = %(organization)s AND t.state = 'missed' AND t.missed_on BETWEEN %(first)s AND %(day)s
"""
_ENDED = """
SELECT customer_id, creditor_id, id, ended_on, number FROM agreements_plan
WHERE organization_id = %(organization)s AND state = %(state)s AND ended_on BETWEEN %(first)s AND %(day)s
"""
# What a plan that ended covered is overdue again; a newer agreement about it speaks for itself.
_LEFT = """
SELECT p.id, p.number, p.currency, sum(i.open_amount)
FROM agreements_plan p
JOIN agreements_planitem m ON m.organization_id = p.organization_id AND m.plan_id = p.id
JOIN receivables_installment i ON i.organization_id = p.organization_id AND i.id = m.installment_id
WHERE p.organization_id = %(organization)s AND p.id = ANY(%(leads)s) AND p.state = 'broken'
  AND NOT EXISTS (
      SELECT FROM agreements_plan o WHERE o.organization_id = p.organization_id AND o.customer_id = p.customer_id
        AND o.state IN ('awaiting', 'offered', 'active'))
GROUP BY p.organization_id, p.id
HAVING sum(i.open_amount) > 0
"""
_PAID = """
SELECT id, number, currency, principal + interest - discount, ended_on FROM agreements_plan
WHERE organization_id = %(organization)s AND id = ANY(%(leads)s) AND state = 'completed'
"""
_AGREED = """
SELECT customer_id, creditor_id, id, (accepted_at AT TIME ZONE %(zone)s)::date, number FROM agreements_plan
WHERE organization_id = %(organization)s AND state = 'active'
  AND (accepted_at AT TIME ZONE %(zone)s)::date BETWEEN %(first)s AND %(day)s
"""
# Of an accepted plan its parts to come, the next of which is named.
_NEXT = """
SELECT p.id, p.number, p.currency, min(t.due_on), sum(t.amount)
FROM agreements_plan p
JOIN agreements_planpart t ON t.organization_id = p.organization_id AND t.plan_id = p.id AND t.state = 'due'
WHERE p.organization_id = %(organization)s AND p.id = ANY(%(leads)s) AND p.state = 'active'
GROUP BY p.organization_id, p.id
"""
_OVERDUE = """
SELECT DISTINCT p.id FROM agreements_plan p
JOIN receivables_installment i ON i.organization_id = p.organization_id AND i.customer_id = p.customer_id
    AND i.open_amount > i.expected_deduction AND i.due_on < %(day)s
WHERE p.organization_id = %(organization)s AND p.id = ANY(%(leads)s)
"""


def parts_to_come(search: Search) -> list[Occasion]:
    """The unpaid parts of active plans that fall due within the days a manual speaks of them."""
    return [Occasion.of("plan_due", row, day=row[3].isoformat()) for row in _rows(_TO_COME, search)]


def parts_missed(search: Search) -> list[Occasion]:
    """The parts that were judged missed lately, while their plan goes on."""
    return [Occasion.of("plan_missed", row, day=row[4].isoformat()) for row in _rows(_MISSED, search)]


def broken(search: Search) -> list[Occasion]:
    """The plans that were broken lately."""
    return _ended(search, "plan_broken", "broken")


def agreed(search: Search) -> list[Occasion]:
    """The plans that were accepted lately."""
    return [
        Occasion.of("plan_agreed", row, number=row[4], day=row[3].isoformat())
        for row in _rows(_AGREED, search, zone=search.zone)
    ]


def completed(search: Search) -> list[Occasion]:
    """The plans that were completed lately."""
    return _ended(search, "plan_completed", "completed")


def settled_cycles(search: Search) -> list[Occasion]:
    """The plans that were completed as long ago as the manual waits before it welcomes a customer back."""
    return _ended(search, "reactivation", "completed")


def told_part(organization_id: UUID, leads: Sequence[UUID], day: date) -> dict[UUID, Told]:
    """What is left to pay of each part today, and of its whole plan."""
    return {
        key: Told({currency: left}, on, (place, parts), {currency: rest}, number=number)
        for key, currency, left, on, place, parts, number, rest in _told(_PARTS, organization_id, leads, day)
        if left > 0
    }


def told_broken(organization_id: UUID, leads: Sequence[UUID], day: date) -> dict[UUID, Told]:
    """What is open again of each plan that was broken."""
    rows = _told(_LEFT, organization_id, leads, day)
    return {key: Told(left={currency: left}, number=number) for key, number, currency, left in rows}


def told_agreed(organization_id: UUID, leads: Sequence[UUID], day: date) -> dict[UUID, Told]:
    """Of each plan that goes on, what is left to pay and by when the next part."""
    rows = _told(_NEXT, organization_id, leads, day)
    return {key: Told(on=on, left={currency: left}, number=number) for key, number, currency, on, left in rows}


def told_completed(organization_id: UUID, leads: Sequence[UUID], day: date) -> dict[UUID, Told]:
    """What was paid by each plan that was completed."""
    rows = _told(_PAID, organization_id, leads, day)
    return {key: Told(on=on, paid={currency: paid}, number=number) for key, number, currency, paid, on in rows}


def told_settled(organization_id: UUID, leads: Sequence[UUID], day: date) -> dict[UUID, Told]:
    """The same of plans whose customer has nothing overdue."""
    late = {key for (key,) in _told(_OVERDUE, organization_id, leads, day)}
    return {key: one for key, one in told_completed(organization_id, leads, day).items() if key not in late}


def _ended(search: Search, code: str, state: str) -> list[Occasion]:
    return [Occasion.of(code, row, number=row[4], day=row[3].isoformat()) for row in _rows(_ENDED, search, state=state)]


def _rows(statement: str, search: Search, **more: str) -> list[Row]:
    values: dict[str, Any] = {
        "organization": search.organization_id,
        "day": search.day,
        "first": search.first,
        "last": search.last,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, {**values, **more})
        return list(cursor.fetchall())


def _told(statement: str, organization_id: UUID, leads: Sequence[UUID], day: date) -> list[Row]:
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"organization": organization_id, "leads": list(leads), "day": day, "today": day}
        cursor.execute(statement, values | {"money": sorted(MONEY), "relief": sorted(RELIEF)})
        return list(cursor.fetchall())
