import django.db.models.deletion
import puntual.kernel.ids
import puntual.tenancy.models
from django.db import migrations, models

from puntual.tenancy.operations import SecureTables

# What SecureTables writes for the keys of a whole table, for the one that joins a table that is there already.
SEGMENT_KEY = """
CREATE UNIQUE INDEX "strategies_storedsegment_organization_key" ON "strategies_storedsegment" (organization_id, id);
ALTER TABLE "strategies_assignment" ADD CONSTRAINT "strategies_assignment_segment_id_org_fk"
    FOREIGN KEY (organization_id, "segment_id") REFERENCES "strategies_storedsegment" (organization_id, id);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('parties', '0001_initial'),
        ('strategies', '0002_experiment'),
    ]

    operations = [
        migrations.CreateModel(
            name='CustomerFigures',
            fields=[
                ('id', models.UUIDField(default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('organization_id', models.UUIDField(editable=False)),
                ('open_amounts', models.JSONField(default=dict)),
                ('overdue_amounts', models.JSONField(default=dict)),
                ('overdue_since', models.DateField(null=True)),
                ('known_since', models.DateField()),
                ('invoices', models.PositiveIntegerField(default=0)),
                ('usual_delay', models.IntegerField(null=True)),
                ('paid_late', models.PositiveSmallIntegerField(null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='FiguresRead',
            fields=[
                ('id', models.UUIDField(default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('organization_id', models.UUIDField(editable=False)),
                ('day', models.DateField()),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='StoredSegment',
            fields=[
                ('id', models.UUIDField(default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('organization_id', models.UUIDField(editable=False)),
                ('code', models.SlugField(max_length=60)),
                ('name', models.CharField(max_length=100)),
                ('conditions', models.JSONField(default=list)),
                ('position', models.PositiveSmallIntegerField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='assignment',
            name='assignment_one_scope',
        ),
        migrations.RemoveConstraint(
            model_name='assignment',
            name='assignment_once',
        ),
        migrations.AddConstraint(
            model_name='figuresread',
            constraint=models.UniqueConstraint(fields=('organization_id',), name='figures_read_once'),
        ),
        migrations.AddConstraint(
            model_name='storedsegment',
            constraint=models.UniqueConstraint(fields=('organization_id', 'code'), name='segment_code'),
        ),
        migrations.AddField(
            model_name='assignment',
            name='segment',
            field=puntual.tenancy.models.TenantKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='strategies.storedsegment'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('creditor__isnull', True), ('segment__isnull', True)), models.Q(('creditor__isnull', True), ('customer__isnull', True)), models.Q(('segment__isnull', True), ('customer__isnull', True)), _connector='OR'), name='assignment_one_scope'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.UniqueConstraint(fields=('organization_id', 'creditor', 'segment', 'customer'), name='assignment_once', nulls_distinct=False),
        ),
        SecureTables(models=['StoredSegment', 'CustomerFigures', 'FiguresRead']),
        migrations.RunSQL(SEGMENT_KEY, migrations.RunSQL.noop),
    ]
