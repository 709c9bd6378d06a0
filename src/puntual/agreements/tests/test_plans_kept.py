"""Plans that run: what is held, what counts for which part, when a part is missed, how a plan ends."""

from datetime import timedelta
from decimal import Decimal

import pytest

from puntual.agreements.last_time import LastTime
from puntual.agreements.models import Plan
from puntual.agreements.plans.actions import break_plan, value
from puntual.agreements.plans.valuing import PlansValued
from puntual.agreements.tests.plans import Planned
from puntual.payments.actions import reverse_payment
from puntual.receivables.actions import apply_credit_note, issue_credit_note, write_off
from puntual.receivables.models import Entry

State = Plan.State


@pytest.fixture
def two(planned: Planned):
    """A customer with two invoices of 600 and 400, 40 and 20 days late."""
    customer = planned.books.customer()
    return customer, planned.books.item(customer, "600", late=40), planned.books.item(customer, "400", late=20)


def test_kept_to_the_end(planned: Planned, two) -> None:
    customer, *items = two
    plan = planned.active(items, planned.wish(3, first=30, down=100))
    assert (plan.state, plan.principal, planned.held(*items)) == (State.ACTIVE, 1000, [True, True])
    for amount, part in zip(["100", "300", "300", "300"], planned.parts(plan), strict=True):
        planned.to(part.due_on)
        assert planned.value().missed == 0
        assert planned.held(*items) == [True, True]
        planned.pay(customer, amount, *items)
    assert planned.value().completed == 1
    ended = planned.again(plan)
    assert (ended.state, ended.ended_on, planned.books.open(*items)) == (State.COMPLETED, planned.by.today, [0, 0])
    assert [part.paid_on for part in planned.parts(plan)] == [part.due_on for part in planned.parts(plan)]
    assert planned.held(*items) == [False, False]
    assert planned.value() == type(planned.value())()


def test_judged_only_once_the_bank_is_known(planned: Planned, two) -> None:
    _customer, *items = two
    plan = planned.active(items, planned.wish(2, first=7))  # Monday 30 November; grace through Thursday 3 December
    planned.to(planned.day(20), bank=planned.day(9))
    planned.value()
    assert planned.states(plan) == ["due", "due"]
    planned.bank(planned.day(10))
    assert planned.value().missed == 1
    (first, second) = planned.parts(plan)
    assert (first.state, first.missed_on, second.state) == ("missed", planned.day(10), "due")
    planned.bank(None)
    planned.value()
    assert planned.states(plan) == ["due", "due"], "a bank nobody dated says nothing"


def test_only_plans_to_which_anything_happened_are_looked_at(planned: Planned, two) -> None:
    customer, *items = two
    plan = planned.active(items, planned.wish(2, first=7))
    planned.to(planned.day(5))
    planned.pay(customer, "300", *items)
    planned.to(planned.day(9))
    assert value(planned.by, since=LastTime(planned.books.on(planned.day(8)).now, planned.day(8))) == PlansValued()
    assert [part.paid for part in planned.parts(plan)] == [0, 0], "nothing was entered since that day"
    value(planned.by, since=LastTime(planned.books.on(planned.day(5)).now, planned.day(5)))
    assert [part.paid for part in planned.parts(plan)] == [300, 0]
    planned.to(planned.day(20))
    assert value(planned.by, since=LastTime(planned.by.now, planned.by.today)).missed == 1, "its grace is over"
    planned.bank(None)
    value(planned.by, since=LastTime(planned.by.now, planned.by.today))
    assert planned.states(plan) == ["due", "due"], "nor is the bank's word needed twice to take it back"


def test_after_a_day_of_the_past_was_run_what_came_later_is_looked_at_again(planned: Planned, two) -> None:
    customer, *items = two
    plan = planned.active(items, planned.wish(2, first=7))
    planned.to(planned.day(6))
    planned.pay(customer, "500", *items)
    past, later = planned.day(3), planned.by.now + timedelta(days=5)
    value(planned.by.on(past, later))
    assert planned.states(plan) == ["due", "due"], "as of that day nothing had come"
    planned.by = planned.by.on(planned.by.today, later)
    assert value(planned.by, since=LastTime(later, past)).paid == 1


def test_money_within_the_grace_is_in_time_even_if_it_is_known_later(planned: Planned, two) -> None:
    customer, *items = two
    plan = planned.active(items, planned.wish(2, first=7))
    planned.to(planned.day(15))
    assert planned.value().missed == 1
    planned.pay(customer, "500", on=planned.day(10))
    planned.value()
    (first, _second) = planned.parts(plan)
    assert (first.state, first.paid_on, first.missed_on) == ("paid", planned.day(10), None)


def test_a_miss_paid_later_stays_a_miss_and_a_second_one_breaks(planned: Planned, two) -> None:
    customer, *items = two
    plan = planned.active(items, planned.wish(4, first=7, rhythm="weekly"))
    planned.to(planned.day(13))
    planned.value()
    planned.pay(customer, "250")
    planned.value()
    first = planned.parts(plan)[0]
    assert (first.state, first.missed_on, first.paid_on) == ("paid", planned.day(10), planned.day(13))
    planned.to(planned.day(22))  # 8 and 9 December are holidays in Peru
    assert (planned.value().broken, planned.again(plan).state) == (1, State.BROKEN)
    assert planned.held(*items) == [False, False]
    assert planned.books.open(*items) == [350, 400], "they stay the receivable, with the age they have"


def test_whoever_has_caught_up_is_not_broken(planned: Planned, two) -> None:
    customer, *items = two
    plan = planned.active(items, planned.wish(4, first=7, rhythm="weekly"))
    planned.to(planned.day(22))
    planned.pay(customer, "500")
    planned.value()
    assert planned.states(plan) == ["paid", "paid", "due", "due"]
    assert [bool(part.missed_on) for part in planned.parts(plan)] == [True, True, False, False]
    assert planned.again(plan).state == State.ACTIVE


def test_a_bounced_check_makes_the_part_due_again(planned: Planned, two) -> None:
    customer, *items = two
    plan = planned.active(items, planned.wish(2, first=30))
    paid = planned.pay(customer, "500", *items)
    planned.value()
    assert planned.states(plan) == ["paid", "due"]
    planned.to(planned.day(3))
    reverse_payment(planned.by, paid.id, reason="No funds")
    planned.value()
    assert planned.states(plan) == ["due", "due"]
    assert planned.parts(plan)[0].paid == 0


def test_a_credit_note_shortens_the_plan_from_its_end(planned: Planned, two) -> None:
    customer, first, second = two
    plan = planned.active([first, second], planned.wish(2, first=30))
    note = issue_credit_note(
        planned.by,
        customer_id=customer.id,
        number="NC-1",
        issued_on=planned.by.today,
        currency="PEN",
        amount=Decimal(600),
    )
    apply_credit_note(planned.by, note.id)
    planned.value()
    assert planned.states(plan) == ["due", "due"], "400 are left, all of them of the first part"
    planned.pay(customer, "400")
    assert planned.value().completed == 1
    assert [part.paid for part in planned.parts(plan)] == [400, 0]


def test_a_write_off_pays_nothing(planned: Planned, two) -> None:
    _customer, *items = two
    plan = planned.active(items, planned.wish(2, first=30))
    for item in items:
        write_off(planned.by, item.id, why="Test")
    planned.value()
    assert planned.states(plan) == ["due", "due"]


def test_interest_is_charged_apart_held_and_let_go_where_it_is_not_borne(planned: Planned, two) -> None:
    customer, *items = two
    plan = planned.active(items, planned.wish(2, first=22, yearly_percent=12))
    charges = planned.charges(plan)
    assert sum(charge.amount for charge in charges) == plan.interest > 0
    assert [charge.due_on for charge in charges] == [part.due_on for part in planned.parts(plan)]
    assert planned.held(*charges) == [True, True]
    planned.to(planned.day(22))
    planned.pay(customer, "1007.23", *items)  # all of it at once: 1,000 and the interest of 22 days
    assert planned.value().completed == 1
    assert planned.books.open(*items, *charges) == [0, 0, 0, 0]
    (waived,) = planned.books.entries(charges[1], Entry.Kind.WAIVER)
    assert -waived.amount == planned.parts(plan)[1].interest


def test_all_but_the_interest_does_not_end_it(planned: Planned, two) -> None:
    customer, *items = two
    plan = planned.active(items, planned.wish(2, first=22, yearly_percent=12))
    planned.to(planned.day(22))
    planned.pay(customer, "1007.22", *items)
    assert planned.value().completed == 0
    assert planned.again(plan).state == State.ACTIVE


def test_a_broken_plan_bears_interest_through_its_last_day_only(planned: Planned, two) -> None:
    _customer, *items = two
    plan = planned.active(items, planned.wish(2, first=22, yearly_percent=12))
    planned.to(planned.day(11))
    break_plan(planned.by, plan.id, why="The customer closed")
    first, second = planned.charges(plan)
    assert (first.open_amount, second.open_amount) == (Decimal("3.62"), 0)
    assert planned.held(*items, first) == [False] * 3


def test_a_settlement_gives_its_discount_once_everything_else_is_paid(planned: Planned, two) -> None:
    customer, *items = two
    plan = planned.active(items, planned.wish(2, first=10, discount=200))
    assert plan.kind == Plan.Kind.SETTLEMENT
    planned.pay(customer, "799.99", *items)
    planned.value()
    assert planned.books.open(*items) == [0, Decimal("200.01")]
    planned.pay(customer, "0.01", *items)
    assert planned.value().completed == 1
    assert planned.books.open(*items) == [0, 0]
    (entry,) = planned.books.entries(items[1], Entry.Kind.DISCOUNT)
    assert (entry.amount, entry.source_id) == (-200, plan.id)


def test_a_settlement_that_is_not_met_gives_nothing(planned: Planned, two) -> None:
    customer, *items = two
    plan = planned.active(items, planned.wish(1, first=7, discount=200))
    planned.pay(customer, "500", *items)
    planned.to(planned.day(11))
    assert planned.value().broken == 1
    assert planned.again(plan).state == State.BROKEN
    assert planned.books.open(*items) == [100, 400]
    assert not planned.books.entries(items[1], Entry.Kind.DISCOUNT)


def test_money_from_before_counts_for_nothing(planned: Planned, two) -> None:
    customer, *items = two
    planned.pay(customer, "100")
    plan = planned.active(items, planned.wish(2, first=30))
    assert plan.principal == 900
    planned.value()
    assert [part.paid for part in planned.parts(plan)] == [0, 0]
    planned.pay(customer, "450")
    planned.value()
    assert planned.states(plan) == ["paid", "due"]


def test_what_waits_for_the_bank_stays_held(planned: Planned, two) -> None:
    _customer, *items = two
    plan = planned.active(items, planned.wish(1, first=7))
    for days in range(8, 40, 5):
        planned.to(planned.day(days), bank=planned.day(8))
        planned.value()
        assert planned.held(*items) == [True, True]
    planned.to(planned.day(45))
    planned.value()
    assert (planned.states(plan), planned.again(plan).state) == (["missed"], State.ACTIVE)


def test_valuing_twice_changes_nothing(planned: Planned, two) -> None:
    customer, *items = two
    plan = planned.active(items, planned.wish(4, first=7, rhythm="weekly"))
    planned.pay(customer, "300")
    planned.to(planned.day(13))
    planned.value()
    before = [(part.state, part.paid, part.paid_on, part.missed_on) for part in planned.parts(plan)]
    again = planned.value()
    assert (again.paid, again.missed, again.broken, again.completed) == (0, 0, 0, 0)
    assert [(part.state, part.paid, part.paid_on, part.missed_on) for part in planned.parts(plan)] == before
    assert value(planned.by, [plan.id]) == again
    assert planned.day(13) - planned.day(0) == timedelta(days=13)
