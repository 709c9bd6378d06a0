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
            name='ImportJob',
            fields=[
                ('id', models.UUIDField(default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('organization_id', models.UUIDField(editable=False)),
                ('kind', models.CharField(choices=[('invoices', 'Invoices'), ('customers', 'Customers'), ('payments', 'Payments'), ('balances', 'Balances')], max_length=10)),
                ('state', models.CharField(choices=[('uploaded', 'Uploaded'), ('asking', 'Asking'), ('ready', 'Ready'), ('running', 'Running'), ('done', 'Done'), ('canceled', 'Canceled'), ('stopped', 'Stopped'), ('failed', 'Failed'), ('undone', 'Undone')], max_length=10)),
                ('file_name', models.CharField(max_length=255)),
                ('path', models.CharField(max_length=500)),
                ('sha256', models.CharField(max_length=64)),
                ('snapshot_on', models.DateField(null=True)),
                ('mapping', models.TextField(blank=True)),
                ('proposal', models.JSONField(default=dict)),
                ('total_lines', models.PositiveIntegerField(null=True)),
                ('last_line', models.PositiveIntegerField(default=0)),
                ('cancel_asked', models.BooleanField(default=False)),
                ('confirmed', models.BooleanField(default=False)),
                ('result', models.JSONField(default=dict)),
                ('problem', models.JSONField(default=dict)),
                ('rejects_path', models.CharField(blank=True, max_length=500)),
                ('created_by', models.UUIDField(null=True)),
                ('created_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
                ('creditor', puntual.tenancy.models.TenantKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.creditor')),
            ],
        ),
        migrations.CreateModel(
            name='Rejection',
            fields=[
                ('id', models.UUIDField(default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('organization_id', models.UUIDField(editable=False)),
                ('line', models.PositiveIntegerField()),
                ('column', models.CharField(blank=True, max_length=200)),
                ('value', models.TextField(blank=True)),
                ('reasons', models.JSONField()),
                ('cells', models.JSONField()),
                ('job', puntual.tenancy.models.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='intake.importjob')),
            ],
        ),
        migrations.CreateModel(
            name='SavedMapping',
            fields=[
                ('id', models.UUIDField(default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('organization_id', models.UUIDField(editable=False)),
                ('kind', models.CharField(max_length=10)),
                ('signature', models.CharField(max_length=64)),
                ('name', models.CharField(max_length=150)),
                ('mapping', models.TextField()),
                ('saved_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organization_id', 'kind', 'signature'), name='mapping_once')],
            },
        ),
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.UUIDField(default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('organization_id', models.UUIDField(editable=False)),
                ('kind', models.CharField(choices=[('due_date', 'Due Date'), ('hold_released', 'Hold Released')], max_length=13)),
                ('object_id', models.UUIDField()),
                ('before', models.DateField(null=True)),
                ('after', models.DateField(null=True)),
                ('job', puntual.tenancy.models.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='intake.importjob')),
            ],
            options={
                'indexes': [models.Index(fields=['organization_id', 'job'], name='change_of_job')],
            },
        ),
        migrations.AddIndex(
            model_name='importjob',
            index=models.Index(fields=['organization_id', '-created_at'], name='import_job_when'),
        ),
        migrations.AddIndex(
            model_name='rejection',
            index=models.Index(fields=['organization_id', 'job', 'line'], name='rejection_line'),
        ),
        SecureTables(models=['SavedMapping', 'ImportJob', 'Rejection', 'Change']),
    ]
