from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('intake', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='change',
            name='kind',
            field=models.CharField(
                choices=[
                    ('due_date', 'Due Date'), ('hold_released', 'Hold Released'), ('dispute_ended', 'Dispute Ended'),
                ],
                max_length=13,
            ),
        ),
    ]
