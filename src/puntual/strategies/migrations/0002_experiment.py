import django.db.models.deletion
import puntual.kernel.ids
import puntual.tenancy.models
from django.db import migrations, models

from puntual.tenancy.operations import SecureTables


class Migration(migrations.Migration):

    dependencies = [
        ('parties', '0001_initial'),
        ('strategies', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Experiment',
            fields=[
                ('id', models.UUIDField(default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('organization_id', models.UUIDField(editable=False)),
                ('name', models.CharField(max_length=100)),
                ('challenger_share', models.PositiveSmallIntegerField(default=0)),
                ('holdback_share', models.PositiveSmallIntegerField(default=0)),
                ('holdback_days', models.PositiveSmallIntegerField(default=0)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('within_days', models.PositiveSmallIntegerField()),
                ('created_at', models.DateTimeField()),
                ('stopped_on', models.DateField(null=True)),
                ('challenger', puntual.tenancy.models.TenantKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='strategies.strategy')),
                ('champion', puntual.tenancy.models.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='strategies.strategy')),
            ],
        ),
        migrations.CreateModel(
            name='Enrollment',
            fields=[
                ('id', models.UUIDField(default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('organization_id', models.UUIDField(editable=False)),
                ('arm', models.CharField(choices=[('champion', 'champion'), ('challenger', 'challenger'), ('holdback', 'holdback')], max_length=10)),
                ('customer', puntual.tenancy.models.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.customer')),
                ('experiment', puntual.tenancy.models.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='strategies.experiment')),
            ],
        ),
        migrations.AddConstraint(
            model_name='experiment',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__gt', models.F('starts_on'))), name='experiment_lasts'),
        ),
        migrations.AddConstraint(
            model_name='experiment',
            constraint=models.CheckConstraint(condition=models.Q(('challenger_share__lte', 50), ('holdback_share__lte', 20)), name='experiment_leaves_a_champion'),
        ),
        migrations.AddConstraint(
            model_name='experiment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('challenger__isnull', False), ('challenger_share__gt', 0)), models.Q(('challenger__isnull', True), ('challenger_share', 0)), _connector='OR'), name='experiment_challenger_has_a_share'),
        ),
        migrations.AddConstraint(
            model_name='experiment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('holdback_days', 0), ('holdback_share', 0)), models.Q(('holdback_days__gt', 0), ('holdback_share__gt', 0)), _connector='OR'), name='experiment_holdback_is_a_delay'),
        ),
        migrations.AddConstraint(
            model_name='enrollment',
            constraint=models.UniqueConstraint(fields=('organization_id', 'experiment', 'customer'), name='enrolled_once'),
        ),
        SecureTables(models=['Experiment', 'Enrollment'], append_only=['Enrollment']),
    ]
