"""The embedded server's life: find it, start it, stop it.

Nobody owns the server. Two locks in the home tell what goes on, by the kernel's word rather than by process numbers
(which zombies keep, reboots reuse and containers do not share):

- `database.lock` is held by whoever creates, starts or stops;
- `server.lock` is inherited by the server and every process of it: while it is held, one of them is alive.
"""

import contextlib
import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

from puntual.database import cluster
from puntual.database.address import PORT, Address, home
from puntual.database.binaries import last_lines
from puntual.database.cluster import Cluster, environment, own_folder, unusable
from puntual.kernel.problems import N_, Problem

PATIENCE = 60.0
SOCKET_PATIENCE = 10.0
LOG_LIMIT = 10 * 1024 * 1024

# Servers this process started. Kept so that Python neither complains about them nor forgets to collect them.
_children: list[subprocess.Popen[bytes]] = []


def ensure() -> Address:
    """The address of this home's running server; it is created and started where it is not.

    Raises Problem where that is impossible; its sentence says why and what to do.
    """
    found = cluster.find()
    if found and found.record.created and _answers(found):
        return found.address
    _prepare_home()
    with _turn() as lock:
        try:
            found = cluster.find() or cluster.create(lock)
            found.confirm()
            if not _answers(found):
                _start(found)
        except OSError as error:
            raise unusable(error) from error
    return found.address


def stop() -> bool:
    """Stop this home's server and wait until it has; False where none was running.

    Open transactions are rolled back. Raises Problem where it runs out of our reach or does not stop.
    """
    found = cluster.find()
    if found is None:
        return False
    with _turn():
        with _lock("server.lock", 0) as free:
            if free is not None:
                return False
        pid = _postmaster(found)
        if pid is None:
            raise _out_of_reach()
        try:
            os.kill(pid, signal.SIGINT)
        except ProcessLookupError:
            pass  # It has just gone by itself.
        except PermissionError:
            raise _out_of_reach() from None
        with _lock("server.lock", PATIENCE) as free:
            if free is None:
                raise Problem(N_("The database did not stop within a minute. Its log says:\n{log}"), log=_log_end())
            _tidy(found)
        return True


def _answers(found: Cluster) -> bool:
    """Whether the server takes connections. Raises Problem where it refuses ours for a reason that will not pass."""
    try:
        psycopg.connect(**found.address.parameters(), connect_timeout=5).close()
    except psycopg.OperationalError as error:
        said = str(error)
        if "password authentication failed" in said or "does not exist" in said:
            raise Problem(
                N_("The database refuses the login in {path}: {error}. Put back this database's own file."),
                path=home() / cluster.RECORD,
                error=said.rsplit("FATAL:", 1)[-1].strip(),
            ) from None
        if "Permission denied" in said:
            raise _out_of_reach() from None
        return "too many clients" in said or "remaining connection slots" in said
    return True


def _start(found: Cluster) -> None:
    """Start the server, or wait for one that is just starting, recovering or on its way out."""
    account = found.account
    cluster.check_room(found.folder)
    started: subprocess.Popen[bytes] | None = None
    begun = time.monotonic()
    while not _answers(found):
        if started is None:
            with _lock("server.lock", 0) as alive:
                if alive is not None:
                    if _postmaster(found) is not None:
                        raise _out_of_reach()
                    _tidy(found)
                    cluster.sweep(found.folder.parent)
                    own_folder(found.sockets, account)
                    started = _spawn(found, alive)
        elif started.poll() is not None:
            cluster.check_room(found.folder)
            raise Problem(N_("The database did not start. Its log says:\n{log}"), log=_log_end())
        waited = time.monotonic() - begun
        if waited > SOCKET_PATIENCE and not (found.sockets / f".s.PGSQL.{PORT}").exists():
            raise _out_of_reach()
        if waited > PATIENCE:
            cluster.check_room(found.folder)
            raise Problem(
                N_("The database is running but does not answer; it may be recovering. Its log says:\n{log}"),
                log=_log_end(),
            )
        time.sleep(0.02)


def _spawn(found: Cluster, alive: int) -> subprocess.Popen[bytes]:
    """Start the server process; it inherits `alive`, the descriptor of `server.lock`, and keeps it as long as it lives."""
    log = home() / "postgres.log"
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.rename(log.with_name("postgres.log.1"))
    out = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        started: subprocess.Popen[bytes] = subprocess.Popen(  # noqa: S603 - our own program
            [
                found.programs / "postgres",
                "-D",
                found.folder,
                "-p",
                str(PORT),
                "-c",
                "listen_addresses=",
                "-c",
                f"unix_socket_directories={found.sockets}",
                "-c",
                "unix_socket_permissions=0700",
            ],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            cwd="/",
            env=environment(),
            # Its own session: neither Ctrl-C nor the end of this process reaches it.
            start_new_session=True,
            umask=0o077,
            pass_fds=[alive],
            **found.account.switching,
        )
    finally:
        os.close(out)
    _children.append(started)
    return started


def _postmaster(found: Cluster) -> int | None:
    """The process number of this cluster's living server, None where the one on file is dead, a zombie or another's."""
    try:
        pid = int((found.folder / "postmaster.pid").read_text().split("\n", 1)[0])
        os.kill(pid, 0)
    except (FileNotFoundError, ValueError, ProcessLookupError, PermissionError):
        return None
    if Path("/proc/self/cwd").exists():
        with contextlib.suppress(OSError):
            return pid if Path(f"/proc/{pid}/cwd").samefile(found.folder) else None
        return None
    command = subprocess.run(  # noqa: S603 - a fixed program
        ["/bin/ps", "-p", str(pid), "-o", "command="], capture_output=True, text=True, errors="replace", check=False
    ).stdout
    return pid if str(found.folder) in command else None


def _tidy(found: Cluster) -> None:
    """Remove what a dead server leaves behind and a new one would trip over. The caller holds `server.lock`."""
    (found.folder / "postmaster.pid").unlink(missing_ok=True)
    if found.sockets.is_dir():
        for name in (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock"):
            (found.sockets / name).unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            found.sockets.rmdir()
    for child in list(_children):
        if child.poll() is not None:
            _children.remove(child)


@contextlib.contextmanager
def _turn() -> Iterator[int]:
    """Be the only one of this home who creates, starts or stops; gives the lock's descriptor."""
    with _lock("database.lock", PATIENCE) as lock:
        if lock is None:
            raise Problem(N_("Another command has been starting the database for a minute. Wait for it and try again."))
        yield lock


@contextlib.contextmanager
def _lock(name: str, patience: float) -> Iterator[int | None]:
    """Hold a lock of the home; gives its descriptor, or None where another kept it for `patience` seconds."""
    try:
        descriptor = os.open(home() / name, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise unusable(error) from error
    deadline = time.monotonic() + patience
    held = False
    try:
        while not held:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                held = True
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    break
                time.sleep(0.02)
            except OSError as error:
                raise unusable(error) from error
        yield descriptor if held else None
    finally:
        # Closed, never unlocked: unlocking would also take it from the programs that inherited it.
        os.close(descriptor)


def _prepare_home() -> None:
    try:
        # Where we are root the server runs as another user, who must be able to pass through.
        home().mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise unusable(error) from error


def _out_of_reach() -> Problem:
    return Problem(
        N_(
            "The database of {path} runs where this command cannot reach it: as another user, in another container or"
            " with a private /tmp. Stop it there with 'puntual db stop', then try again."
        ),
        path=home(),
    )


def _log_end() -> str:
    try:
        with (home() / "postgres.log").open("rb") as log:
            log.seek(max(0, log.seek(0, os.SEEK_END) - 4096))
            return last_lines(log.read().decode(errors="replace"))
    except OSError:
        return ""
