"""Everything that can be agreed, disputed, promised on paper or paid, in any order and day by day: what must hold, holds always.

No entry lost, no pause twice or without an end, no pause of something that is over, no plan a cent off what it covers, and
nothing asked for that is paused. `make soak` looks for longer; a failing sequence is shrunk to the fewest steps that show it.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from puntual.agreements import actions as agreements
from puntual.agreements.guardrails import Allowance, Situation, Within
from puntual.agreements.models import Approval, Extension, Plan, PlanItem, PlanPart, Promise
from puntual.agreements.plans.actions import Manner, Yes
from puntual.agreements.plans.schedule import Wish
from puntual.agreements.plans.valuing import PlansValued
from puntual.agreements.plans.valuing import value as value_plans
from puntual.agreements.promises import actions as promises
from puntual.agreements.promises.valuing import value as value_promises
from puntual.agreements.verify import verify as verify_agreements
from puntual.daily.models import DayRun
from puntual.daily.valuing import value_agreements
from puntual.disputes import actions as disputes
from puntual.disputes.models import Dispute
from puntual.kernel.ids import uuid7
from puntual.kernel.problems import Problem
from puntual.organizations.models import Organization
from puntual.outreach.observe import observe
from puntual.outreach.surroundings import surroundings
from puntual.parties.models import Creditor
from puntual.payments import actions as payments
from puntual.payments.instruments import actions as instruments
from puntual.payments.instruments.models import Instrument
from puntual.payments.models import Payment
from puntual.payments.receipts import RECEIPTS
from puntual.payments.verify import verify as verify_payments
from puntual.receivables import actions as ledger
from puntual.receivables.models import Entry, Hold, Installment
from puntual.receivables.queries import active_holds
from puntual.receivables.tests.build import books_for
from puntual.receivables.verify import verify as verify_ledger

PICK, DAYS, LATER = st.integers(0, 99), st.integers(1, 12), st.integers(0, 25)
AMOUNTS = st.none() | st.integers(1, 30).map(lambda n: Decimal(n * 5))
CENTS = st.integers(101, 40_003).map(lambda n: Decimal(n) / 100)
YES = Yes("by_phone", "Ana Ruiz", "Call of today")
LIVE: dict[str, tuple[Any, frozenset[str]]] = {
    "promise": (Promise, frozenset({"open"})),
    "plan": (Plan, frozenset({"active"})),
    "extension": (Extension, frozenset({"awaiting", "granted"})),
    "dispute": (Dispute, frozenset({"open", "accepted"})),
    "instrument": (Instrument, frozenset({"received", "deposited"})),
}
"""What a pause of each reason stands for, and in which states that lives."""


class Agreed(RuleBasedStateMachine):
    """Two customers of one creditor; every example starts from empty books and is rolled back."""

    cast: Any = None  # set by the test: classes of Hypothesis take no fixtures

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.books = books_for(self.cast.actor())
        self.by = self.books.by
        self.organization = Organization.objects.get(pk=self.books.org)
        self.customers = [self.books.customer("Viñas"), self.books.customer("Talleres")]
        self.numbers = count(1)
        self.entries = 0
        self.bank()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    # helpers

    def bank(self) -> None:
        Creditor.objects.filter(id=self.books.creditor.id).update(bank_through=self.by.today - timedelta(days=1))

    def rows(self, model: Any, **having: Any) -> list[Any]:
        return list(model.objects.filter(organization_id=self.books.org, **having).order_by("id"))

    def day(self, ahead: int) -> date:
        return self.by.today + timedelta(days=ahead)

    def attempt(self, call: Callable[[], object]) -> None:
        """What is refused is refused with a sentence, and leaves nothing behind."""
        try:
            with transaction.atomic():
                call()
        except Problem as problem:
            assert str(problem)

    def one(self, n: int, model: Any, **having: Any) -> Any:
        found = self.rows(model, **having)
        return found[n % len(found)] if found else None

    def some_items(self, n: int, many: int) -> Sequence[Installment]:
        first = self.one(n, Installment)
        mine = [one for one in self.rows(Installment, customer_id=first.customer_id) if one.id != first.id]
        return [first, *mine[: many - 1]]

    def within(self, kind: str, generous: bool) -> Within:
        most = 400 if generous else 3
        allowance = Allowance(kind, "collector", "o", percent=Decimal(most), days=most, installments=most, times=most)
        return Within(allowance, "collector", Situation("PEN", Decimal(1000), 20))

    # documents and money

    @initialize(amounts=st.lists(CENTS, min_size=3, max_size=4))
    def invoices(self, amounts: list[Decimal]) -> None:
        for place, amount in enumerate(amounts):
            self.books.item(self.customers[place % 2], str(amount), late=30 - 14 * place)

    @rule(n=PICK, amount=CENTS, late=st.integers(-15, 30))
    def issue(self, n: int, amount: Decimal, late: int) -> None:
        self.books.by = self.by
        self.books.item(self.customers[n % 2], str(amount), late=late)

    @rule(n=PICK, amount=CENTS, ago=st.integers(0, 6), named=st.booleans())
    def pay(self, n: int, amount: Decimal, ago: int, named: bool) -> None:
        item = self.one(n, Installment)
        self.attempt(
            lambda: payments.record_payment(
                self.by,
                customer_id=item.customer_id,
                reference=f"T-{next(self.numbers)}",
                received_on=self.day(-ago),
                currency="PEN",
                amount=item.open_amount if named and item.open_amount else amount,
                designations=[payments.Designation(item.id)] if named else [],
            )
        )

    @rule(n=PICK, ago=st.integers(0, 6))
    def reverse(self, n: int, ago: int) -> None:
        if paid := self.one(n, Payment, reversed_on=None):
            self.attempt(
                lambda: payments.reverse_payment(
                    self.by, paid.id, reason="returned", reversed_on=max(paid.received_on, self.day(-ago))
                )
            )

    @rule(n=PICK, amount=AMOUNTS)
    def write_off(self, n: int, amount: Decimal | None) -> None:
        item = self.one(n, Installment)
        self.attempt(lambda: ledger.write_off(self.by, item.id, why="old", amount=amount))

    @rule(n=PICK)
    def undo_a_posting(self, n: int) -> None:
        if posted := self.one(n, Entry, kind__in=["write_off", "discount", "credit_note"], reverses=None):
            self.attempt(lambda: ledger.reverse_entry(self.by, posted.id, why="wrong"))

    # promises and extensions

    @rule(n=PICK, many=st.integers(0, 2), amount=AMOUNTS, ahead=LATER)
    def promise(self, n: int, many: int, amount: Decimal | None, ahead: int) -> None:
        items = self.some_items(n, many or 1)
        self.attempt(
            lambda: promises.promise(
                self.by,
                items[0].customer_id,
                currency="PEN",
                promised_for=self.day(ahead),
                amount=amount,
                item_ids=[one.id for one in items] if many else [],
            )
        )

    @rule(n=PICK, anew=st.booleans(), ahead=LATER)
    def go_back_on_a_promise(self, n: int, anew: bool, ahead: int) -> None:
        if found := self.one(n, Promise):
            self.attempt(
                lambda: (
                    promises.replace(self.by, found.id, promised_for=self.day(ahead))
                    if anew
                    else promises.withdraw(self.by, found.id, why="a mistake")
                )
            )

    @rule(n=PICK, ahead=st.integers(1, 40), within=st.booleans(), interest=st.booleans())
    def extend(self, n: int, ahead: int, within: bool, interest: bool) -> None:
        item = self.one(n, Installment)
        self.attempt(
            lambda: agreements.grant_extension(
                self.by,
                item.id,
                self.day(ahead),
                within=self.within("extension", within),
                reason="asked",
                stops_interest=interest,
            )
        )

    @rule(n=PICK)
    def withdraw_extension(self, n: int) -> None:
        if found := self.one(n, Extension):
            self.attempt(lambda: agreements.withdraw_extension(self.by, found.id, why="a mistake"))

    @rule(n=PICK, yes=st.booleans())
    def decide(self, n: int, yes: bool) -> None:
        other = replace(self.by, user_id=uuid7(), name="Owner")
        if found := self.one(n, Approval, decision="waiting"):
            self.attempt(lambda: agreements.decide(other, found.id, approve=yes, why="so", role="owner"))

    # plans and settlements

    def wish(self, parts: int, ahead: int, off: int, interest: int, down: int) -> Wish:
        return Wish(
            parts,
            self.day(ahead),
            self.by.today,
            rhythm="weekly",
            down_percent=Decimal(down),
            discount_percent=Decimal(off),
            yearly_percent=Decimal(interest),
        )

    @rule(
        n=PICK,
        many=st.integers(1, 3),
        parts=st.integers(1, 3),
        ahead=st.integers(1, 10),
        off=st.sampled_from([0, 0, 20]),
        interest=st.sampled_from([0, 0, 12]),
        down=st.sampled_from([0, 30]),
        how=st.sampled_from(["yes", "yes", "offer", "beyond"]),
    )
    def plan(self, n: int, many: int, parts: int, ahead: int, off: int, interest: int, down: int, how: str) -> None:
        items = self.some_items(n, many)
        self.attempt(
            lambda: agreements.agree_plan(
                self.by,
                items[0].customer_id,
                [one.id for one in items],
                self.wish(parts, ahead, off, interest, down),
                within=self.within("discount" if off else "plan", generous=False) if how == "beyond" else None,
                reason="asked",
                yes=YES if how == "yes" else None,
                manner=Manner(2, 0 if off else n % 2),
            )
        )

    @rule(n=PICK, verb=st.sampled_from(["accept", "accept", "refuse", "withdraw", "end"]))
    def answer_a_plan(self, n: int, verb: str) -> None:
        found = self.one(n, Plan)
        if found is None:
            return
        verbs: dict[str, Callable[[], object]] = {
            "accept": lambda: agreements.accept_plan(self.by, found.id, YES),
            "refuse": lambda: agreements.refuse_plan(self.by, found.id, "no"),
            "withdraw": lambda: agreements.withdraw_plan(self.by, found.id, "a mistake"),
            "end": lambda: agreements.break_plan(self.by, found.id, why="they asked"),
        }
        self.attempt(verbs[verb])

    @rule(n=PICK, parts=st.integers(1, 3), ahead=st.integers(1, 10), yes=st.booleans())
    def plan_anew(self, n: int, parts: int, ahead: int, yes: bool) -> None:
        if found := self.one(n, Plan, state__in=["active", "broken"]):
            wish = self.wish(parts, ahead, 0, 0, 0)
            self.attempt(lambda: agreements.replan(self.by, found.id, wish, reason="asked", yes=YES if yes else None))

    @rule(n=PICK)
    def pay_the_next_part(self, n: int) -> None:
        """As most plans are paid: so that some are kept to their end."""
        if part := self.one(n, PlanPart, state="due", plan__state="active"):
            self.attempt(
                lambda: payments.record_payment(
                    self.by,
                    customer_id=part.plan.customer_id,
                    reference=f"T-{next(self.numbers)}",
                    received_on=self.by.today,
                    currency="PEN",
                    amount=part.amount,
                    designations=[
                        payments.Designation(one.installment_id)
                        for one in self.rows(PlanItem, plan_id=part.plan_id, installment__open_amount__gt=0)
                    ],
                )
            )

    # disputes and papers

    @rule(n=PICK, amount=AMOUNTS)
    def dispute(self, n: int, amount: Decimal | None) -> None:
        item = self.one(n, Installment)
        self.attempt(lambda: disputes.open_dispute(self.by, item.invoice_id, reason="price", amount=amount))

    @rule(n=PICK, verb=st.sampled_from(["accept", "credit", "reject", "withdraw", "reopen"]), amount=AMOUNTS)
    def answer_a_dispute(self, n: int, verb: str, amount: Decimal | None) -> None:
        found = self.one(n, Dispute)
        if found is None:
            return
        verbs: dict[str, Callable[[], object]] = {
            "accept": lambda: disputes.accept(self.by, found.id, cause="pricing", why="right", amount=amount),
            "credit": lambda: disputes.credit(
                self.by, found.id, number=f"NC-{next(self.numbers)}", cause="pricing", why="right", amount=amount
            ),
            "reject": lambda: disputes.reject(self.by, found.id, cause="customer", why="it is owed"),
            "withdraw": lambda: disputes.withdraw(self.by, found.id, why="clear now"),
            "reopen": lambda: disputes.reopen(self.by, found.id, why="once more"),
        }
        self.attempt(verbs[verb])

    @rule(n=PICK, ahead=LATER, amount=CENTS, named=st.booleans())
    def paper(self, n: int, ahead: int, amount: Decimal, named: bool) -> None:
        item = self.one(n, Installment)
        self.attempt(
            lambda: instruments.receive(
                self.by,
                customer_id=item.customer_id,
                kind="bill",
                number=f"L-{next(self.numbers)}",
                currency="PEN",
                amount=amount,
                matures_on=self.day(ahead),
                items=[payments.Designation(item.id)] if named else [],
            )
        )

    @rule(n=PICK, verb=st.sampled_from(["deposit", "pay", "return", "give_back", "renew"]), ahead=LATER)
    def answer_a_paper(self, n: int, verb: str, ahead: int) -> None:
        found = self.one(n, Instrument)
        if found is None:
            return
        verbs: dict[str, Callable[[], object]] = {
            "deposit": lambda: instruments.deposit(self.by, found.id),
            "pay": lambda: instruments.pay(self.by, found.id),
            "return": lambda: instruments.return_it(self.by, found.id, why="no funds", fee=Decimal(7)),
            "give_back": lambda: instruments.give_back(self.by, found.id, why="replaced"),
            "renew": lambda: instruments.renew(
                self.by, found.id, number=f"L-{next(self.numbers)}", amount=found.amount, matures_on=self.day(ahead)
            ),
        }
        self.attempt(verbs[verb])

    @precondition(lambda self: active_holds(self.books.org, self.by.today).exists())
    @rule(n=PICK)
    def lift_by_hand(self, n: int) -> None:
        """Nobody lifts what stands for something that lives."""
        held = self.one(n, Hold, released_on=None)
        with pytest.raises(Problem), transaction.atomic():
            ledger.release_hold(self.by, held.id, why="I want to")

    # the clock

    @rule(days=DAYS)
    def days_pass(self, days: int) -> None:
        for _day in range(days):
            self.by = replace(self.by, today=self.day(1), now=self.by.now + timedelta(days=1))
            self.bank()
            value_agreements(self.by)
            DayRun.objects.create(organization_id=self.books.org, day=self.by.today, started_at=self.by.now)
        assert not any(value_agreements(self.by).as_json().values()), "a day valued twice changes nothing"
        again = value_promises(self.by, RECEIPTS).as_json(), value_plans(self.by)
        assert again == ({}, PlansValued()), "what was not looked at has not changed"

    # what always holds

    @invariant()
    def verifies(self) -> None:
        assert verify_ledger(self.books.org) + verify_payments(self.books.org) + verify_agreements(self.books.org) == []

    @invariant()
    def loses_no_entry(self) -> None:
        entries = Entry.objects.filter(organization_id=self.books.org).count()
        assert entries >= self.entries
        self.entries = entries

    @invariant()
    def plans_are_what_they_cover(self) -> None:
        for plan in self.rows(Plan):
            items, parts = self.rows(PlanItem, plan=plan), self.rows(PlanPart, plan=plan)
            assert sum(one.principal for one in items) == plan.principal == sum(one.principal for one in parts)
            assert sum(one.amount for one in parts) == plan.principal + plan.interest - plan.discount
        active = Counter(one.installment_id for one in self.rows(PlanItem, plan__state="active"))
        assert max(active.values(), default=0) <= 1, "in two plans at once"

    @invariant()
    def pauses_stand_for_what_lives(self) -> None:
        holds = self.rows(Hold, released_on=None)
        assert max(Counter((one.source_id, one.installment_id) for one in holds).values(), default=0) <= 1, "twice"
        for one in holds:
            model, states = LIVE[one.reason]
            assert one.until_on is not None, f"{one.reason} without an end"
            assert model.objects.get(organization_id=self.books.org, id=one.source_id).state in states, one.reason
        by_item = defaultdict(set)
        for one in holds:
            by_item[one.installment_id].add(one.reason)
        for reasons in by_item.values():
            assert not {"promise", "plan"} <= reasons, "promised and planned at once"

    @invariant()
    def nothing_paused_is_asked_for(self) -> None:
        held: dict[Any, Decimal] = defaultdict(Decimal)
        for one in active_holds(self.books.org, self.by.today):
            if one.stops_chasing:
                assert one.installment_id is not None
                held[str(one.installment_id)] += Decimal(10**9) if one.amount is None else one.amount
        around = surroundings(self.organization, self.by.today)
        asked = {
            item.id: item.askable
            for facts in observe(self.books.org, self.by.today, self.by.now, around)
            for item in facts.items
        }
        for item in self.rows(Installment):
            most = max(Decimal(0), item.open_amount - held[str(item.id)])
            assert asked.get(str(item.id), Decimal(0)) <= most, "asked for while it is paused"


def machine(cast: Any, examples: int, steps: int) -> None:
    Agreed.cast = cast
    run_state_machine_as_test(
        Agreed,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
            derandomize=steps < 30,
        ),
    )


def test_any_agreements_in_any_order(acting: Any) -> None:
    machine(acting, examples=3, steps=20)


@pytest.mark.soak
def test_many_agreements_in_any_order(acting: Any) -> None:
    machine(acting, examples=150, steps=50)
