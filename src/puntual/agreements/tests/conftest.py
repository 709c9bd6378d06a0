"""Books for the tests of agreements, verified when the test is over."""

from collections.abc import Iterator

import pytest

from puntual.agreements.tests.plans import Planned
from puntual.agreements.verify import verify as verify_agreements
from puntual.receivables.tests.build import Books, books_for
from puntual.receivables.verify import verify


@pytest.fixture
def books(acting) -> Iterator[Books]:
    """The books of one creditor."""
    books = books_for(acting.actor())
    yield books
    assert verify(books.org) == []


@pytest.fixture
def planned(books: Books) -> Iterator[Planned]:
    """Books in which days go by; what always holds of plans is checked at the end."""
    planned = Planned(books)
    yield planned
    planned.check()
    assert verify_agreements(books.org) == []
