import django.db.models.deletion
import puntual.tenancy.models
from django.db import migrations, models

# What SecureTables writes for the keys of a whole table, for the one that joins a table that is there already.
CHARGE_KEY = """
CREATE UNIQUE INDEX IF NOT EXISTS "receivables_invoice_organization_key" ON "receivables_invoice" (organization_id, id);
ALTER TABLE "agreements_planpart" ADD CONSTRAINT "agreements_planpart_charge_id_org_fk"
    FOREIGN KEY (organization_id, "charge_id") REFERENCES "receivables_invoice" (organization_id, id);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('agreements', '0002_terms_to_come'),
        ('receivables', '0006_hold_source'),
    ]

    operations = [
        migrations.AddField(
            model_name='plan',
            name='accepted_by',
            field=models.CharField(blank=True, max_length=150),
        ),
        migrations.AddField(
            model_name='plan',
            name='accepted_how',
            field=models.CharField(blank=True, choices=[('in_person', 'In Person'), ('by_phone', 'By Phone'), ('in_writing', 'In Writing'), ('link', 'Link')], max_length=10),
        ),
        migrations.AddField(
            model_name='plan',
            name='evidence',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='planitem',
            name='paid_before',
            field=models.DecimalField(decimal_places=4, default=0, max_digits=20),
        ),
        migrations.AddField(
            model_name='planitem',
            name='relieved_before',
            field=models.DecimalField(decimal_places=4, default=0, max_digits=20),
        ),
        migrations.AddField(
            model_name='planpart',
            name='charge',
            field=puntual.tenancy.models.TenantKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='receivables.invoice'),
        ),
        migrations.RunSQL(CHARGE_KEY, migrations.RunSQL.noop),
    ]
