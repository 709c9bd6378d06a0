"""A day with WhatsApp: the step goes by it where an approved text says it, or the customer wrote; else by its next channel."""

from dataclasses import replace
from datetime import timedelta

import pytest

from conftest import Cast
from puntual.daily.run import run_day
from puntual.outreach.answers.actions import record_outcome
from puntual.outreach.answers.models import Answer
from puntual.outreach.channels.whatsapp.models import ApprovedText, Mapping
from puntual.outreach.deliveries.incoming import Words, take_in
from puntual.outreach.models import Activity
from puntual.outreach.tests.build import World, make_world
from puntual.parties.models import ContactPoint, Customer
from puntual.strategies.actions import activate, assign, import_draft
from puntual.strategies.builtin import builtin
from puntual.strategies.manual import to_toml

NUMBER = "+51999888777"


@pytest.fixture
def world(acting: Cast, settings) -> World:
    """Whatever goes by e-mail would rather go by WhatsApp."""
    settings.WHATSAPP_URL = "whatsapp://1:token@graph.facebook.com?business=2"
    world = make_world(acting.actor())
    usual = builtin("es")
    steps = tuple(
        replace(step, channels=("whatsapp", *step.channels)) if "email" in step.channels else step
        for step in usual.steps
    )
    assign(world.by, activate(world.by, import_draft(world.by, to_toml(replace(usual, steps=steps)))).strategy)
    return world


def late(world: World) -> Customer:
    customer = world.customer("Quenara")
    world.point(customer, "whatsapp", NUMBER)
    world.invoice(customer, "F-1", 12)
    return customer


def approve(world: World, state: str = "approved") -> None:
    org = world.by.organization_id
    text = ApprovedText.objects.create(
        organization_id=org, name="a", language="es", state=state, checked_at=world.by.now
    )
    for template in {step.template for step in builtin("es").steps if step.template}:
        Mapping.objects.create(
            organization_id=org, template=template, audience="company", language="es", text=text, mapped_at=world.by.now
        )


@pytest.mark.parametrize(("state", "channel"), [("approved", "whatsapp"), ("paused", "email"), (None, "email")])
def test_by_which_channel_it_is_planned(world: World, state: str | None, channel: str) -> None:
    customer = late(world)
    if state:
        approve(world, state)
    run_day(world.by)
    planned = Activity.objects.get(customer=customer)
    assert planned.channel == channel
    assert ("passed" in planned.why["params"]) == (channel == "email")


def test_whoever_wrote_is_answered_by_it(world: World) -> None:
    customer = late(world)
    said = Words("w1", NUMBER, "Buenos días", b"{}", sent_at=world.by.now - timedelta(hours=1))
    take_in(world.by, "whatsapp", said)
    answer = Answer.objects.get()
    answer.customer = customer
    answer.save(update_fields=["customer"])
    record_outcome(world.by, answer, "no_action")
    run_day(world.by)
    assert Activity.objects.get(customer=customer, direction="out").channel == "whatsapp"


def test_a_number_that_is_not_on_whatsapp_is_passed(world: World) -> None:
    customer = late(world)
    approve(world)
    ContactPoint.objects.filter(customer=customer, kind="whatsapp").update(bounce="hard")
    run_day(world.by)
    assert Activity.objects.get(customer=customer).channel == "email"
