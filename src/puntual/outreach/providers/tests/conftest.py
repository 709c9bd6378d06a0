"""The same small portfolio and mail servers as the room's own tests."""

import pytest

from puntual.outreach.channels.email import transport as channel
from puntual.outreach.tests.conftest import committed, live, post, world  # noqa: F401
from puntual.outreach.tests.faultyserver import faulty_server


@pytest.fixture
def faulty(live, settings, monkeypatch):  # noqa: F811
    """A mail server that fails as it is told, and a sender with little patience."""
    monkeypatch.setattr(channel, "_TIMEOUT", 0.3)
    with faulty_server() as server:
        settings.SMTP_URL = server.url
        yield server
