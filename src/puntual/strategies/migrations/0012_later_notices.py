from django.db import migrations, models


class Migration(migrations.Migration):
    """Every version there is was made before the later notices; what is made from now on knows them.

    The column's default says so, since a version that was in force is not updated.
    """

    dependencies = [
        ("strategies", "0011_own_script"),
    ]

    operations = [
        migrations.AddField("version", "predates_notices", models.BooleanField(default=True)),
        migrations.AlterField("version", "predates_notices", models.BooleanField(default=False)),
    ]
