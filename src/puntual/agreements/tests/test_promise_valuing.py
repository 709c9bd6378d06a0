"""Judging everybody at once says what the rules say of each one; money counts once, and nothing is held twice."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from puntual.agreements.models import Promise
from puntual.agreements.promises import actions
from puntual.agreements.promises.judging import MONEY
from puntual.agreements.promises.standing import standings
from puntual.agreements.tests.promises import Promised
from puntual.kernel.ids import uuid7
from puntual.kernel.problems import Problem
from puntual.payments.actions import Designation, apply_on_account, refund, reverse_payment, unallocate
from puntual.payments.models import Allocation, Payment
from puntual.payments.receipts import RECEIPTS
from puntual.receivables.actions import close_outside, write_off
from puntual.receivables.models import Entry
from puntual.receivables.tests.build import books_for

days = st.integers(0, 12)
amounts = st.integers(1, 120).map(lambda units: Decimal(units) / 2)
who = st.integers(0, 1)
steps = st.one_of(
    st.tuples(st.just("promise"), who, amounts, days, st.sampled_from([None, 0, 1, 2])),
    st.tuples(st.just("pay"), who, amounts, days, st.sampled_from([None, 0, 1, 2])),
    st.tuples(st.just("account"), who, amounts, days),
    st.tuples(st.just("apply"), who, st.integers(0, 5), st.sampled_from([None, 0, 1, 2])),
    st.tuples(st.just("take_off"), who, st.integers(0, 5)),
    st.tuples(st.just("refund"), who, st.integers(0, 5)),
    st.tuples(st.just("reverse"), who, st.integers(0, 5)),
    st.tuples(st.just("replace"), who, days, st.integers(0, 5)),
    st.tuples(st.just("withdraw"), who, st.integers(0, 5)),
    st.tuples(st.just("close"), who, st.integers(0, 2), amounts),
    st.tuples(st.just("write_off"), who, st.integers(0, 2), amounts),
    st.tuples(st.just("day"), st.integers(1, 4), st.integers(-3, 0)),
    st.tuples(st.just("value")),
)


@dataclass
class Told:
    """What a story did, so that it can be asked of."""

    said: Promised
    payments: list
    day: int = 0

    def play(self, step: tuple, customers: list, items: list) -> None:
        name, *rest = step
        if name == "day":
            self.day += rest[0]
            self.said.to(self.day, bank=self.day - 1 + rest[1])
            return
        if name == "value":
            self.said.value()
            return
        customer, mine = customers[rest[0]], items[rest[0]]
        match name, *rest[1:]:
            case "promise", amount, ahead, which:
                named = () if which is None else (mine[which],)
                self.said.promise(customer, str(amount), self.day + ahead, *named)
            case "pay", amount, back, which:
                named = () if which is None else (mine[which],)
                self.payments.append(self.said.pay(customer, str(amount), *named, on=self.day - back))
            case "account", amount, back:
                self.payments.append(
                    self.said.pay(customer, str(amount), on=self.day - back, on_account=True),
                )
            case (("apply" | "take_off" | "refund" | "reverse"), number, *which):
                standing = [one for one in self.payments if one.customer_id == customer.id]
                if standing:
                    self.change(name, standing[number % len(standing)], [mine[one] for one in which if one is not None])
            case "replace", ahead, number:
                if found := self.open(customer, number):
                    actions.replace(self.said.by, found.id, promised_for=self.said.day(self.day + ahead))
            case "withdraw", number:
                if found := self.open(customer, number):
                    actions.withdraw(self.said.by, found.id, why="Error")
            case "close", which, amount:
                close_outside(self.said.by, mine[which].id, why="Ya no está", amount=amount)
            case "write_off", which, amount:
                write_off(self.said.by, mine[which].id, why="Castigo", amount=amount)

    def change(self, name: str, payment: Payment, items: list) -> None:
        """What becomes of money later: it finds an item, loses it, goes back."""
        by = self.said.by
        match name:
            case "apply":
                apply_on_account(by, payment.id, designations=[Designation(one.id) for one in items])
            case "take_off":
                if one := Allocation.objects.filter(payment=payment, reversed_at=None).order_by("id").first():
                    unallocate(by, one.id, why="Era para otra cosa")
            case "refund":
                left = Payment.objects.get(id=payment.id).unapplied / 2
                refund(by, payment.id, refunded_on=by.today, reference=f"R-{uuid7()}", amount=left, reason="Lo pidió")
            case "reverse":
                self.payments.remove(payment)
                reverse_payment(by, payment.id, reason="Devuelto")

    def open(self, customer, number: int) -> Promise | None:
        found = list(Promise.objects.filter(customer=customer, state="open").order_by("id"))
        return found[number % len(found)] if found else None


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=st.lists(steps, min_size=4, max_size=16))
def test_everybody_at_once_is_as_one_by_one(acting, story) -> None:
    with transaction.atomic():
        told = Told(Promised(books_for(acting.actor())), [])
        customers = [told.said.books.customer(), told.said.books.customer("Otra")]
        items = [[told.said.books.item(one, "60", late=late) for late in (40, 20, 5)] for one in customers]
        for step in story:
            with suppress(Problem), transaction.atomic():  # a step that is refused changes nothing
                told.play(step, customers, items)
            told.said.check()
        told.said.value()
        told.said.check()
        for customer in customers:
            _check_against_the_rules(told, customer)
        transaction.set_rollback(True)


def _check_against_the_rules(told: Told, customer) -> None:
    org, today = told.said.books.org, told.said.by.today
    expected = standings(org, customer.id, "PEN", today, RECEIPTS)
    counted = Decimal(0)
    for promise in Promise.objects.filter(organization_id=org, customer=customer):
        if promise.state in ("replaced", "withdrawn"):
            continue
        standing = expected[promise.id]
        if promise.state == "open":
            assert standing.verdict is None
            continue
        assert promise.paid == standing.paid
        # Once it was judged, what is credited or closed outside later changes nothing any more.
        assert promise.state == standing.verdict or standing.verdict == "withdrawn"
        counted += promise.paid
    came = Entry.objects.filter(organization_id=org, installment__customer=customer, kind__in=MONEY, reverses=None)
    gone = set(Entry.objects.filter(organization_id=org).exclude(reverses=None).values_list("reverses_id", flat=True))
    here = -sum((one.amount for one in came if one.id not in gone), Decimal(0))
    here += sum((one.unapplied for one in Payment.objects.filter(organization_id=org, customer=customer)), Decimal(0))
    assert counted <= here, "money counts once"


def test_a_day_later_nothing_changes(acting) -> None:
    said = Promised(books_for(acting.actor()))
    customer = said.books.customer()
    said.books.item(customer)
    made = said.promise(customer, "100", 4)
    said.to(9)
    said.value()
    before = said.again(made)
    said.to(10)
    assert said.value().by_state == {}
    assert said.again(made).valued_on == before.valued_on == said.by.today - timedelta(days=1)
