"""What files do to the same books: payments and balances by the batch, and a batch taken back."""

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from puntual.kernel.ids import uuid7
from puntual.payments import models
from puntual.payments.bulk import NewPayment, record_many
from puntual.payments.tests.machine import OTHER, PAID_FOR, PAYER, LedgerMachine
from puntual.payments.tests.model import Item, Line, Payment
from puntual.receivables import bulk
from puntual.receivables.problems import BatchInUse

AMOUNTS = st.integers(1, 40).map(lambda n: Decimal(n * 5))
PICK = st.integers(0, 99)
ROWS = st.tuples(
    st.sampled_from([PAYER, PAID_FOR, OTHER]),
    st.sampled_from(["PEN", "USD"]),
    AMOUNTS,
    st.integers(0, 30),
    st.lists(st.tuples(PICK, st.none() | AMOUNTS), max_size=2),
    st.booleans(),
)


class FileRules(LedgerMachine):
    """Rules of `bulk`, beside those of single actions."""

    def __init__(self) -> None:
        super().__init__()
        self.batches: list[tuple[object, list[tuple[Item, Line]]]] = []

    @rule(rows=st.lists(ROWS, min_size=1, max_size=3))
    def pay_by_file(self, rows) -> None:
        made, allowed = [], []
        for owner, currency, amount, ago, wishes, oldest in rows:
            named, designations = self.designations(wishes)
            day = self.day(ago)
            fits = all(item.owner in self.family(owner) and item.currency == currency for item, _asked in named)
            allowed.append((fits and day > self.closed, named))
            made.append(
                NewPayment(
                    self.books.creditor.id,
                    self.customers[owner].id,
                    f"P-{next(self.numbers)}",
                    day,
                    currency,
                    amount,
                    tuple(designations),
                    oldest,
                )
            )
        outcomes = record_many(self.by, made)
        assert [outcome.state for outcome in outcomes] == ["created" if good else "refused" for good, _named in allowed]
        for at in sorted(range(len(rows)), key=lambda at: made[at].received_on):
            good, named = allowed[at]
            if good:
                row = made[at]
                payment = Payment(rows[at][0], row.currency, row.received_on, row.amount, row.amount)
                self.settle(payment, named, row.oldest_first, row.received_on)
                self.forget_new(payment)
                self.payments.append((payment, models.Payment.objects.get(id=outcomes[at].document_id)))

    @precondition(lambda self: self.items)
    @rule(
        stated=st.lists(st.tuples(PICK, st.integers(0, 20).map(lambda n: Decimal(n * 5))), min_size=1, max_size=3),
        ago=st.integers(0, 30),
    )
    def balances_by_file(self, stated, ago) -> None:
        rows = {self.place(self.pick(self.items, n)): amount for n, amount in stated}
        day, batch = self.day(ago), uuid7()
        call = [bulk.OpenBalance(self.ids[place], amount) for place, amount in rows.items()]
        if day <= self.closed:
            self.attempt(False, lambda: bulk.update_open(self.by, call, effective_on=day, batch_id=batch))
            return
        outcomes = bulk.update_open(self.by, call, effective_on=day, batch_id=batch)
        made: list[tuple[Item, Line]] = []
        for (place, amount), outcome in zip(rows.items(), outcomes, strict=True):
            item = self.items[place]
            change = amount - item.open
            closures = [x for x in item.lines if x.source == "outside" and x.amount < 0 and not x.undone]
            closures.sort(key=lambda x: (x.day, -x.amount))
            if change > -sum(x.amount for x in closures):
                assert outcome.state == "refused"
                continue
            assert outcome.state == ("updated" if change else "unchanged")
            while change > 0:
                closure = closures.pop()
                change += closure.amount
                reopened = item.undo(closure, day, self.by.today)
                reopened.undone = False  # only by its own batch
                made.append((item, reopened))
            if change < 0:
                made.append((item, item.post(change, day, self.by.today, source="outside")))
        self.batches.append((batch, made))

    @precondition(lambda self: self.batches)
    @rule(n=PICK)
    def undo_balances(self, n) -> None:
        batch, made = self.pick(self.batches, n)
        standing = [(item, line) for item, line in made if not line.undone]
        allowed = all(
            0 <= item.open - sum(line.amount for one, line in standing if one is item) <= item.amount
            for item, _ in standing
        )
        try:
            bulk.undo_batch(self.by, batch, why="x")
        except BatchInUse:
            assert not allowed
            return
        assert allowed
        floors = {id(item): item.raised("receivable") for item, _line in standing}
        first = date.min if self.closed == date.min else self.closed.fromordinal(self.closed.toordinal() + 1)
        for item, line in standing:
            line.undone = True
            day = max(line.day, first, floors[id(item)] if line.amount > 0 else date.min)
            again = Line("receivable", -line.amount, day, self.by.today, "outside", undone=line.amount < 0)
            item.lines.append(again)
