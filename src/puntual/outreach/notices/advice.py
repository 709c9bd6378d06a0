"""Advice before trouble starts: pages in plain words, to who asked for it and paid late at times. Rare, and never about debt."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from puntual.outreach.notices.told import Occasion, Search, Told

LATE = 2
"""Of so many invoices paid late within a year one speaks of a habit."""
GRACE = 3
"""Days after the due date within which a payment is no late one."""

# Who said yes to advice, point by point: the latest answer decides. Advice goes by a channel only where every address of the
# channel that may be written to said yes, because which of them a message takes is decided when it leaves.
_ANSWERS = """
SELECT p.customer_id, p.kind, p.takes_sms, said.granted
FROM parties_contactpoint p
LEFT JOIN LATERAL (
    SELECT n.granted FROM parties_consent n
    WHERE n.organization_id = p.organization_id AND n.point_id = p.id AND n.purpose = 'education'
    ORDER BY n.given_on DESC, n.id DESC LIMIT 1
) said ON true
WHERE p.organization_id = %(organization)s AND p.customer_id = ANY(%(customers)s)
  AND p.retired_on IS NULL AND p.bounce <> 'hard' AND p.consent <> 'withdrawn'
"""
_AGREEING = """
SELECT DISTINCT p.customer_id FROM parties_consent n
JOIN parties_contactpoint p ON p.organization_id = n.organization_id AND p.id = n.point_id
WHERE n.organization_id = %(organization)s AND n.purpose = 'education' AND n.granted
"""
_COMING = """
SELECT i.customer_id, i.creditor_id, i.customer_id, min(i.due_on)
FROM receivables_installment i
WHERE i.organization_id = %(organization)s AND i.customer_id = ANY(%(customers)s)
  AND i.open_amount > i.expected_deduction AND i.due_on > %(day)s AND i.due_on <= %(last)s
GROUP BY i.customer_id, i.creditor_id
"""
_SLIPPING = """
SELECT i.customer_id FROM receivables_installment i
WHERE i.organization_id = %(organization)s AND i.customer_id = ANY(%(customers)s)
  AND i.settled_on > i.due_on + %(grace)s AND i.due_on BETWEEN %(day)s - 365 AND %(day)s
GROUP BY i.customer_id HAVING count(*) >= %(late)s
"""
_OVERDUE = """
SELECT DISTINCT o.customer_id FROM receivables_installment o
WHERE o.organization_id = %(organization)s AND o.customer_id = ANY(%(customers)s)
  AND o.open_amount > o.expected_deduction AND o.due_on < %(day)s
"""
_KINDS = {"email": "email", "sms": "phone", "whatsapp": "whatsapp", "letter": "post"}


def coming(search: Search) -> list[Occasion]:
    """Those who asked for advice, paid late at times, have something to come and nothing overdue; about the next due date."""
    values: dict[str, Any] = {
        "organization": search.organization_id,
        "day": search.day,
        "last": search.last,
        "late": LATE,
        "grace": GRACE,
    }
    with connection.cursor() as cursor:
        cursor.execute(_AGREEING, values)
        values["customers"] = [customer for (customer,) in cursor]
        if not values["customers"]:
            return []
        cursor.execute(_SLIPPING, values)
        slipping = {customer for (customer,) in cursor}
        cursor.execute(_COMING, values)
        found = [row for row in cursor if row[0] in slipping]
    wanted = told(search.organization_id, [row[2] for row in found], search.day)
    return [Occasion.of("advice", row, day=row[3].isoformat()) for row in found if row[2] in wanted]


def told(organization_id: UUID, leads: Sequence[UUID], day: date) -> dict[UUID, Told]:
    """The leads (customers) who still want advice and have nothing overdue: to whoever is late one speaks of that alone."""
    values: dict[str, Any] = {"organization": organization_id, "customers": list(leads), "day": day}
    with connection.cursor() as cursor:
        cursor.execute(_OVERDUE, values)
        late = {customer for (customer,) in cursor}
    closed = unwanted(organization_id, leads)
    return {customer: Told() for customer in leads if customer not in late and len(closed[customer]) < len(_KINDS)}


def unwanted(organization_id: UUID, customers: Sequence[UUID]) -> dict[UUID, frozenset[str]]:
    """By customer, the channels by which no advice goes: some address of theirs did not say yes, or there is none."""
    answers: dict[UUID, dict[str, bool]] = {customer: {} for customer in customers}
    with connection.cursor() as cursor:
        cursor.execute(_ANSWERS, {"organization": organization_id, "customers": list(customers)})
        for customer, kind, takes_sms, granted in cursor:
            if kind != "phone" or takes_sms:
                answers[customer][kind] = answers[customer].get(kind, True) and bool(granted)
    return {
        customer: frozenset(channel for channel, kind in _KINDS.items() if not by_kind.get(kind))
        for customer, by_kind in answers.items()
    }
