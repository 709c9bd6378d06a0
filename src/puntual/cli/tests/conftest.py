"""The real command, in processes of its own, on a database of its own."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql

from puntual.database.tests.conftest import make_folder, remove

PUNTUAL = Path(sys.executable).parent / "puntual"
SPOKEN = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


@dataclass
class Command:
    """`puntual` with a home, called like a function."""

    home: Path
    environment: dict[str, str] = field(default_factory=dict)

    def __call__(self, *arguments: object, **variables: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [PUNTUAL, *map(str, arguments)],
            env=self.environment | variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            timeout=120,
        )
        # Nobody ever sees a traceback, whatever happened.
        assert "Traceback" not in done.stdout + done.stderr, done.stderr
        assert done.returncode in (0, 1, 2), done.stderr
        return done

    def good(self, *arguments: object, **variables: str) -> str:
        """What a command that has to succeed writes to standard output."""
        done = self(*arguments, **variables)
        assert done.returncode == 0, (arguments, done.stderr)
        return done.stdout

    def json(self, *arguments: object, code: int = 0) -> Any:
        """The one object on standard output; nothing else may be there."""
        done = self(*arguments, "--json")
        assert done.returncode == code, (arguments, done.stderr)
        return json.loads(done.stdout)

    def refused(self, code: int, *arguments: object, **variables: str) -> str:
        """What a command that has to fail says; it writes nothing to standard output."""
        done = self(*arguments, **variables)
        assert done.returncode == code, (arguments, done.stdout, done.stderr)
        assert done.stdout == ""
        assert done.stderr.strip()
        return done.stderr


def _environment(home: Path) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if name not in {*SPOKEN, "DATABASE_URL", "PUNTUAL_URL"}}
    ours.pop("DJANGO_SETTINGS_MODULE", None)
    return ours | {"PUNTUAL_HOME": str(home), "LC_ALL": "C.UTF-8"}


@pytest.fixture(scope="module")
def puntual() -> Iterator[Command]:
    """On an embedded server; where the tests run on a server of their own, in a new database there."""
    folder = make_folder()
    command = Command(folder / "home", _environment(folder / "home"))
    given = os.environ.get("DATABASE_URL")
    if not given:
        yield command
        remove(command.home)
    else:
        name = f"puntual_command_{os.getpid()}"
        with psycopg.connect(given, autocommit=True) as server:
            server.execute(
                sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(sql.Identifier(name))
            )
            command.environment["DATABASE_URL"] = urlunsplit(urlsplit(given)._replace(path=f"/{name}"))
            yield command
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def bare() -> Iterator[Command]:
    """A home without a database, for what must not need one."""
    folder = make_folder()
    yield Command(folder / "home", _environment(folder / "home"))
    assert not (folder / "home" / "database.json").exists(), "a database was begun"
    shutil.rmtree(folder, ignore_errors=True)
