import django.db.models.deletion
import puntual.kernel.ids
import puntual.tenancy.models
from django.db import migrations, models

from puntual.receivables.migrations._ledger import LEDGER
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
            name='Invoice',
            fields=[
                ('id', models.UUIDField(default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('organization_id', models.UUIDField(editable=False)),
                ('kind', models.CharField(choices=[('invoice', 'Invoice'), ('charge', 'Charge')], default='invoice', max_length=8)),
                ('number', models.CharField(max_length=80)),
                ('number_key', models.CharField(max_length=80)),
                ('issued_on', models.DateField()),
                ('currency', models.CharField(max_length=3)),
                ('amount', models.DecimalField(decimal_places=4, max_digits=20)),
                ('description', models.CharField(blank=True, max_length=300)),
                ('claim_owner', models.CharField(choices=[('ours', 'Ours'), ('factored', 'Factored'), ('sold', 'Sold')], default='ours', max_length=8)),
                ('claim_owner_since', models.DateField(null=True)),
                ('batch_id', models.UUIDField(null=True)),
                ('withdrawn_on', models.DateField(null=True)),
                ('charge_for', puntual.tenancy.models.TenantKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='receivables.invoice')),
                ('creditor', puntual.tenancy.models.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.creditor')),
                ('customer', puntual.tenancy.models.TenantKey(agreeing=('creditor_id',), on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.customer')),
            ],
        ),
        migrations.CreateModel(
            name='Installment',
            fields=[
                ('id', models.UUIDField(default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('organization_id', models.UUIDField(editable=False)),
                ('position', models.PositiveSmallIntegerField(default=1)),
                ('due_on', models.DateField()),
                ('due_generation', models.PositiveSmallIntegerField(default=1)),
                ('currency', models.CharField(max_length=3)),
                ('amount', models.DecimalField(decimal_places=4, max_digits=20)),
                ('open_amount', models.DecimalField(decimal_places=4, max_digits=20)),
                ('written_off', models.DecimalField(decimal_places=4, default=0, max_digits=20)),
                ('expected_deduction', models.DecimalField(decimal_places=4, default=0, max_digits=20)),
                ('settled_on', models.DateField(null=True)),
                ('creditor', puntual.tenancy.models.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.creditor')),
                ('customer', puntual.tenancy.models.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.customer')),
                ('invoice', puntual.tenancy.models.TenantKey(agreeing=('creditor_id', 'customer_id', 'currency'), on_delete=django.db.models.deletion.PROTECT, related_name='+', to='receivables.invoice')),
            ],
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.UUIDField(default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('organization_id', models.UUIDField(editable=False)),
                ('reason', models.CharField(choices=[('person', 'Person'), ('dispute', 'Dispute'), ('promise', 'Promise'), ('plan', 'Plan'), ('extension', 'Extension'), ('placement', 'Placement'), ('reply', 'Reply'), ('missing', 'Missing'), ('payment_claimed', 'Payment Claimed')], max_length=16)),
                ('amount', models.DecimalField(decimal_places=4, max_digits=20, null=True)),
                ('from_on', models.DateField()),
                ('until_on', models.DateField(null=True)),
                ('stops_chasing', models.BooleanField(default=True)),
                ('stops_interest', models.BooleanField(default=False)),
                ('stops_pre_due', models.BooleanField(default=True)),
                ('note', models.TextField(blank=True)),
                ('source_id', models.UUIDField(null=True)),
                ('created_by', models.CharField(max_length=150)),
                ('released_on', models.DateField(null=True)),
                ('released_by', models.CharField(blank=True, max_length=150)),
                ('customer', puntual.tenancy.models.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.customer')),
                ('installment', puntual.tenancy.models.TenantKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='receivables.installment')),
                ('invoice', puntual.tenancy.models.TenantKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='receivables.invoice')),
            ],
        ),
        migrations.CreateModel(
            name='CreditNote',
            fields=[
                ('id', models.UUIDField(default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('organization_id', models.UUIDField(editable=False)),
                ('number', models.CharField(max_length=80)),
                ('number_key', models.CharField(max_length=80)),
                ('issued_on', models.DateField()),
                ('currency', models.CharField(max_length=3)),
                ('amount', models.DecimalField(decimal_places=4, max_digits=20)),
                ('unapplied', models.DecimalField(decimal_places=4, max_digits=20)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('batch_id', models.UUIDField(null=True)),
                ('withdrawn_on', models.DateField(null=True)),
                ('creditor', puntual.tenancy.models.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.creditor')),
                ('customer', puntual.tenancy.models.TenantKey(agreeing=('creditor_id',), on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.customer')),
                ('invoice', puntual.tenancy.models.TenantKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='receivables.invoice')),
            ],
        ),
        migrations.CreateModel(
            name='PortfolioDelta',
            fields=[
                ('id', models.UUIDField(default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('organization_id', models.UUIDField(editable=False)),
                ('creditor_id', models.UUIDField()),
                ('currency', models.CharField(max_length=3)),
                ('due_on', models.DateField()),
                ('open_amount', models.DecimalField(decimal_places=4, max_digits=20)),
                ('open_count', models.IntegerField()),
            ],
            options={
                'indexes': [models.Index(fields=['organization_id', 'currency', 'due_on'], name='portfolio_delta')],
            },
        ),
        migrations.CreateModel(
            name='ExpectedDeduction',
            fields=[
                ('id', models.UUIDField(default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('organization_id', models.UUIDField(editable=False)),
                ('kind', models.CharField(choices=[('withholding', 'Withholding'), ('detraction', 'Detraction')], max_length=12)),
                ('amount', models.DecimalField(decimal_places=4, max_digits=20)),
                ('certificate', models.CharField(blank=True, max_length=100)),
                ('expected_from', models.DateField()),
                ('closed_on', models.DateField(null=True)),
                ('given_up_on', models.DateField(null=True)),
                ('installment', puntual.tenancy.models.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='receivables.installment')),
            ],
            options={
                'indexes': [models.Index(fields=['organization_id', 'installment'], name='deduction_installment')],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='deduction_amount_positive'), models.CheckConstraint(condition=models.Q(('closed_on__isnull', True), ('given_up_on__isnull', True), _connector='OR'), name='deduction_ends_once')],
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.UUIDField(default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('organization_id', models.UUIDField(editable=False)),
                ('account', models.CharField(choices=[('receivable', 'Receivable'), ('written_off', 'Written Off')], default='receivable', max_length=11)),
                ('kind', models.CharField(choices=[('issued', 'Issued'), ('payment', 'Payment'), ('credit_note', 'Credit Note'), ('cancellation', 'Cancellation'), ('waiver', 'Waiver'), ('deduction', 'Deduction'), ('discount', 'Discount'), ('write_off', 'Write Off'), ('recovery', 'Recovery'), ('closed_outside', 'Closed Outside'), ('adjustment', 'Adjustment')], max_length=14)),
                ('amount', models.DecimalField(decimal_places=4, max_digits=20)),
                ('currency', models.CharField(max_length=3)),
                ('effective_on', models.DateField()),
                ('recorded_at', models.DateTimeField()),
                ('source_id', models.UUIDField(null=True)),
                ('memo', models.CharField(blank=True, max_length=200)),
                ('reverses', puntual.tenancy.models.TenantKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='receivables.entry')),
                ('installment', puntual.tenancy.models.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='receivables.installment')),
            ],
            options={
                'indexes': [models.Index(fields=['organization_id', 'installment', 'effective_on'], name='entry_installment'), models.Index(condition=models.Q(('source_id__isnull', False)), fields=['organization_id', 'source_id'], name='entry_source'), models.Index(condition=models.Q(('kind', 'issued'), _negated=True), fields=['organization_id', 'effective_on'], name='entry_movements')],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount', 0), _negated=True), name='entry_amount_not_zero'), models.UniqueConstraint(condition=models.Q(('reverses__isnull', False)), fields=('organization_id', 'reverses'), name='entry_reversed_once')],
            },
        ),
        migrations.AddIndex(
            model_name='invoice',
            index=models.Index(fields=['organization_id', 'customer', 'issued_on'], name='invoice_customer'),
        ),
        migrations.AddIndex(
            model_name='invoice',
            index=models.Index(fields=['organization_id', '-issued_on', '-id'], name='invoice_when'),
        ),
        migrations.AddConstraint(
            model_name='invoice',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_on__isnull', True)), fields=('organization_id', 'creditor', 'kind', 'number_key'), name='invoice_number'),
        ),
        migrations.AddConstraint(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='invoice_amount_positive'),
        ),
        migrations.AddConstraint(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(('claim_owner', 'ours'), ('claim_owner_since__isnull', False), _connector='OR'), name='invoice_claim_owner_dated'),
        ),
        migrations.AddIndex(
            model_name='installment',
            index=models.Index(condition=models.Q(('open_amount__gt', 0)), fields=['organization_id', 'customer', 'due_on'], name='installment_open'),
        ),
        migrations.AddIndex(
            model_name='installment',
            index=models.Index(condition=models.Q(('open_amount__gt', 0)), fields=['organization_id', 'due_on', 'id'], name='installment_due'),
        ),
        migrations.AddIndex(
            model_name='installment',
            index=models.Index(fields=['organization_id', 'customer', 'settled_on'], name='installment_history'),
        ),
        migrations.AddConstraint(
            model_name='installment',
            constraint=models.UniqueConstraint(fields=('organization_id', 'invoice', 'position'), name='installment_position'),
        ),
        migrations.AddConstraint(
            model_name='installment',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='installment_amount_positive'),
        ),
        migrations.AddConstraint(
            model_name='installment',
            constraint=models.CheckConstraint(condition=models.Q(('open_amount__gte', 0), ('open_amount__lte', models.F('amount'))), name='installment_open_within_amount'),
        ),
        migrations.AddConstraint(
            model_name='installment',
            constraint=models.CheckConstraint(condition=models.Q(('written_off__gte', 0), ('written_off__lte', models.F('amount'))), name='installment_written_off_within'),
        ),
        migrations.AddConstraint(
            model_name='installment',
            constraint=models.CheckConstraint(condition=models.Q(('expected_deduction__gte', 0)), name='installment_deduction_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='installment',
            constraint=models.CheckConstraint(condition=models.Q(('open_amount', 0), ('settled_on__isnull', True), _connector='OR'), name='installment_settled_is_zero'),
        ),
        migrations.AddIndex(
            model_name='hold',
            index=models.Index(condition=models.Q(('released_on__isnull', True)), fields=['organization_id', 'customer'], name='hold_active'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.CheckConstraint(condition=models.Q(('amount__isnull', True), ('amount__gt', 0), _connector='OR'), name='hold_amount_positive'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.CheckConstraint(condition=models.Q(('until_on__isnull', True), ('until_on__gte', models.F('from_on')), _connector='OR'), name='hold_until_after_from'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.CheckConstraint(condition=models.Q(('invoice__isnull', True), ('installment__isnull', True), _connector='OR'), name='hold_on_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.CheckConstraint(condition=models.Q(('amount__isnull', True), ('invoice__isnull', False), ('installment__isnull', False), _connector='OR'), name='hold_amount_has_currency'),
        ),
        migrations.AddIndex(
            model_name='creditnote',
            index=models.Index(condition=models.Q(('unapplied__gt', 0)), fields=['organization_id', 'customer'], name='credit_note_waiting'),
        ),
        migrations.AddConstraint(
            model_name='creditnote',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_on__isnull', True)), fields=('organization_id', 'creditor', 'number_key'), name='credit_note_number'),
        ),
        migrations.AddConstraint(
            model_name='creditnote',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0), ('unapplied__gte', 0), ('unapplied__lte', models.F('amount'))), name='credit_note_unapplied_within'),
        ),
        migrations.AddIndex(
            model_name='invoice',
            index=models.Index(condition=models.Q(('claim_owner', 'ours'), _negated=True), fields=['organization_id'], name='invoice_not_ours'),
        ),
        SecureTables(models=['Invoice', 'Installment', 'ExpectedDeduction', 'CreditNote', 'Entry', 'Hold', 'PortfolioDelta'], append_only=['Entry']),
        migrations.RunSQL(LEDGER, migrations.RunSQL.noop),
    ]
