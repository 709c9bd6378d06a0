"""What the clock gives up, what falls to another channel, and what the end of the rehearsal forgets."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest

from conftest import NOW
from puntual.audit.models import Record
from puntual.daily.run import run_day
from puntual.organizations.models import Organization
from puntual.outreach.actions import (
    approve_many,
    end_rehearsal,
    fall_to_next_channel,
    lapse_settled,
    lapse_unapproved,
    postpone,
    record_result,
)
from puntual.outreach.models import Activity, Mark
from puntual.outreach.outbox import send_due
from puntual.outreach.tests.build import World
from puntual.outreach.tests.mailserver import MailServer
from puntual.parties.models import Customer, Party
from puntual.payments.actions import record_payment
from puntual.receivables.actions import hold, set_claim_owner
from puntual.receivables.models import Installment
from puntual.tenancy.scope import acting_for

DAY = timedelta(days=1)


def _at(world: World, days: int):
    return world.by.on(world.by.today + days * DAY, world.by.now + days * DAY)


def test_what_nobody_approved_lapses_when_its_time_is_over(world: World) -> None:
    customer = world.customer("Textiles Quenara S.A.")
    items = [world.invoice(customer, "F001-1", 18)]
    early = world.plan(customer, items, state="proposed", lapses_at=NOW)
    late = world.plan(customer, items, state="proposed", lapses_at=NOW + DAY, step="firm")
    gone = world.plan(customer, items, step="call", not_after=NOW)
    assert lapse_unapproved(world.by) == 2
    states = dict(Activity.objects.values_list("pk", "result"))
    assert states == {early.pk: "not_approved", late.pk: "", gone.pk: "window_over"}
    before = Record.objects.count()
    assert lapse_unapproved(world.by) == 0
    assert Record.objects.count() == before  # nothing happened, so there is nothing to log


def _pay(world: World, item: Installment) -> None:
    record_payment(
        world.by,
        customer_id=item.customer_id,
        reference=str(item.id),
        received_on=world.by.today,
        currency="PEN",
        amount=item.amount,
    )


def _insolvent(world: World, item: Installment) -> None:
    party = Customer.objects.get(pk=item.customer_id).party_id
    Party.objects.filter(pk=party).update(status="insolvent", status_on=world.by.today)


@pytest.mark.parametrize("state", ["proposed", "queued", "to_do"])
def test_what_has_nothing_left_to_ask_lapses_with_its_reason(world: World, state: str) -> None:
    def one(change=lambda item: None) -> Activity:
        customer = world.customer(f"Cliente {len(world.customers)}")
        item = world.invoice(customer, f"F-{len(world.customers)}", 18)
        activity = world.plan(customer, [item], state=state)
        change(item)
        return activity

    expected = {
        one().pk: "",
        one(lambda item: _pay(world, item)).pk: "settled",
        one(lambda item: hold(world.by, reason="dispute", installment_id=item.id)).pk: "held",
        one(lambda item: hold(world.by, reason="person", customer_id=item.customer_id)).pk: "held",
        one(lambda item: hold(world.by, reason="dispute", installment_id=item.id, amount=Decimal(1))).pk: "",
        one(lambda item: hold(world.by, reason="dispute", installment_id=item.id, from_on=world.by.today + DAY)).pk: "",
        one(lambda item: Customer.objects.filter(pk=item.customer_id).update(handling="none")).pk: "stopped",
        one(lambda item: _insolvent(world, item)).pk: "stopped",
    }
    lapse_settled(world.by)
    assert dict(Activity.objects.values_list("pk", "result")) == expected
    assert Counter(Activity.objects.values_list("state", flat=True)) == {state: 3, "lapsed": 5}


def _call(world: World, step: str = "call") -> Activity:
    customer = world.customer(f"Minera {len(world.customers)}")
    world.point(customer, "phone", f"+51155501{len(world.customers):02}")
    return world.plan(
        customer,
        [world.invoice(customer, f"F-{len(world.customers)}", 30)],
        channel="call",
        state="to_do",
        step=step,
        template=step,
        tone="firm",
    )


def test_a_call_nobody_makes_falls_to_the_next_channel(world: World) -> None:
    call = _call(world)
    assert fall_to_next_channel(_at(world, 1)) == 0  # Tuesday: one working day
    assert fall_to_next_channel(_at(world, 2)) == 1
    assert fall_to_next_channel(_at(world, 2)) == 0
    old, new = Activity.objects.order_by("id")
    assert (old.pk, old.state, old.result) == (call.pk, "lapsed", "not_made")
    assert (new.channel, new.state, new.step, new.attempt, new.items) == ("email", "proposed", "call", 2, call.items)
    assert new.day == world.by.today + 2 * DAY and new.lapses_at > new.not_before


@pytest.mark.parametrize(("result", "again"), [("no_answer", True), ("left_message", True), ("reached_other", False)])
def test_a_call_without_an_answer_is_tried_again_the_next_day(world: World, result: str, again: bool) -> None:
    customer = world.customer("Minera Cerro Lucma S.A.", email=None)
    world.point(customer, "phone", "+5115550142")
    world.invoice(customer, "F001-231", 10)
    run_day(world.by)
    record_result(world.by, Activity.objects.get(), result)
    run_day(_at(world, 1))
    calls = list(Activity.objects.order_by("id").values_list("channel", "step", "attempt"))
    assert calls == [("call", "friendly", 1)] + ([("call", "friendly", 2)] if again else [])


def test_working_days_are_counted_not_days(world: World) -> None:
    _call(world)
    Activity.objects.update(
        day=world.by.today + 14 * DAY
    )  # Monday 7 December; the 8th and the 9th are holidays in Peru
    assert fall_to_next_channel(_at(world, 17)) == 0
    assert fall_to_next_channel(_at(world, 18)) == 1


def test_a_call_without_another_way_stays_on_the_list(world: World) -> None:
    no_mail = world.customer("Sin correo", email=None)
    world.point(no_mail, "phone", "+5115550142")
    item = world.invoice(no_mail, "F-9", 30)
    world.plan(no_mail, [item], channel="call", state="to_do", step="call", template="call")
    other_step = _call(world, step="formal")  # a step that is not a call's: the third round of a tone
    put_off = _call(world)
    postpone(world.by, put_off, NOW + 4 * DAY)
    assert fall_to_next_channel(_at(world, 3)) == 0
    assert set(Activity.objects.values_list("state", flat=True)) == {"to_do"}
    assert other_step.channel == "call"


def test_going_live_forgets_what_was_rehearsed(committed: World, post: MailServer) -> None:
    """Whoever never heard from us starts at the entry step, on the very same day."""
    world, organization = committed, committed.by.organization_id
    with acting_for(organization):
        heard, waiting, called = (world.customer(name) for name in ("A", "B", "C"))
        for customer in (heard, waiting):
            world.invoice(customer, f"F-{customer.code}", 18)
        world.point(called, "phone", "+5115550142")
        run_day(world.by)
        first = Activity.objects.get(customer=heard)
        approve_many(world.by, ids=[first.pk])
        call = world.plan(called, [world.invoice(called, "F-C", 30)], channel="call", state="to_do", step="call")
        record_result(world.by, call, "reached_other")
    assert send_due(organization, NOW).counts == {"sent": 1}
    with acting_for(organization):
        assert Mark.objects.filter(voided=False).count() == 2
        end_rehearsal(world.by)
        assert Organization.objects.get(pk=organization).is_live
        assert list(Mark.objects.filter(voided=False).values_list("activity_id", flat=True)) == [call.pk]
        run_day(world.by)
        again = Activity.objects.filter(state="proposed").order_by("customer__name")
        assert [(one.customer_id, one.step, one.attempt) for one in again] == [
            (heard.pk, "friendly", 2),
            (waiting.pk, "friendly", 2),
        ]
        end_rehearsal(world.by)  # again: nothing happens
        assert Activity.objects.filter(state="proposed").count() == 2
    assert post.taken == []


def test_a_factored_invoice_is_no_longer_ours_to_ask_for(world: World) -> None:
    customer = world.customer("Textiles Quenara S.A.")
    item = world.invoice(customer, "F001-1", 18)
    activity = world.plan(customer, [item])
    set_claim_owner(world.by, item.invoice_id, "factored", world.by.today)
    lapse_settled(world.by)
    assert Activity.objects.get(pk=activity.pk).result == "settled"
