"""Terms changed for good: with both sides' consent, from a day on, for what is invoiced from then."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from puntual.agreements.models import Terms
from puntual.agreements.terms.actions import (
    ConsentMissing,
    NotTheLatest,
    change_terms,
    take_effect,
    withdraw_terms,
)
from puntual.agreements.terms.queries import terms_known
from puntual.agreements.terms.timeline import Change, days_on
from puntual.kernel.problems import Problem
from puntual.parties.models import Customer
from puntual.parties.rules import payment_rules_of
from puntual.receivables.actions import keep_payment_rules
from puntual.receivables.tests.build import Books

SAID = {
    "reason": "Their own customers pay at 60 days",
    "consent_ours": "Carla Ríos",
    "consent_theirs": "Rosa Medina",
    "evidence": "E-mail of 20 November",
}
JANUARY, JULY = date(2026, 1, 1), date(2026, 7, 1)


@pytest.mark.parametrize(
    ("day", "now", "changes", "expected"),
    [
        (JULY, 30, [], 30),
        (JULY, None, [], None),
        (JULY - timedelta(days=1), 60, [Change(JULY, 60, 30)], 30),
        (JULY, 60, [Change(JULY, 60, 30)], 60),
        (JULY, 45, [Change(JULY, 60, 30)], 60),
        (date(2025, 1, 1), 60, [Change(JULY, 60, 45), Change(JANUARY, 45, None)], None),
        (JANUARY, 60, [Change(JULY, 60, 45), Change(JANUARY, 45, None)], 45),
    ],
)
def test_the_terms_of_an_invoice_are_those_of_its_day(
    day: date, now: int | None, changes: list[Change], expected: int | None
) -> None:
    assert days_on(day, now, changes) == expected


def again(customer: Customer) -> Customer:
    return Customer.objects.get(id=customer.id)


def test_from_today_they_hold_at_once(books: Books) -> None:
    customer = books.customer(terms_days=30, credit_limit=Decimal(5000))
    keep_payment_rules(books.by, customer.id, weekdays=[4], needs_order=True)
    item = books.item(customer, late=6)
    made = change_terms(
        books.by, customer.id, effective_on=books.by.today, terms_days=60, pay_days=[30, 15],
        credit_limit=Decimal(8000), **SAID,
    )  # fmt: skip
    now, rules = again(customer), payment_rules_of(books.org, customer.id)
    assert (now.terms_days, now.credit_limit) == (60, 8000)
    assert rules and (rules.pay_days, rules.weekdays, rules.needs_order) == ([15, 30], [4], True)
    assert made.before == {"terms_days": 30, "pay_days": [], "credit_limit": "5000"}
    assert (made.currency, made.applied_on) == ("PEN", books.by.today)
    assert books.again(item).due_on == item.due_on  # what was invoiced keeps its due date
    withdraw_terms(books.by, made.id, why="Not signed after all")
    now, rules = again(customer), payment_rules_of(books.org, customer.id)
    assert (now.terms_days, now.credit_limit) == (30, 5000)
    assert rules and (rules.pay_days, rules.weekdays) == ([], [4])


def test_from_a_later_day_the_clock_lets_them_begin(books: Books) -> None:
    customer = books.customer(terms_days=30)
    made = change_terms(books.by, customer.id, effective_on=books.ago(-10), terms_days=60, **SAID)
    assert (again(customer).terms_days, take_effect(books.by)) == (30, 0)
    known = terms_known(books.org, [customer.id])
    assert [known.days(customer.id, books.ago(days)) for days in (-9, -10)] == [30, 60]
    then = books.on(books.ago(-10))
    assert (take_effect(then), take_effect(then)) == (1, 0)
    made.refresh_from_db()
    assert (again(customer).terms_days, made.applied_on) == (60, then.today)


def test_what_was_not_known_is_not_known_for_what_came_before(books: Books) -> None:
    customer = books.customer()
    change_terms(books.by, customer.id, effective_on=books.by.today, terms_days=60, **SAID)
    known = terms_known(books.org, [customer.id])
    assert [known.days(customer.id, books.ago(days)) for days in (1, 0)] == [None, 60]


@pytest.mark.parametrize("missing", SAID)
def test_both_sides_agree_and_it_is_known_how(books: Books, missing: str) -> None:
    customer = books.customer()
    with pytest.raises(ConsentMissing):
        change_terms(books.by, customer.id, effective_on=books.by.today, terms_days=60, **{**SAID, missing: " "})
    assert not Terms.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"terms_days": 30},
        {"terms_days": 366},
        {"pay_days": [32]},
        {"credit_limit": Decimal(-1)},
        {"terms_days": 60, "effective_on": date(2026, 11, 22)},
        {"terms_days": 60, "effective_on": date(2027, 12, 1)},
    ],
)
def test_what_changes_nothing_or_makes_no_sense(books: Books, wrong: dict[str, object]) -> None:
    customer = books.customer(terms_days=30)
    with pytest.raises(Problem):
        change_terms(books.by, customer.id, **{"effective_on": books.by.today, **wrong, **SAID})  # type: ignore[arg-type]
    assert again(customer).terms_days == 30


def test_only_the_latest_change_is_taken_back(books: Books) -> None:
    customer = books.customer(terms_days=30)
    first = change_terms(books.by, customer.id, effective_on=books.by.today, terms_days=45, **SAID)
    second = change_terms(books.by, customer.id, effective_on=books.ago(-5), terms_days=60, **SAID)
    with pytest.raises(NotTheLatest):
        withdraw_terms(books.by, first.id, why="Wrong")
    with pytest.raises(Problem):
        withdraw_terms(books.by, second.id, why=" ")
    withdraw_terms(books.by, second.id, why="Wrong")
    with pytest.raises(Problem):
        withdraw_terms(books.by, second.id, why="Twice")
    assert take_effect(books.on(books.ago(-5))) == 0
    withdraw_terms(books.by, first.id, why="Wrong")
    assert again(customer).terms_days == 30
