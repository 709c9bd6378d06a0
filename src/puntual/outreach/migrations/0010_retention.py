from django.db import migrations

from puntual.outreach.migrations._retention import FORGET, FORGETTABLE, GONE


class Migration(migrations.Migration):
    """Forgetting what is past its time: see _retention."""

    dependencies = [
        ("outreach", "0009_record"),
        ("parties", "0003_consents_kept"),
        ("payments", "0001_initial"),
        ("receivables", "0002_quick_analyze"),
    ]

    operations = [migrations.RunSQL(FORGETTABLE + FORGET, GONE)]
