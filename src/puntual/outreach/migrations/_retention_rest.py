"""Forgetting reaches what else was written about a customer in words: by whom it pays, why it was placed, written off or kept open,
what shows that a claim was acknowledged, what was noted of an alert, why a limit is what it is. Days, amounts and states stay.

An account or a name by which a customer is recognized has to go for good: what comes later is no longer recognized by it.
"""

from puntual.outreach.migrations._record import changed
from puntual.outreach.migrations._retention_credit import FORGET_CREDIT

_TABLES = (
    "payments_paymentclaim",
    "payments_payertrait",
    "payments_instrument",
    "receivables_claimfact",
    "parties_creditlimit",
    "placements_placement",
    "placements_writeoffproposal",
    "placements_keptopen",
    "analytics_alert",
)
_CLAIMS = (
    "\n        UNION ALL SELECT id FROM payments_paymentclaim WHERE organization_id = org AND customer_id = ANY(ids)"
)
_AUDITED = "".join(
    f"\n        UNION ALL SELECT id FROM {table} WHERE organization_id = org AND customer_id = ANY(ids)"
    for table in _TABLES
)
_NOTE = "\n    UPDATE receivables_hold SET note = ''"
_MINE = "WHERE organization_id = org AND customer_id = ANY(ids);"
_GONE = f"""
    UPDATE payments_payertrait SET key = 'forgotten ' || id, shown = '—', forgotten_at = coalesce(forgotten_at, p_now)
    {_MINE}
    UPDATE payments_payment SET memo = '' {_MINE}
    UPDATE payments_instrument SET drawer = '', why = '' {_MINE}
    UPDATE receivables_claimfact SET evidence = '—' {_MINE}
    UPDATE parties_creditlimit SET reason = '' {_MINE}
    UPDATE placements_placement SET why = '—', recalled_why = CASE WHEN recalled_why = '' THEN '' ELSE '—' END
    {_MINE}
    UPDATE placements_writeoffproposal SET why = '—', decided_why = CASE WHEN decided_why = '' THEN '' ELSE '—' END
    {_MINE}
    UPDATE placements_keptopen SET why = '—' {_MINE}
    UPDATE analytics_alert SET note = '' {_MINE}{_NOTE}"""

FORGET_REST = changed(changed(FORGET_CREDIT, _NOTE, _GONE), _CLAIMS, _AUDITED)
