"""What every test shares: the app role, a fixed cast of two organizations, and a clock that stands still."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import hypothesis
import psycopg
import pytest
from django.db import connection, connections
from django.test import TransactionTestCase

from puntual.audit.actions import Actor
from puntual.organizations.models import Membership, Organization, User
from puntual.tenancy.scope import acting_for

# The same examples every time: a suite that is green stays green until the code changes. `make soak` looks further.
hypothesis.settings.register_profile("suite", derandomize=True, database=None)
hypothesis.settings.load_profile("suite")

TODAY = date(2026, 11, 23)  # a Monday
NOW = datetime(2026, 11, 23, 14, 12, tzinfo=UTC)  # 9:12 in Lima


OWNER_OPTIONS = dict(connection.settings_dict["OPTIONS"])
APP_OPTIONS = {**OWNER_OPTIONS, "options": OWNER_OPTIONS["options"] + " -c role=puntual_app"}


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """After the owner has made the test database, every test runs in the app role, as in production."""
    _reconnect(APP_OPTIONS)
    yield
    _reconnect(OWNER_OPTIONS)


def _reconnect(options: dict[str, str]) -> None:
    connection.close()
    connection.settings_dict["OPTIONS"] = options


def _owner() -> psycopg.Connection:
    database = connection.settings_dict
    return psycopg.connect(
        dbname=database["NAME"],
        host=database["HOST"],
        port=database["PORT"] or None,
        user=database["USER"],
        password=database["PASSWORD"] or None,
        autocommit=True,
    )


@pytest.fixture(scope="session", autouse=True)
def _sweep_interrupted_runs() -> None:
    """Drop the databases of test runs that were killed: their names end in the process id."""
    with _owner() as owner:
        for (name,) in owner.execute(
            "SELECT datname FROM pg_database WHERE datname ~ '^test_puntual_[0-9]+'"
        ).fetchall():
            if not Path(f"/proc/{name.split('_')[2]}").exists():
                owner.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _truncate_as_owner(self: TransactionTestCase) -> None:
    """The app role may not TRUNCATE (by design), so the tables are emptied by their owner."""
    keep = {"django_migrations", "django_content_type", "auth_permission"}
    names = ", ".join(f'"{name}"' for name in connection.introspection.table_names() if name not in keep)
    connections.close_all()
    with _owner() as owner:
        owner.execute(f"TRUNCATE {names} CASCADE")


TransactionTestCase._fixture_teardown = _truncate_as_owner  # type: ignore[method-assign]


def make_organization(slug: str, **fields: object) -> Organization:
    """An organization in Lima, unless told otherwise."""
    values: dict[str, object] = {
        "name": slug.title(),
        "country": "PE",
        "currency": "PEN",
        "language": "es",
        "time_zone": "America/Lima",
        "created_at": NOW,
    }
    return Organization.objects.create(slug=slug, **{**values, **fields})


def make_member(organization: Organization, role: str, email: str) -> User:
    """A person who signs in with the password «correct horse battery»."""
    user = User.objects.create_user(email, "correct horse battery", name=email.split("@")[0].title(), language="es")
    Membership.objects.create(user=user, organization=organization, role=role)
    return user


@dataclass
class Cast:
    """The same people in every test: an owner, a colleague, and an outsider with an organization of her own."""

    organization: Organization
    owner: User
    colleague: User
    other_organization: Organization
    outsider: User

    @property
    def id(self) -> UUID:
        return self.organization.id

    def actor(self, today: date = TODAY, now: datetime = NOW) -> Actor:
        """The owner acting on a day."""
        return Actor(self.organization.id, now=now, today=today, user_id=self.owner.id, name=str(self.owner))


def make_cast() -> Cast:
    """Two organizations and three people; nothing is being acted for yet."""
    organization, other = make_organization("sembria"), make_organization("lonkura", country="CL", currency="CLP")
    return Cast(
        organization,
        make_member(organization, "owner", "owner@sembria.example"),
        make_member(organization, "collector", "colleague@sembria.example"),
        other,
        make_member(other, "owner", "outsider@lonkura.example"),
    )


@pytest.fixture
def cast(db: None) -> Cast:
    """The cast, in a transaction of the test."""
    return make_cast()


@pytest.fixture
def acting(cast: Cast) -> Iterator[Cast]:
    """The cast, inside its organization for the whole test."""
    with acting_for(cast.organization.id):
        yield cast


@pytest.fixture(autouse=True)
def _uploads(tmp_path, settings) -> None:
    settings.UPLOADS = tmp_path / "uploads"
