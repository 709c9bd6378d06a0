"""What was renegotiated stands apart, and ages as before."""

from decimal import Decimal

import pytest

from puntual.agreements.extensions.actions import grant_extension, withdraw
from puntual.analytics.queries import aging
from puntual.analytics.renegotiated import Renegotiated, renegotiated
from puntual.payments.actions import record_payment
from puntual.receivables.tests.build import Books, books_for


@pytest.fixture
def books(acting) -> Books:
    return books_for(acting.actor())


def test_apart_and_at_its_age(books: Books) -> None:
    customer = books.customer()
    one, plain = books.item(customer, "100", late=40), books.item(customer, "50", late=40)
    before = aging(books.org, books.by.today)
    grant_extension(books.by, plain.id, books.ago(-5))
    made = grant_extension(books.by, one.id, books.ago(-5), renegotiated=True)
    assert renegotiated(books.org, books.by.today) == [Renegotiated("PEN", Decimal(100), 1, Decimal(0))]
    assert renegotiated(books.org, books.ago(1)) == []
    assert aging(books.org, books.by.today) == before
    record_payment(
        books.by, customer_id=customer.id, reference="T", received_on=books.by.today, currency="PEN", amount=Decimal(30)
    )
    found = renegotiated(books.org, books.ago(-6), books.creditor.id)
    assert [(each.open, each.past) for each in found] == [(Decimal(70), Decimal(70))]
    assert renegotiated(books.org, books.by.today, customer.id) == []
    withdraw(books.by, made.id, why="Mistake")
    assert renegotiated(books.org, books.by.today) == []
