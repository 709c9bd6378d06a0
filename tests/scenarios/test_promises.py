"""Promises, day by day: what they hold, when they are judged, and where the manual goes on."""

from datetime import date, timedelta
from decimal import Decimal

from puntual.agreements.models import Promise
from puntual.agreements.promises.actions import promise
from puntual.daily.run import run_day
from puntual.outreach.actions import record_result
from puntual.outreach.models import Activity
from puntual.outreach.promising import Word
from puntual.parties.models import Creditor, Customer
from puntual.payments.actions import reverse_payment
from puntual.strategies.notices import CODES
from puntual.strategies.queries import NOWHERE
from puntual.strategies.segment_actions import store_segment
from puntual.strategies.segment_queries import memberships
from puntual.strategies.segments import Condition, Segment
from tests.scenarios.story import Story

DUE = date(2026, 3, 2)  # a Monday


def steps(story: Story, code: str) -> list[tuple[date, str]]:
    """The manual's steps the customer heard, without the notices beside them: a reminder of the promise, a thank-you."""
    return [(day, step) for day, step in story.steps(code) if step not in CODES]


def calls(story: Story, customer: Customer, until: date) -> Activity:
    """Play until somebody is to call the customer, and leave the call on the list."""
    while story.day <= until:
        story.plan()
        story._live(calls=None, approve=True)
        with story.inside():
            found = Activity.objects.filter(customer=customer, state="to_do", channel="call").first()
        if found:
            return found
        story.day = story.day + timedelta(days=1)
    raise AssertionError("nobody was to be called")


def promises(story: Story, call: Activity, day: date, amount: str | None = None) -> Promise:
    with story.inside():
        record_result(story.by(16), call, "reached_promises", "Paga ese día", word=Word(day, by="Ana Ruiz"))
        return Promise.objects.filter(customer=call.customer).latest("recorded_at", "id")


def known_through(story: Story, day: date) -> None:
    with story.inside():
        Creditor.objects.filter(organization_id=story.organization.id).update(bank_through=day)


def state(story: Story, promise: Promise) -> str:
    with story.inside():
        return str(Promise.objects.get(id=promise.id).state)


def test_a_promise_broken_twice(story: Story) -> None:
    """It holds until the bank is known, then the manual goes on where it stood; after the second one it goes on for good."""
    customer = story.customer("Quenara")
    invoice = story.invoice(customer, "F001-1", DUE, "4720.00")
    call = calls(story, customer, date(2026, 4, 10))
    before = steps(story, "Quenara")
    assert before[-1][1] == "call"

    first = promises(story, call, story.day + timedelta(days=4))
    known_through(story, first.promised_for)  # then nobody uploads a statement for a while
    quiet_until = first.promised_for + timedelta(days=10)
    story.day = story.day + timedelta(days=1)
    story.play(quiet_until)
    assert steps(story, "Quenara") == before, "while the bank is not known, nobody says it was broken"
    assert (state(story, first), story.why(customer).decision.reason) == ("open", "held")

    known_through(story, date(2027, 12, 31))
    story.day = story.day + timedelta(days=1)
    report = story.plan()
    assert report.agreements == {"promises_broken": 1}
    assert state(story, first) == "broken"
    with story.inside():
        resumed = [one.step for one in Activity.objects.filter(customer=customer, day=story.day)]
    assert resumed == ["formal"], "the call was had: the next step follows, not the first one again"
    story._live(calls=None, approve=True)

    with story.inside():
        second_call = Activity.objects.filter(customer=customer).latest("created_at", "id")
        assert second_call.step == "formal"
    second = promise_again(story, customer, story.day + timedelta(days=3), "2000.00")
    told = steps(story, "Quenara")
    story.day += timedelta(days=1)
    story.pay(customer, "500.00")  # a part of it
    story.day = second.promised_for + timedelta(days=1)
    story.play(second.promised_for + timedelta(days=6))
    assert state(story, second) == "partly_kept"
    assert len(steps(story, "Quenara")) >= len(told)

    with story.inside():
        twice = Segment("twice", "Twice", (Condition("broken_promises", "at_least", 2),))
        store_segment(story.by(), twice)
        assert memberships(story.organization.id, [customer.id], story.day).get(customer.id, NOWHERE) != NOWHERE
    assert invoice.number == "F001-1"


def promise_again(story: Story, customer: Customer, day: date, amount: str) -> Promise:
    return promise(story.by(17), customer.id, currency="PEN", promised_for=day, amount=Decimal(amount), made_by="Ana")


def test_a_kept_promise_ends_the_chase_and_a_bounced_payment_brings_it_back(story: Story) -> None:
    customer = story.customer("Pacari", phone=False)
    story.invoice(customer, "F001-2", DUE, "900.00")
    story.play(date(2026, 3, 9))
    told = steps(story, "Pacari")
    made = promise_again(story, customer, date(2026, 3, 13), "900.00")
    story.day = date(2026, 3, 12)
    payment = story.pay(customer, "900.00")
    story.day = date(2026, 3, 13)
    story.play(date(2026, 3, 30))
    assert state(story, made) == "kept"
    assert steps(story, "Pacari") == told

    reverse_payment(story.by(), payment.id, reason="Devuelto por el banco")
    story.day = date(2026, 3, 31)
    report = story.plan()
    assert report.agreements["promises_broken"] == 1
    assert state(story, made) == "broken"
    story.day = date(2026, 4, 1)
    story.play(date(2026, 4, 20))
    assert [step for _day, step in steps(story, "Pacari")][len(told) :] == ["call", "formal"], (
        "it goes on at the age it has"
    )


def test_running_a_day_twice_judges_once_and_a_dry_run_judges_nothing(story: Story) -> None:
    customer = story.customer("Lonkura")
    story.invoice(customer, "F001-3", DUE, "100.00")
    story.day = date(2026, 3, 9)
    made = promise_again(story, customer, date(2026, 3, 11), "100.00")
    story.day = date(2026, 3, 16)
    run_day(story.by(), dry_run=True)
    assert state(story, made) == "open"
    assert story.plan().agreements == {"promises_broken": 1}
    assert story.plan().agreements == {}
