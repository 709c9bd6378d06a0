"""Stopping messages without signing in: one click for a mail program, two for a person, none for a virus scanner."""

import re

import pytest
from django.test import Client

from conftest import NOW
from puntual.audit.models import Record
from puntual.organizations.models import Organization
from puntual.outreach.optout import PATH, stop_link
from puntual.outreach.outbox import send_due
from puntual.outreach.tests.build import make_world
from puntual.outreach.tests.mailserver import mail_server
from puntual.parties.models import ContactPoint
from puntual.tenancy.scope import acting_for


@pytest.fixture
def point(cast):
    with acting_for(cast.id):
        world = make_world(cast.actor())
        world.customer("Quenara")
        return ContactPoint.objects.select_related("customer").filter(kind="email").first()


def link(point) -> str:
    address = stop_link(point.organization_id, point.id)
    return address[address.index(PATH) :]


def consent(point) -> str:
    with acting_for(point.organization_id):
        return ContactPoint.objects.get(pk=point.pk).consent


def test_opening_the_link_asks_and_changes_nothing(client, point) -> None:
    answer = client.get(link(point))
    assert answer.status_code == 200 and "<form" in answer.content.decode()
    assert consent(point) == "unknown"
    shown = answer.content.decode()
    assert point.value not in shown and f"@{point.value.split('@')[1]}" in shown


def test_one_click_from_a_mail_program_stops_it(point) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post(link(point), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200 and consent(point) == "withdrawn"
    assert client.post(link(point)).status_code == 200  # once more changes nothing
    with acting_for(point.organization_id):
        assert Record.objects.filter(action="contact_point.consent").count() == 1


@pytest.mark.parametrize("damage", [lambda key: key[:-3], lambda key: "x" + key, lambda key: "a" * 40])
def test_a_damaged_link_stops_nobody(client, point, damage) -> None:
    address = PATH + damage(link(point).removeprefix(PATH))
    assert client.post(address).status_code == 404
    assert consent(point) == "unknown"


def test_a_key_of_another_organization_leads_nowhere(client, point, cast) -> None:
    address = stop_link(cast.other_organization.id, point.id)
    assert client.post(address[address.index(PATH) :]).status_code == 404
    assert consent(point) == "unknown"


def test_the_link_in_a_message_is_the_one_that_works(transactional_db, cast, settings) -> None:
    with acting_for(cast.id):
        world = make_world(cast.actor())
        customer = world.customer("Quenara")
        world.plan(customer, [world.invoice(customer, "F1", 18)])
    Organization.objects.filter(pk=cast.id).update(mode="live", live_since=NOW)
    with mail_server() as (post, url):
        settings.SMTP_URL = url
        assert send_due(cast.id, NOW).counts == {"sent": 1}
        (mail,) = post.taken
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    (address,) = re.findall(r"<(http\S+)>", mail["List-Unsubscribe"])
    assert address in mail.get_body(("plain",)).get_content().replace("=\n", "")
    assert Client().post(address[address.index(PATH) :]).status_code == 200
    with acting_for(cast.id):
        assert ContactPoint.objects.get(customer=customer, kind="email").consent == "withdrawn"
