"""Rows on their way in: COPY into a temporary table of this transaction, from which set-based statements take them."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorWrapper

Parameters = dict[str, Any]

_BLOCK = 2_000
# In PostgreSQL's text format these would end the field or the row.
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


@contextmanager
def staged(table: str, columns: dict[str, str], rows: Iterable[Sequence[object]]) -> Iterator[CursorWrapper]:
    """A cursor beside the temporary table `table`, filled with `rows`; the table is gone on leaving.

    `columns` gives each name its type, in the order of a row's values: text, numbers, dates, UUIDs, booleans or None.
    """
    with connection.cursor() as cursor:
        declared = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        cursor.execute(f"CREATE TEMPORARY TABLE {table} ({declared}) ON COMMIT DROP")
        copy_rows(cursor, table, columns, rows)
        yield cursor
        cursor.execute(f"DROP TABLE {table}")


def copy_rows(cursor: CursorWrapper, table: str, columns: Iterable[str], rows: Iterable[Sequence[object]]) -> None:
    """COPY `rows` into these columns of a table."""
    block: list[str] = []
    with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            block.append("\t".join([_field(value) for value in row]))
            if len(block) == _BLOCK:
                copy.write("\n".join(block) + "\n")
                block.clear()
        if block:
            copy.write("\n".join(block) + "\n")


def _field(value: object) -> str:
    if value is None:
        return r"\N"
    return value.translate(_ESCAPES) if isinstance(value, str) else str(value)


def keep_statistics(cursor: CursorWrapper, organization_id: UUID, rows: dict[str, int]) -> None:
    """Refresh the planner's statistics of a table where it expects less than half of the rows that have just been landed.

    An organization that is new to the statistics counts as one row, and a join planned for one row takes minutes over many.
    """
    unknown = []
    for table, landed in rows.items():
        cursor.execute(f"EXPLAIN (FORMAT JSON) SELECT FROM {table} WHERE organization_id = %s", [organization_id])
        if cursor.fetchone()[0][0]["Plan"]["Plan Rows"] * 2 < landed:
            unknown.append(table)
    if unknown:
        cursor.execute("SELECT puntual_analyze(VARIADIC %s::regclass[])", [unknown])
