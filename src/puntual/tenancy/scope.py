"""The only way to act inside an organization: `acting_for`."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

_NAMED = re.compile(r"%\((\w+)\)s")
_prepared: "WeakKeyDictionary[Any, dict[str, str]]" = WeakKeyDictionary()
_FOR = "SELECT set_config('app.org', %(acting_for)s, true), set_config('synchronous_commit', 'off', true);"
_current: ContextVar[UUID | None] = ContextVar("organization", default=None)


class OtherOrganization(RuntimeError):
    """Code that acts for one organization asked to act for another: a defect, never a person's mistake."""


def current_organization() -> UUID | None:
    """The organization this context acts for, or None."""
    return _current.get()


@contextmanager
def acting_for(organization_id: UUID) -> Iterator[None]:
    """One transaction that sees and writes the rows of this organization only.

    Inside it may be entered again for the same organization (a savepoint); for another one it raises `OtherOrganization`.
    On leaving, what was set is restored: `SET LOCAL` would otherwise outlive a savepoint and last until the outermost commit.
    """
    outer = _current.get()
    if outer is not None and outer != organization_id:
        raise OtherOrganization(f"acting for {outer}, asked to act for {organization_id}")
    if outer is not None:
        with transaction.atomic():
            yield
        return
    token = _current.set(organization_id)
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('app.org', %s, true)", [str(organization_id)])
            yield
    finally:
        _current.reset(token)
        if connection.in_atomic_block and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('app.org', '', true)")


def in_one_trip(cursor: CursorWrapper, organization_id: UUID, statement: str, values: Mapping[str, Any]) -> None:
    """One statement as a transaction of its own that sees and writes this organization's rows only, in one exchange with the
    database instead of four; `cursor` then holds what it answered. Committed when this returns, and nobody waited for the disk.

    What is sent together is one transaction (PostgreSQL, "Multiple Statements in a Simple Query"), and what is set for it ends
    with it. The statement is prepared once for a connection, since planning it took as long as running it. Raises
    RuntimeError inside another transaction, which it would neither be committed with nor left untouched.
    """
    if connection.in_atomic_block or _current.get() is not None:
        raise RuntimeError("a transaction of its own, asked for inside another")
    connection.ensure_connection()
    known = _prepared.setdefault(connection.connection, {})
    if statement not in known:
        names = list(dict.fromkeys(_NAMED.findall(statement)))
        numbered = _NAMED.sub(lambda found: f"${names.index(found[1]) + 1}", statement)
        cursor.execute(f"PREPARE in_one_trip_{len(known)} AS {numbered}")
        given = ", ".join(f"%({name})s" for name in names)
        known[statement] = f"{_FOR} EXECUTE in_one_trip_{len(known)} ({given})"
    cursor.execute(known[statement], {**values, "acting_for": str(organization_id)})
    cursor.nextset()
