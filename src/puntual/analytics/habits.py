"""Reads of how customers paid. Everything runs inside `acting_for` and names its organization."""

from uuid import UUID

from django.db import connection

from puntual.analytics.behavior import LAST, Behavior, Settled, behavior

# Settled by money: the entry that brought the item to zero is a payment, not a credit, a write-off or a closure elsewhere.
_SETTLED = """
SELECT i.invoice_id, v.number, i.currency, i.amount, i.due_on, i.settled_on
FROM receivables_installment i
JOIN receivables_invoice v ON v.organization_id = i.organization_id AND v.id = i.invoice_id
WHERE i.organization_id = %(org)s AND i.customer_id = %(customer)s AND i.settled_on IS NOT NULL
  AND EXISTS (
      SELECT FROM receivables_entry e
      WHERE e.organization_id = i.organization_id AND e.installment_id = i.id AND e.effective_on = i.settled_on
        AND e.kind = 'payment' AND e.amount < 0)
ORDER BY i.settled_on DESC, i.id DESC
LIMIT %(last)s
"""


def behavior_of(organization_id: UUID, customer_id: UUID) -> Behavior:
    """How a customer paid its last items, from the ledger, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(_SETTLED, {"org": organization_id, "customer": customer_id, "last": LAST})
        return behavior([Settled(*row) for row in cursor.fetchall()])
