"""Fixtures of this room's tests."""

from collections.abc import Iterator

import pytest

from conftest import Cast
from puntual.organizations.models import Organization
from puntual.outreach.tests.build import World, make_world
from puntual.outreach.tests.mailserver import MailServer, mail_server
from puntual.tenancy.scope import acting_for


@pytest.fixture
def world(acting: Cast) -> World:
    """A small portfolio, inside its organization."""
    return make_world(acting.actor())


@pytest.fixture
def committed(transactional_db: None, cast: Cast) -> World:
    """The same, committed and outside any transaction: for what has transactions of its own."""
    with acting_for(cast.organization.id):
        return make_world(cast.actor())


@pytest.fixture
def post(settings) -> Iterator[MailServer]:
    """A mail server that this installation is set up to use."""
    with mail_server() as (server, url):
        settings.SMTP_URL = url
        yield server


@pytest.fixture
def live(committed: World, post: MailServer) -> World:
    """A committed world whose organization is live."""
    Organization.objects.filter(pk=committed.by.organization_id).update(mode="live", live_since=committed.by.now)
    return committed
