"""Forgetting reaches what was agreed: nobody with something agreed under way, or of late, is forgotten; of the rest the words,
names and documents go, and what was agreed, its amounts and days stay. With it go what the team noted in the queue, what a
customer said it had paid, and how somebody preferred to be reached.
"""

from puntual.outreach.migrations._record import changed
from puntual.outreach.migrations._retention_disputes import BARRED_BY_DISPUTES
from puntual.outreach.migrations._retention_files import FORGET_FILES

_OF = "{alias}.organization_id = c.organization_id AND {alias}.customer_id = c.id"


def _of(alias: str) -> str:
    return _OF.format(alias=alias)


_BARRED = f"""
      AND NOT EXISTS (
          SELECT FROM agreements_plan g WHERE {_of("g")}
            AND (g.state IN ('awaiting', 'offered', 'active') OR g.ended_on >= p_before))
      AND NOT EXISTS (
          SELECT FROM agreements_promise m WHERE {_of("m")} AND (m.state = 'open' OR m.ended_on >= p_before))
      AND NOT EXISTS (
          SELECT FROM agreements_extension x WHERE {_of("x")} AND (x.state = 'awaiting' OR x.to_due >= p_before))
      AND NOT EXISTS (
          SELECT FROM agreements_terms t WHERE {_of("t")}
            AND (t.recorded_at >= p_before OR (t.withdrawn_on IS NULL AND t.effective_on >= p_before)))
      AND NOT EXISTS (
          SELECT FROM agreements_finding q WHERE {_of("q")} AND q.found_on >= p_before)
      AND NOT EXISTS (
          SELECT FROM payments_paymentclaim k WHERE {_of("k")} AND (k.state = 'waiting' OR k.recorded_at >= p_before))
      AND NOT EXISTS (SELECT FROM outreach_legalhold l"""
_GONE = """
    UPDATE agreements_promise SET made_by = '', note = '' WHERE organization_id = org AND customer_id = ANY(ids);
    UPDATE agreements_extension SET reason = '', asked_by = '' WHERE organization_id = org AND customer_id = ANY(ids);
    UPDATE agreements_terms SET reason = '', consent_theirs = '—', evidence = ''
    WHERE organization_id = org AND customer_id = ANY(ids);
    UPDATE agreements_plan
    SET reason = '', asked_by = '', accepted_by = CASE WHEN accepted_by = '' THEN '' ELSE '—' END, evidence = '', ended_why = ''
    WHERE organization_id = org AND customer_id = ANY(ids);
    UPDATE agreements_approval SET reason = '', why = '' WHERE organization_id = org AND customer_id = ANY(ids);
    UPDATE agreements_acceptance
    SET document = '', accepted_by = CASE WHEN accepted_by = '' THEN '' ELSE '—' END, address = NULL, browser = ''
    WHERE organization_id = org AND customer_id = ANY(ids);
    UPDATE agreements_finding SET evidence = '—' WHERE organization_id = org AND customer_id = ANY(ids);
    UPDATE payments_paymentclaim
    SET bank = '', note = '', said_by = '', address = NULL, receipt_name = '', receipt = NULL,
        why = CASE WHEN why = '' THEN '' ELSE '—' END
    WHERE organization_id = org AND customer_id = ANY(ids);
    UPDATE outreach_turn SET note = '', before = '{}' WHERE organization_id = org AND activity_id IN (
        SELECT id FROM outreach_activity WHERE organization_id = org AND customer_id = ANY(ids));
    DELETE FROM parties_preference WHERE organization_id = org AND customer_id = ANY(ids);
    UPDATE receivables_hold SET note = ''"""
_AUDITED = "".join(
    f"\n        UNION ALL SELECT id FROM {table} WHERE organization_id = org AND customer_id = ANY(ids)"
    for table in (
        "agreements_promise",
        "agreements_extension",
        "agreements_terms",
        "agreements_plan",
        "agreements_approval",
        "agreements_acceptance",
        "agreements_finding",
        "payments_paymentclaim",
    )
)

BARRED_BY_AGREEMENTS = changed(BARRED_BY_DISPUTES, "\n      AND NOT EXISTS (SELECT FROM outreach_legalhold l", _BARRED)
FORGET_AGREEMENTS = changed(
    changed(FORGET_FILES, "\n    UPDATE receivables_hold SET note = ''", _GONE),
    "\n        UNION ALL SELECT id FROM outreach_answer",
    _AUDITED + "\n        UNION ALL SELECT id FROM outreach_answer",
)
