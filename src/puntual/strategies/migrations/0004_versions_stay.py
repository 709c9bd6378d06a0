from django.db import migrations

# A version that was in force once says forever what was said then: only drafts are written or done away with, and a state
# only goes on. Changing `content` would change what past activities were decided by.
STAY = """
CREATE FUNCTION strategies_version_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.state <> 'draft' THEN
            RAISE EXCEPTION 'version % was in force and cannot be deleted', OLD.number USING ERRCODE = 'check_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF (NEW.organization_id, NEW.strategy_id, NEW.number, NEW.created_at)
        IS DISTINCT FROM (OLD.organization_id, OLD.strategy_id, OLD.number, OLD.created_at)
    THEN
        RAISE EXCEPTION 'version % keeps its strategy and number', OLD.number USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.state <> 'draft' AND NEW.content IS DISTINCT FROM OLD.content THEN
        RAISE EXCEPTION 'version % was in force and cannot change', OLD.number USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (('draft', 'active'), ('active', 'retired')) THEN
        RAISE EXCEPTION 'version % cannot go from % to %', OLD.number, OLD.state, NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER strategies_version_stays BEFORE UPDATE OR DELETE ON strategies_version
    FOR EACH ROW EXECUTE FUNCTION strategies_version_stays();
"""
GO = """
DROP TRIGGER strategies_version_stays ON strategies_version;
DROP FUNCTION strategies_version_stays();
"""


class Migration(migrations.Migration):
    dependencies = [
        ('strategies', '0003_segments'),
    ]

    operations = [migrations.RunSQL(STAY, GO)]
