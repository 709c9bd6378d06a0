from django.db import migrations, models

import puntual.kernel.ids
from puntual.tenancy.operations import SecureTables


class Migration(migrations.Migration):
    dependencies = [
        ("strategies", "0007_credit"),
    ]

    operations = [
        migrations.CreateModel(
            name="PracticeTalk",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("organization_id", models.UUIDField(editable=False)),
                ("user_id", models.UUIDField()),
                ("name", models.CharField(max_length=150)),
                ("language", models.CharField(max_length=10)),
                ("case", models.JSONField()),
                ("character", models.CharField(max_length=20)),
                ("turns", models.JSONField(default=list)),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("end", models.CharField(blank=True, max_length=10)),
                ("outcome", models.PositiveSmallIntegerField(null=True)),
                ("respect", models.PositiveSmallIntegerField(null=True)),
                ("conduct", models.PositiveSmallIntegerField(null=True)),
                ("listening", models.PositiveSmallIntegerField(null=True)),
                ("whole", models.PositiveSmallIntegerField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organization_id", "user_id", "-started_at"], name="practice_talk_person")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(ended_at__isnull=True, end="", whole__isnull=True)
                        | (models.Q(ended_at__isnull=False, whole__isnull=False) & ~models.Q(end="")),
                        name="practice_talk_ends_once",
                    )
                ],
            },
        ),
        SecureTables(models=["PracticeTalk"]),
    ]
