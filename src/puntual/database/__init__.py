"""The launcher: an embedded PostgreSQL in the data folder, or the database DATABASE_URL names.

Every command calls `ensure()` first. Both ways end in the same two roles: the login, which owns the tables, and
puntual_app, which the application takes and which row-level security binds.
"""

from pathlib import Path
from typing import NoReturn

from puntual.database.address import Address, home, outside
from puntual.kernel.problems import N_, Problem

__all__ = ["Address", "address", "backup", "ensure", "home", "restore", "shell", "stop"]


def ensure() -> Address:
    """Make sure the database is there and answers, and say where it is.

    With DATABASE_URL it is checked (reachable, PostgreSQL 15 or later, the role puntual_app); without, the embedded
    server is found running, started, or created. Raises Problem with what to do where neither is possible.
    """
    given = outside()
    if given:
        from puntual.database import external

        external.check(given)
        return given
    # Imported late: the embedded server needs what only Unix has.
    from puntual.database import server

    return server.ensure()


def address() -> Address:
    """Where the database is, without starting or asking anything. Raises Problem where none was ever created."""
    given = outside()
    if given:
        return given
    from puntual.database import cluster

    found = cluster.find()
    if found is None:
        raise Problem(N_("There is no database in {path} yet. 'puntual up' creates it."), path=home())
    return found.address


def stop() -> bool:
    """Stop the embedded server; False where none was running. Raises Problem with DATABASE_URL or if it goes on."""
    if outside():
        raise Problem(N_("DATABASE_URL names a server of your own; Puntual does not stop it."))
    from puntual.database import server

    return server.stop()


def backup(path: Path) -> None:
    """Write a backup file that holds every row; see `transfer.backup`. Raises Problem."""
    from puntual.database import transfer

    transfer.backup(ensure(), path)


def restore(path: Path, *, replace: bool = False) -> None:
    """Fill the empty database, or with `replace` any, from a backup file; see `transfer.restore`. Raises Problem."""
    from puntual.database import transfer

    transfer.restore(ensure(), path, replace=replace)


def shell(*arguments: str) -> NoReturn:
    """Become psql as the owner of the tables. Raises Problem where there is no psql."""
    from puntual.database import transfer

    transfer.shell(ensure(), arguments)
