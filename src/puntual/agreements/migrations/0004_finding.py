import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

import puntual.kernel.ids
import puntual.tenancy.models
from puntual.tenancy.operations import SecureTables


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0003_plan_money"),
    ]

    operations = [
        migrations.CreateModel(
            name="Finding",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("organization_id", models.UUIDField(editable=False)),
                ("willing", models.BooleanField(null=True)),
                ("able", models.BooleanField(null=True)),
                ("reason", models.CharField(blank=True, max_length=40)),
                ("evidence", models.TextField()),
                ("found_on", models.DateField()),
                ("source_id", models.UUIDField(null=True)),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.CharField(max_length=150)),
                (
                    "customer",
                    puntual.tenancy.models.TenantKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.customer"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["organization_id", "customer", "-found_on", "-recorded_at"], name="finding_customer"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(willing__isnull=False) | Q(able__isnull=False) | ~Q(reason=""),
                        name="finding_says_something",
                    ),
                    models.CheckConstraint(condition=~Q(evidence=""), name="finding_has_evidence"),
                ],
            },
        ),
        SecureTables(models=["Finding"], append_only=["Finding"]),
    ]
