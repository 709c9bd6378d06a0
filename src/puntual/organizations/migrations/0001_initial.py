import django.db.models.deletion
import puntual.kernel.ids
from django.conf import settings
from django.db import migrations, models

from puntual.tenancy.operations import SecureTables


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('tenancy', '0001_roles'),
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('id', models.UUIDField(default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('email', models.EmailField(max_length=254, unique=True)),
                ('name', models.CharField(blank=True, max_length=150)),
                ('language', models.CharField(blank=True, max_length=10)),
                ('theme', models.CharField(blank=True, choices=[('', 'system'), ('light', 'light'), ('dark', 'dark')], max_length=5)),
                ('is_active', models.BooleanField(default=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Holiday',
            fields=[
                ('id', models.UUIDField(default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('organization_id', models.UUIDField(editable=False)),
                ('country', models.CharField(max_length=2)),
                ('day', models.DateField()),
                ('works', models.BooleanField(default=False)),
                ('name', models.CharField(blank=True, max_length=100)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organization_id', 'country', 'day'), name='holiday_once')],
            },
        ),
        migrations.CreateModel(
            name='Organization',
            fields=[
                ('id', models.UUIDField(default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('slug', models.SlugField(max_length=40, unique=True)),
                ('name', models.CharField(max_length=150)),
                ('country', models.CharField(max_length=2)),
                ('currency', models.CharField(max_length=3)),
                ('language', models.CharField(default='es', max_length=10)),
                ('time_zone', models.CharField(max_length=50)),
                ('mode', models.CharField(choices=[('rehearsal', 'Rehearsal'), ('live', 'Live')], default='rehearsal', max_length=10)),
                ('live_since', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
                ('tone_rest_days', models.PositiveSmallIntegerField(default=21)),
                ('minimum_gap_days', models.PositiveSmallIntegerField(default=3)),
                ('stale_after_days', models.PositiveSmallIntegerField(default=5)),
                ('approval_hours', models.PositiveSmallIntegerField(default=48)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('country__regex', '^[A-Z]{2}$')), name='organization_country_code'), models.CheckConstraint(condition=models.Q(('currency__regex', '^[A-Z]{3}$')), name='organization_currency_code')],
            },
        ),
        migrations.CreateModel(
            name='Tolerance',
            fields=[
                ('id', models.UUIDField(default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('organization_id', models.UUIDField(editable=False)),
                ('currency', models.CharField(max_length=3)),
                ('amount', models.DecimalField(decimal_places=4, max_digits=20)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organization_id', 'currency'), name='tolerance_once'), models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='tolerance_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.UUIDField(default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('role', models.CharField(choices=[('owner', 'Owner'), ('manager', 'Manager'), ('collector', 'Collector'), ('accountant', 'Accountant'), ('auditor', 'Auditor')], max_length=12)),
                ('calls_per_day', models.PositiveSmallIntegerField(default=30)),
                ('ends_on', models.DateField(null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='organizations.organization')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'organization'), name='membership_once')],
            },
        ),
        SecureTables(models=['Holiday', 'Tolerance']),
    ]
