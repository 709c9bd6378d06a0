"""Reading the whole portfolio at once, in a way that several processes of the database can share."""

from collections.abc import Mapping
from typing import Any

from django.db.backends.utils import CursorWrapper


def gather(cursor: CursorWrapper, table: str, sql: str, parameters: Mapping[str, Any]) -> None:
    """Put what `sql` reads into the temporary `table`, which ends with the transaction; one of the same name goes first.

    PostgreSQL shares neither what a cursor reads nor what a writing statement reads, but it does share what fills a table of its
    own ("When Can Parallel Query Be Used?", https://www.postgresql.org/docs/current/when-can-parallel-query-be-used.html). It
    takes handing rows from one process to another for ten times dearer than it is measured to be.
    """
    cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table}")
    cursor.execute("SET LOCAL parallel_tuple_cost = 0.01")
    cursor.execute(f"CREATE TEMPORARY TABLE {table} ON COMMIT DROP AS {sql}", parameters)
    cursor.execute("SET LOCAL parallel_tuple_cost TO DEFAULT")
