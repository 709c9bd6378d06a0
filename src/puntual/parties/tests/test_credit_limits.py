"""Credit limits as dated facts."""

from datetime import timedelta
from decimal import Decimal

import pytest

from puntual.agreements.terms.actions import change_terms, withdraw_terms
from puntual.kernel.problems import Problem
from puntual.parties.credit.actions import keep_limit
from puntual.parties.credit.queries import limits_in_force, limits_of
from puntual.parties.models import Customer
from puntual.receivables.tests.build import Books, books_for


@pytest.fixture
def books(acting) -> Books:
    return books_for(acting.actor())


def of_pen(books: Books, customer: Customer, days_ago: int = 0) -> Decimal | None:
    found = limits_in_force(books.org, books.ago(days_ago), [customer.id])
    return next((one.amount for one in found if one.currency == "PEN"), None)


def test_each_day_has_the_limit_that_was_decided_last(books: Books) -> None:
    customer = books.customer()
    for days_ago, amount in ((90, "5000"), (30, "8000")):
        keep_limit(
            books.on(books.ago(days_ago)), customer.id, currency="PEN", amount=Decimal(amount), reason="Asked for"
        )
    keep_limit(books.by, customer.id, currency="USD", amount=Decimal(1000), reason="Imports")
    keep_limit(books.by, customer.id, currency="PEN", amount=None, reason="Pays in advance from now on")
    days = {days_ago: of_pen(books, customer, days_ago) for days_ago in (91, 90, 31, 30, 1, 0)}
    assert days == {91: None, 90: 5000, 31: 5000, 30: 8000, 1: 8000, 0: None}
    assert [one.currency for one in limits_in_force(books.org, books.by.today)] == ["USD"]
    assert Customer.objects.get(pk=customer.pk).credit_limit is None
    assert limits_of(books.org, customer.id).count() == 4


def test_a_limit_past_its_last_day_still_measures_and_is_due_for_review(books: Books) -> None:
    customer = books.customer()
    until = books.ago(10)
    keep_limit(
        books.on(books.ago(40)),
        customer.id,
        currency="PEN",
        amount=Decimal(500),
        reason="For a season",
        valid_until=until,
    )
    (limit,) = limits_in_force(books.org, books.by.today, [customer.id])
    assert (limit.amount, limit.review_due(until), limit.review_due(until + timedelta(days=1))) == (500, False, True)


def test_changed_terms_are_a_limit_and_taken_back_the_one_before_holds(books: Books) -> None:
    customer = books.customer()
    keep_limit(books.on(books.ago(40)), customer.id, currency="PEN", amount=Decimal(500), reason="Opening")
    said = {"reason": "Grew", "consent_ours": "Carla", "consent_theirs": "Rosa", "evidence": "Mail"}
    made = change_terms(books.by, customer.id, effective_on=books.by.today, credit_limit=Decimal(900), **said)
    assert of_pen(books, customer) == 900
    later = books.on(books.by.today)
    withdraw_terms(later, made.id, why="Not signed")
    assert (of_pen(books, customer), of_pen(books, customer, 1)) == (500, 500)
    assert Customer.objects.get(pk=customer.pk).credit_limit == 500


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": Decimal(-1)},
        {"amount": Decimal("1.001")},
        {"currency": "SOL"},
        {"reason": " "},
        {"amount": None, "currency": "USD"},
    ],
)
def test_what_nobody_can_mean_is_refused(books: Books, wrong: dict[str, object]) -> None:
    customer = books.customer()
    given = {"currency": "PEN", "amount": Decimal(10), "reason": "Because", **wrong}
    with pytest.raises(Problem):
        keep_limit(books.by, customer.id, **given)
    with pytest.raises(Problem):
        keep_limit(books.by, customer.id, currency="PEN", amount=Decimal(1), reason="x", valid_until=books.ago(1))
