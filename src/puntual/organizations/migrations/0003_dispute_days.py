from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organizations', '0002_agency'),
    ]

    operations = [
        migrations.AddField(
            model_name='organization',
            name='dispute_days',
            field=models.PositiveSmallIntegerField(default=5),
        ),
    ]
