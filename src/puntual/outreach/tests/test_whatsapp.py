"""WhatsApp by the Cloud API's published contract: how messages leave, inside the 24 hours and outside of them."""

import json
import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from conftest import NOW
from puntual.kernel.problems import Problem
from puntual.outreach.answers.actions import land_text
from puntual.outreach.channels import ApprovedText, Message
from puntual.outreach.channels.whatsapp import CloudApiTransport, account
from puntual.outreach.channels.whatsapp import models as whatsapp
from puntual.outreach.deliveries.models import Delivery
from puntual.outreach.models import Activity, CapturedMessage
from puntual.outreach.outbox import send_due
from puntual.outreach.tests.build import World
from puntual.outreach.tests.providers import NUMBER_ID, CloudApi, Provider, serving
from puntual.parties.models import ContactPoint
from puntual.receivables.models import Hold
from puntual.strategies.steps import OTHER_WAY
from puntual.tenancy.scope import acting_for

NUMBER = "+51999888777"
MESSAGE = Message(
    message_id="<1@x>",
    at=datetime(2026, 11, 23, tzinfo=UTC),
    sender_name="Sembria",
    sender=NUMBER_ID,
    recipient_name="Elvira",
    recipient=NUMBER,
    subject="",
    text="Hola, Elvira. Ñ & más.\n",
    html="",
    language="es",
    reference="019ab000-0000-7000-8000-000000000001",
)
BODY = (
    "Hola, {{1}}. Le escribimos de Sembria Talento S.A.C.\n\nSu saldo vencido es {{2}}. Puede pagar aquí: {{3}}.\n\n"
    "Responda BAJA para no recibir más."
)
VARIABLES = ["greeting_name", "total", "payment_details"]


@pytest.fixture
def meta():
    with serving(CloudApi) as server:
        yield server


def deliver(meta: Provider, message: Message = MESSAGE):
    return CloudApiTransport(meta.whatsapp_url).deliver(message)


def test_words_as_the_contract_wants_them(meta) -> None:
    receipt = deliver(meta)
    assert (receipt.outcome, receipt.provider_id) == ("sent", "wamid.1")
    assert meta.asked == [
        {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": NUMBER,
            "biz_opaque_callback_data": MESSAGE.reference,
            "type": "text",
            "text": {"preview_url": False, "body": "Hola, Elvira. Ñ & más."},
        }
    ]


def test_an_approved_text_goes_by_its_name(meta) -> None:
    assert (
        deliver(meta, replace(MESSAGE, approved=ApprovedText("aviso", "es_PE", ("Elvira", "S/ 10")))).outcome == "sent"
    )
    named = ApprovedText("aviso", "es", ("Elvira",), ("nombre",))
    assert deliver(meta, replace(MESSAGE, approved=named)).outcome == "sent"
    assert deliver(meta, replace(MESSAGE, approved=ApprovedText("fijo", "es"))).outcome == "sent"
    first, second, third = (one["template"] for one in meta.asked)
    assert first == {
        "name": "aviso",
        "language": {"policy": "deterministic", "code": "es_PE"},
        "components": [
            {"type": "body", "parameters": [{"type": "text", "text": "Elvira"}, {"type": "text", "text": "S/ 10"}]}
        ],
    }
    assert second["components"][0]["parameters"] == [{"type": "text", "text": "Elvira", "parameter_name": "nombre"}]
    assert "components" not in third


@pytest.mark.parametrize(
    ("code", "status", "outcome", "bounce"),
    [
        (131026, 400, "refused", "hard"),
        (131049, 400, "refused", "soft"),
        (131050, 400, "refused", ""),
        (131047, 400, "rejected", ""),
        (132000, 400, "rejected", ""),
        (132015, 400, "rejected", ""),
        (130429, 400, "busy", ""),
        (80007, 429, "busy", ""),
        (131056, 400, "postponed", ""),
        (190, 401, "unreachable", ""),
        (131042, 400, "unreachable", ""),
        (131031, 403, "unreachable", ""),
        (205, 400, "unreachable", ""),
        (131016, 503, "unreachable", ""),
        (131000, 500, "interrupted", ""),
    ],
)
def test_what_each_error_means(meta, code, status, outcome, bounce) -> None:
    meta.fails_with(code, status)
    receipt = deliver(meta)
    assert (receipt.outcome, receipt.bounce, receipt.provider_id) == (outcome, bounce, "")
    assert (receipt.unsubscribed, bool(receipt.text_state)) == (code == 131050, code == 132015)
    assert str(code) in receipt.detail and "EAAG" not in receipt.detail


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry_After": "90"}, 90),
        ({"X_Business_Use_Case_Usage": json.dumps({"1": [{"estimated_time_to_regain_access": 3}]})}, 180),
        ({"X_Business_Use_Case_Usage": json.dumps({"1": [{"estimated_time_to_regain_access": 0}]})}, None),
        ({"X_Business_Use_Case_Usage": "[nonsense"}, None),
        ({"Retry_After": "soon"}, None),
        ({}, None),
    ],
)
def test_how_long_it_asks_to_be_left_in_peace(meta, headers, wait) -> None:
    meta.fails_with(130429, 429, **headers)
    assert deliver(meta).wait == wait


@pytest.mark.parametrize("body", [b"not json", b"[1]", b"{}", b'{"messages": "x"}', b'{"messages": [1]}'])
def test_an_answer_of_another_shape_harms_nobody(meta, body) -> None:
    meta.next_answers = [(200, body, {}), (400, body, {}), (502, body, {})]
    assert [deliver(meta).outcome for _ in range(3)] == ["sent", "rejected", "interrupted"]


def test_how_far_it_came_without_an_answer(meta) -> None:
    meta.hangs_up = True
    assert deliver(meta).outcome == "interrupted"
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    assert CloudApiTransport(f"whatsapp+http://1:x@127.0.0.1:{port}/v23.0").deliver(MESSAGE).outcome == "unreachable"


@pytest.mark.parametrize("url", ["", "https://x", "whatsapp://1@h", "whatsapp://:t@h", "whatsapp://1:t@h?busines=2"])
def test_an_address_that_cannot_be_read_says_so(url) -> None:
    with pytest.raises(Problem, match="PUNTUAL_WHATSAPP_URL"):
        account(url)


def test_what_an_account_lacks_is_told_and_its_secrets_are_not_shown() -> None:
    found = account("whatsapp://1:t0ken@graph.facebook.com?business=2&secret=s3cret")
    assert (found.lacks, found.address) == (("verify",), "https://graph.facebook.com/v23.0")
    assert "t0ken" not in repr(found) and "s3cret" not in repr(found)


def planned(world: World, name: str = "Quenara", **changes: object) -> Activity:
    """A friendly WhatsApp message that is due now."""
    with acting_for(world.by.organization_id):
        customer = world.customer(name)
        world.point(customer, "whatsapp", NUMBER)
        return world.plan(customer, [world.invoice(customer, f"F-{name}", 5)], channel="whatsapp", **changes)


def approved(world: World, state: str = "approved", **changes: object) -> whatsapp.Mapping:
    """A text Meta approved that stands for the friendly step to companies."""
    org = world.by.organization_id
    with acting_for(org):
        fields = {"name": "aviso", "language": "es", "body": BODY, "state": state, "checked_at": NOW, **changes}
        text = whatsapp.ApprovedText.objects.create(organization_id=org, **fields)
        return whatsapp.Mapping.objects.create(
            organization_id=org,
            template="friendly",
            audience="company",
            language="es",
            text=text,
            variables=VARIABLES,
            mapped_at=NOW,
        )


def now_is(world: World, activity: Activity) -> Activity:
    with acting_for(world.by.organization_id):
        return Activity.objects.get(pk=activity.pk)


def test_the_first_word_is_an_approved_text(live, meta, settings) -> None:
    settings.WHATSAPP_URL = meta.whatsapp_url
    activity = planned(live)
    approved(live)
    assert send_due(live.by.organization_id, NOW).counts == {"sent": 1}
    (asked,) = meta.asked
    values = [one["text"] for one in asked["template"]["components"][0]["parameters"]]
    assert (asked["type"], asked["template"]["name"], len(values)) == ("template", "aviso", 3)
    assert asked["biz_opaque_callback_data"] == str(activity.pk)
    sent = now_is(live, activity)
    assert sent.body.startswith("Hola, ") and values[1] in sent.body and "{{" not in sent.body
    with acting_for(live.by.organization_id):
        kept = Delivery.objects.get()
    assert (kept.activity_id, kept.provider_id, kept.state) == (activity.pk, "wamid.1", "taken")


@pytest.mark.parametrize("state", [None, "paused", "rejected", "pending", "missing"])
def test_without_an_approved_text_nothing_leaves(live, meta, settings, state) -> None:
    settings.WHATSAPP_URL = meta.whatsapp_url
    activity = planned(live)
    if state:
        approved(live, state)
    assert send_due(live.by.organization_id, NOW).counts == {"lapsed": 1}
    assert meta.asked == [] and now_is(live, activity).result == "no_approved_text"


@pytest.mark.parametrize(("hours", "kind"), [(1, "text"), (23, "text"), (24, "template"), (30, "template")])
def test_who_wrote_is_answered_freely_for_24_hours(live, meta, settings, hours, kind) -> None:
    settings.WHATSAPP_URL = meta.whatsapp_url
    activity = planned(live)
    approved(live)
    wrote = NOW - timedelta(hours=hours)
    with acting_for(live.by.organization_id):
        other = live.customer("Somebody else with the same number")  # whom the words are not pinned to
        live.point(other, "whatsapp", NUMBER)
        land_text(
            live.by.on(wrote.date(), wrote), channel="whatsapp", key="w", number=NUMBER, text="Hola", sent_at=wrote
        )
        Hold.objects.all().update(released_on=wrote.date())  # a person has read it
    assert send_due(live.by.organization_id, NOW).counts == {"sent": 1}
    assert meta.asked[0]["type"] == kind
    assert now_is(live, activity).state == "sent"


def test_an_edited_text_gives_way_to_the_approved_one(live, meta, settings) -> None:
    settings.WHATSAPP_URL = meta.whatsapp_url
    activity = planned(live)
    approved(live)
    with acting_for(live.by.organization_id):
        Activity.objects.filter(pk=activity.pk).update(edited=True, body="Pague ya.")
    assert send_due(live.by.organization_id, NOW).counts == {"sent": 1}
    sent = now_is(live, activity)
    assert "Pague ya" not in sent.body and sent.note


def test_in_rehearsal_it_stays_in_the_mailbox(committed, meta, settings) -> None:
    settings.WHATSAPP_URL = meta.whatsapp_url
    planned(committed)
    approved(committed)
    assert send_due(committed.by.organization_id, NOW).counts == {"sent": 1}
    with acting_for(committed.by.organization_id):
        assert CapturedMessage.objects.get().recipient == NUMBER and not Delivery.objects.exists()
    assert meta.asked == []


def test_who_told_whatsapp_to_stop_is_not_written_to_again(live, meta, settings) -> None:
    settings.WHATSAPP_URL = meta.whatsapp_url
    planned(live)
    approved(live)
    meta.fails_with(131050)
    assert send_due(live.by.organization_id, NOW).counts == {"failed": 1}
    with acting_for(live.by.organization_id):
        assert ContactPoint.objects.get(kind="whatsapp").consent == "withdrawn"
        assert Activity.objects.get(step=OTHER_WAY).state == "to_do"


def test_a_number_that_is_not_on_whatsapp_is_not_tried_again(live, meta, settings) -> None:
    settings.WHATSAPP_URL = meta.whatsapp_url
    planned(live)
    approved(live)
    meta.fails_with(131026)
    assert send_due(live.by.organization_id, NOW).counts == {"failed": 1}
    with acting_for(live.by.organization_id):
        assert ContactPoint.objects.get(kind="whatsapp").bounce == "hard"


def test_a_text_that_meta_paused_is_known_to_be(live, meta, settings) -> None:
    settings.WHATSAPP_URL = meta.whatsapp_url
    planned(live)
    mapping = approved(live)
    meta.fails_with(132015)
    assert send_due(live.by.organization_id, NOW).counts == {"failed": 1}
    with acting_for(live.by.organization_id):
        mapping.text.refresh_from_db()
    assert mapping.text.state == "paused"
