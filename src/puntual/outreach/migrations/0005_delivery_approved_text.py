import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import puntual.kernel.ids
import puntual.tenancy.models
from puntual.tenancy.operations import SecureTables

_KEY = models.UUIDField(default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    """What providers report of each message, and the texts that Meta approved with what they stand for."""

    dependencies = [("outreach", "0004_answer_channel")]

    operations = [
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", _KEY),
                ("organization_id", models.UUIDField(editable=False)),
                ("activity_id", models.UUIDField()),
                ("channel", models.CharField(max_length=8)),
                ("provider_id", models.CharField(max_length=200)),
                ("state", models.CharField(choices=[("taken", "Taken"), ("sent", "Sent"), ("delivered", "Delivered"), ("read", "Read"), ("failed", "Failed")], max_length=9)),
                ("taken_at", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("delivered_at", models.DateTimeField(null=True)),
                ("read_at", models.DateTimeField(null=True)),
                ("failed_at", models.DateTimeField(null=True)),
                ("code", models.IntegerField(null=True)),
                ("said", models.CharField(blank=True, max_length=500)),
            ],
            options={
                "indexes": [models.Index(fields=["organization_id", "activity_id"], name="delivery_activity")],
                "constraints": [models.UniqueConstraint(fields=("organization_id", "channel", "provider_id"), name="delivery_once")],
            },
        ),
        migrations.CreateModel(
            name="ApprovedText",
            fields=[
                ("id", _KEY),
                ("organization_id", models.UUIDField(editable=False)),
                ("name", models.CharField(max_length=512)),
                ("language", models.CharField(max_length=20)),
                ("state", models.CharField(choices=[("approved", "Approved"), ("pending", "Pending"), ("rejected", "Rejected"), ("paused", "Paused"), ("disabled", "Disabled"), ("missing", "Missing")], max_length=8)),
                ("category", models.CharField(blank=True, max_length=30)),
                ("header", models.TextField(blank=True)),
                ("header_kind", models.CharField(blank=True, max_length=20)),
                ("body", models.TextField(blank=True)),
                ("footer", models.TextField(blank=True)),
                ("buttons", models.JSONField(default=list)),
                ("said", models.CharField(blank=True, max_length=500)),
                ("checked_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("organization_id", "name", "language"), name="approved_text_once")],
            },
        ),
        migrations.CreateModel(
            name="Mapping",
            fields=[
                ("id", _KEY),
                ("organization_id", models.UUIDField(editable=False)),
                ("template", models.CharField(max_length=60)),
                ("audience", models.CharField(choices=[("company", "company"), ("consumer", "consumer")], max_length=8)),
                ("language", models.CharField(max_length=2)),
                ("variables", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ("mapped_at", models.DateTimeField()),
                ("text", puntual.tenancy.models.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="outreach.approvedtext")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("organization_id", "template", "audience", "language"), name="approved_mapping_once")],
            },
        ),
        SecureTables(models=["Delivery", "ApprovedText", "Mapping"]),
    ]
