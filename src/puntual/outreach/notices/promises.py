"""Promises: a word the working day before."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import connection

from puntual.outreach.notices.told import Occasion, Search, Told

# What counts for a promise is what its own items received since it was made or, where it names none, whatever the customer
# paid in that currency; what was withheld or given back meanwhile included.
_OPEN = """
SELECT p.id, p.currency, p.amount + coalesce(sum(e.amount), 0), p.promised_for
FROM agreements_promise p
LEFT JOIN receivables_installment i ON i.organization_id = p.organization_id AND i.customer_id = p.customer_id
    AND i.currency = p.currency AND (NOT p.named OR EXISTS (
        SELECT FROM agreements_promiseitem t
        WHERE t.organization_id = p.organization_id AND t.promise_id = p.id AND t.installment_id = i.id))
LEFT JOIN receivables_entry e ON e.organization_id = p.organization_id AND e.installment_id = i.id
    AND e.effective_on BETWEEN p.made_on AND %(day)s
    AND e.kind IN ('payment', 'recovery', 'deduction', 'discount', 'adjustment')
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
        cursor.execute(_OPEN, {"organization": organization_id, "leads": list(leads), "day": day})
        return {key: Told(asked={currency: left}, on=on) for key, currency, left, on in cursor if left > 0}
