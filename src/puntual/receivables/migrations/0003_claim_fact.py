import django.db.models.deletion
import puntual.kernel.ids
import puntual.tenancy.models
from django.db import migrations, models

from puntual.tenancy.operations import SecureTables


class Migration(migrations.Migration):

    dependencies = [
        ('parties', '0001_initial'),
        ('receivables', '0002_quick_analyze'),
    ]

    operations = [
        migrations.CreateModel(
            name='ClaimFact',
            fields=[
                ('id', models.UUIDField(default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('organization_id', models.UUIDField(editable=False)),
                ('kind', models.CharField(choices=[('acknowledgment', 'Acknowledgment'), ('lawsuit', 'Lawsuit'), ('demand', 'Demand'), ('protest', 'Protest'), ('lifted', 'Lifted')], max_length=14)),
                ('on', models.DateField()),
                ('evidence', models.TextField()),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.CharField(max_length=150)),
                ('withdrawn_on', models.DateField(null=True)),
                ('withdrawn_by', models.CharField(blank=True, max_length=150)),
                ('customer', puntual.tenancy.models.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.customer')),
                ('invoice', puntual.tenancy.models.TenantKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='receivables.invoice')),
            ],
            options={
                'indexes': [models.Index(fields=['organization_id', 'customer'], name='claim_fact_of')],
            },
        ),
        SecureTables(models=['ClaimFact']),
    ]
