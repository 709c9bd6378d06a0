from django.db import migrations, models

from puntual.tenancy.operations import APP_ROLE


class Migration(migrations.Migration):
    """What was said about consent is kept with its evidence, and never changed or taken away."""

    dependencies = [("parties", "0002_sender_signer")]

    operations = [
        migrations.AddField(model_name="consent", name="person_id", field=models.UUIDField(null=True)),
        migrations.AddField(model_name="consent", name="evidence", field=models.TextField(blank=True, default=""), preserve_default=False),
        migrations.AddField(model_name="consent", name="source_id", field=models.UUIDField(null=True)),
        migrations.AlterField(
            model_name="consent",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("collections", "Collections"),
                    ("statements", "Statements"),
                    ("surveys", "Surveys"),
                    ("education", "Education"),
                ],
                max_length=12,
            ),
        ),
        migrations.RunSQL(f"REVOKE UPDATE, DELETE ON parties_consent FROM {APP_ROLE}"),
    ]
