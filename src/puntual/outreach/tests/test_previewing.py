"""What a text would be for a customer today, before anything is planned: word for word what is then sent."""

from datetime import timedelta

import pytest
from django.utils.translation import override

from conftest import NOW
from puntual.organizations.models import Organization
from puntual.outreach.models import Activity
from puntual.outreach.prepare import prepare
from puntual.outreach.previewing import Preview, preview
from puntual.outreach.tests.build import World
from puntual.outreach.variables import opt_out
from puntual.parties.models import Customer
from puntual.receivables.actions import hold
from puntual.strategies.lengths import sms_length
from puntual.strategies.text_actions import activate_text, write_text
from puntual.strategies.texts import Place, Text


def _customer(world: World, **values: str) -> Customer:
    made = world.customer("Textiles Quenara S.A.", **values)
    return Customer.objects.select_related("party", "creditor").get(pk=made.pk)


def _preview(world: World, customer: Customer, channel: str = "email", **options: object) -> Preview:
    organization = Organization.objects.get(pk=world.by.organization_id)
    return preview(organization, customer, "friendly", channel, NOW, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["legal", "natural"])
def test_the_preview_is_what_is_sent(world: World, kind: str) -> None:
    customer = _customer(world, kind=kind)
    items = [world.invoice(customer, "F001-1", 18, "100.00"), world.invoice(customer, "F001-2", 3, "50.00", "USD")]
    before = _preview(world, customer)
    activity = world.plan(customer, items)
    fresh = Activity.objects.select_related("customer__party", "customer__creditor").get(pk=activity.pk)
    assert fresh.template == "friendly"
    sent = prepare(Organization.objects.get(pk=world.by.organization_id), fresh, NOW)
    assert before.wording == sent.wording == _preview(world, customer).wording
    assert before.recipient == sent.recipient and before.consumer is (kind == "natural")


def test_a_draft_is_tried_in_its_own_language_and_says_whom_it_would_not_reach(world: World) -> None:
    customer = _customer(world, language="es")
    world.invoice(customer, "F001-1", 18, "100.00")
    text = Text("Fatura {first_number}", "Uma mensagem", "Olá, {greeting_name}: {total}, {days_late}.\n")
    found = _preview(world, customer, text=text, language="pt")
    assert found.wording and found.wording.subject == "Fatura F001-1" and "18 dias" in found.wording.text
    assert found.reads == "es" and not found.consumer


def test_own_words_in_force_are_what_is_sent(world: World) -> None:
    customer = _customer(world)
    item = world.invoice(customer, "F001-1", 18, "100.00")
    activity = world.plan(customer, [item])
    words = Text("Factura {first_number}", "Un mensaje", "Hola. Son {total}.\n\n{signature}\n\n{opt_out}")
    activate_text(world.by, write_text(world.by, Place("friendly", "email"), "es", words))
    fresh = Activity.objects.select_related("customer__party", "customer__creditor").get(pk=activity.pk)
    sent = prepare(Organization.objects.get(pk=world.by.organization_id), fresh, NOW)
    assert sent.wording and sent.wording.text.startswith("Hola. Son S/")
    assert _preview(world, customer).wording == sent.wording


def test_a_line_without_its_optional_value_is_left_out(world: World) -> None:
    customer = _customer(world)
    world.invoice(customer, "F001-1", 18, "100.00")
    text = Text("a", "b", "Hola.\n\nLlámenos: {agency_phone}\n\nPodemos ofrecerle {offer}.\n\nGracias.")
    found = _preview(world, customer, text=text)
    assert found.wording and found.wording.text == "Hola.\n\nGracias.\n"
    assert "Llámenos" not in found.wording.html


def test_an_sms_is_signed_in_few_words_that_cost_little(world: World) -> None:
    customer = _customer(world)
    world.invoice(customer, "F001-1", 18, "100.00")
    text = Text("", "", "{signature}: {total}. {opt_out}")
    found = _preview(world, customer, "sms", text=text)
    assert found.stop == "no_point" and found.wording
    assert found.wording.text == "Sembria Talento S.A.C.: S/ 100.00. Para no recibir otros, responda BAJA.\n"


def test_before_the_due_date_the_next_item_is_announced(world: World) -> None:
    customer = _customer(world)
    world.invoice(customer, "F001-7", -5, "100.00")
    world.invoice(customer, "F001-8", -12, "30.00")
    found = _preview(world, customer, text=Text("a", "b", "{first_number} {total}"))
    assert found.wording and "F001-7" in found.wording.text and "100.00" in found.wording.text


def test_where_nothing_is_asked_for_it_says_why(world: World) -> None:
    customer = _customer(world)
    assert _preview(world, customer).stop == "settled"
    world.invoice(customer, "F001-1", 18, "100.00")
    hold(world.by, reason="dispute", customer_id=customer.id, until_on=world.by.today + timedelta(days=9))
    assert _preview(world, customer) == Preview(stop="held")


@pytest.mark.parametrize("language", ["es", "en", "pt"])
def test_the_way_out_of_an_sms_costs_no_second_segment(language: str) -> None:
    with override(language):
        assert sms_length(opt_out("sms")).encoding == "GSM-7"
