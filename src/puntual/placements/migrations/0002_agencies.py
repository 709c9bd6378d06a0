"""Agencies with their commission, what was settled with them, and debts kept open until a day."""

from typing import Any

import django.contrib.postgres.fields
import django.db.models.deletion
import puntual.kernel.ids
import puntual.tenancy.models
from django.db import migrations, models

from puntual.kernel.text import fold
from puntual.tenancy.operations import SecureTables


def name_agencies(apps: Any, editor: Any) -> None:
    """What was placed before is with the agency of that name."""
    placements, agencies = (apps.get_model("placements", name) for name in ("Placement", "Agency"))
    made: dict[Any, Any] = {}
    for one in placements.objects.using(editor.connection.alias).filter(agency=None).order_by("id").iterator():
        key = (one.organization_id, one.kind, fold(one.with_whom)[:150])
        if key not in made:
            organization, kind, folded = key
            made[key] = agencies.objects.using(editor.connection.alias).create(
                organization_id=organization, kind=kind, key=folded, name=one.with_whom
            )
        one.agency = made[key]
        one.save(update_fields=["agency"])


class Migration(migrations.Migration):

    dependencies = [
        ('parties', '0010_preference'),
        ('placements', '0001_placements'),
    ]

    operations = [
        migrations.CreateModel(
            name='Agency',
            fields=[
                ('id', models.UUIDField(default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('organization_id', models.UUIDField(editable=False)),
                ('kind', models.CharField(max_length=6)),
                ('name', models.CharField(max_length=150)),
                ('key', models.CharField(max_length=150)),
                ('percent', models.DecimalField(decimal_places=4, max_digits=7, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organization_id', 'kind', 'key'), name='agency_once'), models.CheckConstraint(condition=models.Q(('percent', None), models.Q(('percent__gte', 0), ('percent__lte', 100)), _connector='OR'), name='agency_percent')],
            },
        ),
        migrations.CreateModel(
            name='AgencyEntry',
            fields=[
                ('id', models.UUIDField(default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('organization_id', models.UUIDField(editable=False)),
                ('kind', models.CharField(choices=[('remitted', 'Remitted'), ('kept', 'Kept'), ('paid', 'Paid')], max_length=8)),
                ('amount', models.DecimalField(decimal_places=4, max_digits=20)),
                ('currency', models.CharField(max_length=3)),
                ('on', models.DateField()),
                ('note', models.CharField(blank=True, max_length=200)),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.CharField(max_length=150)),
                ('withdrawn_on', models.DateField(null=True)),
                ('withdrawn_by', models.CharField(blank=True, max_length=150)),
                ('withdrawn_why', models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name='KeptOpen',
            fields=[
                ('id', models.UUIDField(default=puntual.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('organization_id', models.UUIDField(editable=False)),
                ('items', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
                ('why', models.TextField()),
                ('kept_on', models.DateField()),
                ('kept_by', models.CharField(max_length=150)),
                ('review_on', models.DateField()),
                ('source_id', models.UUIDField()),
                ('reviewed_on', models.DateField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name='placement',
            name='items',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None),
        ),
        migrations.AddField(
            model_name='placement',
            name='percent',
            field=models.DecimalField(decimal_places=4, max_digits=7, null=True),
        ),
        migrations.AddField(
            model_name='agencyentry',
            name='agency',
            field=puntual.tenancy.models.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='placements.agency'),
        ),
        migrations.AddField(
            model_name='keptopen',
            name='customer',
            field=puntual.tenancy.models.TenantKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.customer'),
        ),
        migrations.AddIndex(
            model_name='agencyentry',
            index=models.Index(fields=['organization_id', 'agency', '-on', '-id'], name='agency_entry_when'),
        ),
        migrations.AddConstraint(
            model_name='agencyentry',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='agency_entry_positive'),
        ),
        migrations.AddIndex(
            model_name='keptopen',
            index=models.Index(condition=models.Q(('reviewed_on', None)), fields=['organization_id', 'review_on', 'id'], name='kept_open_due'),
        ),
        migrations.AddConstraint(
            model_name='keptopen',
            constraint=models.UniqueConstraint(fields=('organization_id', 'source_id'), name='kept_open_once'),
        ),
        SecureTables(models=["Agency", "AgencyEntry", "KeptOpen"]),
        migrations.AddField(
            model_name='placement',
            name='agency',
            field=puntual.tenancy.models.TenantKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='placements.agency'),
        ),
        migrations.RunPython(name_agencies, migrations.RunPython.noop),
        migrations.RunSQL(
            'ALTER TABLE "placements_placement" ADD CONSTRAINT "placements_placement_agency_id_org_fk" '
            'FOREIGN KEY (organization_id, "agency_id") REFERENCES "placements_agency" (organization_id, id)',
            'ALTER TABLE "placements_placement" DROP CONSTRAINT "placements_placement_agency_id_org_fk"',
        ),
        migrations.AddIndex(
            model_name='placement',
            index=models.Index(fields=['organization_id', 'agency', '-placed_on', '-id'], name='placement_agency'),
        ),
    ]
