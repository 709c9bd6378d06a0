"""Recompute what payments keep beside their allocations, refunds and entries, and say where it differs. Reads only; set-based."""

from uuid import UUID

from puntual.receivables.verify import Difference, run_checks

_PAYMENTS = """
    SELECT d.kind, p.id, d.expected, d.found
    FROM payments_payment p
    LEFT JOIN (
        SELECT payment_id, sum(amount) AS amount FROM payments_allocation
        WHERE organization_id = %(organization)s AND reversed_at IS NULL GROUP BY payment_id
    ) a ON a.payment_id = p.id
    LEFT JOIN (
        SELECT payment_id, sum(amount) AS amount FROM payments_refund
        WHERE organization_id = %(organization)s GROUP BY payment_id
    ) r ON r.payment_id = p.id
    CROSS JOIN LATERAL (
        SELECT coalesce(a.amount, 0) AS allocated, coalesce(r.amount, 0) AS refunded,
               CASE WHEN p.reversed_on IS NULL THEN p.amount - coalesce(a.amount, 0) - coalesce(r.amount, 0) ELSE 0 END AS rest
    ) x
    CROSS JOIN LATERAL (VALUES
        ('unapplied', x.rest::text, p.unapplied::text, x.rest = p.unapplied),
        ('allocated', 'at most ' || CASE WHEN p.reversed_on IS NULL THEN p.amount - x.refunded ELSE 0 END, x.allocated::text,
         x.allocated <= CASE WHEN p.reversed_on IS NULL THEN p.amount - x.refunded ELSE 0 END)
    ) AS d(kind, expected, found, right_so)
    WHERE p.organization_id = %(organization)s AND NOT d.right_so
"""
# A live allocation is one entry of the same item and amount, not reversed; an ended one is reversed.
_ENTRIES = """
    SELECT 'allocation_entry', a.id,
           CASE WHEN a.reversed_at IS NULL THEN 'in force' ELSE 'reversed' END || ' ' || -a.amount,
           CASE WHEN r.id IS NULL THEN 'in force' ELSE 'reversed' END || ' ' || e.amount
    FROM payments_allocation a
    JOIN receivables_entry e ON e.organization_id = %(organization)s AND e.id = a.entry_id
    LEFT JOIN receivables_entry r ON r.organization_id = %(organization)s AND r.reverses_id = e.id
    WHERE a.organization_id = %(organization)s AND (
        e.amount <> -a.amount OR e.installment_id <> a.installment_id OR e.source_id IS DISTINCT FROM a.payment_id
        OR e.kind NOT IN ('payment', 'recovery') OR (r.id IS NULL) <> (a.reversed_at IS NULL))
"""
_ORPHANS = """
    SELECT 'entry_without_allocation', e.id, 'an allocation', 'none'
    FROM receivables_entry e
    LEFT JOIN payments_allocation a ON a.organization_id = %(organization)s AND a.entry_id = e.id
    WHERE e.organization_id = %(organization)s AND e.kind = 'payment' AND e.reverses_id IS NULL AND a.id IS NULL
"""
_ITEMS = """
    SELECT 'allocated_to_item', i.id, 'at most ' || i.amount, sum(a.amount)::text
    FROM payments_allocation a
    JOIN receivables_installment i ON i.organization_id = %(organization)s AND i.id = a.installment_id
    WHERE a.organization_id = %(organization)s AND a.reversed_at IS NULL
    GROUP BY i.organization_id, i.id
    HAVING sum(a.amount) > i.amount
"""
_CURRENCY = """
    SELECT 'allocation_currency', a.id, p.currency::text, i.currency::text
    FROM payments_allocation a
    JOIN payments_payment p ON p.organization_id = %(organization)s AND p.id = a.payment_id
    JOIN receivables_installment i ON i.organization_id = %(organization)s AND i.id = a.installment_id
    WHERE a.organization_id = %(organization)s AND (p.currency <> i.currency OR p.creditor_id <> i.creditor_id)
"""
# A paid instrument has a payment that stands, of its amount; one that is over holds nothing, and none promises more than it is.
_INSTRUMENTS = """
    SELECT 'instrument_payment', n.id, 'a payment of ' || n.amount, coalesce(p.amount::text, 'none')
    FROM payments_instrument n
    LEFT JOIN payments_payment p ON p.organization_id = n.organization_id AND p.id = n.payment_id AND p.reversed_on IS NULL
    WHERE n.organization_id = %(organization)s AND n.state = 'paid' AND p.amount IS DISTINCT FROM n.amount
    UNION ALL
    SELECT 'instrument_items', n.id, 'at most ' || n.amount, sum(i.amount)::text
    FROM payments_instrument n
    JOIN payments_instrumentitem i ON i.organization_id = n.organization_id AND i.instrument_id = n.id
    WHERE n.organization_id = %(organization)s
    GROUP BY n.organization_id, n.id
    HAVING sum(i.amount) > n.amount
    UNION ALL
    SELECT 'instrument_hold', n.id, 'no hold', 'one in force'
    FROM payments_instrument n
    JOIN receivables_hold h ON h.organization_id = n.organization_id AND h.source_id = n.id AND h.released_on IS NULL
    WHERE n.organization_id = %(organization)s AND n.state NOT IN ('received', 'deposited')
"""
# The payments of a bulk credit are as many as it says and come to its amount; what was made of a line is what came in.
_PARTS = """
    SELECT 'bulk_parts', l.id, l.parts || ' of ' || l.amount, count(p.id) || ' of ' || coalesce(sum(p.amount), 0)
    FROM payments_bankline l
    LEFT JOIN payments_bankline p ON p.organization_id = %(organization)s AND p.part_of_id = l.id
    WHERE l.organization_id = %(organization)s AND l.parts > 0
    GROUP BY l.organization_id, l.id
    HAVING count(p.id) <> l.parts OR sum(p.amount) <> l.amount
    UNION ALL
    SELECT 'bulk_settled', l.id, 'nothing made of it, but of its parts', l.state
    FROM payments_bankline l
    WHERE l.organization_id = %(organization)s AND l.parts > 0 AND (
        l.state IN ('matched', 'partly_matched')
        OR EXISTS (SELECT FROM payments_linesettlement s
                   WHERE s.organization_id = %(organization)s AND s.line_id = l.id AND s.undone_at IS NULL))
"""
_LINES = """
    SELECT 'line_settled', l.id, (l.amount + l.fees)::text, sum(p.amount)::text
    FROM payments_linesettlement s
    JOIN payments_bankline l ON l.organization_id = %(organization)s AND l.id = s.line_id
    JOIN payments_payment p ON p.organization_id = %(organization)s AND p.id = s.payment_id
    WHERE s.organization_id = %(organization)s AND s.undone_at IS NULL
    GROUP BY l.organization_id, l.id
    HAVING sum(p.amount) <> l.amount + l.fees OR l.state NOT IN ('matched', 'partly_matched', 'reversed')
"""
CHECKS = {
    "payments": _PAYMENTS,
    "allocation_entries": _ENTRIES,
    "entries_of_payments": _ORPHANS,
    "items": _ITEMS,
    "currencies": _CURRENCY,
    "instruments": _INSTRUMENTS,
    "bulk_lines": _PARTS,
    "settled_lines": _LINES,
}


def verify(organization_id: UUID) -> list[Difference]:
    """Where payments, allocations, refunds and entries disagree; an empty list is sound.

    Kinds: unapplied and allocated of a payment; allocation_entry and allocation_currency of an allocation;
    entry_without_allocation of an entry; allocated_to_item of an installment; instrument_payment, instrument_items and
    instrument_hold of an instrument; bulk_parts, bulk_settled and line_settled of a bank's line.
    """
    return run_checks(organization_id, CHECKS.values())
