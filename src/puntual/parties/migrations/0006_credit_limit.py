import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

import puntual.kernel.ids
import puntual.tenancy.models
from puntual.tenancy.operations import SecureTables

_BEFORE = """
INSERT INTO parties_creditlimit (id, organization_id, customer_id, currency, amount, from_on, source, reason, recorded_at,
                                 recorded_by)
SELECT puntual_uuid7(), c.organization_id, c.id, d.currency, c.credit_limit, c.created_on, 'before', '', now(), 'Puntual'
FROM parties_customer c
JOIN parties_creditor d ON d.organization_id = c.organization_id AND d.id = c.creditor_id
WHERE c.credit_limit IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0005_payment_rules"),
    ]

    operations = [
        migrations.CreateModel(
            name="CreditLimit",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("organization_id", models.UUIDField(editable=False)),
                ("currency", models.CharField(max_length=3)),
                ("amount", models.DecimalField(decimal_places=4, max_digits=20, null=True)),
                ("from_on", models.DateField()),
                ("valid_until", models.DateField(null=True)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("application", "Application"),
                            ("terms", "Terms"),
                            ("hand", "Hand"),
                            ("before", "Before"),
                        ],
                        max_length=11,
                    ),
                ),
                ("source_id", models.UUIDField(null=True)),
                ("reason", models.TextField(blank=True)),
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
                        fields=["organization_id", "customer", "currency", "-from_on", "-recorded_at"],
                        name="credit_limit_customer",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(amount__isnull=True) | Q(amount__gte=0), name="credit_limit_not_below_zero"
                    ),
                    models.CheckConstraint(
                        condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("from_on")),
                        name="credit_limit_in_order",
                    ),
                ],
            },
        ),
        SecureTables(models=["CreditLimit"], append_only=["CreditLimit"]),
        migrations.RunSQL(_BEFORE, migrations.RunSQL.noop),
    ]
