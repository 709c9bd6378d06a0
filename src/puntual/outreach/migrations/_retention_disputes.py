"""Forgetting reaches disputes too: nobody with a live one, or a recent one, is forgotten; words and files go with the others."""

from puntual.outreach.migrations._retention import FORGET, FORGETTABLE

_BARRED = """
      AND NOT EXISTS (
          SELECT FROM disputes_dispute d WHERE d.organization_id = c.organization_id AND d.customer_id = c.id
            AND (d.state IN ('open', 'accepted') OR d.resolved_on >= p_before))
      AND NOT EXISTS (SELECT FROM outreach_legalhold l"""
_GONE = """
    UPDATE disputes_disputenote SET text = CASE WHEN kind = 'step' THEN '' ELSE '—' END, detail = '{}', by_name = '—'
    WHERE organization_id = org AND dispute_id IN (
        SELECT id FROM disputes_dispute WHERE organization_id = org AND customer_id = ANY(ids));
    UPDATE disputes_evidence SET name = '—', content = '', added_by = '—' WHERE organization_id = org AND dispute_id IN (
        SELECT id FROM disputes_dispute WHERE organization_id = org AND customer_id = ANY(ids));
    UPDATE disputes_dispute SET said = '', said_by = '', why = '' WHERE organization_id = org AND customer_id = ANY(ids);
    UPDATE receivables_hold SET note = ''"""
_AUDITED = """
        UNION ALL SELECT id FROM disputes_dispute WHERE organization_id = org AND customer_id = ANY(ids)
        UNION ALL SELECT id FROM outreach_answer"""


def _replaced(function: str, *changes: tuple[str, str]) -> str:
    for before, after in changes:
        if function.count(before) != 1:
            raise ValueError(f"{before!r} is not where it was")
        function = function.replace(before, after)
    return function


BARRED_BY_DISPUTES = _replaced(
    FORGETTABLE,
    ("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"),
    ("\n      AND NOT EXISTS (SELECT FROM outreach_legalhold l", _BARRED),
)
FORGET_DISPUTES = _replaced(
    FORGET,
    ("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"),
    ("\n    UPDATE receivables_hold SET note = ''", _GONE),
    ("\n        UNION ALL SELECT id FROM outreach_answer", _AUDITED),
)
