"""A bank account of the book's creditor, whose lines a test writes by hand."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import count

from conftest import NOW, TODAY
from puntual.desk.tests.book import Book
from puntual.payments.models import BankAccount, BankLine, BankStatement
from puntual.payments.reconciling.running import match_lines


@dataclass
class Bank:
    """Credits of one statement, and the matching that looks at them."""

    book: Book
    statement: BankStatement
    numbers: "count[int]"

    def line(self, amount: str, words: str = "", *, ago: int = 0, currency: str = "PEN", **more: object) -> BankLine:
        """A credit, booked so many days ago."""
        with self.book.inside():
            return BankLine.objects.create(
                organization_id=self.book.cast.id,
                account_id=self.statement.account_id,
                creditor=self.book.creditor,
                statement=self.statement,
                kind="posted",
                identity=f"L-{next(self.numbers)}",
                booked_on=TODAY - timedelta(days=ago),
                amount=Decimal(amount),
                currency=currency,
                text=words,
                recorded_at=NOW,
                **more,
            )

    def match(self) -> None:
        match_lines(self.book.by(), self.book.creditor.id)


def open_bank(book: Book) -> Bank:
    """An account in soles with a statement that has no lines yet."""
    with book.inside():
        account = BankAccount.objects.create(
            organization_id=book.cast.id, creditor=book.creditor, currency="PEN", number="191-1", key="1911"
        )
        statement = BankStatement.objects.create(
            organization_id=book.cast.id,
            account=account,
            format="camt.053",
            kind="posted",
            file_name="nov.xml",
            from_on=TODAY - timedelta(days=30),
            to_on=TODAY,
            opening=Decimal(1000),
            closing=Decimal(2000),
            entries=0,
            credits=0,
            debits=0,
            digest="0",
            recorded_at=NOW,
        )
    return Bank(book, statement, count(1))
