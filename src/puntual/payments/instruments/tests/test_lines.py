"""A bank's line that pays an instrument, one that takes it back, and the line undone."""

from datetime import timedelta
from decimal import Decimal

import pytest

from puntual.kernel.problems import Problem
from puntual.payments.instruments.actions import deposit
from puntual.payments.instruments.lines import instruments_for, pay_by_line
from puntual.payments.instruments.models import Instrument
from puntual.payments.instruments.states import NotNow
from puntual.payments.instruments.tests.test_instruments import again, taken_in
from puntual.payments.models import LineSettlement, PayerTrait
from puntual.payments.reconciling.actions import undo_line
from puntual.payments.reconciling.running import match_lines
from puntual.payments.reconciling.tests.conftest import Bank
from puntual.payments.reconciling.tests.conftest import bank as bank
from puntual.receivables.tests.build import Books


@pytest.fixture
def letra(books: Books) -> Instrument:
    customer = books.customer()
    books.item(customer, "777")
    one = taken_in(books, customer, "777", kind="bill", number="L-00123", days=0)
    return deposit(books.by, one.id)


def test_the_one_the_text_names_comes_first(books: Books, bank: Bank, letra: Instrument) -> None:
    customer = books.customer("Otra")
    books.item(customer, "777")
    other = taken_in(books, customer, "777", kind="bill", number="L-00500", days=0)
    line = bank.line("777", "ABONO LETRA L-500")
    assert instruments_for(books.org, line) == [(other, True), (letra, False)]
    assert instruments_for(books.org, bank.line("776")) == []


def test_a_credit_pays_it(books: Books, bank: Bank, letra: Instrument) -> None:
    line = bank.line("777", "ABONO COBRANZA", payer_account="BANK-1")
    payment = pay_by_line(books.by, line.id, letra.id)
    assert (again(letra).state, again(letra).payment_id) == ("paid", payment.id)
    assert payment.unapplied == 0
    assert LineSettlement.objects.get().payment_id == payment.id
    assert not PayerTrait.objects.exists()
    with pytest.raises(NotNow):
        pay_by_line(books.by, line.id, letra.id)


def test_the_line_undone_leaves_it_with_the_bank(books: Books, bank: Bank, letra: Instrument) -> None:
    line = bank.line("777", "ABONO")
    pay_by_line(books.by, line.id, letra.id)
    undo_line(books.by, line.id, why="another letra")
    assert (again(letra).state, again(letra).payment_id) == ("deposited", None)


def test_the_bank_takes_it_back(books: Books, bank: Bank, letra: Instrument) -> None:
    line = bank.line("777", "ABONO", bank_key="K-1", ago=0)
    pay_by_line(books.by, line.id, letra.id)
    later = books.on(books.by.today + timedelta(days=2))
    bank.line("-777", "LETRA PROTESTADA", bank_key="K-1", reverses=True, ago=-2)
    assert match_lines(later, books.creditor.id)["matched"] == 0
    assert again(letra).state == "returned"
    assert "PROTESTADA" in again(letra).why


def test_another_amount_is_refused(books: Books, bank: Bank, letra: Instrument) -> None:
    line = bank.line("776.99")
    with pytest.raises(Problem):
        pay_by_line(books.by, line.id, letra.id)
    assert again(letra).state == "deposited"
    assert Decimal("776.99") == line.amount
