import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

import puntual.kernel.ids
import puntual.tenancy.models
from puntual.tenancy.operations import SecureTables


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0009_creditor_logo"),
    ]

    operations = [
        migrations.CreateModel(
            name="Preference",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("organization_id", models.UUIDField(editable=False)),
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("email", "Email"),
                            ("whatsapp", "Whatsapp"),
                            ("sms", "Sms"),
                            ("call", "Call"),
                            ("letter", "Letter"),
                        ],
                        max_length=8,
                    ),
                ),
                ("hours_from", models.PositiveSmallIntegerField(null=True)),
                ("hours_until", models.PositiveSmallIntegerField(null=True)),
                (
                    "source",
                    models.CharField(choices=[("team", "Team"), ("portal", "Portal")], max_length=6),
                ),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.CharField(max_length=150)),
                (
                    "customer",
                    puntual.tenancy.models.TenantKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.customer"
                    ),
                ),
                (
                    "person",
                    puntual.tenancy.models.TenantKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization_id", "customer", "person"), name="preference_once", nulls_distinct=False
                    ),
                    models.CheckConstraint(
                        condition=Q(hours_from__isnull=True, hours_until__isnull=True)
                        | Q(hours_from__gte=0, hours_from__lt=F("hours_until"), hours_until__lte=24),
                        name="preference_hours",
                    ),
                ],
            },
        ),
        SecureTables(models=["Preference"]),
    ]
