"""The embedded server: made, found, stopped, and every way it was seen to break."""

import contextlib
import fcntl
import os
import shutil
import signal
import stat
import subprocess
import time
from pathlib import Path

import psycopg
import pytest

from puntual import database
from puntual.database import binaries, cluster, server
from puntual.database.tests.conftest import NOBODY, as_root, connect, remove, started_at
from puntual.kernel.problems import Problem


def problem(action=database.ensure) -> str:
    with pytest.raises(Problem) as raised:
        action()
    return str(raised.value)


def rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def wait_for(condition, process: subprocess.Popen | None = None):
    """Until the condition holds; a process that ends before is an error."""
    deadline = time.monotonic() + 30
    while not (found := condition()):
        assert time.monotonic() < deadline
        assert process is None or process.poll() is None, process.communicate()[0]
        time.sleep(0.002)
    return found


def postmaster() -> int:
    return int((cluster.find().folder / "postmaster.pid").read_text().split()[0])


def test_it_is_created_found_again_and_stopped(home):
    assert "no database" in problem(database.address)
    address = database.ensure()
    assert address.embedded and database.address() == address
    first = started_at(address)
    assert database.ensure() == address and started_at(address) == first
    with connect(address) as connection:
        connection.execute("CREATE TABLE kept (n int)")
    assert database.stop() is True
    assert not Path(address.host).exists()
    assert database.stop() is False
    assert database.ensure() == address and started_at(address) != first
    with connect(address) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_nothing_is_open_to_others(running):
    assert rights(Path(running.host)) == 0o700
    for change in ({"password": "wrong"}, {"user": "puntual_app"}, {"user": "puntual_admin"}):
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            connect(running, **change)
    with connect(running) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        weak = "SELECT count(*) FROM pg_hba_file_rules WHERE auth_method <> 'scram-sha-256'"
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(weak)


def test_the_files_are_private(shared, admin_password):
    found = cluster.find()
    assert rights(shared / "database.json") == rights(shared / "postgres.log") == 0o600
    assert rights(found.folder) == 0o700
    with connect(found.address, user=cluster.ADMIN, password=admin_password) as connection:
        rules = connection.execute("SELECT DISTINCT auth_method FROM pg_hba_file_rules").fetchall()
        assert rules == [("scram-sha-256",)]


def test_the_roles_have_just_the_rights_they_need(running):
    with connect(running) as connection:
        roles = connection.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin FROM pg_roles"
            " WHERE rolname IN ('puntual', 'puntual_app') ORDER BY 1"
        ).fetchall()
        assert roles == [
            ("puntual", False, False, False, True, True),
            ("puntual_app", False, False, False, False, False),
        ]
        connection.execute("CREATE TABLE mine (n int)")
    options = running.django("app")["OPTIONS"]["options"]
    with connect(running, options=options) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("puntual_app",)
        for statement in (
            "CREATE TABLE yours (n int)",
            "SELECT * FROM mine",
            "DROP TABLE mine",
            "CREATE DATABASE other",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


def test_text_sorts_by_code_point_and_time_is_utc(running):
    with connect(running) as connection:
        found = connection.execute("SELECT datlocprovider, datlocale, pg_encoding_to_char(encoding) FROM pg_database")
        assert set(found) == {("b", "C.UTF-8", "UTF8")}
        assert connection.execute("SELECT upper('ñandú'), current_setting('TimeZone')").fetchone() == ("ÑANDÚ", "UTC")


def test_a_long_path_with_spaces_commas_quotes_and_accents(home, monkeypatch):
    long = home / ("año, 'maría' \"q\" " + "x" * 100) / "data"
    monkeypatch.setenv("PUNTUAL_HOME", str(long))
    address = database.ensure()
    try:
        assert cluster.find().folder == long / "postgres"
        assert started_at(address)
        assert database.ensure() == address
    finally:
        remove(long)


def test_it_outlives_a_killed_starter(shared, launch):
    database.stop()
    process = launch("print(database.ensure().url(), flush=True); time.sleep(60)")
    assert process.stdout.readline().startswith("postgresql://")
    first = started_at(database.address())
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert started_at(database.ensure()) == first


@pytest.mark.parametrize(
    "reached",
    ["database.json", "postgres.new-*/data/PG_VERSION", "postgres/PG_VERSION"],
)
def test_a_creation_killed_half_way_is_done_again(home, launch, reached):
    process = launch("database.ensure()")
    wait_for(lambda: any(home.glob(reached)), process)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    address = database.ensure()
    assert started_at(address)
    assert not list(home.glob("postgres.new-*"))
    assert sorted(path.name for path in home.iterdir()) == [
        "database.json",
        "database.lock",
        "postgres",
        "postgres.log",
        "server.lock",
    ]


def test_many_at_once_make_one_server(home, launch):
    code = "a = database.ensure(); print(a.url()); print(database.ensure().url() == a.url())"
    processes = [launch(code) for _ in range(4)]
    answers = {process.communicate(timeout=60)[0] for process in processes}
    assert answers == {f"{database.address().url()}\nTrue\n"}
    assert (home / "postgres.log").read_text().count("ready to accept connections") == 1


def test_a_killed_server_is_started_again(shared):
    address = database.ensure()
    first = started_at(address)
    # It is this process's child and nobody waits for it: a zombie, whose number the lock files still name.
    os.kill(postmaster(), signal.SIGKILL)
    assert database.ensure() == address
    assert started_at(address) != first


def test_a_zombie_of_another_process_is_not_mistaken_for_a_server(shared, launch):
    database.stop()
    process = launch("database.ensure(); print('up', flush=True); time.sleep(60)")
    assert process.stdout.readline() == "up\n"
    os.kill(postmaster(), signal.SIGKILL)
    assert started_at(database.ensure())


def test_numbers_left_in_the_lock_files_may_belong_to_anyone(shared):
    address = database.ensure()
    folder = cluster.find().folder
    left = (folder / "postmaster.pid").read_text().split("\n")
    database.stop()
    Path(address.host).mkdir(mode=0o700)
    if os.geteuid() == 0:
        os.chown(address.host, NOBODY, folder.stat().st_gid)
    for file in (folder / "postmaster.pid", Path(address.host) / f".s.PGSQL.{address.port}.lock"):
        file.write_text("\n".join([str(os.getpid()), *left[1:]]))
    assert database.ensure() == address


def test_what_the_log_says_is_quoted(shared):
    database.stop()
    conf = cluster.find().folder / "postgresql.conf"
    kept = conf.read_text()
    conf.write_text(kept + "\nno_such_setting = 1\n")
    assert "no_such_setting" in problem()
    conf.write_text(kept)


def test_a_nearly_full_disk_is_refused_before_anything_is_written(shared, monkeypatch):
    database.stop()
    monkeypatch.setattr(cluster, "ROOM_NEEDED", 1 << 60)
    assert "Make room" in problem()
    assert not (cluster.find().folder / "postmaster.pid").exists()
    monkeypatch.setenv("PUNTUAL_HOME", str(shared.with_name("new")))
    assert "Make room" in problem()
    assert [path.name for path in shared.with_name("new").iterdir()] == ["database.lock"]


def test_a_home_that_cannot_be_used(home, monkeypatch):
    home.write_text("a file")
    assert str(home) in problem()
    monkeypatch.setenv("PUNTUAL_HOME", str(home / "below"))
    assert str(home / "below") in problem()
    monkeypatch.setenv("PUNTUAL_HOME", str(home.parent / ("x" * 300)))
    assert "PUNTUAL_HOME" in problem()


def test_a_server_that_runs_out_of_reach_is_left_alone(shared, monkeypatch):
    database.stop()
    monkeypatch.setattr(server, "SOCKET_PATIENCE", 0.2)
    with (shared / "server.lock").open("w") as held:
        # As a server in another container would: the lock crosses over, its socket and process number do not.
        fcntl.flock(held, fcntl.LOCK_EX)
        assert "another container" in problem()
        assert "another container" in problem(database.stop)
    assert started_at(database.ensure())


def test_lost_files_are_named_and_nothing_is_made_in_their_place(made):
    address = database.ensure()
    record = made / "database.json"
    kept = record.read_text()
    record.write_text(kept.replace(address.password, "of another database"))
    assert "Put back" in problem()
    record.write_text("{")
    assert "damaged" in problem()
    record.write_text(kept)
    database.stop()
    folder = cluster.find().folder
    folder.rename(made / "elsewhere")
    assert "is gone" in problem()
    (made / "elsewhere").rename(folder)
    (folder / "PG_VERSION").write_text("99\n")
    assert "PostgreSQL 99" in problem()
    (folder / "PG_VERSION").write_text("18\n")
    assert database.ensure() == address


def test_removing_the_home_of_a_running_server_begins_anew(made):
    old = database.ensure()
    pid = postmaster()
    try:
        shutil.rmtree(made)
        new = database.ensure()
        assert new.host != old.host
        assert started_at(new)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        shutil.rmtree(old.host, ignore_errors=True)


def test_a_copied_home_is_another_database(made, monkeypatch):
    first = database.ensure()
    database.stop()
    copy = made.with_name("copy")
    subprocess.run(["cp", "-a", made, copy], check=True)
    database.ensure()
    with connect(first) as connection:
        connection.execute("CREATE TABLE only_here (n int)")
    monkeypatch.setenv("PUNTUAL_HOME", str(copy))
    second = database.ensure()
    try:
        assert second.host != first.host
        with connect(second) as connection:
            assert connection.execute("SELECT to_regclass('only_here')").fetchone() == (None,)
    finally:
        remove(copy)


def test_a_cluster_keeps_the_version_it_was_made_by(home, monkeypatch):
    older = min(binaries.bundled())
    with monkeypatch.context() as patch:
        patch.setattr(cluster, "bundled", lambda: {older: None})
        patch.setattr(cluster, "TEXT", ("--locale=C", "--encoding=UTF8"))
        address = database.ensure()
    database.stop()
    assert database.ensure() == address
    with connect(address) as connection:
        assert connection.info.server_version // 10000 == older


@as_root
def test_a_home_closed_to_others_keeps_its_data_in_the_system_folder(home):
    home.mkdir()
    home.parent.chmod(0o700)
    address = database.ensure()
    found = cluster.find()
    assert found.folder.is_relative_to("/var/lib/puntual") and found.folder.stat().st_uid == NOBODY
    assert rights(home.parent) == 0o700
    assert started_at(address)
    assert not list(home.glob("postgres*/"))


@as_root
def test_an_ordinary_user_has_a_server_too(home, launch):
    if not binaries.Account(NOBODY, NOBODY).enters(binaries.bundled()[18] / "bin"):
        pytest.skip("the virtual environment is closed to other users")
    home.parent.chmod(0o777)
    code = """
        for _ in range(2):
            print(database.ensure() == database.address())
        print(database.stop(), database.stop(), os.stat(database.home() / "postgres").st_uid)
    """
    assert launch(code, NOBODY).communicate(timeout=60)[0] == f"True\nTrue\nTrue False {NOBODY}\n"
    # Root then runs the same database as the user whose it is, and leaves it so.
    assert started_at(database.ensure())
    assert cluster.find().folder.stat().st_uid == NOBODY


@as_root
def test_another_users_home_is_refused(shared, launch, monkeypatch):
    code = """
        for action in (database.ensure, database.stop, database.address):
            try:
                action()
            except Problem as problem:
                print(problem)
    """
    said = launch(code, NOBODY).communicate(timeout=60)[0].splitlines()
    assert len(said) == 3 and all("another user" in line for line in said)
    monkeypatch.setenv("PUNTUAL_HOME", str(shared.with_name("absent")))
    said = launch(code, NOBODY).communicate(timeout=60)[0].splitlines()
    assert len(said) == 2 and all("Set PUNTUAL_HOME" in line or "no database" in line for line in said)
