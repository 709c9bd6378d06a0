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

SHARE = 5
"""Of a hundred customers with something due in that time so many are recognized a month: said to a third it means nothing."""

# Of whatever fell due since: all of it paid and none of it late, no promise and no plan that was not kept. Who kept most comes
# first, then who paid earliest. The month's share counts those who were told this month already; who was told within the notice's
# rest is left out, so that the next ones have their turn.
_BEST = """
WITH stood AS (
    SELECT i.customer_id, i.creditor_id, count(*) AS times, avg(i.settled_on - i.due_on) AS late,
           count(*) >= %(fewest)s AND min(i.due_on) <= %(early)s
           AND bool_and(
               i.open_amount <= i.expected_deduction AND i.written_off = 0 AND i.settled_on <= i.due_on + %(grace)s
           ) AS kept
    FROM receivables_installment i
    JOIN receivables_invoice v ON v.organization_id = i.organization_id AND v.id = i.invoice_id
        AND v.kind = 'invoice' AND v.withdrawn_on IS NULL
    WHERE i.organization_id = %(organization)s AND i.due_on BETWEEN %(since)s AND %(until)s
    GROUP BY i.customer_id, i.creditor_id
),
broke AS (
    SELECT customer_id FROM agreements_promise
    WHERE organization_id = %(organization)s AND state IN ('broken', 'partly_kept') AND promised_for >= %(since)s
    UNION
    SELECT customer_id FROM agreements_plan
    WHERE organization_id = %(organization)s AND state = 'broken' AND ended_on >= %(since)s
),
told AS (
    SELECT customer_id, bool_or(day >= %(on)s) AS this_month FROM outreach_activity
    WHERE organization_id = %(organization)s AND step = 'recognition' AND direction = 'out' AND day > %(rested)s
      AND state <> 'failed'
    GROUP BY customer_id
)
SELECT customer_id, creditor_id FROM stood
WHERE kept AND customer_id NOT IN (SELECT customer_id FROM broke) AND customer_id NOT IN (SELECT customer_id FROM told)
ORDER BY times DESC, late, customer_id
LIMIT greatest(
    0, (SELECT ceil(count(*) * %(share)s / 100.0) FROM stood) - (SELECT count(*) FROM told WHERE this_month)
)
"""


def coming(search: Search) -> list[Occasion]:
    """In the first days of a month, the best of those who kept their word for as many months as each notice looks back."""
    if search.day.day > FIRST_DAYS:
        return []
    on = search.day.replace(day=1)
    rests = {one.months: one.rest_days for one in sorted(search.notices, key=lambda one: -one.rest_days)}
    return [
        Occasion("recognition", customer, creditor, customer, on, params={"months": months})
        for months in sorted(rests)
        for customer, creditor in _best(search.organization_id, on, months, rests[months])
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


def _best(organization_id: UUID, on: date, months: int, rest_days: int) -> list[tuple[UUID, UUID]]:
    since = _months_before(on, months)
    values: dict[str, Any] = {
        "organization": organization_id,
        "on": on,
        "since": since,
        "until": on - timedelta(days=GRACE + 1),
        "early": since + (on - since) / 2,  # known long enough for it to mean something
        "rested": on - timedelta(days=rest_days),
        "grace": GRACE,
        "fewest": FEWEST,
        "share": SHARE,
    }
    with connection.cursor() as cursor:
        cursor.execute(_BEST, values)
        return list(cursor.fetchall())


def _months_before(day: date, months: int) -> date:
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(years, month + 1, 1)
