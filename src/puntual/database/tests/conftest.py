"""Real servers, each in a home of its own that is stopped and removed afterwards."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from puntual import database
from puntual.database import cluster, server
from puntual.kernel.problems import Problem

SOURCE = Path(database.__file__).parents[2]
NOBODY = 65534
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root meets this")


def make_folder() -> Path:
    """A folder every user can pass through (pytest's own are closed to others), in memory where there is enough."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > 2 << 30
    folder = Path(tempfile.mkdtemp(prefix="puntual-test-", dir=memory if roomy else None))
    folder.chmod(0o755)
    return folder


def remove(home: Path) -> None:
    """Stop the server of this home, whatever a test did to it, and remove what it keeps outside."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DATABASE_URL", raising=False)
        patch.setenv("PUNTUAL_HOME", str(home))
        found = None
        with contextlib.suppress(Problem):
            found = cluster.find()
        if found:
            while pid := server._postmaster(found):
                # At once, without the checkpoint that `stop` waits for.
                os.kill(pid, signal.SIGQUIT)
                time.sleep(0.02)
            shutil.rmtree(found.sockets, ignore_errors=True)
            if found.folder.is_relative_to(cluster.SYSTEM_FOLDER):
                shutil.rmtree(found.folder.parent, ignore_errors=True)


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home that does not exist yet and that PUNTUAL_HOME names."""
    folder = make_folder()
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("PUNTUAL_HOME", str(folder / "home"))
    yield folder / "home"
    remove(folder / "home")
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def template() -> Iterator[Path]:
    """A stopped home, to be copied: that is quicker than creating one."""
    folder = make_folder()
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DATABASE_URL", raising=False)
        patch.setenv("PUNTUAL_HOME", str(folder / "home"))
        database.ensure()
        database.stop()
        with (cluster.find().folder / "postgresql.conf").open("a") as conf:
            conf.write("fsync = off\n")
    yield folder / "home"
    shutil.rmtree(folder)


@pytest.fixture
def made(home: Path, template: Path) -> Path:
    """A home with a complete cluster that does not run."""
    subprocess.run(["cp", "-a", template, home], check=True)
    return home


@pytest.fixture(scope="session")
def running_home(template: Path) -> Iterator[Path]:
    """The home of a running server, another than the tests'."""
    folder = make_folder()
    subprocess.run(["cp", "-a", template, folder / "home"], check=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DATABASE_URL", raising=False)
        patch.setenv("PUNTUAL_HOME", str(folder / "home"))
        database.ensure()
    yield folder / "home"
    remove(folder / "home")
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def running(running_home: Path) -> database.Address:
    """Its address, for tests that only need a server."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DATABASE_URL", raising=False)
        patch.setenv("PUNTUAL_HOME", str(running_home))
        return database.ensure()


@pytest.fixture
def shared(running_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The same home, for tests that stop and start its server; it runs before and after them."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("PUNTUAL_HOME", str(running_home))
    database.ensure()
    yield running_home
    monkeypatch.undo()
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("PUNTUAL_HOME", str(running_home))
    database.ensure()


@pytest.fixture(scope="session")
def admin_password(running_home: Path) -> str:
    return str(json.loads((running_home / "database.json").read_text())["admin_password"])


def connect(address: database.Address, **changes: str) -> psycopg.Connection:
    return psycopg.connect(**(address.parameters() | changes), autocommit=True)


def started_at(address: database.Address) -> object:
    """What tells one run of a server from the next."""
    with connect(address) as connection:
        return connection.execute("SELECT pg_postmaster_start_time()").fetchone()[0]


@pytest.fixture
def launch() -> Iterator[Callable[..., subprocess.Popen]]:
    """Run Python in another process, as another user where one is given; killed at the end of the test."""
    begun: list[subprocess.Popen] = []

    def start(code: str, user: int | None = None) -> subprocess.Popen:
        become = f"os.setgroups([]); os.setgid({user}); os.setuid({user})" if user is not None else ""
        program = textwrap.dedent(
            """
            import importlib.metadata, os, sys, time
            from puntual import database
            from puntual.database import binaries, cluster, external, server, transfer
            from puntual.kernel.problems import Problem
            """
        )
        process = subprocess.Popen(
            [sys.executable, "-c", f"{program}\n{become}\n{textwrap.dedent(code)}"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join([str(SOURCE), *sys.path])},
        )
        begun.append(process)
        return process

    yield start
    for process in begun:
        process.kill()
        process.communicate()
