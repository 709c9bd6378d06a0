"""What is open and in a customer's favor on a day, for the statements that read it of many customers at once."""

_ITEMS = """
    SELECT i.id, i.customer_id, i.invoice_id, i.currency, i.due_on, i.expected_on, i.extended_to, i.due_generation,
           {open_amount} AS open_amount,
           {open_amount} - least(i.expected_deduction, {open_amount}) AS askable
    FROM receivables_installment i {entries}
    WHERE i.organization_id = %(org)s {only}"""

_ENTRIES = """
    JOIN (
        SELECT installment_id, sum(amount) AS open_amount
        FROM receivables_entry
        WHERE organization_id = %(org)s AND effective_on <= %(day)s AND account = 'receivable' {few}
        GROUP BY installment_id HAVING sum(amount) > 0
    ) e ON e.installment_id = i.id"""

# Without it the sums would run over everybody's entries before they meet the few that are asked for.
_ENTRIES_OF_FEW = """AND installment_id IN (
            SELECT n.id FROM receivables_installment n
            WHERE n.organization_id = %(org)s AND n.customer_id = ANY(%(customers)s))"""

_CREDITS_NOW = """
    SELECT i.customer_id, i.currency, i.unapplied AS amount FROM receivables_creditnote i
    WHERE i.organization_id = %(org)s AND i.unapplied > 0 AND i.issued_on <= %(day)s {only}
    UNION ALL
    SELECT i.customer_id, i.currency, i.unapplied FROM payments_payment i
    WHERE i.organization_id = %(org)s AND i.unapplied > 0 AND i.received_on <= %(day)s {only}"""

# As of a past day a credit is what was there by then, less what had been posted from it by then.
_CREDITS_AS_OF = """
    SELECT i.customer_id, i.currency, i.amount + coalesce(sum(e.amount), 0) AS amount
    FROM (
        SELECT id, customer_id, currency, amount FROM receivables_creditnote
        WHERE organization_id = %(org)s AND issued_on <= %(day)s
        UNION ALL
        SELECT p.id, p.customer_id, p.currency,
               p.amount - coalesce((SELECT sum(r.amount) FROM payments_refund r WHERE r.organization_id = %(org)s
                                    AND r.payment_id = p.id AND r.refunded_on <= %(day)s), 0)
        FROM payments_payment p
        WHERE p.organization_id = %(org)s AND p.received_on <= %(day)s
          AND (p.reversed_on IS NULL OR p.reversed_on > %(day)s)
    ) i
    LEFT JOIN receivables_entry e ON e.organization_id = %(org)s AND e.source_id = i.id AND e.effective_on <= %(day)s
         AND e.account = 'receivable'
    WHERE true {only}
    GROUP BY i.id, i.customer_id, i.currency, i.amount
    HAVING i.amount + coalesce(sum(e.amount), 0) > 0"""

OF_FEW = "AND i.customer_id = ANY(%(customers)s)"
"""Narrows any of these statements, whose rows are called i, to the customers named."""


def items_sql(*, only: bool, back_dated: bool) -> str:
    """Each open installment (i) with what may be asked of it; more conditions may follow.

    Parameters: org, day, and customers where it is for them `only`; `back_dated` sums entries instead of kept balances.
    """
    few = OF_FEW if only else ""
    if not back_dated:
        return _ITEMS.format(open_amount="i.open_amount", entries="", only=f"AND i.open_amount > 0 {few}")
    entries = _ENTRIES.format(few=_ENTRIES_OF_FEW if only else "")
    return _ITEMS.format(open_amount="e.open_amount", entries=entries, only=few)


def credits_sql(*, only: bool, back_dated: bool) -> str:
    """Each credit note and payment on account with what is left of it; parameters as `items_sql`."""
    return (_CREDITS_AS_OF if back_dated else _CREDITS_NOW).format(only=OF_FEW if only else "")
