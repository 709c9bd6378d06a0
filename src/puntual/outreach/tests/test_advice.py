"""Advice: to who asked for it and paid late at times, before the next due date, rarely, and never beside a debt that is late."""

from datetime import timedelta

import pytest

from puntual.organizations.models import Organization
from puntual.outreach.actions import plan_notices
from puntual.outreach.models import Activity
from puntual.outreach.prepare import prepare
from puntual.outreach.tests.build import World
from puntual.outreach.tests.noticing import on
from puntual.parties.actions import opt_out, record_consent
from puntual.parties.models import ContactPoint, Customer
from puntual.payments.actions import record_payment
from puntual.strategies.actions import activate
from puntual.strategies.drafts import make_draft, put_notice
from puntual.strategies.models import Version
from puntual.strategies.steps import Notice

DAY = timedelta(days=1)


@pytest.fixture
def advising(world: World) -> World:
    draft = make_draft(world.by, world.version)
    wanted = Notice("advice", ("email",), "courteous", "advice", days=10, rest_days=180, approval="automatic")
    put_notice(world.by, draft.id, wanted)
    activate(world.by, Version.objects.get(pk=draft.id))
    return world


def slipping(world: World, name: str = "Tarde", *, delay: int = 9, due_in: int = 8) -> Customer:
    """A customer that paid twice `delay` days late, and has something to come."""
    customer = world.customer(name)
    for number, ago in enumerate((120, 60)):
        item = world.invoice(customer, f"F-{customer.code}-{number}", ago)
        record_payment(
            world.by,
            customer_id=customer.id,
            reference=f"{customer.code}-{number}",
            received_on=world.by.today + (delay - ago) * DAY,
            currency="PEN",
            amount=item.amount,
        )
    world.invoice(customer, f"G-{customer.code}", -due_in)
    return customer


def agrees(world: World, customer: Customer, granted: bool = True) -> None:
    for point in ContactPoint.objects.filter(customer=customer, kind="email"):
        record_consent(
            world.by, point.id, purpose="education", granted=granted, given_on=world.by.today, source="Llamada"
        )


def test_it_goes_before_the_next_due_date_and_not_again_for_long(advising: World) -> None:
    customer = slipping(advising)
    agrees(advising, customer)
    assert plan_notices(on(advising, 0)) == {"advice": 1}
    found = Activity.objects.select_related("customer__party", "customer__creditor").get(step="advice")
    said = prepare(Organization.objects.get(pk=advising.by.organization_id), found, advising.by.now)
    assert said.wording and "/c/learn/es/" in said.wording.text and found.demand == {}
    Activity.objects.update(state="sent", settled_at=advising.by.now)
    advising.invoice(customer, "H-1", -60)
    assert plan_notices(on(advising, 52)) == {}


@pytest.mark.parametrize("why", ["nobody asked for it", "taken back", "punctual", "far", "overdue", "opted out"])
def test_who_gets_none(advising: World, why: str) -> None:
    customer = slipping(advising, delay=0 if why == "punctual" else 9, due_in=30 if why == "far" else 8)
    if why != "nobody asked for it":
        agrees(advising, customer)
    if why == "taken back":
        agrees(advising, customer, granted=False)
    if why == "overdue":
        advising.invoice(customer, "H-1", 1)
    if why == "opted out":
        for point in ContactPoint.objects.filter(customer=customer):
            opt_out(advising.by, point.id, source="Correo")
    assert plan_notices(on(advising, 0)) == {}


def test_an_address_that_did_not_say_yes_keeps_its_channel_closed(advising: World) -> None:
    customer = slipping(advising)
    agrees(advising, customer)
    first = ContactPoint.objects.filter(customer=customer, kind="email")[0]
    ContactPoint.objects.create(
        organization_id=advising.by.organization_id, customer=customer, kind="email", value="otra@example.test",
        person=first.person,
    )  # fmt: skip
    assert plan_notices(on(advising, 0)) == {}
