import django.db.models.deletion
from django.db import migrations, models

import puntual.kernel.ids
import puntual.tenancy.models
from puntual.tenancy.operations import SecureTables


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0008_owned_by"),
    ]

    operations = [
        migrations.CreateModel(
            name="CreditorLogo",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("organization_id", models.UUIDField(editable=False)),
                ("name", models.CharField(max_length=200)),
                ("digest", models.CharField(max_length=64)),
                ("content", models.BinaryField()),
                ("added_at", models.DateTimeField()),
                ("added_by", models.CharField(max_length=150)),
                (
                    "creditor",
                    puntual.tenancy.models.TenantKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.creditor"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organization_id", "creditor"), name="creditor_logo_once")
                ],
            },
        ),
        SecureTables(models=["CreditorLogo"]),
    ]
