"""Books to write in, checked after every test, and a bank account whose lines one writes by hand."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import count

import pytest

from puntual.payments import verify as payments
from puntual.payments.models import BankAccount, BankLine, BankStatement
from puntual.receivables import verify as receivables
from puntual.receivables.tests.build import Books, books_for


@dataclass
class Bank:
    """A bank account of the books' creditor."""

    books: Books
    statement: BankStatement
    numbers: "count[int]"

    def line(self, amount: str, text: str = "", *, ago: int = 0, **more: object) -> BankLine:
        """A credit, booked so many days ago."""
        return BankLine.objects.create(
            organization_id=self.books.org,
            account=self.statement.account,
            creditor=self.books.creditor,
            statement=self.statement,
            kind="posted",
            identity=f"L-{next(self.numbers)}",
            booked_on=self.books.ago(ago),
            amount=Decimal(amount),
            currency="PEN",
            text=text,
            recorded_at=self.books.by.now,
            **more,
        )

    def again(self, line: BankLine) -> BankLine:
        return BankLine.objects.get(organization_id=self.books.org, id=line.id)


@pytest.fixture
def books(acting) -> Iterator[Books]:
    """The books of one creditor; verified when the test is over."""
    books = books_for(acting.actor())
    yield books
    assert receivables.verify(books.org) + payments.verify(books.org) == []


def bank_of(books: Books) -> Bank:
    """An account with an empty statement of the last month."""
    account = BankAccount.objects.create(
        organization_id=books.org, creditor=books.creditor, currency="PEN", number="191-1", key="1911"
    )
    statement = BankStatement.objects.create(
        organization_id=books.org,
        account=account,
        format="camt.053",
        kind="posted",
        file_name="nov.xml",
        from_on=books.ago(30),
        to_on=books.by.today,
        entries=0,
        credits=0,
        debits=0,
        digest="0",
        recorded_at=books.by.now,
    )
    return Bank(books, statement, count(1))


@pytest.fixture
def bank(books: Books) -> Bank:
    return bank_of(books)
