"""Real servers, each in a home of its own that is stopped and removed afterwards."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
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
    """A folder every user can pass through; pytest's own are closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="puntual-test-"))
    folder.chmod(0o755)
    return folder


def remove(home: Path) -> None:
    """Stop the server of this home, whatever a test did to it, and remove its files."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DATABASE_URL", raising=False)
        patch.setenv("PUNTUAL_HOME", str(home))
        found = None
        with contextlib.suppress(Problem):
            found = cluster.find()
        with contextlib.suppress(Problem):
            database.stop()
        if found:
            pid = server._postmaster(found)
            if pid:
                os.kill(pid, signal.SIGKILL)
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
    yield folder / "home"
    shutil.rmtree(folder)


@pytest.fixture
def made(home: Path, template: Path) -> Path:
    """A home with a complete cluster that does not run."""
    subprocess.run(["cp", "-a", template, home], check=True)
    return home


@pytest.fixture(scope="module")
def running() -> Iterator[database.Address]:
    """A running server of another home than the tests', for those that only need one."""
    folder = make_folder()
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DATABASE_URL", raising=False)
        patch.setenv("PUNTUAL_HOME", str(folder / "home"))
        address = database.ensure()
    yield address
    remove(folder / "home")
    shutil.rmtree(folder, ignore_errors=True)


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
            env=os.environ | {"PYTHONPATH": str(SOURCE)},
        )
        begun.append(process)
        return process

    yield start
    for process in begun:
        process.kill()
        process.communicate()
