"""The parts of the ledger that the database itself keeps, whoever writes.

`receivables_post`: an entry moves the balance beside its item, in the item's currency, and none takes effect in a closed period.
It runs as the owner, and the app role has no right to touch a balance itself.
`receivables_portfolio`: whatever changes the open items is noted, aggregated, in the portfolio's deltas.
`puntual_analyze`: lets the app role refresh the planner's statistics after a bulk of rows.
"""

# receivables_post is planned once per session, perhaps while the tables are still empty: its settings and LATERAL leave only the
# one plan that is right at any size, from the new entries to their items by key.
LEDGER = """
CREATE FUNCTION receivables_post() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    closed boolean;
    foreign_currency boolean;
BEGIN
    -- The lock on the creditor makes a posting and the closing of its period wait for each other.
    SELECT coalesce(bool_or(n.earliest <= c.books_closed_through), false), coalesce(bool_or(n.foreign_currency), false)
    INTO closed, foreign_currency
    FROM (
        SELECT e.organization_id, i.creditor_id, min(e.effective_on) AS earliest,
               bool_or(e.currency <> i.currency) AS foreign_currency
        FROM new_entries e
        CROSS JOIN LATERAL (
            SELECT creditor_id, currency FROM receivables_installment
            WHERE organization_id = e.organization_id AND id = e.installment_id LIMIT 1
        ) i
        GROUP BY e.organization_id, i.creditor_id
    ) n
    CROSS JOIN LATERAL (
        SELECT p.books_closed_through FROM parties_creditor p
        WHERE p.organization_id = n.organization_id AND p.id = n.creditor_id FOR KEY SHARE
    ) c;
    IF closed THEN
        RAISE EXCEPTION 'an entry may not take effect in a closed period'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_not_in_closed_period';
    END IF;
    IF foreign_currency THEN
        RAISE EXCEPTION 'an entry is in the currency of its item'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_in_currency_of_item';
    END IF;
    UPDATE receivables_installment i
    SET open_amount = i.open_amount + d.receivable,
        written_off = i.written_off + d.written_off,
        settled_on = CASE WHEN i.open_amount + d.receivable = 0 THEN (
            SELECT max(e.effective_on) FROM receivables_entry e
            WHERE e.organization_id = d.organization_id AND e.installment_id = d.installment_id
              AND e.account = 'receivable') END
    FROM (
        SELECT organization_id, installment_id,
               coalesce(sum(amount) FILTER (WHERE account = 'receivable'), 0) AS receivable,
               coalesce(sum(amount) FILTER (WHERE account = 'written_off'), 0) AS written_off
        FROM new_entries
        WHERE kind <> 'issued' OR reverses_id IS NOT NULL
        GROUP BY organization_id, installment_id
    ) d
    WHERE i.organization_id = d.organization_id AND i.id = d.installment_id;
    RETURN NULL;
END $$;

CREATE TRIGGER receivables_post AFTER INSERT ON receivables_entry
    REFERENCING NEW TABLE AS new_entries FOR EACH STATEMENT EXECUTE FUNCTION receivables_post();

CREATE FUNCTION receivables_portfolio() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO receivables_portfoliodelta (id, organization_id, creditor_id, currency, due_on, open_amount, open_count)
        SELECT puntual_uuid7(), organization_id, creditor_id, currency, due_on, sum(open_amount), count(*)
        FROM new_items WHERE open_amount > 0
        GROUP BY organization_id, creditor_id, currency, due_on;
    ELSE
        INSERT INTO receivables_portfoliodelta (id, organization_id, creditor_id, currency, due_on, open_amount, open_count)
        SELECT puntual_uuid7(), organization_id, creditor_id, currency, due_on, sum(amount), sum(items)
        FROM (
            SELECT organization_id, creditor_id, currency, due_on, open_amount AS amount, (open_amount > 0)::int AS items
            FROM new_items
            UNION ALL
            SELECT organization_id, creditor_id, currency, due_on, -open_amount, -(open_amount > 0)::int
            FROM old_items
        ) changes
        GROUP BY organization_id, creditor_id, currency, due_on
        HAVING sum(amount) <> 0 OR sum(items) <> 0;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER receivables_portfolio_insert AFTER INSERT ON receivables_installment
    REFERENCING NEW TABLE AS new_items FOR EACH STATEMENT EXECUTE FUNCTION receivables_portfolio();
CREATE TRIGGER receivables_portfolio_update AFTER UPDATE ON receivables_installment
    REFERENCING OLD TABLE AS old_items NEW TABLE AS new_items
    FOR EACH STATEMENT EXECUTE FUNCTION receivables_portfolio();
CREATE FUNCTION puntual_analyze(VARIADIC tables regclass[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    one regclass;
BEGIN
    FOREACH one IN ARRAY tables LOOP
        EXECUTE format('ANALYZE (SKIP_LOCKED) %s', one);
    END LOOP;
END $$;

REVOKE UPDATE, DELETE ON receivables_invoice, receivables_installment FROM puntual_app;
GRANT UPDATE (customer_id, description, claim_owner, claim_owner_since, withdrawn_on) ON receivables_invoice TO puntual_app;
GRANT UPDATE (customer_id, due_on, due_generation, expected_deduction) ON receivables_installment TO puntual_app;
REVOKE DELETE ON receivables_expecteddeduction, receivables_creditnote, receivables_hold FROM puntual_app;
"""
