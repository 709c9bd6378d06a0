import django.contrib.postgres.fields
import django.db.models.deletion
import puntual.kernel.ids
import puntual.tenancy.models
from django.conf import settings
from django.db import migrations, models

from puntual.tenancy.operations import SecureTables


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('organizations', '0001_initial'),
        ('tenancy', '0001_roles'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Creditor',
            fields=[
                ('id', models.UUIDField(default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('organization_id', models.UUIDField(editable=False)),
                ('code', models.CharField(max_length=40)),
                ('name', models.CharField(max_length=200)),
                ('tax_id', models.CharField(blank=True, max_length=40)),
                ('country', models.CharField(max_length=2)),
                ('currency', models.CharField(max_length=3)),
                ('language', models.CharField(max_length=10)),
                ('address', models.TextField(blank=True)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('phone', models.CharField(blank=True, max_length=30)),
                ('signs_as', models.CharField(blank=True, max_length=150)),
                ('invoices_through', models.DateField(null=True)),
                ('bank_through', models.DateField(null=True)),
                ('books_closed_through', models.DateField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organization_id', 'code'), name='creditor_code')],
            },
        ),
        migrations.CreateModel(
            name='Party',
            fields=[
                ('id', models.UUIDField(default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('organization_id', models.UUIDField(editable=False)),
                ('kind', models.CharField(choices=[('legal', 'Legal'), ('natural', 'Natural')], default='legal', max_length=8)),
                ('name', models.CharField(max_length=200)),
                ('search_name', models.CharField(max_length=200)),
                ('country', models.CharField(max_length=2)),
                ('tax_id', models.CharField(blank=True, max_length=40)),
                ('tax_id_valid', models.BooleanField(null=True)),
                ('status', models.CharField(choices=[('active', 'Active'), ('deceased', 'Deceased'), ('insolvent', 'Insolvent'), ('represented', 'Represented'), ('identity_disputed', 'Identity Disputed')], default='active', max_length=20)),
                ('status_on', models.DateField(null=True)),
                ('status_evidence', models.TextField(blank=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('tax_id', ''), _negated=True), fields=('organization_id', 'country', 'tax_id'), name='party_tax_id'), models.CheckConstraint(condition=models.Q(('status', 'active'), ('status_on__isnull', False), _connector='OR'), name='party_status_has_date')],
            },
        ),
        migrations.CreateModel(
            name='Customer',
            fields=[
                ('id', models.UUIDField(default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('organization_id', models.UUIDField(editable=False)),
                ('code', models.CharField(max_length=60)),
                ('name', models.CharField(max_length=200)),
                ('search_name', models.CharField(max_length=200)),
                ('language', models.CharField(max_length=10)),
                ('time_zone', models.CharField(max_length=50)),
                ('consumer', models.BooleanField(default=False)),
                ('handling', models.CharField(choices=[('automatic', 'Automatic'), ('approve', 'Approve'), ('owner_only', 'Owner Only'), ('none', 'None')], default='automatic', max_length=10)),
                ('terms_days', models.PositiveSmallIntegerField(null=True)),
                ('credit_limit', models.DecimalField(decimal_places=4, max_digits=20, null=True)),
                ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ('willing', models.BooleanField(null=True)),
                ('able', models.BooleanField(null=True)),
                ('arrears_reason', models.CharField(blank=True, max_length=40)),
                ('created_on', models.DateField()),
                ('creditor', puntual.tenancy.models.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.creditor')),
                ('owner', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('paid_by', puntual.tenancy.models.TenantKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.customer')),
                ('party', puntual.tenancy.models.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.party')),
            ],
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.UUIDField(default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('organization_id', models.UUIDField(editable=False)),
                ('name', models.CharField(max_length=150)),
                ('title', models.CharField(blank=True, max_length=100)),
                ('roles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('billing', 'Billing'), ('approver', 'Approver'), ('escalation', 'Escalation'), ('notices', 'Notices')], max_length=12), default=list, size=None)),
                ('starts_on', models.DateField(null=True)),
                ('ends_on', models.DateField(null=True)),
                ('customer', puntual.tenancy.models.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.customer')),
            ],
        ),
        migrations.CreateModel(
            name='ContactPoint',
            fields=[
                ('id', models.UUIDField(default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('organization_id', models.UUIDField(editable=False)),
                ('kind', models.CharField(choices=[('email', 'Email'), ('phone', 'Phone'), ('whatsapp', 'Whatsapp'), ('post', 'Post')], max_length=8)),
                ('value', models.CharField(max_length=300)),
                ('language', models.CharField(blank=True, max_length=10)),
                ('time_zone', models.CharField(blank=True, max_length=50)),
                ('consent', models.CharField(choices=[('unknown', 'Unknown'), ('granted', 'Granted'), ('withdrawn', 'Withdrawn')], default='unknown', max_length=9)),
                ('bounce', models.CharField(choices=[('none', 'None'), ('soft', 'Soft'), ('hard', 'Hard')], default='none', max_length=4)),
                ('bounces', models.PositiveSmallIntegerField(default=0)),
                ('retired_on', models.DateField(null=True)),
                ('customer', puntual.tenancy.models.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.customer')),
                ('person', puntual.tenancy.models.TenantKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.person')),
            ],
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.UUIDField(default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('organization_id', models.UUIDField(editable=False)),
                ('purpose', models.CharField(choices=[('collections', 'Collections'), ('statements', 'Statements'), ('surveys', 'Surveys')], max_length=12)),
                ('granted', models.BooleanField()),
                ('given_on', models.DateField()),
                ('source', models.CharField(max_length=200)),
                ('point', puntual.tenancy.models.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.contactpoint')),
            ],
            options={
                'indexes': [models.Index(fields=['organization_id', 'point', 'given_on'], name='consent_point')],
            },
        ),
        migrations.CreateModel(
            name='CreditorAccount',
            fields=[
                ('id', models.UUIDField(default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('organization_id', models.UUIDField(editable=False)),
                ('currency', models.CharField(max_length=3)),
                ('bank', models.CharField(max_length=100)),
                ('number', models.CharField(max_length=50)),
                ('interbank_number', models.CharField(blank=True, max_length=50)),
                ('holder', models.CharField(blank=True, max_length=200)),
                ('ends_on', models.DateField(null=True)),
                ('creditor', puntual.tenancy.models.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.creditor')),
            ],
            options={
                'indexes': [models.Index(fields=['organization_id', 'creditor', 'currency'], name='creditor_account')],
            },
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(fields=['organization_id', 'party'], name='customer_party'),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(fields=['organization_id', 'search_name', 'id'], name='customer_search'),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(condition=models.Q(('paid_by__isnull', False)), fields=['organization_id', 'paid_by'], name='customer_paid_by'),
        ),
        migrations.AddConstraint(
            model_name='customer',
            constraint=models.UniqueConstraint(fields=('organization_id', 'creditor', 'code'), name='customer_code'),
        ),
        migrations.AddConstraint(
            model_name='customer',
            constraint=models.CheckConstraint(condition=models.Q(('paid_by', models.F('id')), _negated=True), name='customer_not_its_own_payer'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(fields=['organization_id', 'customer'], name='person_customer'),
        ),
        migrations.AddConstraint(
            model_name='contactpoint',
            constraint=models.UniqueConstraint(fields=('organization_id', 'customer', 'kind', 'value'), name='contact_point_once'),
        ),
        SecureTables(models=['Creditor', 'CreditorAccount', 'Party', 'Customer', 'Person', 'ContactPoint', 'Consent']),
    ]
