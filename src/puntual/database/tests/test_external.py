"""DATABASE_URL against a second server: what is checked, and what an administrator is asked to run."""

import pytest
from psycopg import sql

from puntual import database
from puntual.database import external
from puntual.database.tests.conftest import connect
from puntual.kernel.problems import Problem

LOGIN = 'Ana "la" O\'Brien'


@pytest.fixture(scope="module")
def admin(running, admin_password):
    with connect(running, user="puntual_admin", password=admin_password, dbname="postgres") as connection:
        yield connection


@pytest.fixture
def outside(running, admin, monkeypatch):
    """Names a login and database of that server in DATABASE_URL; both are made first, and removed afterwards."""
    login = sql.Identifier(LOGIN)

    def name(login_may: str = "", database_has: str = "", **changes: str) -> database.Address:
        admin.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'p@ss/word' " + login_may).format(login))
        admin.execute(sql.SQL("CREATE DATABASE outside " + database_has))
        return point(user=LOGIN, password="p@ss/word", name="outside", **changes)

    def point(**changes: str) -> database.Address:
        given = {
            "host": running.host,
            "name": running.name,
            "user": running.user,
            "password": running.password,
            **changes,
        }
        address = database.Address(port=running.port, embedded=False, **given)
        monkeypatch.setenv("DATABASE_URL", address.url())
        return address

    name.point = point
    yield name
    admin.execute("DROP DATABASE IF EXISTS outside WITH (FORCE)")
    if admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [LOGIN]).fetchone():
        admin.execute(sql.SQL("DROP OWNED BY {}").format(login))
        admin.execute(sql.SQL("DROP ROLE {}").format(login))


@pytest.fixture
def without_app_role(admin):
    admin.execute("ALTER ROLE puntual_app RENAME TO puntual_app_put_away")
    yield
    admin.execute("DROP ROLE IF EXISTS puntual_app")
    admin.execute("ALTER ROLE puntual_app_put_away RENAME TO puntual_app")


def problem() -> str:
    with pytest.raises(Problem) as raised:
        database.ensure()
    return str(raised.value)


def test_a_fitting_database_is_used_as_it_is(outside):
    given = outside.point()
    assert database.ensure() == database.address() == given
    with pytest.raises(Problem, match="server of your own"):
        database.stop()


def test_the_role_is_made_where_the_login_may(outside, admin, without_app_role):
    address = outside("CREATEROLE", sql.SQL("OWNER {}").format(sql.Identifier(LOGIN)).as_string())
    assert database.ensure() == address
    with connect(address, options="-c role=puntual_app") as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("puntual_app",)
    found = admin.execute("SELECT rolcanlogin, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = 'puntual_app'")
    assert found.fetchone() == (False, False, False)
    admin.execute("DROP OWNED BY puntual_app")


@pytest.mark.parametrize("there", [True, False])
def test_otherwise_the_administrators_statements_are_quoted_and_work(outside, admin, without_app_role, there):
    address = outside()
    if there:
        admin.execute("CREATE ROLE puntual_app")
    said = problem()
    assert "An administrator must run" in said
    statements = [line.strip() for line in said.splitlines()[1:]]
    assert statements == [
        'CREATE ROLE "puntual_app" NOLOGIN;',
        f'GRANT "puntual_app" TO "{LOGIN.replace(chr(34), chr(34) * 2)}";',
    ]
    for statement in statements[1 if there else 0 :]:
        admin.execute(statement)
    said = problem()
    assert "may not create tables" in said
    admin.execute(said.splitlines()[1])
    assert database.ensure() == address


def test_a_role_that_row_level_security_does_not_bind_is_refused(outside, admin):
    outside.point()
    admin.execute("ALTER ROLE puntual_app BYPASSRLS")
    said = problem()
    assert "row-level security" in said
    admin.execute(said.splitlines()[1])
    database.ensure()


def test_text_in_another_encoding_is_refused(outside):
    outside(database_has="ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0")
    assert "ENCODING 'UTF8'" in problem()


def test_an_old_server_is_refused(outside, monkeypatch):
    outside.point()
    monkeypatch.setattr(external, "OLDEST", 99)
    assert "Puntual needs 99 or later" in problem()


@pytest.mark.parametrize(
    "changes", [{"password": "wrong"}, {"name": "missing"}, {"host": "/nowhere"}, {"host": "does-not-exist.invalid"}]
)
def test_a_server_that_cannot_be_reached(outside, changes):
    outside.point(**changes)
    said = problem()
    assert said.startswith("The database of DATABASE_URL cannot be reached: ")
    assert "\n" not in said
