"""The statements behind `finding`: the plain facts of everybody who may have left their pattern, one row each.

Each first finds the few it may be about by what is open, and reads the past of those alone. Parameters: org, day.
"""

# What the bank has not said yet is not known: lateness is counted as far as a creditor's bank is known.
_KNOWN = """known AS MATERIALIZED (
    SELECT id, least(coalesce(bank_through, %(day)s::date), %(day)s::date) AS day
    FROM parties_creditor WHERE organization_id = %(org)s
)"""

# What is disputed or agreed is not late; an unread answer or somebody's "not now" does not make it punctual.
_HELD = """held AS MATERIALIZED (
    SELECT customer_id, invoice_id, installment_id FROM receivables_hold
    WHERE organization_id = %(org)s AND from_on <= %(day)s AND (until_on IS NULL OR until_on >= %(day)s)
      AND (released_on IS NULL OR released_on > %(day)s) AND amount IS NULL AND reason NOT IN ('person', 'reply')
)"""
_NOT_HELD = """NOT EXISTS (
    SELECT FROM held h WHERE h.customer_id = i.customer_id
      AND (h.installment_id = i.id OR h.invoice_id = i.invoice_id OR (h.installment_id IS NULL AND h.invoice_id IS NULL)))
  AND i.invoice_id NOT IN (
    SELECT id FROM receivables_invoice WHERE organization_id = %(org)s AND claim_owner <> 'ours')"""

_BY_MONEY = """EXISTS (
    SELECT FROM receivables_entry e
    WHERE e.organization_id = %(org)s AND e.installment_id = i.id AND e.effective_on = i.settled_on
      AND e.kind = 'payment' AND e.amount < 0)"""

# A rest of a tenth is a bank's fee or somebody's rounding, no late payment.
_OWED = "i.open_amount - i.expected_deduction > i.amount * 0.1"

WATCHED = f"""
WITH {_KNOWN}, {_HELD}
SELECT DISTINCT i.customer_id, i.creditor_id, k.day
FROM receivables_installment i
JOIN known k ON k.id = i.creditor_id
WHERE i.organization_id = %(org)s AND i.open_amount > 0 AND {_OWED}
  AND i.expected_on > k.day - %(recent)s AND i.expected_on < k.day - 5
  AND {_NOT_HELD}
  AND NOT EXISTS (
      SELECT FROM analytics_alert a
      WHERE a.organization_id = %(org)s AND a.customer_id = i.customer_id AND a.kind IN ('later', 'missed')
        AND (a.state = 'open' OR a.closed_on > %(day)s::date - %(cool)s))
"""
"""Who owes something that was expected lately, and through which day their creditor's bank is known."""

# Of those in `alerts_watched`, by which the planner sees whether a few are looked up or all that was ever owed is gone through.
LATENESS = f"""
WITH {_HELD},
item AS (
    SELECT w.customer_id, w.creditor_id, w.day, i.expected_on,
           coalesce(i.settled_on, w.day) - i.expected_on AS days, i.settled_on IS NOT NULL AS settled
    FROM alerts_watched w
    JOIN receivables_installment i ON i.organization_id = %(org)s AND i.customer_id = w.customer_id
    WHERE i.settled_on > w.day - 500 AND {_BY_MONEY}
    UNION ALL
    SELECT w.customer_id, w.creditor_id, w.day, i.expected_on, w.day - i.expected_on, false
    FROM alerts_watched w
    JOIN receivables_installment i ON i.organization_id = %(org)s AND i.customer_id = w.customer_id
    WHERE i.open_amount > 0 AND {_OWED} AND i.expected_on < w.day AND i.expected_on > w.day - 500 AND {_NOT_HELD}
),
week AS (
    SELECT customer_id, creditor_id, day, min(expected_on) AS expected_on, avg(days)::float8 AS days,
           bool_and(settled) AS settled
    FROM item
    GROUP BY customer_id, creditor_id, day, (expected_on - date '2001-01-01') / 7
)
SELECT creditor_id, customer_id, day, array_agg(expected_on ORDER BY expected_on), array_agg(days ORDER BY expected_on),
       array_agg(settled ORDER BY expected_on)
FROM week
GROUP BY creditor_id, customer_id, day
HAVING count(*) > %(few)s
"""

# Who owes a quarter more than five weeks ago: what moved since is read, not the whole past.
GROWN = """
WITH owes AS (
    SELECT customer_id, creditor_id, currency, sum(open_amount) AS amount
    FROM receivables_installment
    WHERE organization_id = %(org)s AND open_amount > 0
    GROUP BY customer_id, creditor_id, currency
),
since AS (
    SELECT customer_id, currency, sum(amount) AS amount
    FROM (
        SELECT customer_id, currency, amount FROM receivables_invoice
        WHERE organization_id = %(org)s AND issued_on > %(day)s::date - 35 AND withdrawn_on IS NULL
        UNION ALL
        SELECT i.customer_id, i.currency, e.amount
        FROM receivables_entry e
        JOIN receivables_installment i ON i.organization_id = %(org)s AND i.id = e.installment_id
        WHERE e.organization_id = %(org)s AND e.effective_on > %(day)s::date - 35 AND e.kind <> 'issued'
          AND e.account = 'receivable'
    ) moved
    GROUP BY customer_id, currency
)
SELECT o.creditor_id, o.customer_id, o.currency
FROM owes o
JOIN since s ON s.customer_id = o.customer_id AND s.currency = o.currency
WHERE s.amount > 0 AND o.amount > 1.25 * (o.amount - s.amount)
  AND NOT EXISTS (
      SELECT FROM analytics_alert a
      WHERE a.organization_id = %(org)s AND a.customer_id = o.customer_id AND a.kind = 'growing' AND a.subject = o.currency
        AND (a.state = 'open' OR a.closed_on > %(day)s::date - %(cool)s))
"""

# What was open every `every` days of the year past: an item counts at the points between its issue and its settlement.
BALANCES = """
SELECT customer_id, currency, array_agg(point), array_agg(amount), array_agg(items)
FROM (
    SELECT i.customer_id, i.currency, point, sum(CASE WHEN point = 0 THEN i.open_amount ELSE i.amount END) AS amount,
           count(*) AS items
    FROM unnest(%(customers)s::uuid[], %(currencies)s::text[]) asked (customer_id, currency)
    JOIN receivables_installment i ON i.organization_id = %(org)s AND i.customer_id = asked.customer_id
        AND i.currency = asked.currency AND (i.open_amount > 0 OR i.settled_on > %(day)s::date - %(every)s * %(points)s)
    JOIN receivables_invoice v ON v.organization_id = %(org)s AND v.id = i.invoice_id AND v.withdrawn_on IS NULL
    CROSS JOIN LATERAL generate_series(
        CASE WHEN i.open_amount > 0 THEN 0 ELSE greatest((%(day)s::date - i.settled_on) / %(every)s + 1, 1) END,
        least((%(day)s::date - v.issued_on) / %(every)s, %(points)s)) point
    WHERE v.issued_on <= %(day)s
    GROUP BY i.customer_id, i.currency, point
) balance
GROUP BY customer_id, currency
{having}
"""
# Most owe what they owe as a rule: their year is not worth its way here. What is judged is judged by `patterns` alone.
ABOVE_USUAL = """
HAVING count(*) FILTER (WHERE point > 0 AND amount > 0) >= %(owing)s
   AND sum(amount) FILTER (WHERE point = 0)
       >= %(times)s * percentile_cont(0.5) WITHIN GROUP (ORDER BY amount) FILTER (WHERE point > 0 AND amount > 0)
"""

# The latest invoices of each in that currency, the earliest first: charges are no purchase.
BILLED = """
SELECT asked.customer_id, asked.currency, array_agg(v.issued_on ORDER BY v.issued_on, v.id),
       array_agg(v.amount ORDER BY v.issued_on, v.id)
FROM unnest(%(customers)s::uuid[], %(currencies)s::text[]) asked (customer_id, currency)
CROSS JOIN LATERAL (
    SELECT id, issued_on, amount FROM receivables_invoice
    WHERE organization_id = %(org)s AND customer_id = asked.customer_id AND currency = asked.currency AND kind = 'invoice'
      AND withdrawn_on IS NULL AND issued_on > %(day)s::date - 600 AND issued_on <= %(day)s
    ORDER BY issued_on DESC, id DESC LIMIT %(most)s) v
GROUP BY asked.customer_id, asked.currency
"""

# Items that money settled only in part within the last weeks, but for those a plan or another agreement covers.
PARTS = f"""
WITH {_HELD},
parted AS MATERIALIZED (
    SELECT i.customer_id, i.creditor_id, count(*) AS items
    FROM receivables_installment i
    WHERE i.organization_id = %(org)s AND i.open_amount > 0 AND i.open_amount < i.amount * 0.95 AND {_OWED}
      AND {_NOT_HELD}
      AND EXISTS (
          SELECT FROM receivables_entry e
          WHERE e.organization_id = %(org)s AND e.installment_id = i.id AND e.kind = 'payment' AND e.amount < 0
            AND e.effective_on > %(day)s::date - %(lately)s AND e.effective_on <= %(day)s)
    GROUP BY i.customer_id, i.creditor_id
    HAVING count(*) >= 2
),
past AS (
    SELECT i.customer_id, i.settled_on, count(DISTINCT e.effective_on) AS payments
    FROM parted p
    JOIN receivables_installment i ON i.organization_id = %(org)s AND i.customer_id = p.customer_id
        AND i.settled_on > %(day)s::date - 410 AND i.settled_on <= %(day)s::date - %(lately)s
    JOIN receivables_entry e ON e.organization_id = %(org)s AND e.installment_id = i.id AND e.kind = 'payment' AND e.amount < 0
    GROUP BY i.customer_id, i.id, i.settled_on
)
SELECT p.creditor_id, p.customer_id, p.items, count(*) FILTER (WHERE payments > 1), count(settled_on),
       coalesce(array_agg((%(day)s::date - settled_on) / 30) FILTER (WHERE payments > 1), '{{}}')
FROM parted p
LEFT JOIN past ON past.customer_id = p.customer_id
GROUP BY p.creditor_id, p.customer_id, p.items
"""

# Contacts that really left, since the customer was last heard or paid; only where something is overdue.
SILENCE = """
WITH tried AS MATERIALIZED (
    SELECT customer_id, day
    FROM outreach_activity
    WHERE organization_id = %(org)s AND day > %(day)s::date - %(window)s AND day <= %(day)s AND direction = 'out'
      AND state IN ('sent', 'done') AND channel <> 'internal' AND NOT captured
      AND result NOT IN ('bounced', 'rehearsed', 'went_live')
    GROUP BY customer_id, day
),
many AS (SELECT customer_id, min(day) AS first FROM tried GROUP BY customer_id HAVING count(*) >= %(contacts)s),
heard AS (
    SELECT m.customer_id, max(heard.day) AS day
    FROM many m
    CROSS JOIN LATERAL (
        SELECT max(r.day) AS day FROM outreach_activity r
        WHERE r.organization_id = %(org)s AND r.customer_id = m.customer_id AND r.day >= m.first AND r.day <= %(day)s
          AND (r.direction = 'in' OR (r.state = 'done' AND r.result LIKE 'reached%%'))
        UNION ALL
        SELECT max(p.received_on) FROM payments_payment p
        WHERE p.organization_id = %(org)s AND p.customer_id = m.customer_id AND p.received_on >= m.first
          AND p.reversed_on IS NULL
    ) heard
    GROUP BY m.customer_id
)
SELECT c.creditor_id, c.id, array_agg(t.day ORDER BY t.day)
FROM many m
JOIN heard h ON h.customer_id = m.customer_id
JOIN tried t ON t.customer_id = m.customer_id AND (h.day IS NULL OR t.day > h.day)
JOIN parties_customer c ON c.organization_id = %(org)s AND c.id = m.customer_id
WHERE EXISTS (
    SELECT FROM receivables_installment i
    WHERE i.organization_id = %(org)s AND i.customer_id = m.customer_id AND i.open_amount > 0 AND i.due_on < %(day)s)
GROUP BY c.creditor_id, c.id
HAVING count(*) >= %(contacts)s
"""

DISPUTES = """
SELECT creditor_id, customer_id, array_agg((%(day)s::date - opened_on) / 30)
FROM disputes_dispute d
WHERE organization_id = %(org)s AND opened_on > %(day)s::date - 360 AND opened_on <= %(day)s AND state <> 'withdrawn'
  AND customer_id IN (
      SELECT customer_id FROM disputes_dispute
      WHERE organization_id = %(org)s AND opened_on > %(day)s::date - 90 AND opened_on <= %(day)s AND state <> 'withdrawn'
      GROUP BY customer_id HAVING count(*) >= %(disputes)s)
GROUP BY creditor_id, customer_id
"""

# Of the customers with something expected in each of the last months that can be judged, who was more than 15 days late.
SLIPPING = f"""
WITH {_KNOWN},
judged AS (
    SELECT i.customer_id, i.creditor_id, (k.day - 16 - i.expected_on) / 30 AS month,
           bool_or(coalesce(i.settled_on, k.day) - i.expected_on > 15) AS late
    FROM receivables_installment i
    JOIN known k ON k.id = i.creditor_id
    WHERE i.organization_id = %(org)s AND i.expected_on <= k.day - 16 AND i.expected_on > k.day - 16 - 30 * %(months)s
      AND i.due_on > %(day)s::date - 600
    GROUP BY 1, 2, 3
)
SELECT j.creditor_id, tag, j.month, count(*), count(*) FILTER (WHERE j.late)
FROM judged j
JOIN parties_customer c ON c.organization_id = %(org)s AND c.id = j.customer_id
CROSS JOIN LATERAL (SELECT '' AS tag UNION SELECT unnest(c.tags)) tags
GROUP BY 1, 2, 3
"""
