"""What came of the steps: contacts that arrived, and payments before the next word."""

from datetime import timedelta
from decimal import Decimal

import pytest

from conftest import Cast
from puntual.analytics.steps import StepResult, step_results
from puntual.outreach.models import Activity
from puntual.outreach.tests.build import World, make_world
from puntual.parties.models import Customer
from puntual.payments.actions import record_payment
from puntual.receivables.actions import write_off
from puntual.receivables.models import Installment
from puntual.strategies.models import Version


@pytest.fixture
def world(acting: Cast) -> World:
    return make_world(acting.actor())


def told(world: World, customer: Customer, item: Installment, step: str, days_ago: int, **fields: object) -> None:
    values: dict[str, object] = {"state": "sent", "channel": "email", "tone": "friendly", "direction": "out", **fields}
    Activity.objects.create(
        organization_id=world.by.organization_id,
        customer=customer,
        day=world.by.today - timedelta(days=days_ago),
        step=step,
        lead_id=item.id,
        attempt=1 + Activity.objects.filter(lead_id=item.id).count(),
        version_id=world.version,
        created_at=world.by.now,
        **values,
    )


def paid(world: World, customer: Customer, days_ago: int) -> None:
    record_payment(
        world.by,
        customer_id=customer.id,
        reference=f"{customer.code}-{days_ago}",
        received_on=world.by.today - timedelta(days=days_ago),
        currency="PEN",
        amount=Decimal("4720.00"),
    )


def found(world: World) -> dict[str, StepResult]:
    strategy = Version.objects.get(pk=world.version).strategy_id
    return step_results(world.by.organization_id, strategy, world.by.today)


def test_paid_before_the_next_word_counts_for_the_last_one(world: World) -> None:
    at_once, later, silent = (world.customer(name) for name in ("Ana", "Bea", "Carla"))
    one, two, three = (world.invoice(who, f"F-{number}", 60) for number, who in enumerate((at_once, later, silent)))
    told(world, at_once, one, "friendly", 50)
    paid(world, at_once, 48)
    told(world, later, two, "friendly", 50)
    told(world, later, two, "firm", 40)
    paid(world, later, 40)
    told(world, silent, three, "friendly", 50)
    assert found(world) == {"friendly": StepResult(3, 1, 2), "firm": StepResult(1, 1, 1)}
    assert found(world)["friendly"].share == 0.5


def test_what_did_not_arrive_is_too_old_or_was_given_up_does_not_count(world: World) -> None:
    customer = world.customer("Ana")
    item = world.invoice(customer, "F-1", 200)
    told(world, customer, item, "friendly", 120)
    told(world, customer, item, "friendly", 30, state="failed")
    told(world, customer, item, "friendly", 29, channel="internal")
    told(world, customer, item, "friendly", 28, direction="in")
    assert found(world) == {}
    told(world, customer, item, "firm", 20)
    assert found(world)["firm"] == StepResult(1, 0, 0)
    write_off(world.by, item.id, why="Cerró")
    assert found(world)["firm"].paid == 0, "written off is not paid"
