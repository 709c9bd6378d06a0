from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agreements', '0005_promise_judgment'),
    ]

    operations = [
        migrations.AddField(
            model_name='extension',
            name='stops_interest',
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name='extension',
            name='reason',
            field=models.TextField(blank=True),
        ),
    ]
