"""Books to write in, checked after every test: whatever a test did, the ledger must be sound."""

from collections.abc import Iterator

import pytest

from puntual.receivables.tests.build import Books, books_for
from puntual.receivables.verify import verify


@pytest.fixture
def books(acting) -> Iterator[Books]:
    """The books of one creditor; verified when the test is over."""
    books = books_for(acting.actor())
    yield books
    assert verify(books.org) == []
