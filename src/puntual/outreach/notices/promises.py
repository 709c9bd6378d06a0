"""Promises: a word the working day before."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from puntual.agreements.promises.judging import MONEY
from puntual.outreach.notices.told import Occasion, Search, Told
from puntual.payments.receipts import RECEIPTS

# What is still to come of each item: less what was paid for it since the promise was made, and never more than is open; and of
# the promise, less the money on account since then, which the one whose day comes first takes first. Money for other items that
# keeps a promise is the valuing's to see: then it is not open any more.
_OPEN = f"""
WITH waiting AS (
    SELECT p.id, p.customer_id, p.currency, p.made_on, p.recorded_at, p.promised_for,
           sum(greatest(0, least(t.amount, i.open_amount + coalesce(m.paid, 0)) - coalesce(m.paid, 0))) AS amount
    FROM agreements_promise p
    JOIN agreements_promiseitem t ON t.organization_id = p.organization_id AND t.promise_id = p.id
    JOIN receivables_installment i ON i.organization_id = p.organization_id AND i.id = t.installment_id
    LEFT JOIN LATERAL (
        SELECT -sum(e.amount) AS paid FROM receivables_entry e
        WHERE e.organization_id = p.organization_id AND e.installment_id = i.id AND e.kind = ANY(%(money)s)
          AND e.effective_on BETWEEN p.made_on AND %(day)s AND e.recorded_at > p.recorded_at
    ) m ON true
    WHERE p.organization_id = %(org)s AND p.state = 'open'
      AND (p.customer_id, p.currency) IN (
          SELECT customer_id, currency FROM agreements_promise WHERE organization_id = %(org)s AND id = ANY(%(leads)s))
    GROUP BY p.organization_id, p.id
),
account AS (
    SELECT w.id, sum(r.unapplied) AS amount
    FROM waiting w JOIN ({RECEIPTS.standing}) r ON r.customer_id = w.customer_id AND r.currency = w.currency
    WHERE r.received_on > w.made_on OR (r.received_on = w.made_on AND r.recorded_at > w.recorded_at)
    GROUP BY w.id
),
left_of AS (
    SELECT w.*, greatest(0, coalesce(a.amount, 0) - coalesce(sum(w.amount) OVER (
               PARTITION BY w.customer_id, w.currency ORDER BY w.promised_for, w.made_on, w.id
               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)) AS on_account
    FROM waiting w LEFT JOIN account a ON a.id = w.id
)
SELECT id, currency, promised_for, amount - on_account FROM left_of WHERE id = ANY(%(leads)s) AND promised_for > %(day)s
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
            "org": organization_id,
            "leads": list(leads),
            "day": day,
            "money": list(MONEY),
        }
        cursor.execute(_OPEN, values)
        return {key: Told(asked={currency: left}, on=on) for key, currency, on, left in cursor if left > 0}
