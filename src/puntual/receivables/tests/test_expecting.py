"""The day an item is expected: what moves it, and what it never moves."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from puntual.receivables import actions
from puntual.receivables.bulk import NewInvoice, issue_many
from puntual.receivables.bulk_dates import move_due_many
from puntual.receivables.models import Installment
from puntual.receivables.portfolio import portfolio
from puntual.receivables.tests.build import Books

RULES = {"pay_days": [15, 30], "cap_days": 30}  # 2026-11-30 is a Monday


def test_an_extension_moves_the_day_and_starts_the_manual_afresh(books: Books) -> None:
    item = books.item(books.customer(), late=10)
    moved = actions.extend_due(books.by, item.id, books.ago(-5), why="Agreed")
    assert (moved.expected_on, moved.due_on, moved.due_generation) == (books.ago(-5), item.due_on, 2)
    assert actions.extend_due(books.by, item.id, books.ago(-5), why="Twice").due_generation == 2
    back = actions.extend_due(books.by, item.id, None, why="By mistake")
    assert (back.expected_on, back.due_generation) == (item.due_on, 3)


def test_nothing_is_expected_before_it_is_due(books: Books) -> None:
    item = books.item(books.customer(), late=10)
    actions.extend_due(books.by, item.id, books.ago(5), why="Agreed")
    actions.change_due_date(books.by, item.id, books.ago(-20), why="Delivered late")
    assert books.again(item).expected_on == books.ago(-20)


def test_pay_days_move_what_is_open_and_what_comes(books: Books) -> None:
    customer, other = books.customer(), books.customer()
    old, same = books.item(customer, late=6), books.item(other, late=6)  # 2026-11-17
    aged = portfolio(books.org)
    actions.keep_payment_rules(books.by, customer.id, **RULES)
    assert books.again(old).pays_on == books.again(old).expected_on == date(2026, 12, 2)
    assert books.again(old).due_generation == 1  # what was heard was heard
    assert books.again(same).expected_on == same.due_on
    assert portfolio(books.org) == aged
    new = books.item(customer, late=-17)  # 2026-12-10
    assert books.again(new).expected_on == date(2026, 12, 17)
    actions.change_due_date(books.by, new.id, date(2026, 12, 20), why="Delivered late")
    assert books.again(new).expected_on == date(2027, 1, 4)
    move_due_many(books.by, {new.id: date(2026, 12, 10)}, why="The file")
    assert books.again(new).expected_on == date(2026, 12, 17)
    actions.extend_due(books.by, new.id, date(2027, 1, 20), why="Agreed")
    assert books.again(new).expected_on == date(2027, 1, 20)  # a day that was agreed goes before a habit
    actions.keep_payment_rules(books.by, customer.id)
    assert books.again(old).expected_on == old.due_on
    assert books.again(new).expected_on == date(2027, 1, 20)


def test_imported_invoices_follow_the_rules_too(books: Books) -> None:
    customer = books.customer()
    actions.keep_payment_rules(books.by, customer.id, **RULES)
    due = books.by.today + timedelta(days=1)
    row = NewInvoice(books.creditor.id, customer.id, "F-1", "F-1", books.ago(29), due, "PEN", Decimal(100))
    issue_many(books.by, [row])
    assert Installment.objects.get().expected_on == date(2026, 12, 2)


@pytest.mark.parametrize("paid", [False, True])
def test_only_what_is_open_moves(books: Books, paid: bool) -> None:
    customer = books.customer()
    item = books.item(customer, late=6)
    if paid:
        actions.close_outside(books.by, item.id, why="Settled")
    actions.keep_payment_rules(books.by, customer.id, **RULES)
    assert (books.again(item).pays_on is None) == paid
