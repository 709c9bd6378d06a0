"""Forgetting reaches a customer's own files too: see _retention_disputes."""

from puntual.outreach.migrations._retention_disputes import FORGET_DISPUTES

_HERE = "\n    UPDATE receivables_hold SET note = ''"
if FORGET_DISPUTES.count(_HERE) != 1:
    raise ValueError("the hold's note is not where it was")
FORGET_FILES = FORGET_DISPUTES.replace(
    _HERE,
    """
    UPDATE outreach_customerfile SET name = '—', content = '', about = '', added_by = '—', removed_by = '—'
    WHERE organization_id = org AND customer_id = ANY(ids);"""
    + _HERE,
).replace(
    "\n        UNION ALL SELECT id FROM outreach_answer",
    """
        UNION ALL SELECT id FROM outreach_customerfile WHERE organization_id = org AND customer_id = ANY(ids)
        UNION ALL SELECT id FROM outreach_answer""",
)
