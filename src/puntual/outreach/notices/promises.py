"""Promises: a word the working day before."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from puntual.agreements.promises.judging import MONEY
from puntual.outreach.notices.told import Occasion, Search, Told

# What is still to come of each item: less what was paid for it since the promise was made, and never more than is open. Money for
# other items that keeps a promise is the valuing's to see: then it is not open any more.
_OPEN = """
SELECT p.id, p.currency, p.promised_for,
       sum(greatest(0, least(t.amount, i.open_amount + coalesce(m.paid, 0)) - coalesce(m.paid, 0)))
FROM agreements_promise p
JOIN agreements_promiseitem t ON t.organization_id = p.organization_id AND t.promise_id = p.id
JOIN receivables_installment i ON i.organization_id = p.organization_id AND i.id = t.installment_id
LEFT JOIN LATERAL (
    SELECT -sum(e.amount) AS paid FROM receivables_entry e
    WHERE e.organization_id = p.organization_id AND e.installment_id = i.id AND e.kind = ANY(%(money)s)
      AND e.effective_on BETWEEN p.made_on AND %(day)s AND e.recorded_at > p.recorded_at
) m ON true
WHERE p.organization_id = %(organization)s AND p.id = ANY(%(leads)s) AND p.state = 'open' AND p.promised_for > %(day)s
GROUP BY p.organization_id, p.id
"""


def coming(search: Search) -> list[Occasion]:
    """The open promises of days to come, made before today."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT customer_id, creditor_id, id, promised_for FROM agreements_promise WHERE organization_id = %s"
            " AND state = 'open' AND promised_for > %s AND promised_for <= %s AND made_on < %s",
            [search.organization_id, search.day, search.last, search.day],
        )
        return [Occasion.of("promise_reminder", row, day=row[3].isoformat()) for row in cursor]


def told(organization_id: UUID, leads: Sequence[UUID], day: date) -> dict[UUID, Told]:
    """What is still to come of each; one that was paid meanwhile needs no reminder."""
    with connection.cursor() as cursor:
        values: dict[str, Any] = {
            "organization": organization_id,
            "leads": list(leads),
            "day": day,
            "money": list(MONEY),
        }
        cursor.execute(_OPEN, values)
        return {key: Told(asked={currency: left}, on=on) for key, currency, on, left in cursor if left > 0}
