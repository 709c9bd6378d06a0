from django.db import migrations

from puntual.outreach.migrations._retention_agreements import BARRED_BY_AGREEMENTS, FORGET_AGREEMENTS


class Migration(migrations.Migration):
    """Forgetting what was said and shown around agreements: see _retention_agreements."""

    dependencies = [
        ("agreements", "0007_judgments_before"),
        ("outreach", "0016_customer_file"),
        ("parties", "0010_preference"),
        ("payments", "0010_links"),
    ]

    operations = [migrations.RunSQL(BARRED_BY_AGREEMENTS + FORGET_AGREEMENTS, migrations.RunSQL.noop)]
