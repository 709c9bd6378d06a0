"""What the bank takes back without naming one credit: a person says which payment it was."""

from decimal import Decimal

import pytest

from puntual.kernel.problems import Problem
from puntual.payments.actions import record_payment
from puntual.payments.reconciling.actions import undo_line
from puntual.payments.reconciling.reversals import (
    NotThisOne,
    ignore_reversal,
    reversals_waiting,
    take_back_payment,
    taken_back_maybe,
)
from puntual.payments.reconciling.running import match_lines
from puntual.payments.reconciling.tests.conftest import Bank
from puntual.receivables.tests.build import Books


def run(books: Books) -> dict[str, int]:
    return dict(match_lines(books.by, books.creditor.id))


def test_a_person_says_which_payment_it_was(books: Books, bank: Bank) -> None:
    customer = books.customer()
    first = books.item(customer, "500", number="F001-00001")
    second = books.item(customer, "500", number="F001-00002")
    one = bank.line("500", "F001-00001", ago=5)
    bank.line("500", "F001-00002", ago=4)
    run(books)
    assert books.open(first, second) == [0, 0]
    back = bank.line("-500", "DEVOLUCION", reverses=True, ago=1)
    run(books)
    assert [line.id for line in reversals_waiting(books.org)] == [back.id]
    found = taken_back_maybe(books.org, back)
    assert len(found) == 2
    take_back_payment(books.by, back.id, found[1].id)
    assert books.open(first, second) == [500, 0]
    assert bank.again(one).state == "reversed"
    assert not reversals_waiting(books.org).exists()
    with pytest.raises(NotThisOne):
        take_back_payment(books.by, back.id, found[0].id)
    with pytest.raises(Problem):
        undo_line(books.by, back.id, why="no")


def test_a_payment_no_line_brought_is_found_too(books: Books, bank: Bank) -> None:
    customer = books.customer()
    item = books.item(customer, "80")
    payment = record_payment(
        books.by,
        customer_id=customer.id,
        reference="CH-1",
        received_on=books.ago(9),
        currency="PEN",
        amount=Decimal(80),
    )
    back = bank.line("-80", "CHEQUE DEVUELTO", reverses=True)
    run(books)
    take_back_payment(books.by, back.id, payment.id)
    assert books.open(item) == [80]


def test_another_amount_is_not_taken_back(books: Books, bank: Bank) -> None:
    customer = books.customer()
    payment = record_payment(
        books.by,
        customer_id=customer.id,
        reference="CH-1",
        received_on=books.ago(9),
        currency="PEN",
        amount=Decimal(80),
    )
    back = bank.line("-81", "CHEQUE DEVUELTO", reverses=True)
    run(books)
    assert taken_back_maybe(books.org, back) == []
    with pytest.raises(NotThisOne):
        take_back_payment(books.by, back.id, payment.id)
    with pytest.raises(Problem):
        ignore_reversal(books.by, back.id, reason=" ")
    assert ignore_reversal(books.by, back.id, reason="the bank corrected itself").state == "ignored"
