import puntual.kernel.ids
from django.db import migrations, models

from puntual.tenancy.operations import SecureTables


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('organizations', '0001_initial'),
        ('tenancy', '0001_roles'),
    ]

    operations = [
        migrations.CreateModel(
            name='DayRun',
            fields=[
                ('id', models.UUIDField(default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('organization_id', models.UUIDField(editable=False)),
                ('day', models.DateField()),
                ('started_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
                ('report', models.JSONField(default=dict)),
            ],
            options={
                'indexes': [models.Index(fields=['organization_id', '-day', '-started_at'], name='day_run')],
            },
        ),
        SecureTables(models=['DayRun']),
    ]
