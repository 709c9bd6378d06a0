from django.db import migrations

from puntual.outreach.migrations._retention_rest import FORGET_REST


class Migration(migrations.Migration):
    """Forgetting what else was written about a customer: see _retention_rest.

    The function names tables of rooms above this one, which it looks up when it runs, and which exist by then.
    """

    dependencies = [("outreach", "0019_retention_of_credit")]

    operations = [migrations.RunSQL(FORGET_REST, migrations.RunSQL.noop)]
