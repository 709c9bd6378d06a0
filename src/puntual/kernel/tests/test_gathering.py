"""Reading everybody at once into a table of the transaction's own."""

import pytest
from django.db import connection, transaction

from puntual.kernel.gathering import gather

pytestmark = pytest.mark.django_db(transaction=True)


def read(table: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT n FROM {table} ORDER BY n")
        return [row[0] for row in cursor.fetchall()]


def shown(setting: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {setting}")
        return str(cursor.fetchone()[0])


def test_the_table_holds_what_was_read_last_and_ends_with_the_transaction() -> None:
    usual = shown("parallel_tuple_cost")
    with transaction.atomic(), connection.cursor() as cursor:
        gather(cursor, "kernel_gathered", "SELECT n FROM generate_series(1, %(last)s) n", {"last": 3})
        assert read("kernel_gathered") == [1, 2, 3]
        gather(cursor, "kernel_gathered", "SELECT n FROM generate_series(1, %(last)s) n", {"last": 1})
        assert read("kernel_gathered") == [1]
        assert shown("parallel_tuple_cost") == usual
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('pg_temp.kernel_gathered')")
        assert cursor.fetchone()[0] is None
