"""What is wrong is said in one sentence, at once and in the reader's language, before any database is begun."""

import errno
import os
import subprocess
import sys

import click
import psycopg
import pytest
from django.db.utils import OperationalError

from puntual.cli import running, words
from puntual.cli.running import Usage
from puntual.cli.tests.conftest import Command
from puntual.kernel.problems import Problem

ORG = ("org", "create", "acme", "--name", "Acme", "--country", "PE", "--currency", "PEN")


@pytest.mark.parametrize(
    ("arguments", "language", "said"),
    [
        (ORG[:3], "en", "Missing option '--name'"),
        (ORG[:3], "es", "Falta la opción '--name'"),
        (ORG[:3], "pt", "Falta a opção '--name'"),
        (("dya",), "es", "No existe el comando 'dya'"),
        (("report", "aging", "--format", "docx"), "es", "no es uno de estos"),
        (("report", "aging", "--as-of", "yesterday"), "es", "no es una fecha"),
        (("report", "aging", "--as-of", "2026-02-30"), "pt", "não é uma data"),
        (("day", "--date", "9999-12-31"), "es", "no es una fecha"),
        (("report", "aging", "--known-on", "0001-01-01"), "en", "is not a date"),
        (("import", "invoices", "/no/such/file"), "es", "no existe"),
        (("import", "invoices", "/"), "en", "is a directory"),
        (("import", "statements", "/"), "pt", "não é um destes"),
        (("strategy", "import", "/dev/null", "more"), "es", "Sobra un argumento"),
        (("up", "--port", "99999"), "es", "fuera del rango"),
        (("report", "aging", "--json", "--format", "csv"), "es", "Deje una sola"),
    ],
)
def test_wrong_usage_is_two(bare: Command, arguments, language: str, said: str) -> None:
    told = bare.refused(2, *arguments, "--lang", language)
    assert said in told
    assert "--help" in told


def test_the_language_is_the_readers(bare: Command) -> None:
    assert "cobranza" in bare.good("--help", LC_ALL="", LANG="es_PE.UTF-8")
    assert "cobrança" in bare.good("--help", LANGUAGE="pt_BR:es")
    assert "collections" in bare.good("--help", LC_ALL="de_DE.UTF-8")
    assert "xx" in bare.refused(2, "--help", "--lang", "xx")


def test_help_is_there_for_everything(bare: Command) -> None:
    """Every group and command explains itself; none of that needs Django."""
    from puntual.cli.main import HOMES

    script = (
        "import sys\nfrom puntual.cli.running import run\n"
        "for line in sys.argv[1:]:\n    assert run([*line.split(), '--help']) == 0, line\n"
        "assert 'django' not in sys.modules"
    )
    lines = [*HOMES, "org create", "org live", "org member", "strategy export", "strategy import"]
    lines += [f"db {name}" for name in ("url", "shell", "backup", "restore", "stop")]
    done = subprocess.run(
        [sys.executable, "-c", script, *lines], env=bare.environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "puntual import" in done.stdout and "--snapshot" in done.stdout


def test_a_stopped_database_of_ones_own(bare: Command) -> None:
    for language, said in (("en", "cannot be reached"), ("es", "DATABASE_URL"), ("pt", "DATABASE_URL")):
        told = bare.refused(
            1, "verify", "--lang", language, DATABASE_URL="postgresql://puntual:secret@127.0.0.1:1/puntual"
        )
        assert said in told and "secret" not in told


def test_a_home_that_is_none(bare: Command, tmp_path) -> None:
    (tmp_path / "file").touch()
    assert "PUNTUAL_HOME" in bare.refused(1, "verify", PUNTUAL_HOME=str(tmp_path / "file" / "home"))


def test_nobody_is_hurt_by_a_closed_pipe(bare: Command) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "puntual.cli", "--help"],
        env=bare.environment,
        stdout=_closed_pipe(),
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == ""


def _closed_pipe() -> int:
    reading, writing = os.pipe()
    os.close(reading)
    return writing


def _django(cause: psycopg.Error) -> OperationalError:
    error = OperationalError(*cause.args)
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "said", "code"),
    [
        (KeyboardInterrupt(), "Detenido", 1),
        (click.Abort(), "Detenido", 1),
        (Problem("Give the person a name of up to 150 characters."), "150", 1),
        (Usage("There are several organizations ({slugs}). Say which one: --org SLUG.", slugs="a, b"), "a, b", 2),
        (_django(psycopg.errors.DiskFull("could not extend file")), "disco está lleno", 1),
        (OSError(errno.ENOSPC, "No space left on device"), "disco está lleno", 1),
        (_django(psycopg.OperationalError("server closed the connection unexpectedly")), "no responde", 1),
        (_django(psycopg.errors.QueryCanceled("canceling statement")), "tardaba demasiado", 1),
        (PermissionError(errno.EACCES, "Permission denied", "/root/x"), "/root/x", 1),
        (FileNotFoundError(errno.ENOENT, "No such file", "/tmp/y"), "/tmp/y", 1),
        (IsADirectoryError(errno.EISDIR, "Is a directory", "/tmp"), "carpeta", 1),
        (MemoryError(), "memoria", 1),
        (ZeroDivisionError("division by zero"), "PUNTUAL_DEBUG", 1),
    ],
)
def test_every_mishap_has_its_sentence(error: BaseException, said: str, code: int, capsys, monkeypatch) -> None:
    monkeypatch.setattr(words, "_language", "es")
    assert running._told(error) == code
    told = capsys.readouterr()
    assert said in told.err and told.out == ""


def test_a_defect_can_be_looked_into(capsys, monkeypatch) -> None:
    monkeypatch.setenv("PUNTUAL_DEBUG", "1")
    assert running._told(ZeroDivisionError("division by zero")) == 1
    assert "ZeroDivisionError" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "environment", "language", "rest"),
    [
        (["day", "--lang", "es"], {}, "es", ["day"]),
        (["--lang=pt", "day"], {"LANG": "es_PE.UTF-8"}, "pt", ["day"]),
        (["day"], {"LANG": "es_PE.UTF-8"}, "es", ["day"]),
        (["day"], {"LC_ALL": "C", "LANG": "es_PE.UTF-8"}, "en", ["day"]),
        (["db", "shell", "--", "--lang", "es"], {}, "en", ["db", "shell", "--", "--lang", "es"]),
    ],
)
def test_the_language_is_taken_from_anywhere(arguments, environment, language, rest, monkeypatch) -> None:
    for name in ("_language", "_asked_for"):
        monkeypatch.setattr(words, name, getattr(words, name))
    monkeypatch.setenv("LANGUAGE", "")
    assert words.choose(arguments, environment) == rest
    assert words.language() == language
