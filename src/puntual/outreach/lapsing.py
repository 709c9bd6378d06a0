"""What the clock gives up: activities nobody approved, or that have nothing left to ask for. Set-based, from time to time."""

from typing import Any

from django.db import connection

from puntual.audit.actions import Actor, action
from puntual.tenancy.scope import acting_for

# An item is still to be asked for where something is open beyond what the law has deducted elsewhere, and no pause covers it.
# Money on account and partial pauses are left to the sender, who asks exactly.
OPEN_ITEM = """
FROM receivables_installment i
JOIN receivables_invoice v ON v.organization_id = i.organization_id AND v.id = i.invoice_id AND v.claim_owner = 'ours'
WHERE i.organization_id = a.organization_id AND i.id = ANY(a.items) AND i.open_amount > i.expected_deduction
"""
NOT_HELD = """
AND NOT EXISTS (
    SELECT FROM receivables_hold h
    WHERE h.organization_id = i.organization_id AND h.customer_id = i.customer_id
      AND (h.installment_id = i.id OR (h.installment_id IS NULL AND (h.invoice_id = i.invoice_id OR h.invoice_id IS NULL)))
      AND h.amount IS NULL AND h.from_on <= %(day)s AND (h.until_on IS NULL OR h.until_on >= %(day)s)
      AND (h.released_on IS NULL OR h.released_on > %(day)s)
      AND CASE WHEN i.due_on < %(day)s THEN h.stops_chasing ELSE h.stops_pre_due END
)
"""
_LAPSE = """
UPDATE outreach_activity SET state = 'lapsed', result = found.reason, settled_at = %(now)s
FROM ({found}) AS found
WHERE organization_id = %(organization)s AND outreach_activity.id = found.id
"""
_SETTLED = f"""
SELECT a.id, CASE
    WHEN p.status <> 'active' OR c.handling = 'none' THEN 'stopped'
    WHEN NOT EXISTS (SELECT {OPEN_ITEM}) THEN 'settled'
    WHEN a.channel <> 'internal' AND NOT EXISTS (SELECT {OPEN_ITEM} {NOT_HELD}) THEN 'held'
END AS reason
FROM outreach_activity a
JOIN parties_customer c ON c.organization_id = a.organization_id AND c.id = a.customer_id
JOIN parties_party p ON p.organization_id = c.organization_id AND p.id = c.party_id
WHERE a.organization_id = %(organization)s AND a.state IN ('proposed', 'queued', 'to_do') AND a.items <> '{{}}'
FOR UPDATE OF a SKIP LOCKED
"""
_UNAPPROVED = """
SELECT a.id, 'not_approved' AS reason FROM outreach_activity a
WHERE a.organization_id = %(organization)s AND a.state = 'proposed' AND a.lapses_at <= %(now)s
FOR UPDATE SKIP LOCKED
"""
_LATE = """
SELECT a.id, 'window_over' AS reason FROM outreach_activity a
WHERE a.organization_id = %(organization)s AND a.state = 'queued' AND a.not_after <= %(now)s
FOR UPDATE SKIP LOCKED
"""


def lapse_unapproved(by: Actor) -> int:
    """Give up what nobody approved in time, or was approved too late for its hours; the next day run decides anew."""
    return _lapse(by, "outreach.lapse_unapproved", _UNAPPROVED, _LATE)


def lapse_settled(by: Actor) -> int:
    """Give up what was paid, paused or stopped since it was planned, each with its reason; returns how many."""
    return _lapse(by, "outreach.lapse_settled", f"SELECT * FROM ({_SETTLED}) s WHERE reason IS NOT NULL")


def _lapse(by: Actor, name: str, *found: str) -> int:
    values: dict[str, Any] = {"organization": by.organization_id, "day": by.today, "now": by.now}
    lapsed = 0
    with acting_for(by.organization_id), connection.cursor() as cursor:
        for statement in found:
            cursor.execute(_LAPSE.format(found=statement), values)
            lapsed += cursor.rowcount
        if lapsed:  # the log is for what happened, not for every look
            with action(by, name, lapsed=lapsed):
                pass
    return lapsed
