"""The statement behind `figures`: one row per customer, from its balances, holds and history on a day."""

from puntual.strategies.balances_sql import OF_FEW, credits_sql, items_sql

LATELY = 180
"""So many days back a broken promise counts."""

# Of most customers the oldest overdue item leads: one pass over the items tells it. Of those with a hold, a credit or a claim
# that is not ours (`special`) each item is looked at: what is held as a whole is not asked for; else what may be asked for is
# lowered item by item, then by the credits, which are set against the oldest first. That is what `decide` does for one customer.
# What is overdue goes by the due date, what may be asked for by the day it is expected on. Materialized,
# the tolerances would keep the pass over the items from being shared among processes.
_STATEMENT = """
WITH tolerance AS NOT MATERIALIZED (
    SELECT * FROM unnest(%(currencies)s::varchar[], %(tolerances)s::numeric[]) t (currency, amount)
),
owed AS (
    SELECT customer_id, jsonb_object_agg(currency, amount) AS open_amounts,
           coalesce(jsonb_object_agg(currency, overdue) FILTER (WHERE overdue > 0), '{{}}') AS overdue_amounts,
           min(oldest) AS oldest
    FROM (
        SELECT i.customer_id, i.currency, sum(i.open_amount) AS amount,
               sum(CASE WHEN i.due_on < %(day)s THEN i.open_amount ELSE 0 END) AS overdue,
               min(CASE WHEN i.expected_on < %(day)s AND i.askable > coalesce(t.amount, 0) THEN i.expected_on END)
                   AS oldest
        FROM ({items}) i
        LEFT JOIN tolerance t ON t.currency = i.currency
        GROUP BY i.customer_id, i.currency
    ) sums
    GROUP BY customer_id
),
held AS MATERIALIZED (
    SELECT i.customer_id, i.invoice_id, i.installment_id, coalesce(i.amount, 'Infinity') AS amount
    FROM receivables_hold i
    WHERE i.organization_id = %(org)s AND i.from_on <= %(day)s AND i.stops_chasing
      AND (i.until_on IS NULL OR i.until_on >= %(day)s)
      AND (i.released_on IS NULL OR i.released_on > %(day)s) {only}
),
credit AS MATERIALIZED (
    SELECT customer_id, currency, sum(amount) AS amount FROM ({credits}) c GROUP BY customer_id, currency
),
not_ours AS MATERIALIZED (
    SELECT i.id, i.customer_id FROM receivables_invoice i
    WHERE i.organization_id = %(org)s AND i.claim_owner <> 'ours' AND i.claim_owner_since <= %(day)s {only}
),
special AS MATERIALIZED (
    SELECT customer_id FROM held UNION SELECT customer_id FROM credit UNION SELECT customer_id FROM not_ours
),
item AS MATERIALIZED (
    SELECT i.id, i.customer_id, i.invoice_id, i.currency, i.expected_on, i.askable
    FROM ({items} AND i.customer_id IN (SELECT customer_id FROM special)) i
    WHERE i.expected_on < %(day)s
),
held_item AS (
    SELECT installment_id, sum(amount) AS amount
    FROM (
        SELECT installment_id, amount FROM held WHERE installment_id IS NOT NULL
        UNION ALL
        SELECT i.id, h.amount FROM held h JOIN item i ON i.invoice_id = h.invoice_id
        WHERE h.installment_id IS NULL AND h.invoice_id IS NOT NULL
    ) covered
    GROUP BY installment_id
),
asked AS (
    SELECT i.customer_id, i.currency, i.expected_on, i.id, coalesce(t.amount, 0) AS tolerance, coalesce(c.amount, 0) AS credit,
           i.askable - coalesce(h.amount, 0) AS amount
    FROM item i
    LEFT JOIN tolerance t ON t.currency = i.currency
    LEFT JOIN credit c ON c.customer_id = i.customer_id AND c.currency = i.currency
    LEFT JOIN held_item h ON h.installment_id = i.id
    WHERE i.askable > coalesce(h.amount, 0)
      AND i.invoice_id NOT IN (SELECT id FROM not_ours)
      AND i.customer_id NOT IN (
          SELECT customer_id FROM held WHERE invoice_id IS NULL AND installment_id IS NULL)
),
lead AS (
    SELECT customer_id, min(expected_on) AS oldest
    FROM (
        SELECT customer_id, expected_on, tolerance, amount,
               sum(amount) OVER (PARTITION BY customer_id, currency ORDER BY expected_on, id) - credit AS beyond
        FROM asked
    ) netted
    WHERE least(amount, beyond) > tolerance
    GROUP BY customer_id
),
billed AS (
    SELECT i.customer_id, min(i.issued_on) AS known_since, count(*) FILTER (WHERE i.kind = 'invoice') AS invoices
    FROM receivables_invoice i
    WHERE i.organization_id = %(org)s AND i.withdrawn_on IS NULL AND i.issued_on <= %(day)s {only}
    GROUP BY i.customer_id
),
paid AS (
    SELECT customer_id, round(avg(late))::int AS usual_delay, round(100 * avg((late > 0)::int))::int AS paid_late
    FROM (
        SELECT i.customer_id, i.settled_on - i.due_on AS late,
               row_number() OVER (PARTITION BY i.customer_id ORDER BY i.settled_on DESC, i.id DESC) AS place
        FROM receivables_installment i
        WHERE i.organization_id = %(org)s AND i.settled_on <= %(day)s {only}
          AND EXISTS (
              SELECT FROM receivables_entry e
              WHERE e.organization_id = %(org)s AND e.installment_id = i.id AND e.effective_on = i.settled_on
                AND e.kind = 'payment' AND e.amount < 0)
    ) settled
    WHERE place <= 12
    GROUP BY customer_id
),
promised AS (
    SELECT i.customer_id,
           count(*) FILTER (WHERE i.state <> 'kept' AND i.promised_for > %(day)s::date - {lately}) AS broken,
           round(100 * avg((i.state = 'kept')::int)) AS kept
    FROM agreements_promise i
    WHERE i.organization_id = %(org)s AND i.state IN ('kept', 'partly_kept', 'broken') AND i.valued_on <= %(day)s {only}
    GROUP BY i.customer_id
)
SELECT i.id, coalesce(owed.open_amounts, '{{}}') AS open_amounts, coalesce(owed.overdue_amounts, '{{}}') AS overdue_amounts,
       CASE WHEN special.customer_id IS NULL THEN owed.oldest ELSE lead.oldest END AS overdue_since,
       least(billed.known_since, i.created_on) AS known_since, coalesce(billed.invoices, 0)::int AS invoices,
       paid.usual_delay, paid.paid_late::smallint AS paid_late,
       coalesce(promised.broken, 0)::smallint AS broken_promises, promised.kept::smallint AS promises_kept
FROM parties_customer i
LEFT JOIN owed ON owed.customer_id = i.id
LEFT JOIN special ON special.customer_id = i.id
LEFT JOIN lead ON lead.customer_id = i.id
LEFT JOIN billed ON billed.customer_id = i.id
LEFT JOIN paid ON paid.customer_id = i.id
LEFT JOIN promised ON promised.customer_id = i.id
WHERE i.organization_id = %(org)s {these}
"""

_KEPT = """open_amounts, overdue_amounts, overdue_since, known_since, invoices, usual_delay, paid_late,
    broken_promises, promises_kept"""

CHANGED = """
SELECT n.* FROM ({figures}) n
LEFT JOIN strategies_customerfigures f ON f.organization_id = %(org)s AND f.id = n.id
WHERE f.id IS NULL
   OR (n.open_amounts, n.overdue_amounts, n.overdue_since, n.known_since, n.invoices, n.usual_delay, n.paid_late,
       n.broken_promises, n.promises_kept)
      IS DISTINCT FROM
      (f.open_amounts, f.overdue_amounts, f.overdue_since, f.known_since, f.invoices, f.usual_delay, f.paid_late,
       f.broken_promises, f.promises_kept)
"""
REFRESH = f"""
INSERT INTO strategies_customerfigures (id, organization_id, {_KEPT})
SELECT id, %(org)s, {_KEPT} FROM {{changed}}
ON CONFLICT (id) DO UPDATE SET ({_KEPT}) = ROW (
    excluded.open_amounts, excluded.overdue_amounts, excluded.overdue_since, excluded.known_since, excluded.invoices,
    excluded.usual_delay, excluded.paid_late, excluded.broken_promises, excluded.promises_kept)
"""


def figures_sql(*, only: bool, back_dated: bool) -> str:
    """The figures of everybody, or `only` of the customers named; `back_dated` sums entries instead of kept balances.

    Parameters: org, day, customers, currencies and tolerances (arrays that go together).
    """
    return _STATEMENT.format(
        items=items_sql(only=only, back_dated=back_dated),
        credits=credits_sql(only=only, back_dated=back_dated),
        only=OF_FEW if only else "",
        lately=LATELY,
        these="AND i.id = ANY(%(customers)s)" if only else "",
    )
