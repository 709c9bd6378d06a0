"""Forgetting: whose personal content may go, and the one function that takes it away.

`outreach_forgettable` is asked by the preview (as the app, within its row-level security) and by `outreach_forget`, which runs as
the owner of the tables and therefore names the organization in every statement.
"""

OF_CUSTOMER = "{alias}.organization_id = c.organization_id AND {alias}.customer_id = c.id"


def _of(alias: str) -> str:
    return OF_CUSTOMER.format(alias=alias)


FORGETTABLE = f"""
CREATE FUNCTION outreach_forgettable(p_countries text[], p_others boolean, p_before date, p_today date, p_barred uuid[])
RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
    SELECT c.id FROM parties_customer c
    JOIN parties_party p ON p.organization_id = c.organization_id AND p.id = c.party_id
    WHERE c.organization_id = nullif(current_setting('app.org', true), '')::uuid
      AND (p.country = ANY(p_countries)) <> p_others AND c.created_on < p_before
      AND NOT EXISTS (
          SELECT FROM receivables_installment i WHERE {_of("i")}
            AND (i.open_amount > 0 OR (i.written_off > 0 AND i.id <> ALL(p_barred))))
      AND NOT EXISTS (
          SELECT FROM receivables_invoice v WHERE {_of("v")} AND v.issued_on >= p_before)
      AND NOT EXISTS (
          SELECT FROM receivables_installment i
          JOIN receivables_entry e ON e.organization_id = i.organization_id AND e.installment_id = i.id
          WHERE {_of("i")} AND e.effective_on >= p_before)
      AND NOT EXISTS (
          SELECT FROM receivables_creditnote n WHERE {_of("n")}
            AND n.withdrawn_on IS NULL AND (n.unapplied > 0 OR n.issued_on >= p_before))
      AND NOT EXISTS (
          SELECT FROM payments_payment y WHERE {_of("y")}
            AND y.withdrawn_on IS NULL AND ((y.unapplied > 0 AND y.reversed_on IS NULL) OR y.received_on >= p_before))
      AND NOT EXISTS (
          SELECT FROM receivables_hold h WHERE {_of("h")}
            AND h.released_on IS NULL AND (h.until_on IS NULL OR h.until_on >= p_today))
      AND NOT EXISTS (SELECT FROM outreach_legalhold l WHERE {_of("l")} AND l.lifted_at IS NULL)
      AND NOT EXISTS (
          SELECT FROM outreach_activity a WHERE {_of("a")}
            AND (a.state IN ('proposed', 'queued', 'to_do', 'attempting', 'unknown') OR a.day >= p_before
                 OR a.created_at >= p_before OR a.settled_at >= p_before))
      AND NOT EXISTS (
          SELECT FROM outreach_answer r WHERE r.organization_id = c.organization_id
            AND (r.customer_id = c.id OR c.id = ANY(r.candidates)) AND (r.state = 'unread' OR r.received_at >= p_before))
      AND NOT EXISTS (
          SELECT FROM outreach_forgotten f WHERE {_of("f")}
            AND NOT EXISTS (SELECT FROM outreach_activity a WHERE {_of("a")} AND a.created_at > f.forgotten_at)
            AND NOT EXISTS (SELECT FROM outreach_answer r WHERE {_of("r")} AND r.received_at > f.forgotten_at)
            AND NOT EXISTS (SELECT FROM receivables_invoice v WHERE {_of("v")} AND v.issued_on >= f.forgotten_at::date))
    ORDER BY c.id
$$;
"""

FORGET = """
CREATE FUNCTION outreach_forget(p_retention uuid, p_before date, p_today date, p_now timestamptz, p_barred uuid[], p_most int)
RETURNS TABLE (customer_id uuid) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    org uuid := nullif(current_setting('app.org', true), '')::uuid;
    own outreach_retention;
    countries text[];
    ids uuid[];
BEGIN
    SELECT * INTO own FROM outreach_retention t WHERE t.organization_id = org AND t.id = p_retention AND t.active;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no period of retention is turned on' USING ERRCODE = 'check_violation';
    END IF;
    IF p_before > (p_today - make_interval(months => own.months))::date THEN
        RAISE EXCEPTION 'the period of retention is % months', own.months USING ERRCODE = 'check_violation';
    END IF;
    countries := CASE WHEN own.country <> '' THEN ARRAY[own.country] ELSE ARRAY(
        SELECT t.country FROM outreach_retention t WHERE t.organization_id = org AND t.country <> '')::text[] END;
    ids := ARRAY(SELECT * FROM outreach_forgettable(countries, own.country = '', p_before, p_today, p_barred) LIMIT p_most);
    PERFORM set_config('puntual.forgetting', 'on', true);
    UPDATE audit_record SET detail = jsonb_build_object('forgotten', p_now), why = ''
    WHERE organization_id = org AND object_id IN (
        SELECT unnest(ids)
        UNION ALL SELECT id FROM parties_person WHERE organization_id = org AND customer_id = ANY(ids)
        UNION ALL SELECT id FROM parties_contactpoint WHERE organization_id = org AND customer_id = ANY(ids)
        UNION ALL SELECT id FROM outreach_activity WHERE organization_id = org AND customer_id = ANY(ids)
        UNION ALL SELECT id FROM outreach_answer WHERE organization_id = org AND customer_id = ANY(ids));
    DELETE FROM outreach_capturedmessage WHERE organization_id = org AND activity_id IN (
        SELECT id FROM outreach_activity WHERE organization_id = org AND customer_id = ANY(ids));
    UPDATE outreach_minutes SET attendees = '[]', agreed = '[]', text = '' WHERE organization_id = org AND activity_id IN (
        SELECT id FROM outreach_activity WHERE organization_id = org AND customer_id = ANY(ids));
    UPDATE outreach_delivery SET said = '' WHERE organization_id = org AND activity_id IN (
        SELECT id FROM outreach_activity WHERE organization_id = org AND customer_id = ANY(ids));
    UPDATE outreach_activity SET subject = '', body = '', note = '', signed_by = ''
    WHERE organization_id = org AND customer_id = ANY(ids);
    DELETE FROM outreach_attempt WHERE organization_id = org AND customer_id = ANY(ids);
    DELETE FROM outreach_keptfile WHERE organization_id = org AND customer_id = ANY(ids);
    UPDATE outreach_answer
    SET sender = '', sender_name = '', subject = '', text = '', signature = '', said = '', message_id = '', addresses = '{}',
        attachments = '[]', suggestions = '[]', raw = '', note = ''
    WHERE organization_id = org AND customer_id = ANY(ids);
    UPDATE outreach_printfile f SET pdf = '' WHERE f.organization_id = org AND f.batch_id IN (
        SELECT l.batch_id FROM outreach_printedletter l WHERE l.organization_id = org AND l.customer_id = ANY(ids)
    ) AND NOT EXISTS (
        SELECT FROM outreach_printedletter l
        WHERE l.organization_id = org AND l.batch_id = f.batch_id AND l.pdf <> '' AND l.customer_id <> ALL(ids));
    UPDATE outreach_printedletter SET address = '{}', subject = '', text = '', note = '', pdf = ''
    WHERE organization_id = org AND customer_id = ANY(ids);
    UPDATE outreach_deliveryproof SET words = '', file_name = '', content = NULL
    WHERE organization_id = org AND customer_id = ANY(ids);
    UPDATE receivables_hold SET note = '' WHERE organization_id = org AND customer_id = ANY(ids);
    UPDATE parties_consent SET source = '', evidence = '' WHERE organization_id = org AND point_id IN (
        SELECT id FROM parties_contactpoint WHERE organization_id = org AND customer_id = ANY(ids));
    UPDATE parties_person SET name = '—', title = '', ends_on = coalesce(ends_on, p_today)
    WHERE organization_id = org AND customer_id = ANY(ids);
    UPDATE parties_contactpoint SET value = 'forgotten ' || id, retired_on = coalesce(retired_on, p_today)
    WHERE organization_id = org AND customer_id = ANY(ids);
    PERFORM set_config('puntual.forgetting', '', true);
    RETURN QUERY
    INSERT INTO outreach_forgotten (id, organization_id, customer_id, forgotten_at, months)
    SELECT puntual_uuid7(), org, one, p_now, own.months FROM unnest(ids) AS one RETURNING customer_id;
END $$;
REVOKE ALL ON FUNCTION outreach_forget(uuid, date, date, timestamptz, uuid[], int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION outreach_forget(uuid, date, date, timestamptz, uuid[], int) TO puntual_app;
"""

GONE = """
DROP FUNCTION outreach_forget(uuid, date, date, timestamptz, uuid[], int);
DROP FUNCTION outreach_forgettable(text[], boolean, date, date, uuid[]);
"""
