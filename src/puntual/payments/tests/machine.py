"""What the state machine of `test_machine` stands on: empty books, the model beside them, and what always holds of both."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import count

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
)

from puntual.kernel.problems import Problem
from puntual.payments import models
from puntual.payments.queries import on_account
from puntual.payments.tests.model import Credit, Deduction, Item, Line, Payment, Taking, share
from puntual.payments.verify import verify as verify_payments
from puntual.receivables import actions as ledger
from puntual.receivables import queries
from puntual.receivables.models import CreditNote, Entry, Hold, Installment
from puntual.receivables.portfolio import portfolio
from puntual.receivables.tests.build import books_for
from puntual.receivables.verify import verify as verify_ledger

PAYER, PAID_FOR, OTHER = 0, 1, 2


class LedgerMachine(RuleBasedStateMachine):
    """Books and their model; every example starts from empty ones and is rolled back."""

    cast = None  # set by the test: classes of Hypothesis take no fixtures

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.books = books_for(self.cast.actor())
        self.by = self.books.by
        payer = self.books.customer("Grupo")
        self.customers = [payer, self.books.customer("Planta", paid_by=payer), self.books.customer("Otra")]
        self.numbers = count(1)
        self.items: list[Item] = []
        self.ids: list = []  # of the installments, place by place
        self.credits: list[tuple[Credit, CreditNote]] = []
        self.payments: list[tuple[Payment, models.Payment]] = []
        self.holds: list[tuple[tuple[int, date, date | None, date | None], Hold]] = []
        self.closed = date.min

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    # helpers

    def day(self, ago: int) -> date:
        return self.by.today - timedelta(days=ago)

    def attempt(self, allowed: bool, call):
        """Run an action that the model allows or refuses; refused ones must leave nothing behind."""
        if allowed:
            return call()
        try:
            with transaction.atomic():
                call()
        except Problem as problem:
            assert str(problem)
            return None
        raise AssertionError("the model refuses this, the ledger took it")

    def pick(self, things, n: int):
        return things[n % len(things)]

    def place(self, item: Item) -> int:
        return next(place for place, one in enumerate(self.items) if one is item)

    def id(self, item: Item):
        return self.ids[self.place(item)]

    def designations(self, wishes):
        named = [(self.pick(self.items, n), asked) for n, asked in wishes] if self.items else []
        return named, [ledger.Designation(self.id(item), asked) for item, asked in named]

    def reversible(self, line: Line) -> bool:
        raises = line.amount > 0 and line.account == "receivable"  # an issue, or a reversal
        return not (line.undone or raises or isinstance(line.source, Taking))

    def entry_of(self, item: Item, line: Line) -> Entry:
        """The stored entry of a line. Lines that are alike in all of this are alike in everything."""
        known = {
            Taking: {"payment", "recovery"},
            Credit: {"credit_note"},
            Deduction: {"deduction"},
            str: {"closed_outside"},
        }
        kinds = known.get(type(line.source), {"issued", "cancellation", "recovery", "write_off"})
        entries = Entry.objects.filter(installment_id=self.id(item)).order_by("id")
        undone = {entry.reverses_id for entry in entries}

        def fits(entry: Entry) -> bool:
            alike = (entry.amount, entry.effective_on, entry.account) == (line.amount, line.day, line.account)
            again = entry.kind == "closed_outside" and entry.amount < 0
            stands = entry.id not in undone and (entry.reverses_id is None or again)
            raises = line.amount > 0 and line.account == "receivable"
            return alike and entry.kind in kinds and (raises or stands != line.undone)

        return next(entry for entry in entries if fits(entry))

    # how the model settles a payment

    def family(self, owner: int) -> set[int]:
        return {PAYER, PAID_FOR} if owner == PAYER else {owner}

    def settle(self, payment: Payment, named, oldest: bool, day: date) -> None:
        known = self.by.today
        for item, asked in named:
            if not item.open and item.off:
                part = min(payment.left, item.off if asked is None else min(asked, item.off))
                if part:
                    self.take(payment, item, part, day, known, "written_off")
        mine = [
            one for one in self.items if one.owner in self.family(payment.owner) and one.currency == payment.currency
        ]
        for at, part in share(payment.left, mine, named, oldest).items():
            self.take(payment, mine[at], part, day, known, "receivable")

    def take(self, payment, item, part, day, known, account) -> None:
        taking = next((x for x in payment.takings if x.item is item and x.line.account == account and x.new), None)
        if taking:  # named twice: one posting
            taking.line.amount -= part
            taking.amount += part
        else:
            taking = Taking(item, item.post(-part, day, known, account), part)
            taking.line.source, taking.new = taking, True
            payment.takings.append(taking)
        payment.left -= part

    def forget_new(self, payment: Payment) -> None:
        for taking in payment.takings:
            taking.new = False

    # what always holds

    @invariant()
    def verifies(self) -> None:
        org = self.by.organization_id
        assert verify_ledger(org) + verify_payments(org) == []

    @invariant()
    def agrees_with_the_model_now(self) -> None:
        org = self.by.organization_id
        stored = {item.id: item for item in Installment.objects.filter(organization_id=org)}
        for id, item in zip(self.ids, self.items, strict=True):
            found = stored[id]
            assert (found.open_amount, found.written_off, found.settled_on, found.expected_deduction, found.due_on) == (
                item.open,
                item.off,
                item.settled,
                item.expected,
                item.due,
            )
        assert [note.left for note, _ in self.credits] == [
            CreditNote.objects.get(organization_id=org, id=stored.id).unapplied for _, stored in self.credits
        ]
        assert [payment.left for payment, _ in self.payments] == [
            models.Payment.objects.get(organization_id=org, id=stored.id).unapplied for _, stored in self.payments
        ]

    @rule(ago=st.integers(0, 50), known_ago=st.none() | st.integers(0, 50))
    def agrees_with_the_model_then(self, ago, known_ago) -> None:
        org, as_of = self.by.organization_id, self.day(ago)
        known = None if known_ago is None else self.day(known_ago)
        found = {
            item.installment_id: (item.open, item.written_off)
            for item in queries.items(org, as_of=as_of, known_on=known)
        }
        expected = {
            id: (
                item.balance("receivable", as_of, known or date.max),
                item.balance("written_off", as_of, known or date.max),
            )
            for id, item in zip(self.ids, self.items, strict=True)
        }
        assert found == {id: amounts for id, amounts in expected.items() if amounts[0]}
        money: dict = {}
        for payment, _stored in self.payments:
            key = (self.customers[payment.owner].id, payment.currency)
            money[key] = money.get(key, Decimal(0)) + payment.on_account(as_of)
        assert {(x.customer_id, x.currency): x.amount for x in on_account(org, as_of=as_of)} == {
            k: v for k, v in money.items() if v
        }
        totals: dict = {}
        for item in self.items:
            then = item.balance(as_of=as_of)
            if then:
                totals[item.currency, item.due] = totals.get((item.currency, item.due), Decimal(0)) + then
        assert {(x.currency, x.due_on): x.open for x in portfolio(org, as_of)} == totals
        held = {
            (made.id)
            for (place, starts, until, released), made in self.holds
            if starts <= as_of and (until is None or as_of <= until) and (released is None or as_of < released)
        }
        assert {one.id for one in queries.active_holds(org, as_of)} == held
