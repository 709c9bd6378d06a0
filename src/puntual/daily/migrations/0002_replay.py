import puntual.kernel.ids
from django.db import migrations, models

from puntual.tenancy.operations import SecureTables


class Migration(migrations.Migration):

    dependencies = [
        ('daily', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Replay',
            fields=[
                ('id', models.UUIDField(default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('organization_id', models.UUIDField(editable=False)),
                ('version_id', models.UUIDField()),
                ('number', models.PositiveIntegerField()),
                ('manual', models.JSONField()),
                ('first', models.DateField()),
                ('last', models.DateField()),
                ('state', models.CharField(choices=[('running', 'Running'), ('done', 'Done'), ('canceled', 'Canceled'), ('failed', 'Failed')], default='running', max_length=8)),
                ('days_done', models.PositiveSmallIntegerField(default=0)),
                ('cancel_asked', models.BooleanField(default=False)),
                ('problem', models.TextField(blank=True)),
                ('created_by', models.UUIDField(null=True)),
                ('created_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
                ('report', models.JSONField(default=dict)),
                ('said', models.BinaryField(default=bytes)),
            ],
            options={
                'indexes': [models.Index(fields=['organization_id', '-created_at', '-id'], name='replay_when')],
            },
        ),
        SecureTables(models=['Replay']),
    ]
