"""A private copy of an organization's books, as they stood on a day, in which contacts can be played and nothing is written.

The copy lives in temporary tables of one transaction that is always rolled back. Because they carry the names of the tables they
stand for, the day run's own reading, deciding and planning work in it unchanged; see `simulate_world_sql`.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from puntual.daily.simulate_world_sql import ADVANCE, COPIED, EVENTS, OPEN
from puntual.outreach.observe import HORIZON_DAYS, ROUNDS_DAYS
from puntual.strategies.segment_queries import kept_segments
from puntual.tenancy.scope import acting_for

_ROOM = "256MB"  # taken as it is needed


class World:
    """The copy as it stands on a day; `advance` moves it on. Made by `simulated`."""

    def __init__(
        self, organization_id: UUID, first: date, last: date, rest_days: int, some: tuple[int, int] = (0, 1)
    ) -> None:
        self.organization_id = organization_id
        values: dict[str, Any] = {
            "org": organization_id,
            "first": first,
            "last": last,
            "part": some[0],
            "parts": some[1],
            "rest_days": rest_days,
            "horizon": HORIZON_DAYS,
            "rounds_days": ROUNDS_DAYS,
            "settled": bool(kept_segments(organization_id)),  # only they ask how somebody paid before
        }
        self._days = 0
        with connection.cursor() as cursor:
            _see(first - timedelta(days=1))
            cursor.execute(OPEN, values)
            cursor.execute(EVENTS, values)
            cursor.execute("; ".join(f"ANALYZE {table}" for table in COPIED))
            cursor.execute(
                "SELECT count(*) FROM pg_class WHERE relnamespace = pg_my_temp_schema() AND relname = ANY(%s)",
                [list(COPIED)],
            )
            if cursor.fetchone()[0] != len(COPIED):
                raise RuntimeError("the copy is incomplete, and what is missing would be read from the books")

    def advance(self, day: date) -> None:
        """Let happen what took effect on `day`, the day after the last one."""
        _see(day)
        with connection.cursor() as cursor:
            cursor.execute(ADVANCE, {"org": self.organization_id, "day": day})
            self._days += 1
            if self._days & (self._days - 1) == 0:
                # What was played has doubled: planned for what there was before, each reading would take twice as long.
                cursor.execute("ANALYZE outreach_activity, outreach_mark, receivables_installment")

    def woken(self, day: date) -> tuple[set[str], set[str]]:
        """The customers for whom something is different from `day` on.

        Apart, those for whom only something not yet due comes into view, or a rest ends: it changes nothing for whom something
        overdue is already asked of.
        """
        with connection.cursor() as cursor:
            cursor.execute("SELECT customer_id::text, moved FROM simulated_event WHERE day = %s", [day])
            rows = cursor.fetchall()
        moved = {customer for customer, yes in rows if yes}
        return moved, {customer for customer, _no in rows} - moved

    def currencies(self) -> set[str]:
        """Those of everything that is open at some time."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT DISTINCT currency FROM receivables_installment")
            return {row[0] for row in cursor}

    def shared_parties(self) -> frozenset[str]:
        """The parties with more than one customer."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT party_id::text FROM parties_customer WHERE organization_id = %s GROUP BY 1 HAVING count(*) > 1",
                [self.organization_id],
            )
            return frozenset(row[0] for row in cursor)

    def owners(self, items: Iterable[str]) -> set[str]:
        """The customers of these installments."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT customer_id::text FROM receivables_installment WHERE id = ANY(%s::uuid[])", [list(items)]
            )
            return {row[0] for row in cursor}


@contextmanager
def room_for_a_world() -> Iterator[None]:
    """A connection that keeps a copy in memory, where it would otherwise be fetched from the disk for every reading.

    PostgreSQL decides on that memory once, before a connection's first temporary table. Inside a transaction nothing is done.
    """
    if connection.in_atomic_block:
        yield
        return
    connection.close()
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"SET temp_buffers TO '{_ROOM}'")
        yield
    finally:
        connection.close()


@contextmanager
def simulated(
    organization_id: UUID, first: date, last: date, rest_days: int, some: tuple[int, int] = (0, 1)
) -> Iterator[World]:
    """The organization's books as they stood at the end of the day before `first`, to be moved on up to `last`.

    With `some` only those of one part of the customers: its number, from 0, and how many parts there are. The customers of one
    party are in one part.

    Whatever is written inside, to the copy or past it, is undone on leaving.
    """
    with acting_for(organization_id), transaction.atomic():
        yield World(organization_id, first, last, rest_days, some)
        transaction.set_rollback(True)


def _see(day: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('puntual.simulated_day', %s, true)", [day.isoformat()])
