"""Deposits into an account for detracciones: they close what is expected, by themselves where one is meant, else by a person."""

from decimal import Decimal

import pytest

from puntual.parties.models import Customer
from puntual.payments.models import BankLine, LineDeduction, Payment
from puntual.payments.reconciling.actions import undo_line
from puntual.payments.reconciling.deposits import DepositDone, candidates, settle_deposit, settle_unexpected
from puntual.payments.reconciling.queries import lines_waiting
from puntual.payments.reconciling.running import match_lines
from puntual.payments.reconciling.tests.conftest import Bank
from puntual.payments.statements.actions import restrict_account
from puntual.receivables.actions import Deduction
from puntual.receivables.models import ExpectedDeduction, Installment
from puntual.receivables.problems import NotOfThisCustomer
from puntual.receivables.tests.build import Books


@pytest.fixture
def nation(books: Books, bank: Bank) -> Bank:
    """The account for detracciones."""
    restrict_account(books.by, bank.statement.account_id, restricted=True)
    return bank


def billed(books: Books, customer: Customer, amount: str = "1234.56", expected: str = "148.15", **more) -> Installment:
    return books.item(customer, amount, deductions=(Deduction("detraction", Decimal(expected)),), **more)


def run(books: Books) -> dict[str, int]:
    return dict(match_lines(books.by, books.creditor.id))


def test_a_deposit_that_names_the_invoice_closes_its_deduction(books: Books, nation: Bank) -> None:
    item = billed(books, books.customer(), number="E001-1234")
    billed(books, books.customer("Otra"), number="E001-9999")  # the same amount, of somebody else
    line = nation.line("148", "DETRACCION E001-1234 037", ago=2, bank_key="00458812")
    assert run(books) == {"matched": 1}
    again = books.again(item)
    assert (again.open_amount, again.expected_deduction) == (Decimal("1086.41"), 0)
    closed = ExpectedDeduction.objects.get(installment=item)
    assert (closed.certificate, closed.closed_on) == ("00458812", books.ago(2))
    assert nation.again(line).state == "matched"
    assert LineDeduction.objects.get().automatic
    assert not Payment.objects.exists()
    assert run(books) == {}


def test_a_tax_id_and_the_amount_are_enough(books: Books, nation: Bank) -> None:
    customer = books.customer()
    customer.party.tax_id = "20100070970"
    customer.party.save()
    billed(books, customer)
    nation.line("148", "DEPOSITO", payer_tax_id="20100070970")
    assert run(books) == {"matched": 1}


def test_the_amount_alone_waits_for_a_person(books: Books, nation: Bank) -> None:
    item = billed(books, books.customer())
    line = nation.line("148", "DEPOSITO EN EFECTIVO")
    assert run(books) == {"unmatched": 1}
    assert not lines_waiting(books.org).exists(), "it is no payment anybody has to explain"
    (found,) = candidates(books.org, [line])[line.id]
    assert found.installment_id == item.id
    settle_deposit(books.by, line.id, found.id)
    assert books.again(item).expected_deduction == 0
    with pytest.raises(DepositDone):
        settle_deposit(books.by, line.id, found.id)


def test_one_that_nobody_expected_is_given_to_an_invoice(books: Books, nation: Bank) -> None:
    item = books.item(books.customer(), "1000")
    line = nation.line("120", "DEPOSITO")
    run(books)
    settle_unexpected(books.by, line.id, item.id)
    assert books.open(item) == [880]


def test_less_than_expected_is_asked_for_again(books: Books, nation: Bank) -> None:
    item = billed(books, books.customer(), "1000", "120")
    line = nation.line("100", "DEPOSITO")
    run(books)
    settle_deposit(books.by, line.id, ExpectedDeduction.objects.get().id)
    again = books.again(item)
    assert (again.open_amount, again.expected_deduction) == (900, 0)


def test_undone_it_is_expected_again_and_no_rule_closes_it_twice(books: Books, nation: Bank) -> None:
    item = billed(books, books.customer(), number="E001-1234")
    line = nation.line("148", "E001-1234")
    run(books)
    undo_line(books.by, line.id, why="of another invoice")
    again = books.again(item)
    assert (again.open_amount, again.expected_deduction) == (Decimal("1234.56"), Decimal("148.15"))
    assert nation.again(line).state == BankLine.State.UNMATCHED
    assert run(books) == {"unmatched": 1}


def test_two_of_the_same_are_not_guessed(books: Books, nation: Bank) -> None:
    customer = books.customer()
    customer.party.tax_id = "20100070970"
    customer.party.save()
    billed(books, customer)
    billed(books, customer)
    nation.line("148", payer_tax_id="20100070970")
    assert run(books) == {"unmatched": 1}


def test_what_is_refused(books: Books, nation: Bank) -> None:
    dollars = books.item(books.customer(), "1000", currency="USD")
    line = nation.line("120")
    run(books)
    with pytest.raises(NotOfThisCustomer):
        settle_unexpected(books.by, line.id, dollars.id)
    outflow = nation.line("-120", "PAGO SUNAT")
    with pytest.raises(BankLine.DoesNotExist):
        settle_unexpected(books.by, outflow.id, dollars.id)
    assert run(books) == {"unmatched": 1}
