from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('strategies', '0005_own_texts'),
    ]

    operations = [
        migrations.AddField(
            model_name='customerfigures',
            name='broken_promises',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='customerfigures',
            name='promises_kept',
            field=models.PositiveSmallIntegerField(null=True),
        ),
    ]
