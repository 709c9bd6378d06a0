"""What the tests of promises share: books in which days go by."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import count

from puntual.agreements.models import Promise, PromiseItem
from puntual.agreements.promises import actions
from puntual.agreements.promises.queries import judgments_of
from puntual.agreements.promises.valuing import Valued, value
from puntual.audit.actions import Actor
from puntual.parties.models import Creditor, Customer
from puntual.payments.actions import Designation, record_payment
from puntual.payments.models import Payment
from puntual.payments.receipts import RECEIPTS
from puntual.receivables.models import Installment
from puntual.receivables.queries import active_holds
from puntual.receivables.tests.build import Books


@dataclass
class Promised:
    """Books in which time passes; the bank is known through yesterday unless told otherwise."""

    books: Books
    by: Actor = field(init=False)
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.to(0)

    def bank(self, through: date | None) -> None:
        Creditor.objects.filter(id=self.books.creditor.id).update(bank_through=through)

    def day(self, days: int) -> date:
        """A day counted from the first one, a Monday."""
        return self.books.by.today + timedelta(days=days)

    def to(self, days: int, *, bank: int | None = None) -> None:
        """Go to a day; `bank` is the last one the bank is known for, the day before unless given."""
        self.by = self.books.on(self.day(days))
        self.bank(self.day(days - 1 if bank is None else bank))

    def promise(self, customer: Customer, amount: str | None, day: int, *items: Installment, **more: object) -> Promise:
        self._later()
        return actions.promise(
            self.by,
            customer.id,
            currency="PEN",
            promised_for=self.day(day),
            amount=Decimal(amount) if amount else None,
            item_ids=[item.id for item in items],
            **more,
        )

    def pay(
        self, customer: Customer, amount: str, *items: Installment, on: int | None = None, on_account: bool = False
    ) -> Payment:
        self._later()
        return record_payment(
            self.by,
            customer_id=customer.id,
            reference=f"T-{next(self.numbers)}",
            received_on=self.by.today if on is None else self.day(on),
            currency="PEN",
            amount=Decimal(amount),
            designations=[Designation(item.id) for item in items],
            oldest_first=not on_account,
        )

    def _later(self) -> None:
        """A minute goes by: what is recorded afterwards was not known before."""
        self.by = self.by.on(self.by.today, self.by.now + timedelta(minutes=1))

    def value(self) -> Valued:
        return value(self.by, RECEIPTS)

    def again(self, promise: Promise) -> Promise:
        return Promise.objects.get(organization_id=self.books.org, id=promise.id)

    def state(self, promise: Promise) -> str:
        return str(self.again(promise).state)

    def history(self, promise: Promise) -> list[str]:
        return [*(one.state for one in judgments_of(self.books.org, promise.id)), self.state(promise)]

    def covers(self, promise: Promise) -> dict[object, Decimal]:
        rows = PromiseItem.objects.filter(organization_id=self.books.org, promise=promise)
        return dict(rows.values_list("installment_id", "amount"))

    def held(self, *items: Installment) -> list[Decimal | bool | None]:
        """What is paused of each today by a promise: an amount, None for all of it, False for nothing."""
        found = {
            hold.installment_id: hold.amount
            for hold in active_holds(self.books.org, self.by.today)
            if hold.reason == "promise"
        }
        return [found.get(item.id, False) for item in items]

    def check(self, customers: Collection[Customer] = ()) -> None:
        """What always holds: no item is held twice, what ended holds nothing, and a promise is the sum of its items."""
        standing = [
            (hold.installment_id, hold.source_id)
            for hold in active_holds(self.books.org, self.by.today)
            if hold.reason == "promise"
        ]
        assert len({item for item, _source in standing}) == len(standing), "an item is held twice"
        mine = Promise.objects.filter(organization_id=self.books.org)
        open_ones = set(mine.filter(state="open").values_list("id", flat=True))
        assert {source for _item, source in standing} <= open_ones
        for promise in mine:
            assert sum(self.covers(promise).values()) == promise.amount
            assert promise.paid <= promise.amount
