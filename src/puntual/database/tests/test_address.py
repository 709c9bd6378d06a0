from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg.conninfo import conninfo_to_dict

from puntual import database
from puntual.database.address import Address, outside
from puntual.kernel.problems import Problem

words = st.text(st.characters(blacklist_characters="\0", blacklist_categories=("Cs",)), min_size=1, max_size=20)


@given(
    host=st.sampled_from(["db.example.com", "10.0.0.7", "::1", "/tmp/puntual-0123", "/var/run/a folder", ""]),
    port=st.integers(1, 65535),
    name=words,
    user=words | st.just(""),
    password=words | st.just(""),
    sslmode=st.sampled_from(
        [(), (("sslmode", "require"),), (("options", "-c search_path=a,b"), ("sslmode", "disable"))]
    ),
)
def test_the_url_says_the_same_as_the_parameters(host, port, name, user, password, sslmode):
    if password and not user:
        user = "someone"
    address = Address(host, port, name, user, password, embedded=False, settings=sslmode)
    assert conninfo_to_dict(address.url()) == address.parameters()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://ana:s%40fe@db:6432/cobros", Address("db", 6432, "cobros", "ana", "s@fe", False)),
        ("postgres://db/cobros", Address("db", 5432, "cobros", "", "", False)),
        ("postgresql://ana@/cobros?host=/run/pg", Address("/run/pg", 5432, "cobros", "ana", "", False)),
        (
            "postgresql://ana@db/cobros?sslmode=verify-full",
            Address("db", 5432, "cobros", "ana", "", False, (("sslmode", "verify-full"),)),
        ),
    ],
)
def test_database_url_is_read(monkeypatch, url, expected):
    monkeypatch.setenv("DATABASE_URL", url)
    assert database.address() == expected


@pytest.mark.parametrize(
    "url", ["mysql://ana:secret@db/x", "postgresql://ana:secret@db:port/x", "postgresql://ana:secret@db"]
)
def test_a_wrong_database_url_is_explained_without_the_password(monkeypatch, url):
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(Problem) as raised:
        database.address()
    assert "postgresql://user:password@host" in str(raised.value)
    assert "secret" not in str(raised.value)


def test_an_empty_database_url_means_the_embedded_server(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", " ")
    assert outside() is None


def test_django_takes_the_app_role_and_keeps_the_settings_of_the_url():
    address = Address(
        "db", 5432, "x", "ana", "p", False, (("options", "-c statement_timeout=9s"), ("sslmode", "require"))
    )
    assert address.django("app")["OPTIONS"] == {
        "options": "-c statement_timeout=9s -c role=puntual_app",
        "sslmode": "require",
    }
    assert address.django("owner")["OPTIONS"] == {"options": "-c statement_timeout=9s", "sslmode": "require"}
    assert address.django("owner")["HOST"] == "db"


def test_the_password_is_not_in_what_a_log_would_show():
    assert "hidden" not in repr(Address("db", 5432, "x", "ana", "hidden", False))


def test_home_is_absolute(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PUNTUAL_HOME", raising=False)
    assert database.home() == tmp_path / "var"
    monkeypatch.setenv("PUNTUAL_HOME", "elsewhere")
    assert database.home() == tmp_path / "elsewhere"
    monkeypatch.setenv("PUNTUAL_HOME", "~/data")
    assert database.home() == Path.home() / "data"
