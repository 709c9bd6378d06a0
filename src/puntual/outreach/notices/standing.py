"""Customers who always keep their word: a few words of recognition, and the benefit the manual has for it."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from puntual.outreach.notices.told import Occasion, Search, Told

FEWEST = 3
"""Of so many invoices at least one can say "always"."""
GRACE = 3
"""Days after the due date within which a payment still keeps one's word: a bank takes its time."""
FIRST_DAYS = 8
"""It is asked in the first days of a month only: nobody's standing changes from one day to the next."""

# Whatever fell due since, all of it paid and none of it late; no promise, no plan that was not kept, and nothing overdue now.
_ALWAYS = """
SELECT i.customer_id, i.creditor_id, count(*) AS times
FROM receivables_installment i
JOIN receivables_invoice v ON v.organization_id = i.organization_id AND v.id = i.invoice_id
    AND v.kind = 'invoice' AND v.withdrawn_on IS NULL
WHERE i.organization_id = %(organization)s AND i.due_on BETWEEN %(since)s AND %(until)s
GROUP BY i.customer_id, i.creditor_id
HAVING count(*) >= %(fewest)s AND min(i.due_on) <= %(early)s
   AND bool_and(i.open_amount <= i.expected_deduction AND i.written_off = 0 AND i.settled_on <= i.due_on + %(grace)s)
"""
_NOT_KEPT = """
SELECT customer_id FROM agreements_promise
WHERE organization_id = %(organization)s AND state IN ('broken', 'partly_kept') AND promised_for >= %(since)s
UNION
SELECT customer_id FROM agreements_plan
WHERE organization_id = %(organization)s AND state = 'broken' AND ended_on >= %(since)s
"""


def coming(search: Search) -> list[Occasion]:
    """In the first days of a month, those who kept their word for as many months as each of the notices looks back."""
    if search.day.day > FIRST_DAYS:
        return []
    on = search.day.replace(day=1)
    return [
        Occasion("recognition", customer, creditor, customer, on, params={"months": months})
        for months in sorted({one.months for one in search.notices})
        for customer, creditor in _always(search.organization_id, on, months)
    ]


def told(organization_id: UUID, leads: Sequence[UUID], day: date) -> dict[UUID, Told]:
    """Those of the leads (customers) who have nothing overdue on a day."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.id FROM parties_customer c WHERE c.organization_id = %s AND c.id = ANY(%s) AND NOT EXISTS ("
            " SELECT FROM receivables_installment o WHERE o.organization_id = c.organization_id AND o.customer_id = c.id"
            " AND o.open_amount > o.expected_deduction AND o.due_on < %s)",
            [organization_id, list(leads), day],
        )
        return {customer: Told() for (customer,) in cursor}


def _always(organization_id: UUID, on: date, months: int) -> list[tuple[UUID, UUID]]:
    since = _months_before(on, months)
    values: dict[str, Any] = {
        "organization": organization_id,
        "since": since,
        "until": on - timedelta(days=GRACE + 1),
        "early": since + (on - since) / 2,  # known long enough for it to mean something
        "grace": GRACE,
        "fewest": FEWEST,
    }
    with connection.cursor() as cursor:
        cursor.execute(_NOT_KEPT, values)
        others = {customer for (customer,) in cursor.fetchall()}
        cursor.execute(_ALWAYS, values)
        return [(customer, creditor) for customer, creditor, _times in cursor.fetchall() if customer not in others]


def _months_before(day: date, months: int) -> date:
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(years, month + 1, 1)
