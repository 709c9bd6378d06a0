"""Books to write in, checked after every test: whatever a test did, ledger and payments must be sound."""

from collections.abc import Iterator

import pytest

from puntual.payments import verify as payments
from puntual.receivables import verify as receivables
from puntual.receivables.tests.build import Books, books_for


@pytest.fixture
def books(acting) -> Iterator[Books]:
    """The books of one creditor; verified when the test is over."""
    books = books_for(acting.actor())
    yield books
    assert receivables.verify(books.org) + payments.verify(books.org) == []
