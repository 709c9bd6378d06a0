from django.db import migrations, models

import puntual.kernel.ids
from puntual.tenancy.operations import SecureTables


class Migration(migrations.Migration):
    dependencies = [
        ("strategies", "0010_portfoliorule"),
    ]

    operations = [
        migrations.CreateModel(
            name="OwnScript",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("organization_id", models.UUIDField(editable=False)),
                ("situation", models.CharField(max_length=30)),
                ("language", models.CharField(max_length=2)),
                ("content", models.JSONField()),
                ("written_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organization_id", "situation", "language"), name="own_script_once")
                ],
            },
        ),
        SecureTables(models=["OwnScript"]),
    ]
