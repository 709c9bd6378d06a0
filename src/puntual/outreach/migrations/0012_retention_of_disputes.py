from django.db import migrations

from puntual.outreach.migrations._retention_disputes import BARRED_BY_DISPUTES, FORGET_DISPUTES


class Migration(migrations.Migration):
    """Forgetting what was said and shown in disputes: see _retention_disputes."""

    dependencies = [
        ("disputes", "0001_disputes"),
        ("outreach", "0011_statement_schedule"),
    ]

    operations = [migrations.RunSQL(BARRED_BY_DISPUTES + FORGET_DISPUTES, migrations.RunSQL.noop)]
