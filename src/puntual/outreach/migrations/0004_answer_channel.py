from django.db import migrations, models


class Migration(migrations.Migration):
    """By which channel an answer came: those there are came by e-mail."""

    dependencies = [("outreach", "0003_answer")]

    operations = [
        migrations.AddField(
            model_name="answer", name="channel", field=models.CharField(default="email", max_length=8)
        ),
    ]
