"""The statements behind `reading` and `keeping`: contacts with what came of them, and settled items by month, by a day.

Parameters are those of `reading.values_of`.
"""

from puntual.analytics.rhythm.seasons import MONTHS

# What the customer said answers the contact it names, or the last one before it. An automatic reply says nothing.
CONTACTS = """
event AS MATERIALIZED (
    SELECT a.id, a.customer_id, a.direction = 'out' AS ours, a.channel, a.lead_id, a.lead_days, a.day, a.step,
           a.channel = ANY(%(spoken)s) AS spoken, a.result LIKE 'reached%%' AS reached,
           coalesce(a.settled_at, a.created_at) AS at, r.activity_id AS names
    FROM outreach_activity a
    LEFT JOIN outreach_answer r
      ON r.organization_id = %(org)s AND r.customer_id = a.customer_id AND r.recorded_id = a.id AND a.direction = 'in'
    WHERE a.organization_id = %(org)s AND a.customer_id = ANY(%(customers)s::uuid[]) AND a.day <= %(day)s
      AND a.channel <> 'internal' AND NOT a.captured
      AND CASE WHEN a.direction = 'in' THEN a.state = 'done' AND coalesce(r.kind, 'reply') = 'reply'
          WHEN a.channel = ANY(%(spoken)s) THEN a.state = 'done' AND a.result = ANY(%(tries)s)
          ELSE a.state IN ('sent', 'done') AND a.result <> ALL(%(not_had)s) END
),
run AS MATERIALIZED (
    SELECT *, count(*) FILTER (WHERE ours) OVER (PARTITION BY customer_id ORDER BY at, id) AS run FROM event
),
contact AS MATERIALIZED (
    SELECT *, row_number() OVER (PARTITION BY customer_id, channel ORDER BY at DESC, id DESC) AS place,
           lead(day) OVER (PARTITION BY customer_id ORDER BY at, id) AS next_day
    FROM run WHERE ours
),
heard AS (
    SELECT coalesce(n.id, c.id) AS contact_id, min(e.at) AS at
    FROM run e
    LEFT JOIN contact n ON n.customer_id = e.customer_id AND n.id = e.names AND n.at <= e.at
    LEFT JOIN contact c ON c.customer_id = e.customer_id AND c.run = e.run
    WHERE NOT e.ours
    GROUP BY 1
),
counted AS (
    SELECT c.id, c.customer_id, c.channel, c.day, c.step, c.spoken, c.at AS tried_at,
           CASE WHEN c.spoken THEN CASE WHEN c.reached THEN c.at END
                WHEN h.at <= c.at + %(wait)s THEN h.at END AS answered_at,
           CASE WHEN c.lead_days > 0 AND i.settled_on >= c.day AND i.settled_on <= least(c.day + 30, %(day)s::date)
                     AND i.settled_on < coalesce(c.next_day, 'infinity') AND EXISTS (
                    SELECT FROM receivables_entry e
                    WHERE e.organization_id = %(org)s AND e.installment_id = i.id AND e.effective_on = i.settled_on
                      AND e.kind = 'payment' AND e.amount < 0)
                THEN i.settled_on - c.day END AS days
    FROM contact c
    LEFT JOIN heard h ON h.contact_id = c.id
    LEFT JOIN receivables_installment i ON i.organization_id = %(org)s AND i.id = c.lead_id
    WHERE c.place <= %(most)s
)"""

ANSWERING = f"""
WITH {CONTACTS}
SELECT k.customer_id, k.channel, count(*),
       coalesce(array_agg((extract(epoch FROM k.answered_at - k.tried_at) / 60)::int)
                FILTER (WHERE NOT k.spoken AND k.answered_at IS NOT NULL), '{{}}'),
       coalesce(array_agg(extract(hour FROM k.answered_at AT TIME ZONE c.time_zone)::int)
                FILTER (WHERE k.answered_at IS NOT NULL), '{{}}'),
       coalesce(array_agg(extract(hour FROM k.tried_at AT TIME ZONE c.time_zone)::int) FILTER (WHERE k.spoken), '{{}}'),
       coalesce(array_agg(k.days) FILTER (WHERE k.days IS NOT NULL), '{{}}')
FROM counted k
JOIN parties_customer c ON c.organization_id = %(org)s AND c.id = k.customer_id
GROUP BY k.customer_id, k.channel
ORDER BY k.customer_id, k.channel
"""

# Four years until the last item that was settled, so that nothing changes by itself as days go by.
ITEMS = """
settled AS (
    SELECT i.id, i.customer_id, i.expected_on, i.settled_on, least(greatest(i.settled_on - i.expected_on, -30), 60) AS days
    FROM receivables_installment i
    WHERE i.organization_id = %(org)s AND i.settled_on <= %(day)s {these}
      AND EXISTS (
          SELECT FROM receivables_entry e
          WHERE e.organization_id = %(org)s AND e.installment_id = i.id AND e.effective_on = i.settled_on
            AND e.kind = 'payment' AND e.amount < 0)
),
item AS (
    SELECT s.*, date_trunc('month', expected_on)::date AS month,
           least((extract(day FROM expected_on)::int - 1) / 10, 2) + 1 AS third
    FROM settled s
    JOIN (SELECT customer_id, max(settled_on) AS last FROM settled GROUP BY customer_id) known USING (customer_id)
    WHERE s.settled_on > known.last - 1461
)"""
THESE = "AND i.customer_id = ANY(%(customers)s::uuid[])"

# Once by month and third; a month's own times are made of those of its thirds. Who was seen in few months has no season.
_SEASONS = f"""
WITH {ITEMS},
part AS MATERIALIZED (
    SELECT customer_id, month, third, count(*) AS items, sum(days)::float8 AS days FROM item GROUP BY 1, 2, 3
),
known AS (SELECT customer_id FROM part GROUP BY 1 HAVING count(DISTINCT month) >= {{least}}),
time AS (
    SELECT customer_id, 'month' AS part, extract(month FROM month)::int AS which, sum(items) AS items,
           sum(days) / sum(items)::float8 AS days
    FROM part JOIN known USING (customer_id) GROUP BY customer_id, month
    UNION ALL
    SELECT customer_id, 'third', third, items, days / items FROM part JOIN known USING (customer_id)
)
SELECT customer_id, part, which, count(*) AS times, sum(items)::int AS items, sum(days) AS total, sum(days * days) AS squares,
       min(days) AS least, max(days) AS most
FROM time
GROUP BY customer_id, part, which
"""


def items_sql() -> str:
    """Tables after WITH, the last one `item`: id, customer_id, expected_on, settled_on, days, month, third; of some customers."""
    return ITEMS.format(these=THESE)


def seasons_sql(*, everybody: bool = False) -> str:
    """A row per customer and part of the year or month, as `seasons.Times` after the customer; of some, or of everybody."""
    return _SEASONS.format(these="" if everybody else THESE, least=MONTHS)
