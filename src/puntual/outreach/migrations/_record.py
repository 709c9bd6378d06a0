"""What keeps the record as it was: triggers that stand also for the owner of the tables.

The one way through is `outreach_forget`, the function of retention: it runs as the owner and says that it is at work. The app
role may say so too, and is still refused.

A later migration writes the rule anew from what stands here, `changed` in one place. What this says is never edited: databases
have it.
"""


def changed(sql: str, was: str, becomes: str) -> str:
    """The statement with one place of it said otherwise. Raises ValueError where it does not stand there exactly once."""
    if sql.count(was) != 1:
        raise ValueError(f"{was!r} stands there {sql.count(was)} times")
    return sql.replace(was, becomes)


ACTIVITY_STAYS = """
CREATE FUNCTION outreach_forgetting() RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(current_setting('puntual.forgetting', true), '') = 'on' AND current_user <> 'puntual_app'
$$;

CREATE FUNCTION outreach_activity_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF outreach_forgetting() THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'activity % was attempted and cannot be deleted', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.id, NEW.organization_id, NEW.day, NEW.direction, NEW.channel, NEW.tone, NEW.version_id, NEW.step, NEW.template,
        NEW.attempt, NEW.lead_id, NEW.lead_days, NEW.due_generation, NEW.why, NEW.created_at)
        IS DISTINCT FROM
       (OLD.id, OLD.organization_id, OLD.day, OLD.direction, OLD.channel, OLD.tone, OLD.version_id, OLD.step, OLD.template,
        OLD.attempt, OLD.lead_id, OLD.lead_days, OLD.due_generation, OLD.why, OLD.created_at)
       OR (NEW.customer_id <> OLD.customer_id AND OLD.direction <> 'in')
    THEN
        RAISE EXCEPTION 'activity % was attempted and keeps what it is', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.state IN ('sent', 'done') AND (
        (NEW.subject, NEW.body, NEW.edited, NEW.signed_by, NEW.message_id, NEW.captured, NEW.items, NEW.item_steps, NEW.demand,
         NEW.claimed_at, NEW.settled_at, NEW.approved_by, NEW.approved_at)
        IS DISTINCT FROM
        (OLD.subject, OLD.body, OLD.edited, OLD.signed_by, OLD.message_id, OLD.captured, OLD.items, OLD.item_steps, OLD.demand,
         OLD.claimed_at, OLD.settled_at, OLD.approved_by, OLD.approved_at)
        OR (OLD.direction = 'out' AND (
            NEW.point_id IS DISTINCT FROM OLD.point_id OR NOT starts_with(NEW.note, OLD.note)))
    ) THEN
        RAISE EXCEPTION 'activity % was said and cannot change', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
        ('attempting', 'sent'), ('attempting', 'failed'), ('attempting', 'unknown'), ('attempting', 'queued'),
        ('attempting', 'lapsed'), ('unknown', 'sent'), ('unknown', 'failed'), ('unknown', 'queued'), ('unknown', 'lapsed'),
        ('failed', 'queued'), ('failed', 'sent'), ('sent', 'failed'), ('done', 'failed')
    ) AND (OLD.channel, OLD.state, NEW.state) <> ('letter', 'attempting', 'to_do') THEN
        RAISE EXCEPTION 'activity % cannot go from % to %', OLD.id, OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER outreach_activity_stays BEFORE UPDATE OR DELETE ON outreach_activity FOR EACH ROW
    WHEN (OLD.state IN ('attempting', 'unknown', 'failed', 'sent', 'done') AND NOT OLD.captured)
    EXECUTE FUNCTION outreach_activity_stays();
"""

ANSWER_STAYS = """
CREATE FUNCTION outreach_answer_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF outreach_forgetting() THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'answer % came in and cannot be deleted', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.id, NEW.organization_id, NEW.channel, NEW.digest, NEW.kind, NEW.received_at, NEW.sent_at, NEW.message_id, NEW.sender,
        NEW.sender_name, NEW.subject, NEW.text, NEW.signature, NEW.said, NEW.hard, NEW.until, NEW.addresses, NEW.attachments,
        NEW.limits, NEW.raw, NEW.size)
        IS DISTINCT FROM
       (OLD.id, OLD.organization_id, OLD.channel, OLD.digest, OLD.kind, OLD.received_at, OLD.sent_at, OLD.message_id, OLD.sender,
        OLD.sender_name, OLD.subject, OLD.text, OLD.signature, OLD.said, OLD.hard, OLD.until, OLD.addresses, OLD.attachments,
        OLD.limits, OLD.raw, OLD.size)
       OR (OLD.state = 'settled' AND (NEW.state, NEW.customer_id, NEW.outcome, NEW.note, NEW.settled_at, NEW.settled_by)
           IS DISTINCT FROM (OLD.state, OLD.customer_id, OLD.outcome, OLD.note, OLD.settled_at, OLD.settled_by))
    THEN
        RAISE EXCEPTION 'answer % stays as it came', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER outreach_answer_stays BEFORE UPDATE OR DELETE ON outreach_answer
    FOR EACH ROW EXECUTE FUNCTION outreach_answer_stays();
"""

KEPT_STAYS = """
CREATE FUNCTION outreach_kept_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF outreach_forgetting() THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    RAISE EXCEPTION '% is a record and cannot change', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER outreach_attempt_stays BEFORE UPDATE OR DELETE ON outreach_attempt
    FOR EACH ROW EXECUTE FUNCTION outreach_kept_stays();
CREATE TRIGGER outreach_keptfile_stays BEFORE UPDATE OR DELETE ON outreach_keptfile
    FOR EACH ROW EXECUTE FUNCTION outreach_kept_stays();
CREATE TRIGGER outreach_forgotten_stays BEFORE UPDATE OR DELETE ON outreach_forgotten
    FOR EACH ROW EXECUTE FUNCTION outreach_kept_stays();
ALTER TABLE outreach_keptfile ALTER COLUMN content SET STORAGE EXTERNAL;
"""

GONE = """
DROP TRIGGER outreach_activity_stays ON outreach_activity;
DROP TRIGGER outreach_answer_stays ON outreach_answer;
DROP TRIGGER outreach_attempt_stays ON outreach_attempt;
DROP TRIGGER outreach_keptfile_stays ON outreach_keptfile;
DROP TRIGGER outreach_forgotten_stays ON outreach_forgotten;
DROP FUNCTION outreach_activity_stays();
DROP FUNCTION outreach_answer_stays();
DROP FUNCTION outreach_kept_stays();
DROP FUNCTION outreach_forgetting();
"""
