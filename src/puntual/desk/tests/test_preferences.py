"""What a customer or somebody there prefers: written down by the team and on the customer's page, known to the day."""

from datetime import timedelta

import pytest
from django.test import Client

from conftest import NOW, TODAY
from puntual.audit.models import Record
from puntual.kernel.problems import Problem
from puntual.organizations.models import Organization
from puntual.outreach.observe import observe
from puntual.outreach.portal_link import PATH, portal_token
from puntual.outreach.surroundings import surroundings
from puntual.outreach.tests.build import World
from puntual.parties.actions import add_person, end_person, set_preference
from puntual.parties.models import Person, Preference
from puntual.strategies.facts import CustomerFacts
from puntual.tenancy.scope import acting_for


def known(world: World) -> CustomerFacts:
    organization = Organization.objects.get(pk=world.by.organization_id)
    around = surroundings(organization, TODAY)
    every = list(observe(organization.id, TODAY, NOW, around))
    one = list(observe(organization.id, TODAY, NOW, around, customers=[world.customers[0].id]))
    (found,) = one
    assert (every[0].prefers, every[0].subject) == (found.prefers, found.subject)
    return found


def test_the_day_knows_what_is_preferred(world: World) -> None:
    with acting_for(world.by.organization_id):
        customer = world.customer("Pesquera")
        world.invoice(customer, "F-1", 5)
        assert (known(world).prefers, known(world).subject.prefers_hours) == (frozenset(), None)
        set_preference(world.by, customer.id, channel="whatsapp", hours=(8, 14))
        elvira = Person.objects.get()
        set_preference(world.by, customer.id, person_id=elvira.id, channel="call", hours=(10, 18))
        found = known(world)
        assert (found.prefers, found.subject.prefers_hours) == (frozenset({"whatsapp", "call"}), (10, 14))
        set_preference(world.by, customer.id, person_id=elvira.id, hours=(15, 18))
        assert known(world).subject.prefers_hours is None, "no hours suit everybody"
        end_person(world.by, elvira.id, last_day=TODAY - timedelta(days=1))
        assert known(world).subject.prefers_hours == (8, 14), "whoever is gone prefers nothing"
        set_preference(world.by, customer.id)
        assert known(world).prefers == frozenset() and Preference.objects.count() == 1


def test_what_is_no_preference(world: World) -> None:
    with acting_for(world.by.organization_id):
        customer, other = world.customer("Pesquera"), world.customer("Otra")
        for hours in ((12, 9), (9, 10), (20, 25)):
            with pytest.raises(Problem, match="at least 2 hours"):
                set_preference(world.by, customer.id, hours=hours)
        with pytest.raises(ValueError, match="pigeon"):
            set_preference(world.by, customer.id, channel="pigeon")
        stranger = add_person(world.by, other.id, name="Otra persona")
        with pytest.raises(Person.DoesNotExist):
            set_preference(world.by, customer.id, person_id=stranger.id, channel="email")


def test_a_collector_writes_it_down(owner: Client, world: World) -> None:
    with acting_for(world.by.organization_id):
        customer = world.customer("Pesquera")
        person = Person.objects.get()
    at = f"/o/sembria/customers/people/{person.id}/preference"
    assert owner.get(at).status_code == 200
    assert owner.post(at, {"channel": "call", "first": "9", "last": ""}).status_code == 422
    assert owner.post(at, {"channel": "call", "first": "9", "last": "12"}).status_code == 302
    page = owner.get(f"/o/sembria/customers/{customer.id}/people").content.decode()
    assert "9:00–12:00" in page
    everybody = f"/o/sembria/customers/{customer.id}/preference"
    owner.post(everybody, {"channel": "email"})
    assert "selected" in owner.get(everybody).content.decode().partition('value="email"')[2][:20]
    with acting_for(world.by.organization_id):
        assert {one.source for one in Preference.objects.all()} == {"team"}
        assert Record.objects.filter(action="preference.set").count() == 2


def test_the_customer_says_it_on_its_page(client: Client, world: World) -> None:
    with acting_for(world.by.organization_id):
        customer = world.customer("Pesquera")
        world.invoice(customer, "F-1", 5)
    link = f"{PATH}{portal_token(customer.organization_id, customer.id, TODAY + timedelta(days=9))}"
    assert f"{link}/reach" in client.get(link).content.decode()
    assert client.post(f"{link}/reach", {"channel": "pigeon"}).status_code == 422
    assert client.post(f"{link}/reach", {"channel": "whatsapp", "hours": "8-12"}).status_code == 302
    with acting_for(world.by.organization_id):
        kept = Preference.objects.get()
    assert (kept.channel, kept.hours_from, kept.hours_until, kept.source) == ("whatsapp", 8, 12, "portal")
    assert '8-12" selected' in client.get(f"{link}/reach").content.decode()
    client.post(f"{link}/reach", {"channel": "", "hours": ""})
    with acting_for(world.by.organization_id):
        assert not Preference.objects.exists()
