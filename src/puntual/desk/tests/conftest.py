"""What the tests of the pages share."""

import pytest
from django.test import Client

from conftest import NOW, Cast
from puntual.desk.tests.book import Book, open_book
from puntual.outreach.tests.build import World, make_world
from puntual.tenancy.scope import acting_for


@pytest.fixture
def morning(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is Monday, 23 November 2026, 9:12 in Lima."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def book(cast: Cast, morning: None) -> Book:
    return open_book(cast)


@pytest.fixture
def owner(cast: Cast, client: Client, morning: None) -> Client:
    """The owner's browser."""
    client.force_login(cast.owner)
    return client


@pytest.fixture
def world(cast: Cast, morning: None) -> World:
    """A small portfolio to plan contacts for."""
    with acting_for(cast.id):
        return make_world(cast.actor())
