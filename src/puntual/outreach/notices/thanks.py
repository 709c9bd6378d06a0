"""Thanks: what was asked for was paid, or a promise was kept."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from puntual.outreach.notices.told import Occasion, Row, Search, Told

# Who paid something that was late and had been asked for, and has nothing overdue any more. The money itself is no older than
# two weeks, and what was reversed is not there. The day is the one on which it was known here.
_SETTLED = """
WITH paid AS (
    SELECT i.customer_id, min(i.due_on) AS since, max((e.recorded_at AT TIME ZONE %(zone)s)::date) AS known_on
    FROM receivables_entry e
    JOIN receivables_installment i ON i.organization_id = e.organization_id AND i.id = e.installment_id
    WHERE e.organization_id = %(organization)s AND e.kind IN ('payment', 'recovery') AND e.amount < 0
      AND e.effective_on BETWEEN %(first)s - 7 AND %(day)s AND e.effective_on > i.due_on
      AND NOT EXISTS (SELECT FROM receivables_entry r WHERE r.organization_id = e.organization_id AND r.reverses_id = e.id)
    GROUP BY i.customer_id
)
SELECT c.id, c.creditor_id, c.id, paid.known_on
FROM paid
JOIN parties_customer c ON c.organization_id = %(organization)s AND c.id = paid.customer_id
WHERE paid.known_on BETWEEN %(first)s AND %(day)s
  AND NOT EXISTS (
      SELECT FROM receivables_installment o
      WHERE o.organization_id = %(organization)s AND o.customer_id = c.id AND o.open_amount > o.expected_deduction
        AND o.due_on < %(day)s)
  AND EXISTS (
      SELECT FROM outreach_activity a
      WHERE a.organization_id = %(organization)s AND a.customer_id = c.id AND a.direction = 'out'
        AND a.channel <> 'internal' AND a.state IN ('sent', 'done') AND a.day >= paid.since)
"""
_KEPT = """
SELECT customer_id, creditor_id, id, valued_on, promised_for FROM agreements_promise
WHERE organization_id = %(organization)s AND state = 'kept' AND valued_on BETWEEN %(first)s AND %(day)s
"""
# What was paid for their items lately, whoever paid it, by currency; nothing at all of those who owe something late again, or
# whose payment was taken back.
_PAID = """
SELECT i.customer_id, i.currency, -sum(e.amount)
FROM receivables_installment i
JOIN receivables_entry e ON e.organization_id = i.organization_id AND e.installment_id = i.id
    AND e.kind IN ('payment', 'recovery') AND e.effective_on BETWEEN %(day)s - 21 AND %(day)s
WHERE i.organization_id = %(organization)s AND i.customer_id = ANY(%(leads)s)
  AND NOT EXISTS (
      SELECT FROM receivables_installment o
      WHERE o.organization_id = i.organization_id AND o.customer_id = i.customer_id
        AND o.open_amount > o.expected_deduction AND o.due_on < %(day)s)
GROUP BY i.customer_id, i.currency
HAVING sum(e.amount) < 0
"""
_OF_PROMISES = """
SELECT id, currency, paid, promised_for FROM agreements_promise
WHERE organization_id = %(organization)s AND id = ANY(%(leads)s) AND state = 'kept'
"""


def coming(search: Search) -> list[Occasion]:
    """The promises judged to be kept; and those who paid all that was late, after they were reminded."""
    kept = _rows(_KEPT, search)
    return [
        *(Occasion.of("thank_you", row, "thank_you_promise", day=row[4].isoformat()) for row in kept),
        *(Occasion.of("thank_you", row) for row in _rows(_SETTLED, search)),
    ]


def told(organization_id: UUID, leads: Sequence[UUID], day: date) -> dict[UUID, Told]:
    """What came in. A lead is a customer or a promise."""
    values: dict[str, Any] = {"organization": organization_id, "leads": list(leads), "day": day}
    paid: dict[UUID, dict[str, Decimal]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_PAID, values)
        for customer, currency, amount in cursor.fetchall():
            paid.setdefault(customer, {})[currency] = amount
        cursor.execute(_OF_PROMISES, values)
        kept = {key: Told(on=on, paid={currency: amount}) for key, currency, amount, on in cursor.fetchall()}
    return kept | {customer: Told(paid=amounts) for customer, amounts in paid.items()}


def _rows(statement: str, search: Search) -> list[Row]:
    values: dict[str, Any] = {
        "organization": search.organization_id,
        "day": search.day,
        "first": search.first,
        "zone": search.zone,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
