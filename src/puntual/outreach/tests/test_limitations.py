"""Claims that can no longer be enforced: known from the ledger, stopped hard, and announced ahead."""

from datetime import timedelta
from decimal import Decimal

from puntual.daily.why import explain
from puntual.organizations.models import Organization
from puntual.outreach.limitations import barring_soon, time_barred
from puntual.outreach.observe import observe
from puntual.outreach.surroundings import surroundings
from puntual.outreach.tests.build import World
from puntual.parties.models import Party
from puntual.payments.actions import record_payment, reverse_payment

FIVE_YEARS = 365 * 5 + 2


def _chilean(world: World, name: str):
    customer = world.customer(name)
    Party.objects.filter(pk=customer.party_id).update(country="CL")
    return customer


def _pay(world: World, customer, item, days_ago: int, amount: str = "100.00"):
    return record_payment(
        world.by,
        customer_id=customer.id,
        reference=f"{item.id}-{days_ago}",
        received_on=world.by.today - timedelta(days=days_ago),
        currency="PEN",
        amount=Decimal(amount),
    )


def test_an_item_older_than_its_period_is_barred_and_decided_by_nobody(world: World) -> None:
    old, peruvian = _chilean(world, "Andes"), world.customer("Lima")
    barred = world.invoice(old, "F-1", FIVE_YEARS)
    world.invoice(peruvian, "F-2", FIVE_YEARS)  # ten years there
    org = world.by.organization_id
    assert time_barred(org, world.by.today) == {str(barred.id)}
    around = surroundings(Organization.objects.get(pk=org), world.by.today)
    facts = {one.customer_id: one for one in observe(org, world.by.today, world.by.now, around)}
    assert facts[str(old.id)].items[0].time_barred
    assert not facts[str(peruvian.id)].items[0].time_barred
    decision = explain(world.by, old).decision
    assert decision.reason == "hard_stop" and decision.why.code == "time_barred"


def test_a_payment_on_the_item_starts_the_period_anew_unless_it_was_reversed(world: World) -> None:
    customer = _chilean(world, "Andes")
    item = world.invoice(customer, "F-1", FIVE_YEARS)
    payment = _pay(world, customer, item, 400)
    assert not time_barred(world.by.organization_id, world.by.today)
    reverse_payment(world.by, payment.id, reason="devuelto")
    assert time_barred(world.by.organization_id, world.by.today) == {str(item.id)}


def test_what_is_about_to_be_barred_is_listed_ahead(world: World) -> None:
    customer = _chilean(world, "Andes")
    near = world.invoice(customer, "F-1", FIVE_YEARS - 60)
    later = world.invoice(customer, "F-2", FIVE_YEARS - 150)
    world.invoice(customer, "F-3", FIVE_YEARS - 300)
    world.invoice(customer, "F-4", FIVE_YEARS)  # over already
    org = world.by.organization_id
    assert [one.installment_id for one in barring_soon(org, world.by.today)] == [near.id, later.id]
    assert [one.installment_id for one in barring_soon(org, world.by.today, 90)] == [near.id]
    assert 55 <= barring_soon(org, world.by.today, 90)[0].days_left <= 62
