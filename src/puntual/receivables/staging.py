"""What the set-based statements of the ledger share: rows staged for them, and the planner kept informed."""

from typing import Any
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from puntual.tenancy.staging import copy_rows, staged

__all__ = ["Parameters", "copy_rows", "keep_statistics", "staged"]

Parameters = dict[str, Any]


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
