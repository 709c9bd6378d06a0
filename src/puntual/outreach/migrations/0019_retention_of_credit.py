from django.db import migrations

from puntual.outreach.migrations._retention_credit import BARRED_BY_CREDIT, CREDIT_STAYS, FORGET_CREDIT


class Migration(migrations.Migration):
    """Forgetting what was said and shown around credit, payment rules and receptions: see _retention_credit."""

    dependencies = [
        ("outreach", "0018_mention_stood_in"),
        ("parties", "0010_preference"),
        ("receivables", "0010_entry_recorded"),
        ("strategies", "0012_later_notices"),
    ]

    operations = [migrations.RunSQL(CREDIT_STAYS + BARRED_BY_CREDIT + FORGET_CREDIT, migrations.RunSQL.noop)]
