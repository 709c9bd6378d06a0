"""What a person recorded by mistake may be taken back: it stays as it was said, and lapses as taken back. See _record."""

TAKEN_BACK = """
CREATE OR REPLACE FUNCTION outreach_activity_stays() RETURNS trigger LANGUAGE plpgsql AS $$
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
    ) AND (OLD.channel, OLD.state, NEW.state) <> ('letter', 'attempting', 'to_do')
      AND (OLD.state, NEW.state, NEW.result) <> ('done', 'lapsed', 'taken_back') THEN
        RAISE EXCEPTION 'activity % cannot go from % to %', OLD.id, OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""
