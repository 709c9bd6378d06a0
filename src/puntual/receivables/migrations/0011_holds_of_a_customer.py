from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("receivables", "0010_entry_recorded"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="hold", name="hold_active"),
        migrations.AddIndex(
            model_name="hold", index=models.Index(fields=["organization_id", "customer"], name="hold_customer")
        ),
    ]
