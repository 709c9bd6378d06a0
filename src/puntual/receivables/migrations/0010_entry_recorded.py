import django.contrib.postgres.indexes
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("receivables", "0009_deduction_source"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="entry",
            index=django.contrib.postgres.indexes.BrinIndex(fields=["recorded_at"], name="entry_recorded"),
        ),
    ]
