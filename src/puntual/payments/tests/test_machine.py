"""Everything at once, in any order: after each step the ledger verifies and an independent model agrees to the cent."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from puntual.payments import actions as payments
from puntual.payments import models
from puntual.payments.tests.machine import OTHER, PAID_FOR, PAYER
from puntual.payments.tests.machine_files import FileRules
from puntual.payments.tests.model import Credit, Deduction, Item, Payment, share
from puntual.receivables import actions as ledger
from puntual.receivables.models import ExpectedDeduction, Installment
from puntual.receivables.portfolio import compact_portfolio

AMOUNTS = st.integers(1, 40).map(lambda n: Decimal(n * 5))
DAYS = st.integers(0, 30)
PICK = st.integers(0, 99)
CURRENCIES = st.sampled_from(["PEN", "PEN", "USD"])


class Ledger(FileRules):
    """The actions of two rooms, each tried with what the model allows and with what it refuses."""

    # the clock

    @rule(days=st.integers(1, 20))
    def time_passes(self, days: int) -> None:
        self.by = replace(self.by, today=self.by.today + timedelta(days=days), now=self.by.now + timedelta(days=days))

    @rule(ago=st.sampled_from([0, 20, 40, 60]))
    def close_period(self, ago: int) -> None:
        through = self.day(ago)
        allowed = ago > 0 and through >= self.closed
        self.attempt(allowed, lambda: ledger.close_period(self.by, self.books.creditor.id, through))
        if allowed:
            self.closed = through

    # documents

    @initialize(ago=DAYS)
    def something_of_everything(self, ago: int) -> None:
        for owner, withheld in ((PAYER, Decimal(10)), (PAYER, Decimal(20)), (PAID_FOR, None)):
            self.issue(owner, "PEN", [(Decimal(100), 10)], 30, withheld)
        self.credit(PAYER, "PEN", Decimal(40), ago)
        self.apply_credit(0, [(1, Decimal(15))], 0)
        self.end_deduction(1, 0, None, 0, True)
        self.pay(PAYER, "PEN", Decimal(60), ago, [], True)
        self.write_off(2, Decimal(25), 0)

    @rule(
        owner=st.sampled_from([PAYER, PAID_FOR, OTHER]),
        currency=CURRENCIES,
        parts=st.lists(st.tuples(AMOUNTS, st.integers(-40, 20)), min_size=1, max_size=2),
        ago=DAYS,
        withheld=st.none() | AMOUNTS,
    )
    def issue(self, owner, currency, parts, ago, withheld) -> None:
        issued, number = self.day(ago), f"F-{next(self.numbers):04}"
        deduction = (ledger.Deduction("detraction", withheld),) if withheld and withheld <= parts[0][0] else ()
        made = [
            ledger.Part(self.day(late), amount, deduction if not place else ())
            for place, (amount, late) in enumerate(parts)
        ]
        allowed = issued > self.closed
        invoice = self.attempt(
            allowed,
            lambda: ledger.issue_invoice(
                self.by,
                customer_id=self.customers[owner].id,
                number=number,
                issued_on=issued,
                currency=currency,
                parts=made,
            ),
        )
        if not allowed:
            return
        stored = Installment.objects.filter(organization_id=self.by.organization_id, invoice=invoice).order_by(
            "position"
        )
        for part, installment in zip(made, stored, strict=True):
            item = Item(owner, currency, number, issued, part.due_on, part.amount)
            item.post(part.amount, issued, self.by.today)
            item.deductions = [Deduction(one.amount) for one in part.deductions]
            self.items.append(item)
            self.ids.append(installment.id)

    @precondition(lambda self: self.items)
    @rule(n=PICK, ago=DAYS)
    def cancel(self, n, ago) -> None:
        item = self.pick(self.items, n)
        mine = [one for one in self.items if one.number == item.number]
        day = self.day(ago)
        allowed = day > self.closed and any(one.open for one in mine)
        invoice = Installment.objects.get(organization_id=self.by.organization_id, id=self.id(item)).invoice_id
        self.attempt(allowed, lambda: ledger.cancel_invoice(self.by, invoice, why="x", effective_on=day))
        for one in mine if allowed else ():
            if one.open:
                one.post(-one.open, day, self.by.today)

    @rule(owner=st.sampled_from([PAYER, OTHER]), currency=CURRENCIES, amount=AMOUNTS, ago=DAYS)
    def credit(self, owner, currency, amount, ago) -> None:
        issued = self.day(ago)
        note = self.attempt(
            issued > self.closed,
            lambda: ledger.issue_credit_note(
                self.by,
                customer_id=self.customers[owner].id,
                number=f"NC-{next(self.numbers)}",
                issued_on=issued,
                currency=currency,
                amount=amount,
            ),
        )
        if note:
            self.credits.append((Credit(owner, currency, issued, amount, amount), note))

    @precondition(lambda self: self.credits and self.items)
    @rule(n=PICK, wishes=st.lists(st.tuples(PICK, st.none() | AMOUNTS), max_size=2), ago=DAYS)
    def apply_credit(self, n, wishes, ago) -> None:
        credit, note = self.pick(self.credits, n)
        named, designations = self.designations(wishes)
        day = self.day(ago)
        fits = all(
            (item.owner, item.currency) == (credit.owner, credit.currency) and (asked is None or asked <= item.open)
            for item, asked in named
        )
        allowed = day > self.closed and fits
        self.attempt(
            allowed,
            lambda: ledger.apply_credit_note(self.by, note.id, designations=designations, effective_on=day),
        )
        if not allowed:
            return
        mine = [one for one in self.items if (one.owner, one.currency) == (credit.owner, credit.currency)]
        for one in mine:
            one.deductions, kept = [], one.deductions  # a credit takes the gross
            one.kept = kept
        for at, part in share(credit.left, mine, named, oldest=not named).items():
            mine[at].post(-part, max(day, credit.issued), self.by.today, source=credit)
            credit.left -= part
        for one in mine:
            one.deductions = one.kept

    # money

    @rule(
        owner=st.sampled_from([PAYER, PAID_FOR, OTHER]),
        currency=CURRENCIES,
        amount=AMOUNTS,
        ago=DAYS,
        wishes=st.lists(st.tuples(PICK, st.none() | AMOUNTS), max_size=2),
        oldest=st.booleans(),
    )
    def pay(self, owner, currency, amount, ago, wishes, oldest) -> None:
        day = self.day(ago)
        named, designations = self.designations(wishes)
        fits = all(item.owner in self.family(owner) and item.currency == currency for item, _asked in named)
        stored = self.attempt(
            day > self.closed and fits,
            lambda: payments.record_payment(
                self.by,
                customer_id=self.customers[owner].id,
                reference=f"P-{next(self.numbers)}",
                received_on=day,
                currency=currency,
                amount=amount,
                designations=designations,
                oldest_first=oldest,
            ),
        )
        if stored:
            payment = Payment(owner, currency, day, amount, amount)
            self.settle(payment, named, oldest, day)
            self.forget_new(payment)
            self.payments.append((payment, stored))

    @precondition(lambda self: self.payments)
    @rule(n=PICK, wishes=st.lists(st.tuples(PICK, st.none() | AMOUNTS), max_size=2), ago=DAYS)
    def apply_on_account(self, n, wishes, ago) -> None:
        payment, stored = self.pick(self.payments, n)
        named, designations = self.designations(wishes)
        day = self.day(ago)
        fits = all(item.owner in self.family(payment.owner) and item.currency == payment.currency for item, _a in named)
        allowed = day > self.closed and fits and not payment.reversed
        self.attempt(
            allowed,
            lambda: payments.apply_on_account(self.by, stored.id, designations=designations, effective_on=day),
        )
        if allowed:
            self.settle(payment, named, not named, max(day, payment.received))
            self.forget_new(payment)

    @precondition(lambda self: any(payment.takings for payment, _stored in self.payments))
    @rule(n=PICK, m=PICK, ago=DAYS)
    def unallocate(self, n, m, ago) -> None:
        payment, stored = self.pick([one for one in self.payments if one[0].takings], n)
        at = m % len(payment.takings)
        taking, day = payment.takings[at], self.day(ago)
        allocation = list(models.Allocation.objects.filter(payment=stored).order_by("id"))[at]
        assert allocation.amount == taking.amount
        allowed = day > self.closed and not payment.reversed and not taking.line.undone
        self.attempt(allowed, lambda: payments.unallocate(self.by, allocation.id, why="x", effective_on=day))
        if allowed:
            taking.item.undo(taking.line, day, self.by.today)
            payment.left += taking.amount

    @precondition(lambda self: self.payments)
    @rule(n=PICK, ago=DAYS)
    def reverse_payment(self, n, ago) -> None:
        payment, stored = self.pick(self.payments, n)
        day = self.day(ago)
        allowed = day > self.closed and not payment.reversed and not payment.refunds
        self.attempt(allowed, lambda: payments.reverse_payment(self.by, stored.id, reason="x", reversed_on=day))
        if allowed:
            payment.reversed, payment.left = max(day, payment.received), Decimal(0)
            for taking in payment.takings:
                if not taking.line.undone:
                    taking.item.undo(taking.line, payment.reversed, self.by.today)

    @precondition(lambda self: self.payments)
    @rule(n=PICK, amount=AMOUNTS, ago=DAYS)
    def refund(self, n, amount, ago) -> None:
        payment, stored = self.pick(self.payments, n)
        day = self.day(ago)
        allowed = day > self.closed and not payment.reversed and amount <= payment.left
        self.attempt(
            allowed,
            lambda: payments.refund(
                self.by, stored.id, amount=amount, refunded_on=day, reference=f"R-{next(self.numbers)}"
            ),
        )
        if allowed:
            payment.refunds.append((max(day, payment.received), amount))
            payment.left -= amount

    # corrections

    @precondition(lambda self: self.items)
    @rule(n=PICK, amount=st.none() | AMOUNTS, ago=DAYS)
    def write_off(self, n, amount, ago) -> None:
        item, day = self.pick(self.items, n), self.day(ago)
        part = item.open if amount is None else amount
        allowed = day > self.closed and 0 < part <= item.open
        self.attempt(
            allowed,
            lambda: ledger.write_off(self.by, self.id(item), why="x", amount=amount, effective_on=day),
        )
        if allowed:
            lowered = item.post(-part, day, self.by.today, source="write_off")
            lowered.source = pair = object()
            item.post(part, lowered.day, self.by.today, "written_off", pair)

    @precondition(lambda self: any(item.off for item in self.items))
    @rule(n=PICK, amount=AMOUNTS, ago=DAYS)
    def recover(self, n, amount, ago) -> None:
        item, day = self.pick([one for one in self.items if one.off], n), self.day(ago)
        allowed = day > self.closed and amount <= item.off
        self.attempt(allowed, lambda: ledger.record_recovery(self.by, self.id(item), amount=amount, effective_on=day))
        if allowed:
            item.post(-amount, day, self.by.today, "written_off")

    @precondition(lambda self: self.items)
    @rule(n=PICK, amount=st.none() | AMOUNTS, ago=DAYS)
    def close_outside(self, n, amount, ago) -> None:
        item, day = self.pick(self.items, n), self.day(ago)
        part = item.open if amount is None else amount
        allowed = day > self.closed and 0 < part <= item.open
        self.attempt(
            allowed,
            lambda: ledger.close_outside(self.by, self.id(item), why="x", amount=amount, effective_on=day),
        )
        if allowed:
            item.post(-part, day, self.by.today, source="outside")

    @precondition(lambda self: any(len(item.lines) > 1 for item in self.items))
    @rule(n=PICK, ago=DAYS, any_line=st.booleans())
    def reverse_entry(self, n, ago, any_line) -> None:
        lines = [(item, line) for item in self.items for line in item.lines]
        if not any_line:  # rather one that can be reversed
            lines = [(item, line) for item, line in lines if self.reversible(line)] or lines
        item, line = self.pick(lines, n)
        day, entry = self.day(ago), self.entry_of(item, line)
        pair = [x for x in item.lines if line.source is not None and x.source is line.source and not x.undone]
        allowed = day > self.closed and self.reversible(line)
        if entry.kind == "write_off" and allowed:
            allowed = item.off >= abs(line.amount)
        self.attempt(allowed, lambda: ledger.reverse_entry(self.by, entry.id, why="x", effective_on=day))
        if not allowed:
            return
        if entry.kind == "write_off":
            pair.sort(key=lambda x: x.account == "receivable")
            made = item.undo(pair[0], day, self.by.today)
            item.undo(pair[1], made.day, self.by.today)
            return
        item.undo(line, day, self.by.today)
        if isinstance(line.source, Credit):
            line.source.left -= line.amount
        if isinstance(line.source, Deduction):
            line.source.state = "live"

    # deductions, pauses

    @precondition(lambda self: self.items)
    @rule(n=PICK, amount=AMOUNTS)
    def expect_deduction(self, n, amount) -> None:
        item = self.pick(self.items, n)
        allowed = amount <= item.open - item.expected
        self.attempt(
            allowed,
            lambda: ledger.expect_deduction(self.by, self.id(item), kind="withholding", amount=amount),
        )
        if allowed:
            item.deductions.append(Deduction(amount))

    @precondition(lambda self: any(item.deductions for item in self.items))
    @rule(n=PICK, m=PICK, amount=st.none() | AMOUNTS, ago=DAYS, comes=st.booleans())
    def end_deduction(self, n, m, amount, ago, comes) -> None:
        item = self.pick([one for one in self.items if one.deductions], n)
        at, day = m % len(item.deductions), self.day(ago)
        deduction = item.deductions[at]
        stored = list(ExpectedDeduction.objects.filter(installment_id=self.id(item)).order_by("id"))[at]
        part = deduction.amount if amount is None else amount
        allowed = deduction.state == "live"
        if not comes:
            self.attempt(allowed, lambda: ledger.give_up_deduction(self.by, stored.id, why="x"))
            deduction.state = "given up" if allowed else deduction.state
            return
        allowed = allowed and day > self.closed and part <= item.open
        self.attempt(
            allowed,
            lambda: ledger.close_deduction(self.by, stored.id, certificate="x", amount=amount, closed_on=day),
        )
        if allowed:
            deduction.state = "closed"
            item.post(-part, day, self.by.today, source=deduction)

    @precondition(lambda self: self.items)
    @rule(n=PICK, ago=DAYS, lasts=st.none() | DAYS)
    def hold(self, n, ago, lasts) -> None:
        item, starts = self.pick(self.items, n), self.day(ago)
        until = None if lasts is None else starts + timedelta(days=lasts)
        made = ledger.hold(self.by, reason="person", installment_id=self.id(item), from_on=starts, until_on=until)
        self.holds.append(((self.place(item), starts, until, None), made))

    @precondition(lambda self: self.holds)
    @rule(n=PICK, ago=DAYS)
    def release(self, n, ago) -> None:
        at = n % len(self.holds)
        (place, starts, until, released), made = self.holds[at]
        ledger.release_hold(self.by, made.id, released_on=self.day(ago))
        self.holds[at] = ((place, starts, until, released or self.day(ago)), made)

    @precondition(lambda self: self.items)
    @rule(n=PICK, late=st.integers(-40, 20))
    def move_due_date(self, n, late) -> None:
        item = self.pick(self.items, n)
        item.due = self.day(late)
        ledger.change_due_date(self.by, self.id(item), item.due, why="x")

    @rule()
    def compact(self) -> None:
        compact_portfolio(self.by)


def test_any_sequence_of_actions(acting) -> None:
    """Some 250 actions in sequences of up to 20; a failing one is shrunk to the fewest steps that show it."""
    Ledger.cast = acting
    run_state_machine_as_test(
        Ledger,
        settings=settings(
            max_examples=12,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
