"""The sample's letras and checks: one runs, one is without a word, one came back with its fee; and a credit note is to come."""

import pytest

from puntual.cli.sample.papers import take_in_papers
from puntual.payments.instruments.models import Instrument
from puntual.payments.tests.conftest import books as books
from puntual.receivables.deductions import pending_credits
from puntual.receivables.models import Invoice
from puntual.receivables.tests.build import Books


def test_each_kind_is_there(books: Books) -> None:
    for number in range(5):
        books.item(books.customer(f"Cliente {number}"), "2000.00", late=10 + number)
    take_in_papers(books.by, books.on)
    assert sorted(Instrument.objects.values_list("kind", "state")) == [
        ("bill", "deposited"),
        ("bill", "returned"),
        ("check", "received"),
    ]
    assert Invoice.objects.get(kind="charge").amount == 35
    assert pending_credits(books.org).count() == 1


@pytest.mark.parametrize("customers", [0, 3])
def test_a_small_sample_goes_without(books: Books, customers: int) -> None:
    for number in range(customers):
        books.item(books.customer(f"Cliente {number}"), "2000.00")
    take_in_papers(books.by, books.on)
    assert not Instrument.objects.exists()
