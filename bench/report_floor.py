"""What a report cannot do without: one plain GROUP BY over the rows it is made of, nothing kept beforehand.

Where a report tells of few lines the groups are summed up in the database; where it has a row per customer they are read.
"""

from datetime import date, timedelta
from time import perf_counter
from uuid import UUID

from django.db import connection, transaction

_WHOSE = """
    JOIN parties_customer c ON c.organization_id = %(org)s AND c.id = i.customer_id
    JOIN parties_party p ON p.organization_id = %(org)s AND p.id = c.party_id AND p.country = %(country)s"""
"""Narrowed to a country, as the live reports are."""

_OWED = """
SELECT i.customer_id, i.currency, sum(i.open_amount) AS open, sum(i.open_amount) FILTER (WHERE i.due_on < %(day)s) AS overdue
FROM receivables_installment i {whose}
WHERE i.organization_id = %(org)s AND i.open_amount > 0
GROUP BY 1, 2"""
_ENTRIES = """
SELECT e.currency, date_trunc('month', e.effective_on), e.kind, sum(e.amount)
FROM receivables_entry e
WHERE e.organization_id = %(org)s AND e.effective_on <= %(day)s
GROUP BY 1, 2, 3"""
_ITEM_ENTRIES = """
SELECT i.currency, date_trunc('month', e.effective_on), e.kind, sum(e.amount)
FROM receivables_entry e
JOIN receivables_installment i ON i.organization_id = %(org)s AND i.id = e.installment_id {whose}
WHERE e.organization_id = %(org)s AND e.effective_on <= %(day)s
GROUP BY 1, 2, 3"""
_LATE_CUSTOMERS = """
SELECT count(*), sum(amount) FROM (
    SELECT i.customer_id, i.currency, date_trunc('month', e.effective_on), sum(e.amount) AS amount
    FROM receivables_entry e
    JOIN receivables_installment i ON i.organization_id = %(org)s AND i.id = e.installment_id {whose}
    WHERE e.organization_id = %(org)s AND e.effective_on <= %(day)s AND (i.settled_on IS NULL OR i.settled_on >= %(year)s)
    GROUP BY 1, 2, 3
) groups"""
_MOVES = """
SELECT i.currency, i.due_on, e.kind, sum(e.amount), sum(i.open_amount)
FROM receivables_installment i {whose}
LEFT JOIN receivables_entry e ON e.organization_id = %(org)s AND e.installment_id = i.id AND e.effective_on >= %(month)s
WHERE i.organization_id = %(org)s AND (i.open_amount > 0 OR i.settled_on >= %(month)s)
GROUP BY 1, 2, 3"""
_PAID = """
SELECT e.effective_on, e.currency, count(DISTINCT e.source_id), sum(e.amount)
FROM receivables_entry e
JOIN receivables_installment i ON i.organization_id = %(org)s AND i.id = e.installment_id {whose}
WHERE e.organization_id = %(org)s AND e.kind = 'payment' AND e.effective_on >= %(lately)s AND e.effective_on <= %(day)s
GROUP BY 1, 2"""
_SAID = """
SELECT a.step, a.template, a.channel, extract(hour FROM a.settled_at), a.assigned_to, count(*), count(i.settled_on)
FROM outreach_activity a
LEFT JOIN receivables_installment i ON i.organization_id = %(org)s AND i.id = a.lead_id
WHERE a.organization_id = %(org)s AND a.day >= %(lately)s AND a.day <= %(day)s AND a.state IN ('sent', 'done')
GROUP BY 1, 2, 3, 4, 5"""
_CONTACTS = """
SELECT c.party_id, a.channel, a.day, count(*), max(a.subject), max(a.body)
FROM outreach_activity a
JOIN parties_customer c ON c.organization_id = %(org)s AND c.id = a.customer_id
WHERE a.organization_id = %(org)s AND a.day >= %(lately)s AND a.day <= %(day)s AND a.state IN ('sent', 'done', 'unknown')
GROUP BY 1, 2, 3"""
_HABITS = """
SELECT count(*), sum(items), sum(days), sum(open) FROM (
    SELECT i.customer_id, count(*) AS items, sum(i.settled_on - i.expected_on) AS days, sum(i.open_amount) AS open
    FROM receivables_installment i {whose}
    WHERE i.organization_id = %(org)s AND (i.open_amount > 0 OR i.settled_on > %(two_years)s)
    GROUP BY 1
) groups"""
_HABITS_READ = """
SELECT i.customer_id, i.currency, count(*), sum(i.settled_on - i.expected_on), sum(i.open_amount)
FROM receivables_installment i {whose}
WHERE i.organization_id = %(org)s AND (i.open_amount > 0 OR i.settled_on > %(two_years)s)
GROUP BY 1, 2"""
_PROMISES = """
SELECT date_trunc('month', i.promised_for), i.currency, i.state, count(*), sum(i.amount), sum(i.paid)
FROM agreements_promise i {whose}
WHERE i.organization_id = %(org)s AND i.promised_for >= %(year)s AND i.promised_for <= %(day)s
GROUP BY 1, 2, 3"""
_PLANS = """
SELECT date_trunc('month', i.agreed_on), i.currency, i.kind, i.state, count(DISTINCT i.id), sum(a.paid)
FROM agreements_plan i
JOIN agreements_planpart a ON a.organization_id = %(org)s AND a.plan_id = i.id {whose}
WHERE i.organization_id = %(org)s AND i.agreed_on >= %(year)s AND i.agreed_on <= %(day)s
GROUP BY 1, 2, 3, 4"""
_DISPUTES = """
SELECT date_trunc('month', i.opened_on), i.creditor_id, i.cause, i.currency, count(*), sum(i.amount)
FROM disputes_dispute i {whose}
WHERE i.organization_id = %(org)s AND i.opened_on >= %(year)s AND i.opened_on <= %(day)s
GROUP BY 1, 2, 3, 4"""
_ALERTS = """
SELECT i.kind, i.creditor_id, i.customer_id, i.raised_on, i.outcome, count(*)
FROM analytics_alert i {whose}
WHERE i.organization_id = %(org)s AND (i.raised_on >= %(year)s OR i.closed_on IS NULL)
GROUP BY 1, 2, 3, 4, 5"""
_GIVEN = """
SELECT i.customer_id, i.kind, i.currency, i.state, i.id, count(*), sum(p.amount), max(p.due_on)
FROM agreements_plan i {whose}
JOIN agreements_planpart p ON p.organization_id = %(org)s AND p.plan_id = i.id
WHERE i.organization_id = %(org)s AND i.agreed_on >= %(quarter)s AND i.agreed_on <= %(day)s
GROUP BY 1, 2, 3, 4, 5"""
_JUDGED = """
SELECT date_trunc('month', i.expected_on), i.settled_on > i.expected_on, count(*), sum(i.settled_on - i.expected_on)
FROM receivables_installment i {whose}
WHERE i.organization_id = %(org)s AND (i.open_amount > 0 OR i.settled_on > %(two_years)s)
GROUP BY 1, 2"""
FLOORS = {
    "aging": _OWED,
    "top-customers": f"SELECT currency, count(*), sum(open), max(overdue) FROM ({_OWED}) owed GROUP BY 1",
    "concentration": f"SELECT currency, count(*), sum(open), max(overdue) FROM ({_OWED}) owed GROUP BY 1",
    "credit-limits": f"SELECT currency, count(*), sum(open), max(overdue) FROM ({_OWED}) owed GROUP BY 1",
    "provision": _MOVES,
    "dso": _ENTRIES,
    "cei": _ENTRIES,
    "roll-rates": _MOVES,
    "cure-rate": _LATE_CUSTOMERS,
    "collected": _PAID,
    "effectiveness": _SAID,
    "conduct": _CONTACTS,
    "promises": _PROMISES,
    "agreements": _PLANS,
    "disputes": _DISPUTES,
    "alerts": _ALERTS,
    "fairness": _GIVEN,
    "letter": _ENTRIES,
    "forecast": _HABITS,
    "forecast-days": _HABITS,
    "behavior": _HABITS_READ,
    "scores": _HABITS_READ,
    "calibration": _JUDGED,
}
NARROWED = {"dso": _ITEM_ENTRIES, "cei": _ITEM_ENTRIES}
"""Where a narrowed report has to know whose an entry is."""


def seconds(organization_id: UUID, name: str, on: date, country: str = "") -> float:
    """What the GROUP BY takes, its rows read, over everybody or over the customers of a country."""
    statement = (NARROWED.get(name) if country else None) or FLOORS[name]
    parameters = {
        "org": organization_id,
        "day": on,
        "month": on.replace(day=1),
        "lately": on - timedelta(days=30),
        "quarter": on - timedelta(days=90),
        "year": (on - timedelta(days=334)).replace(day=1),
        "two_years": on - timedelta(days=730),
        "country": country,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.org', %s, true)", [str(organization_id)])
        cursor.execute("SET LOCAL work_mem = '64MB'")
        started = perf_counter()
        cursor.execute(statement.format(whose=_WHOSE if country else ""), parameters)
        cursor.fetchall()
        return perf_counter() - started
