"""Backup, restore and a prompt, by PostgreSQL's own programs."""

import contextlib
import os
import secrets
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import NoReturn

import psycopg
from psycopg.conninfo import make_conninfo

from puntual.database import binaries
from puntual.database.address import Address
from puntual.kernel.problems import N_, Problem

LOCK_TIMEOUT = "10s"

# What an empty database lacks, as the statements that would remove it, in an order that works. Members of
# extensions stay, and parts of other objects go with these.
CONTENTS = """
WITH members AS (SELECT classid, objid FROM pg_depend WHERE deptype IN ('e', 'i')),
found(rank, statement) AS (
    SELECT 1, format('DROP SCHEMA IF EXISTS %I CASCADE', nspname)
    FROM pg_namespace n
    WHERE nspname !~ '^pg_' AND nspname NOT IN ('public', 'information_schema')
      AND ('pg_namespace'::regclass, n.oid) NOT IN (SELECT * FROM members)
  UNION ALL
    SELECT CASE WHEN relkind = 'S' THEN 3 ELSE 2 END, format(
        'DROP %s IF EXISTS public.%I CASCADE',
        CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
                     WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END, relname)
    FROM pg_class c
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
      AND ('pg_class'::regclass, c.oid) NOT IN (SELECT * FROM members)
  UNION ALL
    SELECT 4, format('DROP ROUTINE IF EXISTS public.%I(%s) CASCADE', proname, pg_get_function_identity_arguments(p.oid))
    FROM pg_proc p
    WHERE pronamespace = 'public'::regnamespace AND ('pg_proc'::regclass, p.oid) NOT IN (SELECT * FROM members)
  UNION ALL
    SELECT 5, format('DROP TYPE IF EXISTS public.%I CASCADE', typname)
    FROM pg_type t LEFT JOIN pg_class c ON c.oid = typrelid
    WHERE typnamespace = 'public'::regnamespace AND (typtype IN ('e', 'd', 'r') OR relkind = 'c')
      AND ('pg_type'::regclass, t.oid) NOT IN (SELECT * FROM members)
)
SELECT statement FROM found ORDER BY rank, statement
"""


def backup(address: Address, path: Path) -> None:
    """Write the whole database to a file in pg_dump's custom format, readable by us only.

    The login owns the tables, so row-level security hides nothing from it; were it otherwise pg_dump would refuse.
    An older file of this name is replaced when the new one is complete. Raises Problem.
    """
    programs = _programs(address)[0]
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        unfinished.touch(mode=0o600, exist_ok=False)
        done = subprocess.run(  # noqa: S603 - a fixed program
            [programs / "pg_dump", "--format=custom", f"--file={unfinished}", "--no-password", _connection(address)],
            env=_environment(address),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        if done.returncode != 0:
            raise Problem(
                N_("The backup failed; {path} was not written. PostgreSQL said:\n{log}"),
                path=path,
                log=binaries.last_lines(done.stderr),
            )
        unfinished.replace(path)
    except OSError as error:
        raise Problem(
            N_("The backup cannot be written to {path}: {error}"), path=path, error=binaries.reason(error)
        ) from error
    finally:
        unfinished.unlink(missing_ok=True)


def restore(address: Address, path: Path, *, replace: bool = False) -> None:
    """Fill the database from a file `backup` wrote: tables, rows, rights and row-level policies, all or nothing.

    The login becomes the owner of everything, whatever its name was. `replace` removes what is there in the same
    transaction; without it a database that holds anything is refused. Raises Problem.
    """
    programs = _reader(address, path)
    with psycopg.connect(**address.parameters(), connect_timeout=10) as connection:
        contents = [str(row[0]) for row in connection.execute(CONTENTS)]
        old_server = connection.info.server_version < 170000
    if contents and not replace:
        raise Problem(
            N_(
                "The database is not empty. Restore into an empty one, or add --replace: then everything that is in it"
                " now is removed."
            )
        )
    before = f"BEGIN; SET LOCAL client_min_messages = warning; SET LOCAL lock_timeout = '{LOCK_TIMEOUT}';\n" + "".join(
        f"{statement};\n" for statement in contents
    )
    _run_script(address, programs, path, before, old_server)
    # The planner would gather these by and by; a failure here does not undo what was restored.
    with contextlib.suppress(psycopg.Error), psycopg.connect(**address.parameters(), autocommit=True) as connection:
        connection.execute("ANALYZE")


def shell(address: Address, arguments: tuple[str, ...] = ()) -> NoReturn:
    """Become psql, as the owner of the tables; further arguments are psql's. Raises Problem where psql is missing."""
    program = _programs(address)[0] / "psql"
    environment = _environment(address)
    try:
        os.execve(program, ["psql", _connection(address), *arguments], environment)  # noqa: S606 - a fixed program
    except OSError as error:
        raise Problem(N_("{program} cannot be run: {error}"), program=program, error=binaries.reason(error)) from error


def _run_script(address: Address, programs: Path, path: Path, before: str, old_server: bool) -> None:
    """Pass the archive's statements to psql between `before` and COMMIT; no COMMIT where the archive ends early."""
    with tempfile.TemporaryFile() as said:
        reading = subprocess.Popen(  # noqa: S603 - a fixed program
            [programs / "pg_restore", "--no-owner", "--file=-", path], stdout=subprocess.PIPE, stderr=said
        )
        writing = subprocess.Popen(  # noqa: S603 - a fixed program
            [
                programs / "psql",
                "--no-psqlrc",
                "--quiet",
                "--no-password",
                "--set=ON_ERROR_STOP=1",
                _connection(address),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=said,
            env=_environment(address),
        )
        complete = False
        with reading, writing:
            assert reading.stdout and writing.stdin  # noqa: S101 - both were asked for
            try:
                head = reading.stdout.read(65536)
                if old_server:
                    # The newer pg_restore sets at its beginning what servers before 17 do not know.
                    head = head.replace(b"\nSET transaction_timeout = 0;\n", b"\n", 1)
                writing.stdin.write(before.encode() + head)
                shutil.copyfileobj(reading.stdout, writing.stdin, 1024 * 1024)
                if reading.wait() == 0:
                    writing.stdin.write(b"\nCOMMIT;\n")
                    complete = True
                writing.stdin.close()
            except BrokenPipeError:
                reading.kill()
                with contextlib.suppress(BrokenPipeError):
                    writing.stdin.close()
        if not complete or writing.returncode != 0:
            said.seek(0)
            raise Problem(
                N_("The backup could not be restored; the database is as it was. PostgreSQL said:\n{log}"),
                log=binaries.last_lines(said.read().decode(errors="replace")),
            )


def _programs(address: Address) -> list[Path]:
    """Folders with pg_dump, pg_restore and psql, the fitting one first: the version of the server, then our newest."""
    with psycopg.connect(**address.parameters(), connect_timeout=10) as connection:
        major = connection.info.server_version // 10000
    try:
        bundled = binaries.bundled()
    except Problem:
        bundled = {}
    fitting = bundled[major] / "bin" if address.embedded and major in bundled else binaries.of_machine(major)
    newest = bundled[max(bundled)] / "bin" if bundled else None
    found = [folder for folder in dict.fromkeys((fitting, newest)) if folder]
    if not found:
        raise Problem(
            N_(
                "PostgreSQL's programs pg_dump, pg_restore and psql of version {major} are not on this machine."
                " Install PostgreSQL's client package."
            ),
            major=major,
        )
    return found


def _reader(address: Address, path: Path) -> Path:
    """The first of the programs' folders whose pg_restore understands the file."""
    said = ""
    for programs in _programs(address):
        done = subprocess.run(  # noqa: S603 - a fixed program
            [programs / "pg_restore", "--list", path], capture_output=True, text=True, errors="replace", check=False
        )
        if done.returncode == 0:
            return programs
        said = done.stderr
    raise Problem(
        N_("{path} is not a backup that can be read. PostgreSQL said:\n{log}"), path=path, log=binaries.last_lines(said)
    )


def _connection(address: Address) -> str:
    """A connection string without the password, which others could read in the list of processes."""
    return make_conninfo(**{name: value for name, value in address.parameters().items() if name != "password"})


def _environment(address: Address) -> dict[str, str]:
    environment = dict(os.environ)
    if address.embedded:
        environment = {name: value for name, value in environment.items() if not name.startswith("PG")}
    if address.password:
        environment["PGPASSWORD"] = address.password
    return environment
