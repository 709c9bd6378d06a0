"""Many rows at once: COPY into a temporary table of this transaction, from which set-based statements take them.

PostgreSQL does not COPY into a table under row-level security, so every bulk write goes this way.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from types import NoneType
from typing import cast
from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorWrapper

_BLOCK = 2_000
# In PostgreSQL's text format these would end the field or the row.
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


@contextmanager
def staged(table: str, columns: Mapping[str, str], rows: Iterable[Sequence[object]]) -> Iterator[CursorWrapper]:
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
    waiting = iter(rows)
    with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        while block := list(islice(waiting, _BLOCK)):
            # Column by column: most need one decision for all of their values, which takes half the time.
            fields = map(_fields, zip(*block, strict=True))
            copy.write("\n".join(map("\t".join, zip(*fields, strict=True))) + "\n")


def _fields(values: Sequence[object]) -> Iterable[str]:
    """One column's values in PostgreSQL's text format."""
    kinds = set(map(type, values))
    if kinds == {str}:
        together = "".join(cast("Sequence[str]", values))
        if together.isprintable() and "\\" not in together:
            return cast("Sequence[str]", values)
    elif kinds == {UUID}:
        return [f"{value.int:032x}" for value in cast("Sequence[UUID]", values)]
    elif len(kinds) == 1 and not issubclass(kinds.pop(), (str, NoneType)):
        return map(str, values)
    return map(_field, values)


def _field(value: object) -> str:
    if isinstance(value, str):
        return value.translate(_ESCAPES) if "\\" in value or not value.isprintable() else value
    return r"\N" if value is None else str(value)
