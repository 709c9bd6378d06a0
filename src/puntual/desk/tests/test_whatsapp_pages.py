"""WhatsApp's settings: what is missing, the hooks' addresses, and which approved text stands for which of ours."""

import pytest
from django.test import Client

from conftest import Cast, make_member
from puntual.outreach.channels.whatsapp.models import ApprovedText, Mapping
from puntual.outreach.deliveries.hooks import hook_address
from puntual.outreach.tests.build import World
from puntual.outreach.tests.providers import CloudApi, serving
from puntual.outreach.tests.test_approved_texts import at_meta
from puntual.outreach.tests.test_whatsapp import VARIABLES
from puntual.tenancy.scope import acting_for

PLACE = "/o/sembria/settings/channels/whatsapp/"
FORM = {f"place_{number}": name for number, name in enumerate(VARIABLES)}


@pytest.fixture
def meta(settings):
    with serving(CloudApi) as server:
        settings.WHATSAPP_URL, settings.PUBLIC_URL = server.whatsapp_url, "https://cobranzas.example"
        yield server


def shown(client: Client, address: str = PLACE) -> str:
    return client.get(address).content.decode()


def test_what_is_missing_is_said(world: World, owner: Client, settings) -> None:
    assert "PUNTUAL_WHATSAPP_URL=whatsapp://" in shown(owner)
    settings.WHATSAPP_URL = "whatsapp://1:t0ken@graph.facebook.com"
    page = shown(owner)
    assert "business=" in page and "secret=" in page and "verify=" in page and "PUNTUAL_URL" in page
    assert "t0ken" not in page
    settings.WHATSAPP_URL = "whatsapp://nonsense"
    assert "PUNTUAL_WHATSAPP_URL" in shown(owner)
    assert "PUNTUAL_WHATSAPP_URL=" not in shown(owner)


def test_the_hooks_addresses_are_for_who_sets_things_up(
    world: World, owner: Client, cast: Cast, meta, settings
) -> None:
    settings.SMS_URL = "twilio://AC1:t@api.twilio.com/?from=1"
    hooks = {
        PLACE: hook_address(cast.id, "meta"),
        PLACE.removesuffix("whatsapp/")[:-1]: hook_address(cast.id, "twilio"),
    }
    collector = Client()
    collector.force_login(make_member(cast.organization, "collector", "cobro@sembria.example"))
    for address, hook in hooks.items():
        assert hook in shown(owner, address)
        assert hook not in shown(collector, address)
    for address in (f"{PLACE}refresh", f"{PLACE}friendly/company/es"):
        assert collector.post(address).status_code == 403


def test_a_text_is_read_chosen_and_let_go(world: World, owner: Client, cast: Cast, meta) -> None:
    meta.texts = [at_meta(), at_meta("otro", "PAUSED")]
    assert owner.post(f"{PLACE}refresh").status_code == 302
    with acting_for(cast.id):
        text = ApprovedText.objects.get(name="aviso")
    address = f"{PLACE}friendly/company/es?text={text.id}"
    assert "{{1}}" in shown(owner, address)
    wrong = owner.post(address, {**FORM, "place_1": "nonsense"})
    assert wrong.status_code == 422
    assert owner.post(address, FORM).status_code == 302
    with acting_for(cast.id):
        kept = Mapping.objects.get()
    assert (kept.template, kept.audience, kept.language, kept.variables) == ("friendly", "company", "es", VARIABLES)
    page = shown(owner)
    assert "aviso" in page and "otro" in page
    assert "selected" in shown(owner, f"{PLACE}friendly/company/es")
    assert owner.post(f"{PLACE}{kept.id}/end").status_code == 302
    with acting_for(cast.id):
        assert not Mapping.objects.exists()


def test_what_must_not_go_out_is_refused_with_its_reason(world: World, owner: Client, cast: Cast, meta) -> None:
    meta.texts = [at_meta(header="Su deuda vencida")]
    owner.post(f"{PLACE}refresh")
    with acting_for(cast.id):
        text = ApprovedText.objects.get()
    answer = owner.post(f"{PLACE}friendly/consumer/es?text={text.id}", FORM)
    assert answer.status_code == 422 and "deuda" in answer.content.decode()


def test_meta_out_of_reach_is_a_sentence(world: World, owner: Client, settings) -> None:
    settings.WHATSAPP_URL = "whatsapp+http://1:t@127.0.0.1:9/v23.0?business=2"
    answer = owner.post(f"{PLACE}refresh")
    assert answer.status_code == 422 and "Meta" in answer.content.decode()


@pytest.mark.parametrize("place", ["friendly/everybody/es", "friendly/company/xx", "../company/es", "A b/company/es"])
def test_only_texts_of_ours_have_a_page(world: World, owner: Client, place) -> None:
    assert owner.get(PLACE + place).status_code == 404


def test_nobody_sees_anothers_texts(world: World, owner: Client, cast: Cast, meta) -> None:
    with acting_for(cast.other_organization.id):
        text = ApprovedText.objects.create(
            organization_id=cast.other_organization.id,
            name="ajeno",
            language="es",
            state="approved",
            checked_at=world.by.now,
        )
    assert "ajeno" not in shown(owner)
    assert owner.get(f"{PLACE}friendly/company/es?text={text.id}").status_code == 404
