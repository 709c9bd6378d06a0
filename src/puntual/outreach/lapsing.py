"""What the clock gives up: activities nobody approved, or that have nothing left to ask for. Set-based, from time to time."""

from typing import Any

from django.db import connection

from puntual.audit.actions import Actor, action
from puntual.tenancy.scope import acting_for

# An item is still to be asked for where something is open beyond what the law has deducted elsewhere, the claim is ours, and
# no pause covers it. Money on account and partial pauses are left to the sender, who asks exactly. The few pauses and sold
# claims are found first; then one pass over the items answers for every activity.
ASKED = """
paused AS (
    SELECT DISTINCT i.id AS item
    FROM receivables_hold h
    JOIN receivables_installment i ON i.organization_id = h.organization_id AND i.customer_id = h.customer_id
        AND (h.installment_id = i.id OR (h.installment_id IS NULL AND (h.invoice_id = i.invoice_id OR h.invoice_id IS NULL)))
    WHERE h.organization_id = %(organization)s AND h.amount IS NULL
      AND h.from_on <= %(day)s AND (h.until_on IS NULL OR h.until_on >= %(day)s)
      AND (h.released_on IS NULL OR h.released_on > %(day)s)
      AND CASE WHEN i.expected_on < %(day)s THEN h.stops_chasing ELSE h.stops_pre_due END
),
not_ours AS (
    SELECT id FROM receivables_invoice WHERE organization_id = %(organization)s AND claim_owner <> 'ours'
),
asked AS (
    SELECT a.id, i.currency, i.open_amount - i.expected_deduction AS amount, p.item IS NOT NULL AS paused
    FROM looked_at a
    CROSS JOIN unnest(a.items) AS u(item)
    JOIN receivables_installment i ON i.organization_id = %(organization)s AND i.id = u.item
        AND i.open_amount > i.expected_deduction
    LEFT JOIN not_ours n ON n.id = i.invoice_id
    LEFT JOIN paused p ON p.item = i.id
    WHERE n.id IS NULL
)
"""
_LAPSE = """
UPDATE outreach_activity SET state = 'lapsed', result = found.reason, settled_at = %(now)s
FROM ({found}) AS found
WHERE organization_id = %(organization)s AND outreach_activity.id = found.id
  AND outreach_activity.state IN ('proposed', 'queued', 'to_do')
"""
_SETTLED = f"""
WITH looked_at AS (
    SELECT id, customer_id, channel, items, CASE WHEN lead_days > 0 THEN lead_id END AS chased FROM outreach_activity
    WHERE organization_id = %(organization)s AND state IN ('proposed', 'queued', 'to_do') AND items <> '{{}}'
),
{ASKED},
answered AS (SELECT id, bool_and(paused) AS paused FROM asked GROUP BY id)
SELECT a.id, CASE
    WHEN p.status <> 'active' OR c.handling = 'none' THEN 'stopped'
    WHEN d.id IS NULL THEN 'settled'
    WHEN l.expected_on >= %(day)s THEN 'extended'
    ELSE 'held'
END AS reason
FROM looked_at a
JOIN parties_customer c ON c.organization_id = %(organization)s AND c.id = a.customer_id
JOIN parties_party p ON p.organization_id = %(organization)s AND p.id = c.party_id
LEFT JOIN answered d ON d.id = a.id
LEFT JOIN receivables_installment l ON l.organization_id = %(organization)s AND l.id = a.chased
WHERE p.status <> 'active' OR c.handling = 'none' OR d.id IS NULL OR (d.paused AND a.channel <> 'internal')
   OR l.expected_on >= %(day)s
"""
_UNAPPROVED = """
SELECT a.id, 'not_approved' AS reason FROM outreach_activity a
WHERE a.organization_id = %(organization)s AND a.state = 'proposed' AND a.lapses_at <= %(now)s
"""
_LATE = """
SELECT a.id, 'window_over' AS reason FROM outreach_activity a
WHERE a.organization_id = %(organization)s AND a.state = 'queued' AND a.not_after <= %(now)s
"""


def lapse_unapproved(by: Actor) -> int:
    """Give up what nobody approved in time, and what could not leave in its time; the next day run decides anew."""
    return _lapse(by, "outreach.lapse_unapproved", _UNAPPROVED, _LATE)


def lapse_settled(by: Actor) -> int:
    """Give up what was paid, paused or stopped since it was planned, each with its reason; returns how many."""
    return _lapse(by, "outreach.lapse_settled", _SETTLED)


def _lapse(by: Actor, name: str, *found: str) -> int:
    values: dict[str, Any] = {"organization": by.organization_id, "day": by.today, "now": by.now}
    lapsed = 0
    with acting_for(by.organization_id), connection.cursor() as cursor:
        # Every item is looked up once, so there is nothing to memoize; the planner hopes so and takes three times as long.
        cursor.execute("SET LOCAL enable_memoize = off")
        for statement in found:
            cursor.execute(_LAPSE.format(found=statement), values)
            lapsed += cursor.rowcount
        if lapsed:  # the log is for what happened, not for every look
            with action(by, name, lapsed=lapsed):
                pass
    return lapsed
