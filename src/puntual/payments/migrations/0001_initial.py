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
        ('receivables', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.UUIDField(default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('organization_id', models.UUIDField(editable=False)),
                ('reference', models.CharField(max_length=100)),
                ('received_on', models.DateField()),
                ('recorded_at', models.DateTimeField()),
                ('currency', models.CharField(max_length=3)),
                ('amount', models.DecimalField(decimal_places=4, max_digits=20)),
                ('unapplied', models.DecimalField(decimal_places=4, max_digits=20)),
                ('method', models.CharField(choices=[('transfer', 'Transfer'), ('card', 'Card'), ('cash', 'Cash'), ('check', 'Check'), ('debit', 'Debit'), ('other', 'Other')], default='transfer', max_length=8)),
                ('memo', models.CharField(blank=True, max_length=300)),
                ('reversed_on', models.DateField(null=True)),
                ('reversal_reason', models.CharField(blank=True, max_length=200)),
                ('batch_id', models.UUIDField(null=True)),
                ('withdrawn_on', models.DateField(null=True)),
                ('creditor', puntual.tenancy.models.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.creditor')),
                ('customer', puntual.tenancy.models.TenantKey(agreeing=('creditor_id',), on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.customer')),
            ],
        ),
        migrations.CreateModel(
            name='Allocation',
            fields=[
                ('id', models.UUIDField(default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('organization_id', models.UUIDField(editable=False)),
                ('amount', models.DecimalField(decimal_places=4, max_digits=20)),
                ('reversed_at', models.DateTimeField(null=True)),
                ('entry', puntual.tenancy.models.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='receivables.entry')),
                ('installment', puntual.tenancy.models.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='receivables.installment')),
                ('payment', puntual.tenancy.models.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payments.payment')),
            ],
        ),
        migrations.CreateModel(
            name='Refund',
            fields=[
                ('id', models.UUIDField(default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('organization_id', models.UUIDField(editable=False)),
                ('refunded_on', models.DateField()),
                ('recorded_at', models.DateTimeField()),
                ('amount', models.DecimalField(decimal_places=4, max_digits=20)),
                ('reference', models.CharField(max_length=100)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('payment', puntual.tenancy.models.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payments.payment')),
            ],
        ),
        migrations.AddIndex(
            model_name='payment',
            index=models.Index(fields=['organization_id', 'customer', '-received_on'], name='payment_customer'),
        ),
        migrations.AddIndex(
            model_name='payment',
            index=models.Index(fields=['organization_id', '-received_on', '-id'], name='payment_when'),
        ),
        migrations.AddIndex(
            model_name='payment',
            index=models.Index(condition=models.Q(('unapplied__gt', 0)), fields=['organization_id', 'customer'], name='payment_on_account'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_on__isnull', True)), fields=('organization_id', 'reference'), name='payment_reference'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0), ('unapplied__gte', 0), ('unapplied__lte', models.F('amount'))), name='payment_unapplied_within'),
        ),
        migrations.AddIndex(
            model_name='allocation',
            index=models.Index(fields=['organization_id', 'payment'], name='allocation_payment'),
        ),
        migrations.AddIndex(
            model_name='allocation',
            index=models.Index(fields=['organization_id', 'installment'], name='allocation_installment'),
        ),
        migrations.AddConstraint(
            model_name='allocation',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='allocation_amount_positive'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='refund_amount_positive'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.UniqueConstraint(fields=('organization_id', 'reference'), name='refund_reference'),
        ),
        SecureTables(models=['Payment', 'Allocation', 'Refund']),
        migrations.RunSQL(
            'REVOKE DELETE ON payments_payment, payments_allocation, payments_refund FROM puntual_app',
            migrations.RunSQL.noop,
        ),
    ]
