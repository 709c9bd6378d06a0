"""The statements behind `months`: balances at the two ends of a month, and what lay between, item by item.

Balances kept beside the items hold every entry there is; what took effect after a day is taken off again. An issue takes effect
on its invoice's day, so that only the other entries are looked through, by an index of their own.
"""

# Items that existed at the end of the period, with what was open before it (`began`), at its end (`ended`) and what moved them.
_ITEMS = """
WITH moved AS MATERIALIZED (
    SELECT installment_id,
           sum(amount) FILTER (WHERE effective_on > %(last)s) AS later,
           sum(amount) AS since,
           -sum(amount) FILTER (
               WHERE kind IN ('payment', 'deduction', 'discount', 'adjustment') AND effective_on <= %(last)s) AS paid,
           -sum(amount) FILTER (WHERE kind = 'write_off' AND effective_on <= %(last)s) AS written_off,
           -sum(amount) FILTER (WHERE kind = 'closed_outside' AND effective_on <= %(last)s) AS closed
    FROM receivables_entry
    WHERE organization_id = %(org)s AND account = 'receivable' AND kind <> 'issued' AND effective_on >= %(first)s
    GROUP BY installment_id
),
issued_later AS MATERIALIZED (
    SELECT i.id, v.issued_on
    FROM receivables_invoice v
    JOIN receivables_installment i ON i.organization_id = %(org)s AND i.invoice_id = v.id
    WHERE v.organization_id = %(org)s AND v.issued_on >= %(first)s
),
item AS MATERIALIZED (
    SELECT i.creditor_id, i.customer_id, i.currency, i.due_on,
           CASE WHEN n.id IS NULL THEN i.open_amount - coalesce(m.since, 0) ELSE 0 END AS began,
           CASE WHEN n.id IS NULL OR n.issued_on <= %(last)s THEN i.open_amount - coalesce(m.later, 0) ELSE 0 END AS ended,
           coalesce(m.paid, 0) AS paid, coalesce(m.written_off, 0) AS written_off, coalesce(m.closed, 0) AS closed
    FROM receivables_installment i
    LEFT JOIN moved m ON m.installment_id = i.id
    LEFT JOIN issued_later n ON n.id = i.id
    WHERE i.organization_id = %(org)s AND (i.open_amount > 0 OR m.installment_id IS NOT NULL) {creditor}
)"""

_BUCKET = "CASE {cases} ELSE {last} END"

# The outcomes as rows of one shape: what, creditor, currency, bucket, what became of it, amount, number.
# What was open at the beginning and is still open at the end has only grown older. The rest left by what moved it: what several
# things did together beyond that (a payment that came back, say) goes to the first of them.
_OUTCOMES = """
SELECT 'end', creditor_id, currency, {bucket_at_end}, '', sum(ended), count(*)
FROM item WHERE ended > 0 GROUP BY 2, 3, 4
UNION ALL
SELECT 'move', creditor_id, currency, {bucket_at_start}, became, sum(amount), count(*)
FROM item
CROSS JOIN LATERAL (SELECT began - least(began, ended) AS gone) g
CROSS JOIN LATERAL (SELECT greatest(least(item.paid, gone), 0) AS paid) p
CROSS JOIN LATERAL (SELECT greatest(least(item.written_off, gone - p.paid), 0) AS written_off) w
CROSS JOIN LATERAL (SELECT greatest(least(item.closed, gone - p.paid - w.written_off), 0) AS closed) c
CROSS JOIN LATERAL (VALUES
    (({bucket_at_end})::text, least(began, ended)), ('paid', p.paid), ('written_off', w.written_off), ('closed', c.closed),
    ('credited', gone - p.paid - w.written_off - c.closed)
) part (became, amount)
WHERE began > 0 AND amount > 0
GROUP BY 2, 3, 4, 5
UNION ALL
SELECT CASE WHEN late_after THEN 'still_late' ELSE 'cured' END, creditor_id, currency, 0, '', 0, count(*)
FROM (
    SELECT creditor_id, currency, bool_or(began > 0 AND due_on < %(before)s) AS late_before,
           bool_or(ended > 0 AND due_on < %(last)s) AS late_after
    FROM item GROUP BY creditor_id, currency, customer_id
) customer
WHERE late_before
GROUP BY 1, 2, 3"""

_FLOWS = """
SELECT i.creditor_id, e.currency, e.kind, sum(e.amount)
FROM receivables_entry e
JOIN receivables_installment i ON i.organization_id = %(org)s AND i.id = e.installment_id
WHERE e.organization_id = %(org)s AND e.account = 'receivable' AND e.kind <> 'issued'
  AND e.effective_on >= %(first)s AND e.effective_on <= %(last)s {creditor}
GROUP BY 1, 2, 3
UNION ALL
SELECT i.creditor_id, i.currency, 'issued', sum(i.amount)
FROM receivables_invoice v
JOIN receivables_installment i ON i.organization_id = %(org)s AND i.invoice_id = v.id
WHERE v.organization_id = %(org)s AND v.issued_on >= %(first)s AND v.issued_on <= %(last)s {creditor}
GROUP BY 1, 2"""


def _bucket(edges: tuple[int, ...], day: str) -> str:
    """The position of the bucket on a day; the due date itself is not overdue."""
    cases = [f"WHEN due_on >= {day} THEN 0"]
    cases += [f"WHEN due_on >= {day}::date - {edge} THEN {place}" for place, edge in enumerate(edges, 1)]
    return _BUCKET.format(cases=" ".join(cases), last=len(edges) + 1)


def items_sql(edges: tuple[int, ...], *, one_creditor: bool) -> str:
    """The statement about what was open. Parameters: org, first, last, before (the day before the first), creditor."""
    outcomes = _OUTCOMES.format(bucket_at_end=_bucket(edges, "%(last)s"), bucket_at_start=_bucket(edges, "%(before)s"))
    return _ITEMS.format(creditor=_creditor(one_creditor)) + outcomes


def flows_sql(*, one_creditor: bool) -> str:
    """The statement about what moved receivables. Parameters: org, first, last, creditor."""
    return _FLOWS.format(creditor=_creditor(one_creditor))


def _creditor(one: bool) -> str:
    return "AND i.creditor_id = %(creditor)s" if one else ""
