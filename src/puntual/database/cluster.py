"""The embedded server's files: passwords, folders, and the making of a new cluster.

A cluster is made under a unique name and renamed when it is complete, because a killed `initdb` goes on writing.
The roles and the database are made before that rename, in single-user mode, so no half-made state is ever mended.
"""

import hashlib
import json
import os
import secrets
import shutil
import stat
import subprocess
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Self

from puntual.database.address import APP_ROLE, OWNER, PORT, Address, home
from puntual.database.binaries import (
    SYSTEM_FOLDER,
    Account,
    bundled,
    last_lines,
    passable,
    reason,
    server_programs,
    unprivileged,
)
from puntual.kernel.problems import N_, Problem

RECORD = "database.json"
ADMIN = "puntual_admin"
ROOM_NEEDED = 200 * 1024 * 1024

# For a machine of 2 cores and 4 GB or less. They land in postgresql.conf, where an operator may change them.
TUNING = {
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    # Parallel queries find their memory here even where a container's /dev/shm is only 64 MB.
    "min_dynamic_shared_memory": "128MB",
    "max_connections": "100",
    "jit": "off",
    "random_page_cost": "1.1",
    "checkpoint_timeout": "15min",
    "max_wal_size": "2GB",
    "min_wal_size": "128MB",
    # Bulk landings fill the log faster than it is written. Compressing it would cost them a tenth more time.
    "wal_buffers": "32MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


# The same order of text on every machine; messages in English and plain numbers, as the launcher reads the log.
TEXT = ("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")


@dataclass(frozen=True)
class Record:
    """The file database.json: the cluster's identity and passwords, and whether the cluster was ever complete."""

    identity: str
    password: str = field(repr=False)
    admin_password: str = field(repr=False)
    created: bool = False

    @classmethod
    def new(cls) -> Self:
        return cls(secrets.token_hex(8), secrets.token_urlsafe(24), secrets.token_urlsafe(24))

    @classmethod
    def read(cls) -> Self | None:
        """The record of this home, None where there is none. Raises Problem where it cannot be read."""
        path = home() / RECORD
        try:
            return cls(**json.loads(path.read_text()))
        except (FileNotFoundError, NotADirectoryError):
            return None
        except PermissionError:
            raise Problem(
                N_("{path} belongs to another user. Run the command as the user who made this data folder."), path=path
            ) from None
        except (ValueError, TypeError):
            raise Problem(
                N_("{path} is damaged. It keeps the database's passwords: put it back from a copy of the data folder."),
                path=path,
            ) from None
        except OSError as error:
            raise unusable(error) from error

    def write(self) -> None:
        """Replace the file in one step. The caller holds the home's lock."""
        path = home() / RECORD
        unfinished = path.with_name(f"{RECORD}.new")
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            json.dump(asdict(self), out, indent=1)
            out.flush()
            os.fsync(out.fileno())
        unfinished.rename(path)


@dataclass(frozen=True)
class Cluster:
    """A cluster on disk. `folder` is PostgreSQL's data directory."""

    record: Record
    folder: Path

    def confirm(self) -> None:
        """Note that the cluster was complete, so that its folder is missed if it goes. The caller holds the lock."""
        if not self.record.created:
            replace(self.record, created=True).write()

    @property
    def sockets(self) -> Path:
        """The folder of the socket: short, because a socket's path may not be longer than 107 bytes, and of this
        cluster at this place only, so that neither a copy nor a new cluster of the same home meets another's server.
        """
        mark = hashlib.sha256(f"{self.record.identity}\0{self.folder.resolve()}".encode(errors="surrogateescape"))
        return Path("/tmp") / f"puntual-{mark.hexdigest()[:16]}"  # noqa: S108 - 0700, and the name cannot be guessed

    @property
    def address(self) -> Address:
        return Address(str(self.sockets), PORT, OWNER, OWNER, self.record.password, embedded=True)

    @property
    def account(self) -> Account:
        """The user the server runs as: the owner of its files. Raises Problem where we cannot act for that user."""
        found = self.folder.stat()
        account = Account(found.st_uid, found.st_gid)
        if os.geteuid() not in (0, found.st_uid):
            raise Problem(
                N_("{path} belongs to another user. Run the command as the user who made this data folder."),
                path=self.folder,
            )
        if not account.enters(self.folder.parent):
            raise Problem(
                N_("The database's user may not enter {path} any more. Let others pass through it (chmod o+x)."),
                path=self.folder.parent,
            )
        return account

    @property
    def major(self) -> int:
        try:
            return int((self.folder / "PG_VERSION").read_text())
        except (OSError, ValueError):
            raise Problem(
                N_("{path} is not a PostgreSQL data folder any more. Put it back from a copy, or restore a backup."),
                path=self.folder,
            ) from None

    @property
    def programs(self) -> Path:
        return server_programs(self.major)


def _places(record: Record) -> tuple[Path, Path]:
    """Where a cluster of this home can be: in the home, or where root puts it when others cannot enter the home."""
    mark = hashlib.sha256(f"{record.identity}\0{home().resolve()}".encode(errors="surrogateescape")).hexdigest()[:16]
    return home() / "postgres", SYSTEM_FOLDER / f"data-{mark}" / "postgres"


def find() -> Cluster | None:
    """This home's cluster, or None where none was completed yet.

    Raises Problem where there was one and it is gone: an empty one in its place would look like lost data.
    """
    record = Record.read()
    if record is None:
        return None
    places = _places(record)
    for folder in places:
        if folder.exists():
            return Cluster(record, folder)
    if record.created:
        raise Problem(
            N_(
                "The database folder is gone: neither {first} nor {second} exists. Put it back, or move a renamed data"
                " folder back to its place. To begin with an empty database, remove {record}."
            ),
            first=places[0],
            second=places[1],
            record=home() / RECORD,
        )
    return None


def check_room(folder: Path) -> None:
    """Raise Problem where less than 200 MB are free: a full disk stops PostgreSQL in the middle of its work."""
    free = shutil.disk_usage(folder).free
    if free < ROOM_NEEDED:
        raise Problem(
            N_("Only {free} MB are free on the disk of {path}; the database needs 200 MB. Make room and try again."),
            free=free // (1024 * 1024),
            path=folder,
        )


def create(lock: int) -> Cluster:
    """Make this home's cluster: PostgreSQL's files, the roles puntual and puntual_app, the database puntual.

    `lock` is the descriptor of the home's lock. The programs inherit it, so that the lock outlives us if we are
    killed, until the last of them has stopped writing. Raises Problem where a program fails or the disk is nearly full.
    """
    record = Record.read() or Record.new()
    account = unprivileged()
    inside, outside = _places(record)
    target = inside if account.enters(home().resolve()) else outside
    base = target.parent
    if base != home():
        passable(SYSTEM_FOLDER)
        passable(base)
    check_room(base)
    record.write()
    sweep(base)
    work = base / f"postgres.new-{secrets.token_hex(4)}"
    work.mkdir(mode=0o700)
    try:
        _own(work, account)
        _fill(work, record, account, lock)
        (work / "data").rename(target)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return Cluster(record, target)


def sweep(base: Path) -> None:
    """Remove what killed creations left. The caller holds the home's lock, so none of them is still at work."""
    for left in base.glob("postgres.new-*"):
        shutil.rmtree(left, ignore_errors=True)


def _fill(work: Path, record: Record, account: Account, lock: int) -> None:
    programs = server_programs(max(bundled()))
    # A file, because a user without our rights cannot open our standard input by name.
    password = work / "password"
    password.touch(mode=0o600)
    password.write_text(record.admin_password)
    _own(password, account)
    data = work / "data"
    _run(
        [
            programs / "initdb",
            f"--pgdata={data}",
            f"--username={ADMIN}",
            f"--pwfile={password}",
            "--auth=scram-sha-256",
            "--no-instructions",
            *TEXT,
            # Enough while the cluster is made, and twice as quick as the settings of its later life.
            "--set",
            "shared_buffers=16MB",
            "--set",
            "max_connections=20",
        ],
        account,
        lock,
    )
    with (data / "postgresql.conf").open("a") as conf:
        conf.write("\n# Puntual\n" + "".join(f"{name} = '{value}'\n" for name, value in TUNING.items()))
    statements = (
        f"CREATE ROLE {OWNER} LOGIN CREATEDB PASSWORD '{record.password}'\n"
        f"CREATE ROLE {APP_ROLE} NOLOGIN\n"
        f"GRANT {APP_ROLE} TO {OWNER}\n"
        f"CREATE DATABASE {OWNER} OWNER {OWNER}\n"
    )
    _run(
        [programs / "postgres", "--single", "-D", data, "-c", "exit_on_error=on", "postgres"], account, lock, statements
    )


def _run(command: list[str | Path], account: Account, lock: int, text: str = "") -> None:
    done = subprocess.run(  # noqa: S603 - our own programs
        command,
        input=text,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
        cwd="/",
        env=environment(),
        start_new_session=True,
        umask=0o077,
        pass_fds=[lock],
        **account.switching,
    )
    if done.returncode != 0:
        raise Problem(N_("The database could not be created. PostgreSQL said:\n{log}"), log=last_lines(done.stdout))


def environment() -> dict[str, str]:
    """What PostgreSQL's server programs see: nothing of the caller's PG… variables, language or time zone."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}


def unusable(error: OSError) -> Problem:
    return Problem(
        N_("The data folder {path} cannot be used: {error}. Set PUNTUAL_HOME to a folder you may write to."),
        path=home(),
        error=reason(error),
    )


def own_folder(path: Path, account: Account) -> None:
    """Make a private folder of this user, or accept one that is. Raises Problem where another's is in its place."""
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid or found.st_mode & 0o077:
            raise Problem(
                N_("{path} is in the way: it is not a private folder of the database. Remove it and try again."),
                path=path,
            ) from None
    else:
        _own(path, account)


def _own(path: Path, account: Account) -> None:
    if account.switching:
        os.chown(path, account.uid, account.gid)
