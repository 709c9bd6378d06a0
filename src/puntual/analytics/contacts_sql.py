"""Payments with the last contact that asked for their item, and contacts with what came of them: in SQL."""

# The last contact that asked for the very item is the cause; money that came without one came by itself, in time or late.
PAID = """
SELECT paid.entry_id AS id, paid.effective_on AS day,
       coalesce(said.step, CASE WHEN paid.effective_on <= paid.due_on THEN '.on_time' ELSE '.late' END) AS cause,
       coalesce(said.channel, '') AS channel, paid.currency, paid.source_id, paid.customer_id, paid.amount
FROM (
    SELECT e.id AS entry_id, e.effective_on, e.currency, e.source_id, i.customer_id, i.due_on, i.id, -e.amount AS amount
    FROM receivables_entry e
    JOIN receivables_installment i ON i.organization_id = %(org)s AND i.id = e.installment_id {narrowed}
    WHERE e.organization_id = %(org)s AND e.kind = 'payment' AND e.account = 'receivable'
      AND e.effective_on >= %(since)s AND e.effective_on <= %(through)s {known}
) paid
LEFT JOIN LATERAL (
    SELECT a.step, a.channel
    FROM outreach_activity a
    WHERE a.organization_id = %(org)s AND a.customer_id = paid.customer_id AND a.direction = 'out' AND a.channel <> 'internal'
      AND a.state IN ('sent', 'done') AND a.result <> ALL(%(not_had)s)
      AND a.day <= paid.effective_on AND a.day > paid.effective_on - %(days)s AND paid.id = ANY(a.items)
    ORDER BY a.day DESC, a.id DESC
    LIMIT 1
) said ON true
"""

# A contact is judged once the customer has paid what led it or has heard from us again; until then nothing is known of it. What
# was written off was not paid.
SAID = """
SELECT a.id, a.customer_id, a.step, nullif(a.template, '') AS template, a.channel, a.day, a.version_id,
       to_char(coalesce(a.settled_at, a.created_at) AT TIME ZONE c.time_zone, 'HH24') AS hour, a.assigned_to::text AS person,
       EXISTS (
           SELECT FROM outreach_answer r WHERE r.organization_id = %(org)s AND r.activity_id = a.id AND r.kind = 'reply'
       ) AS answered,
       CASE WHEN i.written_off = 0 THEN i.settled_on END AS paid_on,
       lead(a.day) OVER (PARTITION BY a.customer_id ORDER BY a.day, a.id) AS next_day
FROM outreach_activity a
JOIN parties_customer c ON c.organization_id = %(org)s AND c.id = a.customer_id {narrowed}
LEFT JOIN receivables_installment i ON i.organization_id = %(org)s AND i.id = a.lead_id
WHERE a.organization_id = %(org)s AND a.day >= %(since)s AND a.day <= %(through)s AND a.direction = 'out'
  AND a.channel <> 'internal' AND a.state IN ('sent', 'done') AND a.result <> ALL(%(not_had)s)
"""
CAME = "paid_on < coalesce(next_day, 'infinity')"
KNOWN = "(paid_on IS NOT NULL OR next_day IS NOT NULL)"
"""Of a contact: whether it was paid before the next one, and whether that is known."""
