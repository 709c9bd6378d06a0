import django.db.models.deletion
import puntual.kernel.ids
import puntual.tenancy.models
from django.db import migrations, models

from puntual.tenancy.operations import SecureTables


class Migration(migrations.Migration):

    dependencies = [
        ('agreements', '0004_finding'),
    ]

    operations = [
        migrations.CreateModel(
            name='PromiseJudgment',
            fields=[
                ('id', models.UUIDField(default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('organization_id', models.UUIDField(editable=False)),
                ('on', models.DateField()),
                ('at', models.DateTimeField()),
                ('was', models.CharField(max_length=11)),
                ('state', models.CharField(max_length=11)),
                ('paid', models.DecimalField(decimal_places=4, max_digits=20)),
                ('promise', puntual.tenancy.models.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agreements.promise')),
            ],
            options={
                'indexes': [models.Index(fields=['organization_id', 'promise', 'at'], name='promise_judgment')],
            },
        ),
        SecureTables(["PromiseJudgment"], append_only=["PromiseJudgment"]),
    ]
