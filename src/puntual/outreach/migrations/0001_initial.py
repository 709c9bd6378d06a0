import django.contrib.postgres.fields
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
            name='Capacity',
            fields=[
                ('id', models.UUIDField(default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('organization_id', models.UUIDField(editable=False)),
                ('channel', models.CharField(choices=[('email', 'Email'), ('whatsapp', 'Whatsapp'), ('sms', 'Sms'), ('letter', 'Letter'), ('call', 'Call'), ('visit', 'Visit'), ('internal', 'Internal')], max_length=8)),
                ('per_day', models.PositiveIntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organization_id', 'channel'), name='capacity_once')],
            },
        ),
        migrations.CreateModel(
            name='CapturedMessage',
            fields=[
                ('id', models.UUIDField(default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('organization_id', models.UUIDField(editable=False)),
                ('activity_id', models.UUIDField()),
                ('captured_at', models.DateTimeField()),
                ('sender', models.CharField(max_length=300)),
                ('recipient', models.CharField(max_length=300)),
                ('subject', models.CharField(max_length=300)),
                ('raw', models.BinaryField()),
            ],
            options={
                'indexes': [models.Index(fields=['organization_id', '-captured_at', '-id'], name='captured_when')],
            },
        ),
        migrations.CreateModel(
            name='Activity',
            fields=[
                ('id', models.UUIDField(default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('organization_id', models.UUIDField(editable=False)),
                ('day', models.DateField()),
                ('direction', models.CharField(choices=[('out', 'out'), ('in', 'in')], default='out', max_length=3)),
                ('channel', models.CharField(choices=[('email', 'Email'), ('whatsapp', 'Whatsapp'), ('sms', 'Sms'), ('letter', 'Letter'), ('call', 'Call'), ('visit', 'Visit'), ('internal', 'Internal')], max_length=8)),
                ('tone', models.CharField(blank=True, choices=[('courteous', 'Courteous'), ('friendly', 'Friendly'), ('firm', 'Firm'), ('formal', 'Formal'), ('final', 'Final')], max_length=9)),
                ('state', models.CharField(choices=[('proposed', 'Proposed'), ('queued', 'Queued'), ('to_do', 'To Do'), ('attempting', 'Attempting'), ('sent', 'Sent'), ('done', 'Done'), ('failed', 'Failed'), ('unknown', 'Unknown'), ('dropped', 'Dropped'), ('lapsed', 'Lapsed')], max_length=10)),
                ('version_id', models.UUIDField(null=True)),
                ('step', models.CharField(max_length=60)),
                ('template', models.CharField(blank=True, max_length=60)),
                ('attempt', models.PositiveSmallIntegerField(default=1)),
                ('lead_id', models.UUIDField(null=True)),
                ('lead_days', models.IntegerField(null=True)),
                ('due_generation', models.PositiveSmallIntegerField(default=1)),
                ('point_id', models.UUIDField(null=True)),
                ('not_before', models.DateTimeField(null=True)),
                ('not_after', models.DateTimeField(null=True)),
                ('lapses_at', models.DateTimeField(null=True)),
                ('demand', models.JSONField(default=dict)),
                ('value', models.DecimalField(decimal_places=4, default=0, max_digits=20)),
                ('items', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None)),
                ('item_steps', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), default=list, size=None)),
                ('why', models.JSONField(default=dict)),
                ('assigned_to', models.UUIDField(null=True)),
                ('subject', models.CharField(blank=True, max_length=300)),
                ('body', models.TextField(blank=True)),
                ('edited', models.BooleanField(default=False)),
                ('approved_by', models.UUIDField(null=True)),
                ('approved_at', models.DateTimeField(null=True)),
                ('claimed_at', models.DateTimeField(null=True)),
                ('settled_at', models.DateTimeField(null=True)),
                ('captured', models.BooleanField(default=False)),
                ('message_id', models.CharField(blank=True, max_length=200)),
                ('result', models.CharField(blank=True, max_length=40)),
                ('note', models.TextField(blank=True)),
                ('created_at', models.DateTimeField()),
                ('customer', puntual.tenancy.models.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.customer')),
            ],
            options={
                'indexes': [models.Index(fields=['organization_id', 'customer', '-created_at'], name='activity_customer'), models.Index(fields=['organization_id', 'day'], include=['direction', 'channel', 'tone', 'state', 'result'], name='activity_day'), models.Index(fields=['organization_id', 'customer'], include=['channel', 'tone', 'state'], condition=models.Q(('state__in', ['proposed', 'queued', 'to_do', 'attempting', 'unknown', 'failed'])), name='activity_open'), models.Index(condition=models.Q(('state', 'proposed')), fields=['organization_id', 'tone', 'value', 'id'], name='activity_proposed'), models.Index(condition=models.Q(('state', 'to_do')), fields=['organization_id', 'value', 'id'], name='activity_to_do'), models.Index(condition=models.Q(('state', 'queued')), fields=['organization_id', 'not_before', 'id'], name='activity_queued'), models.Index(condition=models.Q(('state__in', ['attempting', 'unknown', 'failed'])), fields=['organization_id', 'claimed_at'], name='activity_unsettled')],
                'constraints': [models.UniqueConstraint(fields=('organization_id', 'customer', 'lead_id', 'due_generation', 'step', 'attempt'), name='activity_said_once')],
            },
        ),
        migrations.CreateModel(
            name='Mark',
            fields=[
                ('id', models.UUIDField(default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('organization_id', models.UUIDField(editable=False)),
                ('installment_id', models.UUIDField()),
                ('due_generation', models.PositiveSmallIntegerField()),
                ('step', models.CharField(max_length=60)),
                ('tone', models.CharField(blank=True, max_length=9)),
                ('activity_id', models.UUIDField()),
                ('at', models.DateTimeField()),
                ('voided', models.BooleanField(default=False)),
                ('customer', puntual.tenancy.models.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.customer')),
            ],
            options={
                'indexes': [models.Index(fields=['organization_id', 'customer', '-at'], name='mark_customer')],
                'constraints': [models.UniqueConstraint(fields=('organization_id', 'installment_id', 'due_generation', 'step', 'activity_id'), name='mark_once')],
            },
        ),
        SecureTables(models=['Activity', 'Mark', 'CapturedMessage', 'Capacity']),
    ]
