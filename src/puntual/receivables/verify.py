"""Recompute everything the ledger keeps beside its entries and say where it differs. Reads only; set-based."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as the entries say. `expected` and `found` are amounts, dates or words."""

    kind: str
    id: UUID | None
    expected: str
    found: str


# Each statement yields (kind, id, expected, found) for what is wrong and takes %(organization)s.
_BALANCES = """
    SELECT d.kind, i.id, d.expected, d.found
    FROM receivables_installment i
    LEFT JOIN (
        SELECT installment_id,
               sum(amount) FILTER (WHERE account = 'receivable') AS receivable,
               sum(amount) FILTER (WHERE account = 'written_off') AS written_off,
               sum(amount) FILTER (WHERE kind = 'issued') AS issued,
               max(effective_on) FILTER (WHERE account = 'receivable') AS last_on
        FROM receivables_entry
        WHERE organization_id = %(organization)s
        GROUP BY installment_id
    ) e ON e.installment_id = i.id
    CROSS JOIN LATERAL (VALUES
        ('open_amount', coalesce(e.receivable, 0)::text, i.open_amount::text, coalesce(e.receivable, 0) = i.open_amount),
        ('written_off', coalesce(e.written_off, 0)::text, i.written_off::text, coalesce(e.written_off, 0) = i.written_off),
        ('issued', i.amount::text, coalesce(e.issued, 0)::text, coalesce(e.issued, 0) = i.amount),
        ('settled_on', (CASE WHEN i.open_amount = 0 THEN e.last_on END)::text, i.settled_on::text,
         (CASE WHEN i.open_amount = 0 THEN e.last_on END) IS NOT DISTINCT FROM i.settled_on)
    ) AS d(kind, expected, found, right_so)
    WHERE i.organization_id = %(organization)s AND NOT d.right_so
"""
# On no day, past or present, may an item be below zero or above its amount.
_RANGE = """
    SELECT DISTINCT ON (running.installment_id) 'balance_on_' || running.effective_on, running.installment_id,
           '0 to ' || i.amount, running.balance::text
    FROM (
        SELECT installment_id, effective_on, account,
               sum(sum(amount)) OVER (PARTITION BY installment_id, account ORDER BY effective_on) AS balance
        FROM receivables_entry
        WHERE organization_id = %(organization)s
        GROUP BY installment_id, account, effective_on
    ) running
    JOIN receivables_installment i ON i.organization_id = %(organization)s AND i.id = running.installment_id
    WHERE running.balance NOT BETWEEN 0 AND i.amount
    ORDER BY running.installment_id, running.effective_on
"""
_DEDUCTIONS = """
    SELECT 'expected_deduction', i.id, coalesce(d.expected, 0)::text, i.expected_deduction::text
    FROM receivables_installment i
    LEFT JOIN (
        SELECT installment_id, sum(amount) AS expected FROM receivables_expecteddeduction
        WHERE organization_id = %(organization)s AND closed_on IS NULL AND given_up_on IS NULL
        GROUP BY installment_id
    ) d ON d.installment_id = i.id
    WHERE i.organization_id = %(organization)s AND coalesce(d.expected, 0) <> i.expected_deduction
"""
_CREDIT_NOTES = """
    SELECT 'unapplied_credit', c.id, x.expected::text, c.unapplied::text
    FROM receivables_creditnote c
    LEFT JOIN (
        SELECT source_id, sum(amount) AS applied FROM receivables_entry
        WHERE organization_id = %(organization)s AND kind = 'credit_note'
        GROUP BY source_id
    ) e ON e.source_id = c.id
    CROSS JOIN LATERAL (
        SELECT CASE WHEN c.withdrawn_on IS NULL THEN c.amount + coalesce(e.applied, 0) ELSE 0 END AS expected
    ) x
    WHERE c.organization_id = %(organization)s AND x.expected <> c.unapplied
"""
_INVOICES = """
    SELECT 'invoice_amount', v.id, v.amount::text, coalesce(i.amount, 0)::text
    FROM receivables_invoice v
    LEFT JOIN (
        SELECT invoice_id, sum(amount) AS amount FROM receivables_installment
        WHERE organization_id = %(organization)s GROUP BY invoice_id
    ) i ON i.invoice_id = v.id
    WHERE v.organization_id = %(organization)s AND v.amount IS DISTINCT FROM i.amount
"""
_REVERSALS = """
    SELECT 'reversal', r.id, e.account || ' ' || -e.amount || ' not before ' || e.effective_on,
           r.account || ' ' || r.amount || ' on ' || r.effective_on
    FROM receivables_entry r
    JOIN receivables_entry e ON e.organization_id = %(organization)s AND e.id = r.reverses_id
    WHERE r.organization_id = %(organization)s AND r.reverses_id IS NOT NULL AND (
        r.amount <> -e.amount OR r.account <> e.account OR r.installment_id <> e.installment_id
        OR r.effective_on < e.effective_on)
"""
_PORTFOLIO = """
    SELECT 'portfolio', coalesce(d.creditor_id, i.creditor_id),
           coalesce(i.currency, d.currency) || ' ' || coalesce(i.due_on, d.due_on) || ': '
               || coalesce(i.amount, 0) || ' on ' || coalesce(i.items, 0),
           coalesce(d.amount, 0) || ' on ' || coalesce(d.items, 0)
    FROM (
        SELECT creditor_id, currency, due_on, sum(open_amount) AS amount, sum(open_count) AS items
        FROM receivables_portfoliodelta WHERE organization_id = %(organization)s
        GROUP BY creditor_id, currency, due_on
    ) d
    FULL JOIN (
        SELECT creditor_id, currency, due_on, sum(open_amount) AS amount, count(*) AS items
        FROM receivables_installment WHERE organization_id = %(organization)s AND open_amount > 0
        GROUP BY creditor_id, currency, due_on
    ) i ON i.creditor_id = d.creditor_id AND i.currency = d.currency AND i.due_on = d.due_on
    WHERE coalesce(d.amount, 0) <> coalesce(i.amount, 0) OR coalesce(d.items, 0) <> coalesce(i.items, 0)
"""
CHECKS = {
    "balances": _BALANCES,
    "balances_on_every_day": _RANGE,
    "expected_deductions": _DEDUCTIONS,
    "credit_notes": _CREDIT_NOTES,
    "invoices": _INVOICES,
    "reversals": _REVERSALS,
    "portfolio": _PORTFOLIO,
}


def verify(organization_id: UUID) -> list[Difference]:
    """Where what is kept differs from what the entries say; an empty list is a sound ledger.

    Kinds: open_amount, written_off, issued, settled_on and balance_on_<day> of an installment; expected_deduction of one;
    unapplied_credit of a credit note; invoice_amount of an invoice; reversal of an entry; portfolio of a creditor.
    """
    return run_checks(organization_id, CHECKS.values())


def run_checks(organization_id: UUID, statements: Iterable[str]) -> list[Difference]:
    """The rows of these statements as differences; each yields (kind, id, expected, found) and takes %(organization)s."""
    differences: list[Difference] = []
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, {"organization": organization_id})
            differences += [Difference(*row) for row in cursor.fetchall()]
    return differences
