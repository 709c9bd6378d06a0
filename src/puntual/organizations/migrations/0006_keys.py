from django.db import migrations, models


class Migration(migrations.Migration):
    """A person's own keys."""

    dependencies = [
        ("organizations", "0005_absence"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="keys",
            field=models.JSONField(default=dict),
        ),
    ]
