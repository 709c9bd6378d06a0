from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('agreements', '0006_extension_interest'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='promisejudgment',
            name='was',
        ),
    ]
