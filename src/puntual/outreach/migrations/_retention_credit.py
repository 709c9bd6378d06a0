"""Forgetting reaches who asked for credit, with which documents and why, and what was noted of how a customer pays and of what it
said of its invoices. The limits, terms and days stay, and so does the hash of each document. Nobody is forgotten with an
application open or decided of late.
"""

from puntual.outreach.migrations._record import changed
from puntual.outreach.migrations._retention_agreements import BARRED_BY_AGREEMENTS, FORGET_AGREEMENTS

_HOLD = "\n      AND NOT EXISTS (SELECT FROM outreach_legalhold l"
_BARRED = f"""
      AND NOT EXISTS (
          SELECT FROM strategies_creditapplication w WHERE w.organization_id = c.organization_id AND w.customer_id = c.id
            AND (w.state = 'open' OR w.decided_on >= p_before)){_HOLD}"""
_NOTE = "\n    UPDATE receivables_hold SET note = ''"
_GONE = f"""
    UPDATE strategies_creditdocument
    SET name = CASE WHEN name = '' THEN '' ELSE '—' END, content = NULL, note = ''
    WHERE organization_id = org AND application_id IN (
        SELECT id FROM strategies_creditapplication WHERE organization_id = org AND customer_id = ANY(ids));
    UPDATE strategies_creditapplication SET asked_by = '—', note = '', reason = ''
    WHERE organization_id = org AND customer_id = ANY(ids);
    UPDATE parties_paymentrules SET portal = '', note = '' WHERE organization_id = org AND customer_id = ANY(ids);
    UPDATE receivables_reception SET note = '', said_by = '' WHERE organization_id = org AND invoice_id IN (
        SELECT id FROM receivables_invoice WHERE organization_id = org AND customer_id = ANY(ids));{_NOTE}"""
_ANSWERS = "\n        UNION ALL SELECT id FROM outreach_answer"
_AUDITED = f"""
        UNION ALL SELECT id FROM strategies_creditapplication WHERE organization_id = org AND customer_id = ANY(ids)
        UNION ALL SELECT d.id FROM strategies_creditdocument d
            JOIN strategies_creditapplication w ON w.organization_id = org AND w.id = d.application_id
            WHERE d.organization_id = org AND w.customer_id = ANY(ids){_ANSWERS}"""

BARRED_BY_CREDIT = changed(BARRED_BY_AGREEMENTS, _HOLD, _BARRED)
FORGET_CREDIT = changed(changed(FORGET_AGREEMENTS, _NOTE, _GONE), _ANSWERS, _AUDITED)

# What was decided stays decided: forgetting takes the words from it, and nothing else.
CREDIT_STAYS = """
CREATE OR REPLACE FUNCTION strategies_credit_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'strategies_creditpolicy' THEN
        IF TG_OP = 'DELETE' AND OLD.state <> 'draft' THEN
            RAISE EXCEPTION 'credit policy % was in force and cannot be deleted', OLD.number USING ERRCODE = 'check_violation';
        ELSIF TG_OP = 'UPDATE' AND OLD.state <> 'draft' AND NEW.content IS DISTINCT FROM OLD.content THEN
            RAISE EXCEPTION 'credit policy % was in force and cannot change', OLD.number USING ERRCODE = 'check_violation';
        END IF;
    ELSIF TG_OP = 'UPDATE' AND outreach_forgetting() THEN
        IF to_jsonb(NEW) - '{asked_by,note,reason}'::text[] <> to_jsonb(OLD) - '{asked_by,note,reason}'::text[] THEN
            RAISE EXCEPTION 'a credit application stays as it was decided' USING ERRCODE = 'check_violation';
        END IF;
    ELSIF TG_OP = 'DELETE' OR OLD.state <> 'open' THEN
        RAISE EXCEPTION 'a credit application stays as it was decided' USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""
