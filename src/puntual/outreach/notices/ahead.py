"""Before the due date: was the invoice received, and is it approved? For customers who pay only what somebody approved."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from puntual.outreach.notices.told import Occasion, Search, Told

# Whoever said something of an invoice already, that it is approved or what is missing, is not asked again.
_SILENT = """JOIN receivables_invoice v ON v.organization_id = {item}.organization_id AND v.id = {item}.invoice_id
    AND v.kind = 'invoice' AND NOT EXISTS (
        SELECT FROM receivables_reception s WHERE s.organization_id = v.organization_id AND s.invoice_id = v.id)"""
_COMING = f"""
SELECT i.customer_id, i.creditor_id, i.id, i.due_on
FROM receivables_installment i
{_SILENT.format(item="i")}
JOIN parties_paymentrules r ON r.organization_id = i.organization_id AND r.customer_id = i.customer_id
    AND (r.needs_order OR r.portal <> '' OR r.documents <> '{{}}' OR r.approver_id IS NOT NULL)
WHERE i.organization_id = %(organization)s AND i.open_amount > 0 AND i.due_on > %(day)s AND i.due_on <= %(last)s
  AND NOT EXISTS (
      SELECT FROM receivables_reception c WHERE c.organization_id = %(organization)s AND c.invoice_id = i.invoice_id
      AND c.approved)
"""
# Every invoice of the customer's that falls due on that day is asked about at once.
_OPEN = f"""
SELECT i.id, i.due_on, o.id::text, o.currency, o.open_amount - o.expected_deduction
FROM receivables_installment i
JOIN receivables_installment o ON o.organization_id = i.organization_id AND o.customer_id = i.customer_id
    AND o.due_on = i.due_on AND o.open_amount > o.expected_deduction
{_SILENT.format(item="o")}
WHERE i.organization_id = %(organization)s AND i.id = ANY(%(leads)s) AND i.open_amount > i.expected_deduction
  AND i.due_on > %(day)s
"""


def coming(search: Search) -> list[Occasion]:
    """What falls due soon and has to be approved first; of several with one due date the first stands for all."""
    values: dict[str, Any] = {"organization": search.organization_id, "day": search.day, "last": search.last}
    with connection.cursor() as cursor:
        cursor.execute(_COMING, values)
        found: dict[tuple[UUID, date], tuple[UUID, UUID]] = {}
        for customer, creditor, item, due_on in sorted(cursor.fetchall()):
            found.setdefault((customer, due_on), (creditor, item))
    return [
        Occasion.of("approval_asked", (customer, creditor, item, due_on), day=due_on.isoformat())
        for (customer, due_on), (creditor, item) in found.items()
    ]


def told(organization_id: UUID, leads: Sequence[UUID], day: date) -> dict[UUID, Told]:
    """The installments each asks about."""
    found: dict[UUID, Told] = {}
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, {"organization": organization_id, "leads": list(leads), "day": day})
        for lead, due_on, item, currency, amount in cursor:
            before = found.get(lead, Told(on=due_on))
            asked = {**before.asked, currency: before.asked.get(currency, 0) + amount}
            found[lead] = Told(asked, due_on, items=before.items | {item})
    return found
