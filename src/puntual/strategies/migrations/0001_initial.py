import django.db.models.deletion
import puntual.kernel.ids
import puntual.tenancy.models
from django.db import migrations, models

from puntual.tenancy.operations import SecureTables


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('organizations', '0001_initial'),
        ('tenancy', '0001_roles'),
        ('parties', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Strategy',
            fields=[
                ('id', models.UUIDField(default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('organization_id', models.UUIDField(editable=False)),
                ('code', models.SlugField(max_length=60)),
                ('name', models.CharField(max_length=150)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organization_id', 'code'), name='strategy_code')],
            },
        ),
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.UUIDField(default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('organization_id', models.UUIDField(editable=False)),
                ('creditor', puntual.tenancy.models.TenantKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.creditor')),
                ('customer', puntual.tenancy.models.TenantKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.customer')),
                ('strategy', puntual.tenancy.models.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='strategies.strategy')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('creditor__isnull', True), ('customer__isnull', True), _connector='OR'), name='assignment_one_scope'), models.UniqueConstraint(fields=('organization_id', 'creditor', 'customer'), name='assignment_once', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.UUIDField(default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('organization_id', models.UUIDField(editable=False)),
                ('number', models.PositiveIntegerField()),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('active', 'Active'), ('retired', 'Retired')], default='draft', max_length=7)),
                ('content', models.JSONField()),
                ('created_at', models.DateTimeField()),
                ('activated_at', models.DateTimeField(null=True)),
                ('retired_at', models.DateTimeField(null=True)),
                ('strategy', puntual.tenancy.models.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='strategies.strategy')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organization_id', 'strategy', 'number'), name='version_number'), models.UniqueConstraint(condition=models.Q(('state', 'active')), fields=('organization_id', 'strategy'), name='version_one_active')],
            },
        ),
        SecureTables(models=['Strategy', 'Version', 'Assignment']),
    ]
