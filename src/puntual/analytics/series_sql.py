"""The statements behind `series`: entries by the span they took effect in, and by the end from which their item is late.

Places count from 1; 0 is everything before the first span. `starts` are the first days of the spans and the day after them,
`ends` the day before the first and the spans' last days; an item is late at an end after its due date.
"""

_ENTRIES = """
    FROM receivables_entry e
    JOIN receivables_installment i ON i.organization_id = %(org)s AND i.id = e.installment_id {narrowed} {lived}
    WHERE e.organization_id = %(org)s AND e.account = 'receivable' AND e.effective_on <= %(last)s {known}"""
_TOOK_EFFECT = "width_bucket(e.effective_on, %(starts)s::date[])"
_LATE_FROM = "width_bucket(i.due_on, %(ends)s::date[])"

_BALANCES = f"""
SELECT i.currency, {_TOOK_EFFECT}, {_LATE_FROM}, e.kind, sum(e.amount)
{_ENTRIES}
GROUP BY 1, 2, 3, 4"""

# What a customer owes overdue changes where an entry took effect on a late item, or an item became late.
_CUSTOMERS = f"""
WITH change AS (
    SELECT i.customer_id, i.currency, greatest({_TOOK_EFFECT}, {_LATE_FROM}) AS place, sum(e.amount) AS amount
    {_ENTRIES}
    GROUP BY 1, 2, 3
),
stretch AS (
    SELECT currency, place, overdue, lag(overdue) OVER w AS before, lead(place) OVER w AS until
    FROM (
        SELECT customer_id, currency, place,
               sum(amount) OVER (PARTITION BY customer_id, currency ORDER BY place) AS overdue
        FROM change WHERE place <= %(spans)s
    ) running
    WINDOW w AS (PARTITION BY customer_id, currency ORDER BY place)
)
SELECT currency, place, sum(delinquent)::int, sum(cured)::int
FROM (
    SELECT currency, late.place, 1 AS delinquent, 0 AS cured
    FROM stretch
    CROSS JOIN LATERAL generate_series(stretch.place + 1, least(coalesce(until, %(spans)s), %(spans)s)) AS late(place)
    WHERE overdue > 0
    UNION ALL
    SELECT currency, place, 0, 1 FROM stretch WHERE place > 0 AND overdue <= 0 AND before > 0
    UNION ALL
    SELECT DISTINCT currency, 0, 0, 0 FROM change
) told
GROUP BY 1, 2"""


# What is open, less what took effect after the day or was billed after it.
_ENDS = """
SELECT currency, sum(amount), coalesce(sum(amount) FILTER (WHERE due_on >= %(last)s), 0)
FROM (
    SELECT i.currency, i.due_on, i.open_amount AS amount
    FROM receivables_portfoliodelta i WHERE i.organization_id = %(org)s {narrowed}
    UNION ALL
    SELECT i.currency, i.due_on, -e.amount
    FROM receivables_entry e
    JOIN receivables_installment i ON i.organization_id = %(org)s AND i.id = e.installment_id {narrowed}
    WHERE e.organization_id = %(org)s AND e.account = 'receivable' AND e.kind <> 'issued' AND e.effective_on > %(last)s
    UNION ALL
    SELECT i.currency, i.due_on, -i.amount
    FROM receivables_invoice v
    JOIN receivables_installment i ON i.organization_id = %(org)s AND i.invoice_id = v.id {narrowed}
    WHERE v.organization_id = %(org)s AND v.issued_on > %(last)s
) line
GROUP BY 1
HAVING sum(amount) <> 0"""


def ends_sql(narrowed: str) -> str:
    """Currency, what was open at the end of the day `last`, and what of it was not overdue then.

    `narrowed` tells creditors and currencies apart, nothing else. Parameters: org, last, and its own.
    """
    return _ENDS.format(narrowed=narrowed)


def balances_sql(narrowed: str, *, known: bool) -> str:
    """Currency, the place at which entries took effect, from which end their items are late, kind, amount.

    Parameters: org, first, last, starts, ends, spans, known_before, and those of `narrowed`, conditions on the alias `i`.
    """
    return _BALANCES.format(**_counting(narrowed, known))


def customers_sql(narrowed: str, *, known: bool) -> str:
    """Currency, place of the span, customers late before it, and those of them that were not at its end.

    Place 0 stands for every currency in which there was anything at all.
    """
    return _CUSTOMERS.format(**_counting(narrowed, known))


def _counting(narrowed: str, known: bool) -> dict[str, str]:
    """What was settled before the first span adds nothing to any, unless it was not known to be."""
    lived = "" if known else "AND (i.settled_on IS NULL OR i.settled_on >= %(first)s)"
    return {"narrowed": narrowed, "lived": lived, "known": "AND e.recorded_at < %(known_before)s" if known else ""}
