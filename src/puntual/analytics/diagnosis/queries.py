"""What a diagnosis rests on, of one customer, from the ledger and the record. Inside `acting_for`; names its organization."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from puntual.agreements.profiles.queries import current
from puntual.analytics.behavior import FEW
from puntual.analytics.diagnosis.proposing import Known, Proposal, Record, Signal, propose
from puntual.analytics.habits import behavior_of
from puntual.parties.models import Customer, Party

SINCE = 365
"""Days that are looked back."""
SILENT = 3
"""So many contacts since the last word from them, none answered, are a silence."""
_PUNCTUAL = 3
_LATE = 10

# Each with its code, how often it happened within the year and when last.
_SIGNALS = """
SELECT 'promise_' || state, count(*), max(valued_on) FROM agreements_promise
WHERE organization_id = %(org)s AND customer_id = %(customer)s AND state IN ('kept', 'partly_kept', 'broken')
  AND valued_on BETWEEN %(since)s AND %(day)s
GROUP BY state
UNION ALL
SELECT CASE t.state WHEN 'paid' THEN 'part_of_plan_paid' ELSE 'part_of_plan_missed' END, count(*),
       max(coalesce(t.paid_on, t.missed_on))
FROM agreements_planpart t
JOIN agreements_plan p ON p.organization_id = t.organization_id AND p.id = t.plan_id
WHERE t.organization_id = %(org)s AND p.customer_id = %(customer)s AND t.state IN ('paid', 'missed')
  AND coalesce(t.paid_on, t.missed_on) BETWEEN %(since)s AND %(day)s
GROUP BY 1
UNION ALL
SELECT 'plan_broken', count(*), max(ended_on) FROM agreements_plan
WHERE organization_id = %(org)s AND customer_id = %(customer)s AND state = 'broken' AND ended_on BETWEEN %(since)s AND %(day)s
UNION ALL
SELECT 'asked_for_time', count(*), max(granted_on) FROM agreements_extension
WHERE organization_id = %(org)s AND customer_id = %(customer)s AND state = 'granted' AND granted_on BETWEEN %(since)s AND %(day)s
UNION ALL
SELECT 'instrument_returned', count(*), max(ended_on) FROM payments_instrument
WHERE organization_id = %(org)s AND customer_id = %(customer)s AND state = 'returned' AND ended_on BETWEEN %(since)s AND %(day)s
UNION ALL
SELECT 'part_payment', count(*), max(e.effective_on)
FROM receivables_installment i
JOIN receivables_entry e ON e.organization_id = i.organization_id AND e.installment_id = i.id
WHERE i.organization_id = %(org)s AND i.customer_id = %(customer)s AND i.open_amount > 0 AND i.due_on < %(day)s
  AND e.kind = 'payment' AND e.amount < 0 AND e.effective_on BETWEEN greatest(i.due_on, %(since)s) AND %(day)s
UNION ALL
SELECT 'newer_paid_first', count(*), max(i.settled_on)
FROM receivables_installment i
WHERE i.organization_id = %(org)s AND i.customer_id = %(customer)s AND i.settled_on BETWEEN %(since)s AND %(day)s
  AND EXISTS (
      SELECT FROM receivables_installment o
      WHERE o.organization_id = i.organization_id AND o.customer_id = i.customer_id AND o.open_amount > 0
        AND o.due_on < i.due_on AND o.due_on < i.settled_on - 15)
UNION ALL
SELECT 'answered', count(*), max(day) FROM outreach_activity
WHERE organization_id = %(org)s AND customer_id = %(customer)s AND direction = 'in' AND day BETWEEN %(since)s AND %(day)s
UNION ALL
SELECT 'silence', count(*), max(o.day) FROM outreach_activity o
WHERE o.organization_id = %(org)s AND o.customer_id = %(customer)s AND o.direction = 'out' AND o.channel <> 'internal'
  AND o.state IN ('sent', 'done') AND o.day BETWEEN %(since)s AND %(day)s
  AND o.day > coalesce((
      SELECT max(a.day) FROM outreach_activity a
      WHERE a.organization_id = %(org)s AND a.customer_id = %(customer)s AND a.direction = 'in'), '-infinity')
  AND o.day > coalesce((
      SELECT max(p.received_on) FROM payments_payment p
      WHERE p.organization_id = %(org)s AND p.customer_id = %(customer)s AND p.reversed_on IS NULL), '-infinity')
"""
_STATE = """
SELECT (SELECT min(due_on) FROM receivables_installment
        WHERE organization_id = %(org)s AND customer_id = %(customer)s AND open_amount > expected_deduction
          AND due_on < %(day)s),
       (SELECT max(opened_on) FROM disputes_dispute
        WHERE organization_id = %(org)s AND customer_id = %(customer)s AND state = 'open'),
       (SELECT max(s.said_on) FROM receivables_reception s
        JOIN receivables_installment i ON i.organization_id = s.organization_id AND i.invoice_id = s.invoice_id
        WHERE s.organization_id = %(org)s AND i.customer_id = %(customer)s AND i.open_amount > 0 AND NOT s.approved
          AND NOT EXISTS (SELECT FROM receivables_reception l WHERE l.organization_id = s.organization_id
                          AND l.invoice_id = s.invoice_id AND l.recorded_at > s.recorded_at)),
       (SELECT min(issued_on) FROM receivables_invoice WHERE organization_id = %(org)s AND customer_id = %(customer)s)
"""
_SIZE = """
SELECT i.currency, sum(i.amount) FROM receivables_installment i
JOIN receivables_invoice v ON v.organization_id = i.organization_id AND v.id = i.invoice_id
    AND v.kind = 'invoice' AND v.withdrawn_on IS NULL
WHERE i.organization_id = %(org)s AND i.customer_id = %(customer)s AND v.issued_on > %(since)s AND v.issued_on <= %(day)s
GROUP BY i.currency ORDER BY i.currency
"""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Who the customer is, and what the record suggests. `billed` is of the last year, by currency; `sector` its own words."""

    company: bool
    sector: tuple[str, ...]
    billed: dict[str, Decimal]
    since: date | None
    proposal: Proposal | None


def diagnose(customer: Customer, day: date) -> Diagnosis:
    """The diagnosis of a customer (with its party) as of `day`."""
    values: dict[str, Any] = {
        "org": customer.organization_id,
        "customer": customer.id,
        "day": day,
        "since": date.fromordinal(day.toordinal() - SINCE),
    }
    with connection.cursor() as cursor:
        cursor.execute(_STATE, values)
        oldest, disputed_on, lacking_on, first = cursor.fetchone()
        signals: list[Signal] = []
        if oldest:
            cursor.execute(_SIGNALS, values)
            signals = [
                Signal(code, on, times) for code, times, on in cursor.fetchall() if times and _counts(code, times)
            ]
        cursor.execute(_SIZE, values)
        billed = dict(cursor.fetchall())
    party = customer.party
    insolvent = party.status == Party.Status.INSOLVENT
    if insolvent and party.status_on:
        signals.append(Signal("insolvent", party.status_on))
    if oldest:
        signals += _habit(customer)
    record = Record(
        tuple(signals),
        (day - oldest).days if oldest else 0,
        disputed_on,
        lacking_on,
        insolvent,
        _known(customer.organization_id, customer.id),
    )
    return Diagnosis(party.kind == Party.Kind.LEGAL, tuple(customer.tags), billed, first, propose(record, day))


def _counts(code: str, times: int) -> bool:
    return code != "silence" or times >= SILENT


def _habit(customer: Customer) -> list[Signal]:
    """How what was settled so far was paid, where that is enough to say anything."""
    paid = behavior_of(customer.organization_id, customer.id)
    if len(paid.settled) < FEW or paid.mean_days is None:
        return []
    last = paid.settled[-1].settled_on
    if paid.mean_days <= _PUNCTUAL:
        return [Signal("used_to_pay_in_time", last)]
    return [Signal("always_late", last)] if paid.mean_days >= _LATE else []


def _known(organization_id: UUID, customer_id: UUID) -> Known | None:
    found = current(organization_id, customer_id)
    return Known(found.willing, found.able, found.reason, found.found_on) if found else None
