import puntual.kernel.ids
from django.db import migrations, models

from puntual.tenancy.operations import SecureTables


class Migration(migrations.Migration):

    dependencies = [
        ('analytics', '0003_subscriptions'),
    ]

    operations = [
        migrations.CreateModel(
            name='ContactWorth',
            fields=[
                ('id', models.UUIDField(default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('organization_id', models.UUIDField(editable=False)),
                ('activity_id', models.UUIDField()),
                ('size', models.DecimalField(decimal_places=4, max_digits=20)),
                ('risk', models.DecimalField(decimal_places=3, max_digits=4)),
                ('reach', models.DecimalField(decimal_places=3, max_digits=4)),
                ('cost', models.DecimalField(decimal_places=4, max_digits=20)),
                ('day', models.DateField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organization_id', 'activity_id'), name='contact_worth_once')],
            },
        ),
        migrations.CreateModel(
            name='ContactCost',
            fields=[
                ('id', models.UUIDField(default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('organization_id', models.UUIDField(editable=False)),
                ('channel', models.CharField(max_length=8)),
                ('currency', models.CharField(max_length=3)),
                ('amount', models.DecimalField(decimal_places=4, max_digits=20)),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('organization_id', 'channel'), name='contact_cost_once'),
                    models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='contact_cost_above_zero'),
                ],
            },
        ),
        SecureTables(models=["ContactWorth", "ContactCost"]),
    ]
