"""What Meta and Twilio report of our messages, and who is believed."""

import hmac
import json
from base64 import b64encode
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from puntual.api.hooks import MOST_BYTES
from puntual.api.tests.hooking import NUMBER, change, from_meta, from_twilio, status, taken, words
from puntual.audit.models import Record
from puntual.organizations.models import Organization
from puntual.outreach.answers.models import Answer
from puntual.outreach.channels import Message, Receipt
from puntual.outreach.channels.sms.hook import signed
from puntual.outreach.channels.whatsapp.models import ApprovedText
from puntual.outreach.deliveries.hooks import hook_address, report_address
from puntual.outreach.deliveries.models import Delivery
from puntual.outreach.deliveries.reports import handed_over, resolve_known
from puntual.outreach.models import Activity, Mark
from puntual.outreach.observe import observe
from puntual.outreach.points import recipient
from puntual.outreach.surroundings import surroundings
from puntual.outreach.tests.build import World, make_world
from puntual.outreach.tests.providers import WORD
from puntual.parties.models import ContactPoint
from puntual.tenancy.scope import acting_for


def written() -> tuple[int, ...]:
    """How much there is of everything a hook may write."""
    had = Mark.objects.filter(voided=False).count()
    return (had, *(one.objects.count() for one in (Answer, Delivery, Record, Activity)))


def org(world: World) -> UUID:
    return world.by.organization_id


# -- who is believed


@pytest.mark.parametrize("provider", ["meta", "twilio"])
def test_an_address_that_was_not_made_here_leads_nowhere(world, cast, provider) -> None:
    own = urlsplit(hook_address(org(world), provider)).path
    other = "twilio" if provider == "meta" else "meta"
    borrowed = own.replace(f"/{provider}/", f"/{other}/")  # the key of one provider is none for the other
    for path in (own[:-1] + ("A" if own[-1] != "A" else "B"), f"/hooks/{provider}/{org(world).hex}", borrowed):
        for method in ("get", "post"):
            assert getattr(Client(), method)(path, secure=True).status_code in (404, 405), path


def test_a_hook_of_an_organization_that_is_gone_or_a_channel_that_is_not_set_up(world, settings) -> None:
    assert from_meta(UUID(int=7), status("sent")).status_code == 404
    settings.WHATSAPP_URL = settings.SMS_URL = ""
    assert from_meta(org(world), status("sent")).status_code == 404
    assert from_twilio(org(world), MessageSid="SM1", MessageStatus="sent").status_code == 404


def test_meta_verifies_the_address_with_the_word(world) -> None:
    path = urlsplit(hook_address(org(world), "meta")).path
    asked = {"hub.mode": "subscribe", "hub.verify_token": WORD, "hub.challenge": "1158201444"}
    answer = Client().get(path, asked, secure=True)
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, b"1158201444", "text/plain")
    for wrong in ({"hub.verify_token": "no"}, {"hub.verify_token": ""}, {"hub.mode": "x"}):
        assert Client().get(path, {**asked, **wrong}, secure=True).status_code == 403
    assert Client().get(path, {**asked, "hub.challenge": ""}, secure=True).status_code == 400


def test_without_a_word_nobody_verifies(world, settings) -> None:
    settings.WHATSAPP_URL = "whatsapp://1:t@graph.facebook.com?business=2"
    path = urlsplit(hook_address(org(world), "meta")).path
    asked = {"hub.mode": "subscribe", "hub.verify_token": "", "hub.challenge": "1"}
    assert Client().get(path, asked, secure=True).status_code == 403
    assert from_meta(org(world), status("sent"), secret="").status_code == 403


def test_a_forged_hook_writes_nothing(sent, world) -> None:
    sent()
    sent("sms", "SM1", name="Lucma")
    before = written()
    assert from_meta(org(world), status("failed", code=131026), secret="guessed").status_code == 403
    for signature in ("", "sha256=", "sha1=abc", "ñ"):
        answer = from_meta(org(world), status("failed", code=131026), **{"X-Hub-Signature-256": signature})
        assert answer.status_code == 403
    assert from_twilio(org(world), token="guessed", MessageSid="SM1", MessageStatus="failed").status_code == 403
    assert written() == before and not ContactPoint.objects.exclude(bounce="none").exists()


def test_what_was_signed_for_one_address_is_not_believed_at_another(sent, world, cast) -> None:
    """Twilio signs the address: a hook that somebody else overheard cannot be told to another organization."""
    activity = sent("sms", "SM1")
    mine = report_address(activity)
    fields = [("AccountSid", "AC1"), ("MessageSid", "SM1")]
    signature = b64encode(hmac.new(b"t", (mine + "AccountSidAC1MessageSidSM1").encode(), "sha1").digest()).decode()
    assert signed(mine, fields, signature, "t")
    assert not signed(hook_address(cast.other_organization.id, "twilio"), fields, signature, "t")
    assert not signed(mine, [*fields, ("ErrorCode", "30005")], signature, "t")


@pytest.mark.parametrize("port", ["", ":443"])
def test_twilios_own_example_of_a_signature(port) -> None:
    """From Twilio's page on securing requests: with its port or without, the address is the same."""
    url = f"https://example.com{port}/myapp.php?foo=1&bar=2"
    fields = [
        ("CallSid", "CA1234567890ABCDE"),
        ("Caller", "+14158675310"),
        ("Digits", "1234"),
        ("From", "+14158675310"),
        ("To", "+18005551212"),
    ]
    assert signed(url, fields, "L/OH5YylLD5NRKLltdqwSvS0BnU=", "12345")


def test_a_body_that_is_too_large_is_not_read(world) -> None:
    before = written()
    assert from_meta(org(world), b"{" + b" " * MOST_BYTES + b"}").status_code == 413
    assert written() == before


@pytest.mark.parametrize(
    "told",
    [
        b"",
        b"[]",
        b"not json",
        b"\xff\xfe",
        b"[" * 100_000,
        {"object": "page", "entry": []},
        {"object": "whatsapp_business_account", "entry": {}},
        {"object": "whatsapp_business_account", "entry": [1]},
        {"object": "whatsapp_business_account", "entry": [{"changes": [{"field": "messages", "value": []}]}]},
        change(statuses=[{"id": "wamid.1", "status": "failed", "timestamp": "soon"}]),
        change(statuses=[{"id": "wamid.1", "status": "failed", "timestamp": "9" * 30}]),
        change(statuses=[{"id": "", "status": "sent", "timestamp": "1"}]),
        change(statuses=[{"id": "w\x00", "status": "sent", "timestamp": "1"}]),
        change(statuses=[{"id": "w", "status": "failed", "timestamp": "1", "errors": [{"code": "x"}]}]),
        change(statuses=[{"id": "w", "status": "failed", "timestamp": "1", "errors": [{"code": 10**12}]}]),
        change(messages=[{"id": "w", "type": "text", "timestamp": "1", "from": "51999"}, {"type": "text"}]),
        change(messages=[{"id": "w", "type": "text", "timestamp": "1", "from": "51999", "text": {"body": 7}}]),
    ],
)
def test_a_malformed_hook_is_refused_whole(sent, world, told) -> None:
    sent()
    before = written()
    assert from_meta(org(world), told).status_code == 400
    assert written() == before


def test_who_cannot_be_read_of_the_senders_is_passed_over(sent, world) -> None:
    sent()
    told = status("delivered")
    told["entry"][0]["changes"][0]["value"]["contacts"] = [{"wa_id": [], "profile": 7}]
    assert from_meta(org(world), told).status_code == 200


def test_one_bad_piece_spoils_the_hook_and_not_half_of_it(sent, world) -> None:
    sent()
    both = status("delivered")
    both["entry"].append({"id": "x", "changes": [{"field": "messages", "value": None}]})
    before = written()
    assert from_meta(org(world), both).status_code == 400 and written() == before


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "status",
                    "timestamp",
                    "errors",
                    "code",
                    "type",
                    "text",
                    "body",
                    "from",
                    "button",
                    "interactive",
                    "x",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(st.lists(_JSON, max_size=3), st.lists(_JSON, max_size=3))
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_signed_is_taken_or_refused(world, statuses, messages) -> None:
    assert from_meta(org(world), change(statuses=statuses, messages=messages)).status_code in (200, 400)


@given(
    st.dictionaries(
        st.sampled_from(["MessageSid", "MessageStatus", "ErrorCode", "Body", "From", "To"]), st.text(max_size=12)
    )
)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_form_is_signed_is_taken_or_refused(world, fields) -> None:
    answer = from_twilio(org(world), **{name: one.encode("utf-8", "ignore").decode() for name, one in fields.items()})
    assert answer.status_code in (200, 204, 400)


# -- what became of a message


def test_a_message_on_its_way(sent, world) -> None:
    activity = sent()
    for state in ("sent", "delivered", "read"):
        answer = from_meta(org(world), status(state))
        assert (answer.status_code, json.loads(answer.content)) == (200, {"changed": 1})
    kept = Delivery.objects.get()
    assert kept.state == "read" and kept.sent_at and kept.delivered_at and kept.read_at and not kept.failed_at
    activity.refresh_from_db()
    assert (activity.state, activity.result) == ("sent", "")
    assert Mark.objects.filter(voided=False).count() == 1


def test_the_same_hook_again_changes_nothing(sent, world) -> None:
    sent()
    for told in (status("delivered"), status("failed", code=131026), words()):
        from_meta(org(world), told)
        before = written()
        assert json.loads(from_meta(org(world), told).content) == {"known": 1}
        if "statuses" in told["entry"][0]["changes"][0]["value"]:
            assert written() == before
    assert ContactPoint.objects.get(kind="whatsapp").bounces <= 1 and Answer.objects.count() == 1


def test_reports_that_overtake_each_other(sent, world) -> None:
    sent()
    for state in ("read", "sent", "delivered"):
        from_meta(org(world), status(state))
    assert Delivery.objects.get().state == "read"
    from_meta(org(world), status("failed", code=131026))
    assert (Delivery.objects.get().state, ContactPoint.objects.get(kind="whatsapp").bounce) == ("read", "none")


@pytest.mark.parametrize(
    ("code", "bounce"), [(131026, "hard"), (131049, "soft"), (131047, "none"), (131000, "none"), (None, "none")]
)
def test_a_message_that_came_to_nothing(sent, world, code, bounce) -> None:
    activity = sent()
    assert from_meta(org(world), status("failed", code=code)).status_code == 200
    activity.refresh_from_db()
    assert (activity.state, activity.result) == ("sent", "bounced")
    assert not Mark.objects.filter(voided=False).exists()
    point = ContactPoint.objects.get(kind="whatsapp")
    assert point.bounce == bounce or (bounce == "none" and point.bounces == 0)
    assert Delivery.objects.get().code == code


def test_who_told_meta_to_stop(sent, world) -> None:
    sent()
    from_meta(org(world), status("failed", code=131050))
    assert ContactPoint.objects.get(kind="whatsapp").consent == "withdrawn"


def test_a_message_that_is_not_ours_is_noted_and_nothing_else(sent, world, caplog) -> None:
    sent()
    before = written()
    answer = from_meta(org(world), status("failed", "wamid.other", code=131026))
    assert (answer.status_code, json.loads(answer.content)) == (200, {"unknown": 1})
    assert written() == before and "not of this organization" in caplog.text
    elsewhere = status("failed", code=131026)
    elsewhere["entry"][0]["changes"][0]["value"]["metadata"]["phone_number_id"] = "another number of the app"
    assert json.loads(from_meta(org(world), elsewhere).content) == {} and written() == before


def test_no_organization_moves_anothers_message(db, cast) -> None:
    with acting_for(cast.id):
        activity = taken(make_world(cast.actor()))
        before = written()
    told = status("failed", code=131026, biz_opaque_callback_data=str(activity.pk))
    assert json.loads(from_meta(cast.other_organization.id, told).content) == {"unknown": 1}
    with acting_for(cast.id):
        assert written() == before


def test_a_report_that_is_quicker_than_the_answer(sent, world) -> None:
    """Our own reference tells whose it is before the provider's id is known; its sender settles it, and finds the report."""
    activity = sent(state="attempting")
    told = status("failed", code=131026, biz_opaque_callback_data=str(activity.pk))
    assert json.loads(from_meta(org(world), told).content) == {"changed": 1}
    activity.refresh_from_db()
    assert (activity.state, ContactPoint.objects.get(kind="whatsapp").bounce) == ("attempting", "none")
    Activity.objects.filter(pk=activity.pk).update(state="sent")
    message = Message("<1@x>", world.by.now, "", "", "", "", "", "", "", "es")
    handed_over(world.by, activity, message, Receipt("sent", provider_id="wamid.1"), activity.point_id)
    activity.refresh_from_db()
    assert (activity.result, ContactPoint.objects.get(kind="whatsapp").bounce) == ("bounced", "hard")


@pytest.mark.parametrize(("state", "result"), [("delivered", ""), ("failed", "bounced")])
def test_what_was_of_unknown_fate_is_known_by_its_report(sent, world, state, result) -> None:
    activity = sent(state="unknown")
    code = 131026 if state == "failed" else None
    from_meta(org(world), status(state, code=code, biz_opaque_callback_data=str(activity.pk)))
    activity.refresh_from_db()
    assert (activity.state, activity.result) == ("sent", result)
    assert Mark.objects.filter(voided=False).exists() == (state == "delivered")


def test_a_report_that_came_before_the_sweeper(sent, world) -> None:
    activity = sent(state="attempting")
    from_meta(org(world), status("delivered", biz_opaque_callback_data=str(activity.pk)))
    assert resolve_known(world.by) == 0
    Activity.objects.filter(pk=activity.pk).update(state="unknown")
    assert resolve_known(world.by) == 1
    activity.refresh_from_db()
    assert activity.state == "sent"


def test_meta_says_what_became_of_an_approved_text(world) -> None:
    text = ApprovedText.objects.create(
        organization_id=org(world), name="aviso", language="es", state="approved", checked_at=world.by.now
    )
    told = change(
        "message_template_status_update",
        event="PAUSED",
        message_template_id=1,
        message_template_name="aviso",
        message_template_language="es",
        reason="NONE",
    )
    assert json.loads(from_meta(org(world), told).content) == {"changed": 1}
    assert json.loads(from_meta(org(world), told).content) == {"known": 1}
    text.refresh_from_db()
    assert (text.state, text.said) == ("paused", "")


# -- Twilio


@pytest.mark.parametrize(
    ("state", "code", "kept", "counted"),
    [
        ("sent", "", "sent", 0),
        ("delivered", "", "delivered", 0),
        ("undelivered", "30005", "failed", 1),
        ("undelivered", "30003", "failed", 1),
        ("failed", "30007", "failed", 0),
        ("failed", "", "failed", 0),
    ],
)
def test_what_twilio_reports(sent, world, state, code, kept, counted) -> None:
    activity = sent("sms", "SM1")
    fields = {
        "MessageSid": "SM1",
        "MessageStatus": state,
        "To": "+51999888777",
        **({"ErrorCode": code} if code else {}),
    }
    assert from_twilio(org(world), activity=activity.pk, **fields).status_code == 200
    assert Delivery.objects.get().state == kept
    point = ContactPoint.objects.get(kind="phone")
    assert (point.bounce, point.bounces, point.takes_sms) == ("none", counted, code != "30005")
    before = written()
    assert from_twilio(org(world), activity=activity.pk, **fields).status_code == 200
    assert written() == before


def test_a_landline_is_called_and_not_texted(sent, world) -> None:
    activity = sent("sms", "SM1")
    from_twilio(org(world), MessageSid="SM1", MessageStatus="undelivered", ErrorCode="30006")
    found = {
        channel: recipient(org(world), activity.customer_id, channel, world.by.today) for channel in ("sms", "call")
    }
    assert (found["sms"], found["call"].value) == (None, NUMBER)
    organization = Organization.objects.get(pk=org(world))
    around = surroundings(organization, world.by.today)
    (facts,) = observe(org(world), world.by.today, world.by.now, around, customers=[activity.customer_id])
    assert "sms" not in facts.reachable and "call" in facts.reachable
    assert facts.unusable["sms"] == "bounced" and "call" not in facts.unusable
    # Whoever texts from it has a phone that takes texts after all.
    from_twilio(org(world), MessageSid="SM2", SmsStatus="received", From=NUMBER, To="+1", Body="Hola")
    assert recipient(org(world), activity.customer_id, "sms", world.by.today)


def test_twilio_told_on_its_way_writes_nothing(sent, world) -> None:
    sent("sms", "SM1")
    before = written()
    assert from_twilio(org(world), MessageSid="SM1", MessageStatus="queued").status_code == 204
    assert from_twilio(org(world), MessageSid="SM9", MessageStatus="delivered").content == b'{"unknown": 1}'
    assert from_twilio(org(world), MessageSid="SM1", MessageStatus="delivered", AccountSid="AC9").status_code == 400
    assert written() == before


def test_a_late_report_of_a_moment_is_kept_as_it_came(sent, world) -> None:
    sent()
    from_meta(org(world), status("delivered"))
    assert Delivery.objects.get().delivered_at < world.by.now - timedelta(minutes=5)
