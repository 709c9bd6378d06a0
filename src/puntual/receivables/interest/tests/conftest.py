"""Books of a Spanish creditor: its law and the European Central Bank's rates are kept with their sources."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from puntual.parties.models import Creditor
from puntual.receivables.tests.build import Books, books_for
from puntual.receivables.verify import verify


@pytest.fixture
def books(acting) -> Iterator[Books]:
    """The books of one creditor in Spain; verified when the test is over."""
    books = books_for(acting.actor())
    Creditor.objects.filter(organization_id=books.org).update(country="ES", currency="EUR")
    books.creditor.refresh_from_db()
    yield books
    assert verify(books.org) == []


@pytest.fixture
def spain(books) -> Books:
    """The same, on 30 September 2025."""
    from datetime import date

    today = date(2025, 9, 30)
    return replace(books, by=books.on(today))
