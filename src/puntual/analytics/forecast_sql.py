"""The statements behind the forecast: how customers paid until a day, and what was open at its end. See `forecasting`.

The day an amount is expected on is the due date or the one agreed instead (an extension, a pay day); a promise in force moves it
to its own day; what a plan covers is expected part by part. What is disputed, or not ours, is not expected at all.
"""

from puntual.analytics.forecasting import EDGES, KNOWN_FROM, UNKNOWN

# Settled by money until the day, of the last two years: days from the expected day.
_PAID = """
WITH item AS MATERIALIZED (
    SELECT i.id, i.creditor_id, i.customer_id, i.currency, i.expected_on, i.open_amount, i.settled_on, i.invoice_id,
           v.claim_owner = 'ours' OR v.claim_owner_since > %(day)s AS ours
    FROM receivables_installment i
    JOIN receivables_invoice v ON v.organization_id = %(org)s AND v.id = i.invoice_id
    WHERE i.organization_id = %(org)s AND v.issued_on <= %(day)s AND v.withdrawn_on IS NULL
      AND (i.settled_on IS NULL OR i.settled_on > %(since)s)
),
paid AS MATERIALIZED (
    SELECT item.id, item.customer_id, item.settled_on - item.expected_on AS days
    FROM item
    WHERE item.settled_on <= %(day)s AND EXISTS (
        SELECT FROM receivables_entry e
        WHERE e.organization_id = %(org)s AND e.installment_id = item.id AND e.effective_on = item.settled_on
          AND e.kind = 'payment' AND e.amount < 0)
),
customer AS MATERIALIZED (
    SELECT customer_id, percentile_disc(0.5) WITHIN GROUP (ORDER BY days) AS usual, count(*) AS settled
    FROM paid GROUP BY customer_id
),
kind AS MATERIALIZED (
    SELECT customer_id, CASE WHEN settled < {known_from} THEN {unknown} ELSE {edges} END AS kind FROM customer
)"""

_SEEN = (
    _PAID
    + """
SELECT coalesce(k.kind, {unknown}), i.days, i.paid, count(*)
FROM (
    SELECT customer_id, days, true AS paid FROM paid
    UNION ALL
    SELECT customer_id, least(%(day)s::date, coalesce(settled_on, %(day)s::date)) - expected_on, false
    FROM item WHERE NOT EXISTS (SELECT FROM paid p WHERE p.id = item.id)
) i
LEFT JOIN kind k ON k.customer_id = i.customer_id
GROUP BY 1, 2, 3"""
)

_OPEN = (
    _PAID
    + """,
later AS MATERIALIZED (
    SELECT installment_id, sum(amount) AS amount
    FROM receivables_entry
    WHERE organization_id = %(org)s AND account = 'receivable' AND kind <> 'issued' AND effective_on > %(day)s
    GROUP BY installment_id
),
disputed AS MATERIALIZED (
    SELECT installment_id, invoice_id, sum(coalesce(amount, 'Infinity')) AS amount
    FROM receivables_hold
    WHERE organization_id = %(org)s AND reason = 'dispute' AND from_on <= %(day)s AND (until_on IS NULL OR until_on >= %(day)s)
      AND (released_on IS NULL OR released_on > %(day)s) AND (installment_id IS NOT NULL OR invoice_id IS NOT NULL)
    GROUP BY installment_id, invoice_id
),
promised AS MATERIALIZED (
    SELECT t.installment_id, max(p.promised_for) AS promised_for
    FROM agreements_promise p
    JOIN agreements_promiseitem t ON t.organization_id = %(org)s AND t.promise_id = p.id
    WHERE p.organization_id = %(org)s AND p.made_on <= %(day)s AND (p.ended_on IS NULL OR p.ended_on > %(day)s)
    GROUP BY t.installment_id
),
planned AS MATERIALIZED (
    SELECT p.id, p.creditor_id, p.customer_id, p.currency
    FROM agreements_plan p
    WHERE p.organization_id = %(org)s AND p.accepted_at IS NOT NULL AND p.agreed_on <= %(day)s
      AND (p.ended_on IS NULL OR p.ended_on > %(day)s)
),
open_item AS (
    SELECT i.id, i.invoice_id, i.customer_id, i.currency, greatest(i.expected_on, m.promised_for) AS expected_on,
           greatest(i.open_amount - coalesce(l.amount, 0) - coalesce(d.amount, w.amount, 0), 0) AS amount
    FROM item i
    LEFT JOIN later l ON l.installment_id = i.id
    LEFT JOIN promised m ON m.installment_id = i.id
    LEFT JOIN disputed d ON d.installment_id = i.id
    LEFT JOIN disputed w ON w.invoice_id = i.invoice_id AND w.installment_id IS NULL
    WHERE i.ours AND i.open_amount - coalesce(l.amount, 0) > 0 {{narrowed}}
      AND NOT EXISTS (
          SELECT FROM agreements_planitem t JOIN planned n ON n.id = t.plan_id
          WHERE t.organization_id = %(org)s AND t.installment_id = i.id)
    UNION ALL
    SELECT t.id, NULL::uuid, i.customer_id, i.currency, t.due_on, t.amount - t.paid
    FROM planned i
    JOIN agreements_planpart t ON t.organization_id = %(org)s AND t.plan_id = i.id
    WHERE t.amount > t.paid {{narrowed}}
)"""
)
_STANDINGS = (
    _OPEN
    + """
SELECT o.currency, coalesce(k.kind, {unknown}), o.expected_on, sum(o.amount), sum(o.amount * o.amount)
FROM (
    SELECT customer_id, currency, expected_on, sum(amount) AS amount FROM open_item WHERE amount > 0
    GROUP BY customer_id, currency, expected_on
) o
LEFT JOIN kind k ON k.customer_id = o.customer_id
GROUP BY 1, 2, 3"""
)

# What came of a past forecast: money on items that were there when it was made.
CAME_FROM = """
FROM receivables_entry e
JOIN receivables_installment i ON i.organization_id = %(org)s AND i.id = e.installment_id
JOIN receivables_invoice v ON v.organization_id = %(org)s AND v.id = i.invoice_id AND v.issued_on <= %(made_on)s
WHERE e.organization_id = %(org)s AND e.kind = 'payment' AND e.account = 'receivable'
  AND e.effective_on >= %(first)s AND e.effective_on <= %(last)s"""
CAME = f"SELECT e.currency, -sum(e.amount) {CAME_FROM} GROUP BY 1"

_KINDS = {"known_from": KNOWN_FROM, "unknown": UNKNOWN, "edges": " + ".join(f"(usual > {edge})::int" for edge in EDGES)}
SEEN = _SEEN.format(**_KINDS)
"""Kind, days, paid, items. Parameters: org, day, since."""


def open_sql(narrowed: str = "") -> str:
    """Tables after WITH: the last one is `open_item` (id, invoice_id, customer_id, currency, expected_on, amount), and `kind` has
    the kind of each customer that is known well enough. Parameters: org, day, since.
    """
    return _OPEN.format(**_KINDS).format(narrowed=narrowed)


def standings_sql(narrowed: str = "") -> str:
    """Currency, kind, expected day, amount, sum of squares of what is open. Parameters: org, day, since, and those of `narrowed`,
    conditions on the alias `i`.
    """
    return _STANDINGS.format(**_KINDS).format(narrowed=narrowed)
