from typing import Any

from django.db import migrations, models

from puntual.kernel.text import fold

_FORGOTTEN = """
CREATE FUNCTION puntual_person_forgotten() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.search_name := '';
    RETURN NEW;
END $$;
-- Whoever is forgotten is not found by name either.
CREATE TRIGGER person_forgotten BEFORE UPDATE OF name ON parties_person
    FOR EACH ROW WHEN (NEW.name = '—') EXECUTE FUNCTION puntual_person_forgotten();
"""
_GONE = """
DROP TRIGGER person_forgotten ON parties_person;
DROP FUNCTION puntual_person_forgotten();
"""


def fill(apps: Any, schema_editor: Any) -> None:
    """Fold the names that are known, a thousand at a time."""
    people = apps.get_model("parties", "Person").objects.using(schema_editor.connection.alias)
    last = None
    while True:
        rows = people.order_by("id").exclude(name="—")
        batch = list((rows.filter(id__gt=last) if last else rows).only("id", "name")[:1000])
        if not batch:
            return
        for person in batch:
            person.search_name = fold(person.name)[:200]
        people.bulk_update(batch, ["search_name"])
        last = batch[-1].id


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0006_credit_limit"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="search_name",
            field=models.CharField(db_default="", default="", max_length=200),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunSQL(_FORGOTTEN, _GONE),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["organization_id", "search_name", "id"], name="person_search"),
        ),
        migrations.AddIndex(
            model_name="contactpoint",
            index=models.Index(fields=["organization_id", "value"], name="contact_point_value"),
        ),
    ]
