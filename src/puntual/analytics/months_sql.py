"""The statements behind `months`: balances at the two ends of a month, and what lay between, item by item.

Balances kept beside the items hold every entry there is; what took effect after a day is taken off again. An issue takes effect
on its invoice's day, so that only the other entries are looked through, by an index of their own.
"""

# Items that existed at the end of the period, with what was open before it (`began`), at its end (`ended`) and what moved them.
_MOVED = """
WITH moved AS MATERIALIZED (
    SELECT installment_id,
           sum(amount) FILTER (WHERE {later}) AS later,
           sum(amount) AS since,
           -sum(amount) FILTER (
               WHERE kind IN ('payment', 'deduction', 'discount', 'adjustment') AND NOT ({later})) AS paid,
           -sum(amount) FILTER (WHERE kind = 'write_off' AND NOT ({later})) AS written_off,
           -sum(amount) FILTER (WHERE kind = 'closed_outside' AND NOT ({later})) AS closed
    FROM receivables_entry
    WHERE organization_id = %(org)s AND account = 'receivable' AND {moved}
    GROUP BY installment_id
)"""
_ITEM = """
    SELECT i.id, v.id AS invoice_id, v.number, i.creditor_id, i.customer_id, i.currency, i.due_on,
           CASE WHEN v.issued_on < %(first)s THEN i.open_amount - coalesce(m.since, 0) ELSE 0 END AS began,
           CASE WHEN v.issued_on <= %(last)s THEN i.open_amount - coalesce(m.later, 0) ELSE 0 END AS ended,
           coalesce(m.paid, 0) AS paid, coalesce(m.written_off, 0) AS written_off, coalesce(m.closed, 0) AS closed
    FROM receivables_installment i
    JOIN receivables_invoice v ON v.organization_id = %(org)s AND v.id = i.invoice_id AND v.issued_on <= %(last)s
    LEFT JOIN moved m ON m.installment_id = i.id
    WHERE i.organization_id = %(org)s AND (i.open_amount > 0 OR m.installment_id IS NOT NULL) {narrowed}"""

_BUCKET = "CASE {cases} ELSE {last} END"

_BECAME = """
SELECT creditor_id, currency, {bucket_at_start}, {bucket_at_end}, sum(ended), count(*) FILTER (WHERE ended > 0),
       sum(least(began, ended)) FILTER (WHERE began > 0), sum(p.paid), sum(w.written_off), sum(c.closed),
       sum(gone - p.paid - w.written_off - c.closed)"""
_WAYS_OUT = """
CROSS JOIN LATERAL (SELECT greatest(began - least(began, ended), 0) AS gone) g
CROSS JOIN LATERAL (SELECT greatest(least(item.paid, gone), 0) AS paid) p
CROSS JOIN LATERAL (SELECT greatest(least(item.written_off, gone - p.paid), 0) AS written_off) w
CROSS JOIN LATERAL (SELECT greatest(least(item.closed, gone - p.paid - w.written_off), 0) AS closed) c
GROUP BY 1, 2, 3, 4"""

# What was open at the beginning and is still open at the end has only grown older. The rest left by what moved it: what several
# things did together beyond that (a payment that came back, say) goes to the first of them. Summed by where an item was and is,
# so that the items themselves are never kept.
# Most items did not move: those are only summed, which is what the time goes into.
_BALANCES = (
    _MOVED
    + """
SELECT creditor_id, currency, {bucket_at_start}, {bucket_at_end}, sum(open_amount), count(*),
       sum(open_amount) FILTER (WHERE issued_on < %(first)s), 0, 0, 0, 0
FROM (
    SELECT i.creditor_id, i.currency, i.due_on, i.open_amount, v.issued_on
    FROM receivables_installment i
    JOIN receivables_invoice v ON v.organization_id = %(org)s AND v.id = i.invoice_id AND v.issued_on <= %(last)s
    WHERE i.organization_id = %(org)s AND i.open_amount > 0 {narrowed}
      AND NOT EXISTS (SELECT FROM moved m WHERE m.installment_id = i.id)
) still
GROUP BY 1, 2, 3, 4
UNION ALL"""
    + _BECAME
    + """
FROM ({item} AND m.installment_id IS NOT NULL) item"""
    + _WAYS_OUT
)

# The same for a period that began not long ago, without a look at the invoices of what was neither moved nor billed in it: what
# is open by due date is summed (or kept with every posting, where no customers are told apart), and the items that were go off.
# Of the invoices only those billed in it are read: an item without one of them is older (`issued_on` is NULL). Of the items only
# those that are open or were settled in it.
# Which customers they are of is asked of those alone: asked in between, the planner takes them for a handful.
_OPEN_KEPT = """SELECT i.creditor_id, i.currency, i.due_on, i.open_amount AS amount, i.open_count AS items
    FROM receivables_portfoliodelta i WHERE i.organization_id = %(org)s {narrowed}"""
_OPEN = """SELECT i.creditor_id, i.currency, i.due_on, sum(i.open_amount) AS amount, count(*) AS items
    FROM receivables_installment i WHERE i.organization_id = %(org)s AND i.open_amount > 0 {narrowed}
    GROUP BY 1, 2, 3"""
_RUNNING = (
    _MOVED
    + """,
billed AS MATERIALIZED (
    SELECT id, issued_on FROM receivables_invoice WHERE organization_id = %(org)s AND issued_on >= %(first)s
),
moved_or_billed AS MATERIALIZED (
    SELECT i.creditor_id, i.customer_id, i.currency, i.due_on, i.open_amount, v.issued_on,
           m.later, m.since, m.paid, m.written_off, m.closed
    FROM moved m
    JOIN receivables_installment i ON i.organization_id = %(org)s AND i.id = m.installment_id
         AND (i.open_amount > 0 OR i.settled_on >= %(first)s) {inside}
    LEFT JOIN billed v ON v.id = i.invoice_id
    UNION ALL
    SELECT i.creditor_id, i.customer_id, i.currency, i.due_on, i.open_amount, v.issued_on, NULL, NULL, NULL, NULL, NULL
    FROM receivables_invoice v
    JOIN receivables_installment i ON i.organization_id = %(org)s AND i.invoice_id = v.id {inside}
    WHERE v.organization_id = %(org)s AND v.issued_on >= %(first)s
      AND NOT EXISTS (SELECT FROM moved m WHERE m.installment_id = i.id)
),
touched AS MATERIALIZED (
    SELECT i.* FROM moved_or_billed i WHERE true {outside}
)
SELECT creditor_id, currency, {bucket_at_start}, {bucket_at_end}, sum(amount), sum(items)::bigint, sum(amount), 0, 0, 0, 0
FROM (
    {open}
    UNION ALL
    SELECT creditor_id, currency, due_on, -open_amount, -(open_amount > 0)::int FROM touched
) still
GROUP BY 1, 2, 3, 4
UNION ALL"""
    + _BECAME
    + """
FROM (
    SELECT creditor_id, currency, due_on,
           CASE WHEN issued_on IS NULL THEN open_amount - coalesce(since, 0) ELSE 0 END AS began,
           open_amount - coalesce(later, 0) AS ended,
           coalesce(paid, 0) AS paid, coalesce(written_off, 0) AS written_off, coalesce(closed, 0) AS closed
    FROM touched WHERE issued_on IS NULL OR issued_on <= %(last)s
) item"""
    + _WAYS_OUT
)

_MOVED_ITEMS = (
    _MOVED
    + """
SELECT item.id, invoice_id, number, customer_id, currency, due_on, began, ended, {bucket_at_start} AS was, {bucket_at_end} AS is,
       CASE WHEN began > 0 THEN least(began, ended) ELSE 0 END AS stayed, p.paid, w.written_off, c.closed,
       gone - p.paid - w.written_off - c.closed AS credited
FROM ({item}) item
CROSS JOIN LATERAL (SELECT greatest(began - least(began, ended), 0) AS gone) g
CROSS JOIN LATERAL (SELECT greatest(least(item.paid, gone), 0) AS paid) p
CROSS JOIN LATERAL (SELECT greatest(least(item.written_off, gone - p.paid), 0) AS written_off) w
CROSS JOIN LATERAL (SELECT greatest(least(item.closed, gone - p.paid - w.written_off), 0) AS closed) c"""
)

_CUSTOMERS = (
    _MOVED
    + """
SELECT creditor_id, currency, count(*), count(*) FILTER (WHERE NOT late_after)
FROM (
    SELECT creditor_id, currency, bool_or(began > 0 AND due_on < %(before)s) AS late_before,
           bool_or(ended > 0 AND due_on < %(last)s) AS late_after
    FROM ({item} AND i.due_on < %(last)s) item
    GROUP BY creditor_id, currency, customer_id
) customer
WHERE late_before
GROUP BY 1, 2"""
)

_FLOWS = """
SELECT i.creditor_id, e.currency, e.kind, sum(e.amount)
FROM receivables_entry e
JOIN receivables_installment i ON i.organization_id = %(org)s AND i.id = e.installment_id
WHERE e.organization_id = %(org)s AND e.account = 'receivable' AND e.effective_on >= %(first)s AND e.effective_on <= %(last)s
  AND {counted} {narrowed}
GROUP BY 1, 2, 3"""
# Without the issues, which their invoices' days tell faster.
_ISSUED = """
UNION ALL
SELECT i.creditor_id, i.currency, 'issued', sum(i.amount)
FROM receivables_invoice v
JOIN receivables_installment i ON i.organization_id = %(org)s AND i.invoice_id = v.id
WHERE v.organization_id = %(org)s AND v.issued_on >= %(first)s AND v.issued_on <= %(last)s {narrowed}
GROUP BY 1, 2"""


def _bucket(edges: tuple[int, ...], day: str) -> str:
    """The position of the bucket on a day; the due date itself is not overdue."""
    cases = [f"WHEN due_on >= {day} THEN 0"]
    cases += [f"WHEN due_on >= {day}::date - {edge} THEN {place}" for place, edge in enumerate(edges, 1)]
    return _BUCKET.format(cases=" ".join(cases), last=len(edges) + 1)


def balances_sql(edges: tuple[int, ...], narrowed: str = "", *, known: bool = False) -> str:
    """Creditor, currency, bucket at the beginning and at the end; what is open at the end and its items; what stayed open, and
    what was paid, written off, closed and credited. Parameters: org, first, last, before (the day before the first), those of
    `narrowed` (conditions on the alias `i`) and, where only what was `known` counts, known_before (a moment).
    """
    return _BALANCES.format(
        narrowed=narrowed,
        item=_ITEM.format(narrowed=narrowed),
        bucket_at_end=_bucket(edges, "%(last)s"),
        bucket_at_start=_bucket(edges, "%(before)s"),
        **_counting(known),
    )


def running_balances_sql(edges: tuple[int, ...], narrowed: str = "", *, by_customer: bool = False) -> str:
    """The same as `balances_sql`, for a period since whose first day little has moved; `by_customer`: `narrowed` tells more apart
    than creditors and currencies.
    """
    return _RUNNING.format(
        inside="" if by_customer else narrowed,
        outside=narrowed if by_customer else "",
        open=(_OPEN if by_customer else _OPEN_KEPT).format(narrowed=narrowed),
        bucket_at_end=_bucket(edges, "%(last)s"),
        bucket_at_start=_bucket(edges, "%(before)s"),
        **_counting(False),
    )


def customers_sql(narrowed: str = "", *, known: bool = False) -> str:
    """Creditor, currency, customers late before the period, and those of them with nothing overdue at its end."""
    return _CUSTOMERS.format(item=_ITEM.format(narrowed=narrowed), **_counting(known))


def flows_sql(narrowed: str = "", *, known: bool = False) -> str:
    """The statement about what moved receivables. Parameters: org, first, last, and as above."""
    if known:
        return _FLOWS.format(counted="e.recorded_at < %(known_before)s", narrowed=narrowed)
    return (_FLOWS + _ISSUED).format(counted="e.kind <> 'issued'", narrowed=narrowed)


def moved_sql(edges: tuple[int, ...], narrowed: str = "", *, known: bool = False) -> str:
    """Every item with what was open of it at both ends, its buckets then (`was`, `is`), and what became of what was open before:
    `stayed`, `paid`, `written_off`, `closed`, `credited`. Parameters as above.
    """
    return _MOVED_ITEMS.format(
        item=_ITEM.format(narrowed=narrowed),
        bucket_at_end=_bucket(edges, "%(last)s"),
        bucket_at_start=_bucket(edges, "%(before)s"),
        **_counting(known),
    )


def _counting(known: bool) -> dict[str, str]:
    """Which entries are taken off the kept balances, and which of them at both ends."""
    if not known:
        return {"moved": "kind <> 'issued' AND effective_on >= %(first)s", "later": "effective_on > %(last)s"}
    unknown = "recorded_at >= %(known_before)s"
    return {
        "moved": f"(kind <> 'issued' AND effective_on >= %(first)s OR {unknown})",
        "later": f"(effective_on > %(last)s OR {unknown})",
    }
