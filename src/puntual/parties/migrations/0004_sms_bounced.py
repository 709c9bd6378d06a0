from django.db import migrations, models


class Migration(migrations.Migration):
    """A phone that takes no SMS may still be called."""

    dependencies = [("parties", "0003_consents_kept")]

    operations = [
        migrations.AddField(
            model_name="contactpoint", name="takes_sms", field=models.BooleanField(db_default=True, default=True)
        ),
    ]
