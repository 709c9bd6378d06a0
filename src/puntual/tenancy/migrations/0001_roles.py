from django.db import migrations

from puntual.tenancy.operations import GRANTS

# RFC 9562 version 7, for keys made inside set-based statements: 48 bits of milliseconds, the rest random.
UUID7 = """
CREATE OR REPLACE FUNCTION puntual_uuid7() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
    SELECT encode(
        set_bit(set_bit(
            overlay(uuid_send(gen_random_uuid())
                    PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)
                    FROM 1 FOR 6),
            52, 1), 53, 1), 'hex')::uuid
$$;
"""

CACHE = """
CREATE TABLE puntual_cache (
    cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamp with time zone NOT NULL);
CREATE INDEX puntual_cache_expires ON puntual_cache (expires);
"""


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.RunSQL(GRANTS, migrations.RunSQL.noop),
        migrations.RunSQL(UUID7, "DROP FUNCTION puntual_uuid7()"),
        migrations.RunSQL(CACHE, "DROP TABLE puntual_cache"),
    ]
