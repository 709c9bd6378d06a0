import django.db.models.deletion
from django.db import migrations, models

import puntual.kernel.ids
import puntual.tenancy.models
from puntual.tenancy.operations import SecureTables

# Words that were in force stay readable as they were; only a draft is written or done away with.
STAY = """
CREATE FUNCTION strategies_owntext_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'draft' THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'text % was in force and cannot be deleted', OLD.number USING ERRCODE = 'check_violation';
    END IF;
    IF (to_jsonb(NEW) - 'state' - 'retired_at') IS DISTINCT FROM (to_jsonb(OLD) - 'state' - 'retired_at')
        OR (OLD.state, NEW.state) IS DISTINCT FROM ('active', 'retired')
    THEN
        RAISE EXCEPTION 'text % was in force and cannot change', OLD.number USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER strategies_owntext_stays BEFORE UPDATE OR DELETE ON strategies_owntext
    FOR EACH ROW EXECUTE FUNCTION strategies_owntext_stays();
"""
GO = """
DROP TRIGGER strategies_owntext_stays ON strategies_owntext;
DROP FUNCTION strategies_owntext_stays();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0001_initial"),
        ("strategies", "0004_versions_stay"),
    ]

    operations = [
        migrations.CreateModel(
            name="OwnText",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("organization_id", models.UUIDField(editable=False)),
                ("template", models.CharField(max_length=60)),
                ("channel", models.CharField(max_length=8)),
                (
                    "audience",
                    models.CharField(choices=[("company", "company"), ("consumer", "consumer")], max_length=8),
                ),
                ("language", models.CharField(max_length=2)),
                ("number", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("active", "Active"), ("retired", "Retired")],
                        default="draft",
                        max_length=7,
                    ),
                ),
                ("subject", models.CharField(blank=True, max_length=300)),
                ("subject_private", models.CharField(blank=True, max_length=300)),
                ("body", models.TextField()),
                ("created_at", models.DateTimeField()),
                ("activated_at", models.DateTimeField(null=True)),
                ("retired_at", models.DateTimeField(null=True)),
                (
                    "creditor",
                    puntual.tenancy.models.TenantKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.creditor"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization_id", "template", "channel", "audience", "language", "creditor", "number"),
                        name="own_text_number",
                        nulls_distinct=False,
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "active")),
                        fields=("organization_id", "template", "channel", "audience", "language", "creditor"),
                        name="own_text_one_active",
                        nulls_distinct=False,
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "draft")),
                        fields=("organization_id", "template", "channel", "audience", "language", "creditor"),
                        name="own_text_one_draft",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
        SecureTables(models=["OwnText"]),
        migrations.RunSQL(STAY, GO),
    ]
