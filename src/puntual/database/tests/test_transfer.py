"""Backup and restore, with row-level security on and between servers and logins."""

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from puntual import database
from puntual.database import binaries, transfer
from puntual.database.tests.conftest import NOBODY, as_root, connect, make_folder
from puntual.kernel.problems import Problem

TABLES = """
CREATE TYPE stage AS ENUM ('new', 'old');
CREATE TYPE pair AS (a int, b int);
CREATE DOMAIN code AS text CHECK (value <> '');
CREATE TABLE organization (id int PRIMARY KEY);
CREATE TABLE item (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, organization int REFERENCES organization, stage stage, note code
);
CREATE SEQUENCE loose;
CREATE FUNCTION half(p pair) RETURNS int LANGUAGE sql AS 'SELECT (p.a + p.b) / 2';
CREATE VIEW news AS SELECT * FROM item WHERE stage = 'new';
CREATE SCHEMA apart; CREATE TABLE apart.thing (n int);
ALTER TABLE item ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON item USING (organization = nullif(current_setting('app.org', true), '')::int);
GRANT SELECT, INSERT ON item TO puntual_app;
INSERT INTO organization VALUES (1), (2);
INSERT INTO item (organization, stage, note) SELECT 1 + n % 2, 'new', 'ñandú ' || n FROM generate_series(1, 1000) n;
CREATE MATERIALIZED VIEW counted AS SELECT organization, count(*) FROM item GROUP BY 1;
"""
EMPTY = "DROP SCHEMA public CASCADE; CREATE SCHEMA public AUTHORIZATION pg_database_owner; GRANT USAGE ON SCHEMA public TO PUBLIC"


@pytest.fixture
def here(running, admin_password, monkeypatch):
    """An empty database on the running server, which DATABASE_URL names."""
    with connect(running, user="puntual_admin", password=admin_password) as admin:
        admin.execute("DROP DATABASE IF EXISTS here WITH (FORCE)")
        admin.execute("CREATE DATABASE here OWNER puntual")
    return point(
        monkeypatch, database.Address(running.host, running.port, "here", running.user, running.password, False)
    )


def point(monkeypatch, address: database.Address) -> database.Address:
    monkeypatch.setenv("DATABASE_URL", address.url())
    return address


def fill(address: database.Address) -> None:
    with connect(address) as connection:
        connection.execute(TABLES)


def contents(address: database.Address) -> dict[str, object]:
    """What must be the same after a restore."""
    with connect(address) as connection:
        found = {
            name: connection.execute(question).fetchall()
            for name, question in {
                "rows": "SELECT * FROM item ORDER BY id",
                "last": "SELECT last_value FROM item_id_seq",
                "policies": "SELECT policyname, qual FROM pg_policies",
                "secured": "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE relname = 'item'",
                "rights": "SELECT privilege_type FROM information_schema.role_table_grants"
                " WHERE grantee = 'puntual_app' AND table_name = 'item' ORDER BY 1",
                "half": "SELECT half(ROW(2, 4)::pair)",
                "counted": "SELECT * FROM counted ORDER BY 1",
            }.items()
        }
    with connect(address, options="-c role=puntual_app -c app.org=2") as connection:
        found["seen"] = connection.execute("SELECT count(*), min(organization) FROM item").fetchall()
    with connect(address, options="-c role=puntual_app") as connection:
        found["seen by nobody"] = connection.execute("SELECT count(*) FROM item").fetchall()
    return found


def problem(action, *arguments, **options) -> str:
    with pytest.raises(Problem) as raised:
        action(*arguments, **options)
    return str(raised.value)


def test_everything_comes_back_and_only_into_an_empty_database(here, tmp_path):
    fill(here)
    file = tmp_path / "a backup.dump"
    database.backup(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file]
    before = contents(here)
    assert len(before["rows"]) == 1000 and before["seen"] == [(500, 2)] and before["seen by nobody"] == [(0,)]

    with connect(here) as connection:
        connection.execute("DELETE FROM item WHERE id > 3; CREATE TABLE later (n int REFERENCES organization)")
    assert "--replace" in problem(database.restore, file)
    database.restore(file, replace=True)
    assert contents(here) == before
    with connect(here) as connection:
        assert connection.execute("SELECT to_regclass('later')").fetchone() == (None,)
        assert connection.execute("SELECT reltuples FROM pg_class WHERE relname = 'item'").fetchone() == (1000,)

        connection.execute(EMPTY)
        connection.execute("DROP SCHEMA apart CASCADE")
    database.restore(file)
    assert contents(here) == before


def test_what_replace_removes_is_everything(here):
    fill(here)
    with connect(here) as connection:
        for (statement,) in connection.execute(transfer.CONTENTS).fetchall():
            connection.execute(statement)
        assert connection.execute(transfer.CONTENTS).fetchall() == []
        connection.execute(TABLES)


def test_a_damaged_file_changes_nothing(here, tmp_path):
    fill(here)
    file = tmp_path / "whole"
    database.backup(file)
    before = contents(here)
    torn = tmp_path / "torn"
    torn.write_bytes(file.read_bytes()[: -file.stat().st_size // 3])
    other = tmp_path / "other"
    other.write_text("Fecha;Monto\n")
    assert "as it was" in problem(database.restore, torn, replace=True)
    assert "not a backup" in problem(database.restore, other, replace=True)
    assert "not a backup" in problem(database.restore, tmp_path / "missing", replace=True)
    assert contents(here) == before


def test_a_database_in_use_is_not_waited_for_without_end(here, tmp_path, monkeypatch):
    fill(here)
    file = tmp_path / "file"
    database.backup(file)
    with connect(here) as holder, holder.transaction():
        holder.execute("LOCK TABLE item IN ACCESS SHARE MODE")
        monkeypatch.setattr(transfer, "LOCK_TIMEOUT", "100ms")
        assert "lock timeout" in problem(database.restore, file, replace=True)
    assert len(contents(here)["rows"]) == 1000


def test_a_backup_that_fails_leaves_the_last_one(here, tmp_path, monkeypatch):
    file = tmp_path / "file"
    file.write_text("the last one")
    with connect(here) as connection:
        connection.execute("CREATE TABLE secured (n int); ALTER TABLE secured ENABLE ROW LEVEL SECURITY")
        connection.execute("ALTER TABLE secured FORCE ROW LEVEL SECURITY")
    # Forced, row-level security would hide rows from the owner: then there is no backup rather than half of one.
    assert "row-level security" in problem(database.backup, file)
    assert file.read_text() == "the last one"
    assert list(tmp_path.iterdir()) == [file]
    assert "cannot be written" in problem(database.backup, tmp_path / "no" / "folder")


def test_from_the_embedded_server_to_a_login_of_another_name(shared, running, admin_password, tmp_path, monkeypatch):
    fill(database.ensure())
    before = contents(database.address())
    file = tmp_path / "file"
    database.backup(file)
    with connect(running, user="puntual_admin", password=admin_password) as admin:
        admin.execute("CREATE ROLE cobros LOGIN PASSWORD 'x'")
        admin.execute("GRANT puntual_app TO cobros")
        admin.execute("CREATE DATABASE cobros OWNER cobros")
    there = point(monkeypatch, database.Address(running.host, running.port, "cobros", "cobros", "x", False))
    database.restore(file)
    assert contents(there) == before


def test_the_prompt_is_the_owners(here, launch):
    process = launch("database.shell('-Atc', 'SELECT current_user, current_database()')")
    assert process.communicate(timeout=60)[0] == "puntual|here\n"


def test_the_password_is_not_in_the_list_of_processes(here):
    assert here.password not in transfer._connection(here)
    assert transfer._environment(here)["PGPASSWORD"] == here.password


OLD = Path("/usr/lib/postgresql/15/bin")


@pytest.fixture
def old_server():
    """Debian's PostgreSQL 15, started by hand."""
    folder = make_folder()
    (folder / "password").write_text("old")
    for path in (folder, folder / "password"):
        os.chown(path, NOBODY, NOBODY)

    def run(program: str, *arguments: object) -> None:
        become = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        subprocess.run([OLD / program, *arguments], cwd="/", check=True, stdout=subprocess.DEVNULL, **become)

    run(
        "initdb",
        "-D",
        folder / "data",
        "-U",
        "old",
        "-A",
        "scram-sha-256",
        f"--pwfile={folder}/password",
        "-E",
        "UTF8",
        "-N",
    )
    options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off"
    run("pg_ctl", "start", "-w", "-D", folder / "data", "-l", folder / "log", "-o", options)
    yield database.Address(str(folder), 5432, "postgres", "old", "old", False)
    run("pg_ctl", "stop", "-m", "immediate", "-D", folder / "data")
    shutil.rmtree(folder)


@as_root
@pytest.mark.skipif(not (OLD / "postgres").exists(), reason="needs Debian's postgresql-15")
def test_between_the_embedded_server_and_the_oldest_that_is_supported(here, old_server, tmp_path, monkeypatch):
    fill(here)
    before = contents(here)
    database.backup(tmp_path / "new")
    point(monkeypatch, old_server)
    assert database.ensure() == old_server
    database.restore(tmp_path / "new")
    assert contents(old_server) == before
    assert binaries.of_machine(15) == OLD
    database.backup(tmp_path / "old")
    point(monkeypatch, here)
    database.restore(tmp_path / "old", replace=True)
    assert contents(here) == before
