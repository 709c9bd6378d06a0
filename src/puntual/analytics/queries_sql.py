"""The statements behind `queries`: balances as they are kept, less what took effect or was recorded later.

`narrowed` are the conditions of `narrowing.Whose` on the alias `i`.
"""

from puntual.kernel.aging import Buckets

# Entries that do not count yet, and the items they belong to.
_LATER = """later AS MATERIALIZED (
    SELECT e.installment_id, e.account, e.kind, e.source_id, e.amount
    FROM receivables_entry e
    WHERE e.organization_id = %(org)s AND {entry_later}
),
later_item AS MATERIALIZED (
    SELECT i.customer_id, i.currency, i.due_on, -l.amount AS amount,
           (i.open_amount > l.amount)::int - (i.open_amount > 0)::int AS items
    FROM (SELECT installment_id, sum(amount) AS amount FROM later WHERE account = 'receivable' GROUP BY installment_id) l
    JOIN receivables_installment i ON i.organization_id = %(org)s AND i.id = l.installment_id {narrowed}
),"""

_CREDIT_LINES = """
        SELECT i.id, i.customer_id, i.currency, i.unapplied AS amount FROM payments_payment i
        WHERE i.organization_id = %(org)s AND i.unapplied > 0 {narrowed}
        UNION ALL
        SELECT i.id, i.customer_id, i.currency, i.unapplied FROM receivables_creditnote i
        WHERE i.organization_id = %(org)s AND i.unapplied > 0 {narrowed}{credit_later}"""
_CREDIT = f"""credit AS (
    SELECT customer_id, currency, sum(amount) AS amount
    FROM ({_CREDIT_LINES}
    ) line
    GROUP BY customer_id, currency
    HAVING sum(amount) <> 0
)"""
_CREDITS = f"""
SELECT id, customer_id, currency, sum(amount) AS amount
FROM ({_CREDIT_LINES}
) line
GROUP BY id, customer_id, currency
HAVING sum(amount) <> 0"""

# Less everything that happened to it later: receipt or issue, use, refund, reversal.
_CREDIT_LATER = """
        UNION ALL
        SELECT i.id, i.customer_id, i.currency, -i.amount FROM payments_payment i
        WHERE i.organization_id = %(org)s AND i.withdrawn_on IS NULL AND {receipt_later} {narrowed}
        UNION ALL
        SELECT i.id, i.customer_id, i.currency, i.amount FROM payments_payment i
        WHERE i.organization_id = %(org)s AND i.withdrawn_on IS NULL AND i.reversed_on IS NOT NULL AND {reversal_later} {narrowed}
        UNION ALL
        SELECT i.id, i.customer_id, i.currency, r.amount
        FROM payments_refund r
        JOIN payments_payment i ON i.organization_id = %(org)s AND i.id = r.payment_id {narrowed}
        WHERE r.organization_id = %(org)s AND {refund_later}
        UNION ALL
        SELECT i.id, i.customer_id, i.currency, -l.amount
        FROM later l
        JOIN payments_payment i ON i.organization_id = %(org)s AND i.id = l.source_id AND i.withdrawn_on IS NULL {narrowed}
        WHERE l.kind IN ('payment', 'recovery')
        UNION ALL
        SELECT i.id, i.customer_id, i.currency, -i.amount FROM receivables_creditnote i
        WHERE i.organization_id = %(org)s AND i.withdrawn_on IS NULL AND {issue_later} {narrowed}
        UNION ALL
        SELECT i.id, i.customer_id, i.currency, -l.amount
        FROM later l
        JOIN receivables_creditnote i ON i.organization_id = %(org)s AND i.id = l.source_id AND i.withdrawn_on IS NULL {narrowed}
        WHERE l.kind = 'credit_note'"""

_OPEN = """SELECT currency, due_on, sum(open_amount) AS amount, count(*) AS items
    FROM receivables_installment i
    WHERE i.organization_id = %(org)s AND i.open_amount > 0 {narrowed}
    GROUP BY currency, due_on"""

# Kept with every posting, for all customers or those of a creditor.
_OPEN_KEPT = """SELECT currency, due_on, sum(open_amount) AS amount, sum(open_count) AS items
    FROM receivables_portfoliodelta i
    WHERE i.organization_id = %(org)s {narrowed}
    GROUP BY currency, due_on"""

_OPEN_THEN = """
SELECT currency, due_on, sum(amount), sum(items)::bigint
FROM ({open}
    UNION ALL
    SELECT currency, due_on, amount, items FROM later_item
) line
GROUP BY currency, due_on
HAVING sum(amount) <> 0 OR sum(items) <> 0"""

# The big aggregate reads the items in the order of an index on the customer and is joined, not united, with the small ones.
# Sorted by name first: with the currency first, most comparisons would be ties and the sort would take as long as the rest.
_BY_CUSTOMER = """,
aged AS (
    SELECT customer_id, currency, {aged}, sum(open_amount) AS total
    FROM receivables_installment i
    WHERE i.organization_id = %(org)s AND i.open_amount > 0 {narrowed}
    GROUP BY customer_id, currency
){moved}
SELECT c.id::text, d.code, c.code, c.name, o.currency, {columns}, o.total, o.credit
FROM (
    SELECT customer_id, currency, {owed}, coalesce(credit.amount, 0) AS credit
    FROM aged {join_moved} FULL JOIN credit USING (customer_id, currency)
) o
JOIN parties_customer c ON c.organization_id = %(org)s AND c.id = o.customer_id
JOIN parties_creditor d ON d.organization_id = %(org)s AND d.id = c.creditor_id
WHERE o.total <> 0 OR o.credit <> 0
ORDER BY c.search_name COLLATE "C", c.code COLLATE "C", c.id, o.currency"""


# The largest first; of those that owe the same the one with the last code, as it has always been.
_LARGEST = """,
aged AS (
    SELECT customer_id, currency, sum(open_amount) AS total, sum(open_amount) FILTER (WHERE due_on < %(as_of)s) AS overdue
    FROM receivables_installment i
    WHERE i.organization_id = %(org)s AND i.open_amount > 0 {narrowed}
    GROUP BY customer_id, currency
){moved},
owed AS MATERIALIZED (
    SELECT customer_id, currency, {total} AS total, {overdue} AS overdue
    FROM aged {join_moved}
    WHERE {total} > 0
),
whole AS (
    SELECT currency, count(*) AS customers, sum(total) AS total, sum(total * total) AS squares FROM owed GROUP BY currency
),
large AS (
    SELECT * FROM (
        SELECT *, rank() OVER (PARTITION BY currency ORDER BY total DESC) AS place FROM owed
    ) ranked WHERE place <= %(largest)s
),
placed AS (
    SELECT c.code, c.name, d.code AS creditor, l.total, l.overdue, l.currency,
           row_number() OVER (
               PARTITION BY l.currency ORDER BY l.total DESC, c.code COLLATE "C" DESC, c.search_name COLLATE "C", c.id) AS place
    FROM large l
    JOIN parties_customer c ON c.organization_id = %(org)s AND c.id = l.customer_id
    JOIN parties_creditor d ON d.organization_id = %(org)s AND d.id = c.creditor_id
)
SELECT p.currency, w.customers, w.total, w.squares, p.code, p.name, p.creditor, p.total, p.overdue
FROM placed p JOIN whole w ON w.currency = p.currency
WHERE p.place <= %(largest)s
ORDER BY p.currency, p.place"""
_MOVED_TOTALS = """,
moved AS MATERIALIZED (
    SELECT customer_id, currency, sum(amount) AS total, sum(amount) FILTER (WHERE due_on < %(as_of)s) AS overdue
    FROM later_item GROUP BY customer_id, currency
)"""


def largest_sql(*, past: bool, known: bool, narrowed: str) -> str:
    """Currency, its customers with something open, what they owe together and the sum of the squares; of each of the `largest`
    the code, name, creditor's code, what is open and what of it is overdue: by currency, the largest first.
    """
    both = " + coalesce(moved.{name}, 0)" if past else ""
    sums = {name: f"coalesce(aged.{name}, 0)" + both.format(name=name) for name in ("total", "overdue")}
    later = _LATER[:-1] if past else ""
    body = _LARGEST.format(
        moved=_MOVED_TOTALS if past else "",
        join_moved="FULL JOIN moved USING (customer_id, currency)" if past else "",
        narrowed=narrowed,
        **sums,
    )
    return f"WITH {later.format(**_conditions(past, known, narrowed))}{body if past else body.removeprefix(',')}"


def by_due_date_sql(*, past: bool, known: bool, narrowed: str, by_customer: bool) -> str:
    """Currency, due date, amount and number of open items; `by_customer`: it is narrowed to some customers."""
    conditions = _conditions(past, known, narrowed)
    now = (_OPEN if by_customer else _OPEN_KEPT).format(**conditions)
    if not past:
        return now
    return f"WITH {_LATER[:-1]}".format(**conditions) + _OPEN_THEN.format(open=now)


def credit_totals_sql(*, past: bool, known: bool, narrowed: str) -> str:
    """Currency and unapplied credit."""
    later = _LATER if past else ""
    return f"WITH {later}{_CREDIT} SELECT currency, sum(amount) FROM credit GROUP BY currency".format(
        **_conditions(past, known, narrowed)
    )


def credits_sql(*, past: bool, known: bool, narrowed: str) -> str:
    """Payment or credit note with an unapplied part: id, customer, currency, amount."""
    later = f"WITH {_LATER[:-1]}" if past else ""
    return f"{later}{_CREDITS}".format(**_conditions(past, known, narrowed))


def by_customer_sql(buckets: Buckets, *, past: bool, known: bool, narrowed: str) -> str:
    """Id, creditor, code, name, currency, an amount per bucket, total and unapplied credit."""
    spans = _spans(buckets)
    names = [f"bucket_{position}" for position in range(len(spans))]
    moved = [f"sum(amount) FILTER (WHERE {span}) AS {name}" for name, span in zip(names, spans, strict=True)]
    then = f""",
moved AS MATERIALIZED (
    SELECT customer_id, currency, {", ".join(moved)}, sum(amount) AS total FROM later_item GROUP BY customer_id, currency
)"""
    both = " + coalesce(moved.{name}, 0)" if past else ""
    owed = [f"coalesce(aged.{name}, 0){both.format(name=name)} AS {name}" for name in [*names, "total"]]
    return f"WITH {_LATER if past else ''}{_CREDIT}{_BY_CUSTOMER}".format(
        aged=", ".join(
            f"sum(open_amount) FILTER (WHERE {span}) AS {name}" for name, span in zip(names, spans, strict=True)
        ),
        moved=then if past else "",
        join_moved="FULL JOIN moved USING (customer_id, currency)" if past else "",
        owed=", ".join(owed),
        columns=", ".join(f"o.{name}" for name in names),
        **_conditions(past, known, narrowed),
    )


def _spans(buckets: Buckets) -> list[str]:
    """Per bucket, the condition on the due date."""
    starts = (1, *(edge + 1 for edge in buckets.edges))
    bounded = [
        f"due_on <= %(as_of)s::date - {start} AND due_on >= %(as_of)s::date - {edge}"
        for start, edge in zip(starts, buckets.edges, strict=False)
    ]
    return ["due_on >= %(as_of)s", *bounded, f"due_on <= %(as_of)s::date - {starts[-1]}"]


def _conditions(past: bool, known: bool, narrowed: str) -> dict[str, str]:
    def later(effective: str, recorded: str) -> str:
        return f"({effective} > %(as_of)s OR {recorded})" if known else f"{effective} > %(as_of)s"

    conditions = {
        "narrowed": narrowed,
        "entry_later": later("e.effective_on", "e.recorded_at >= %(known_before)s"),
        "receipt_later": later("i.received_on", "i.recorded_at >= %(known_before)s"),
        "refund_later": later("r.refunded_on", "r.recorded_at >= %(known_before)s"),
        "reversal_later": later("i.reversed_on", "i.reversed_on > %(known_on)s OR i.recorded_at >= %(known_before)s"),
        "issue_later": later("i.issued_on", "i.issued_on > %(known_on)s"),
    }
    return {**conditions, "credit_later": _CREDIT_LATER.format(**conditions) if past else ""}
