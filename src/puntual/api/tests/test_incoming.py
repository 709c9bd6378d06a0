"""What people write to our numbers: answers like any other, in the conversation they belong to."""

from dataclasses import replace
from datetime import timedelta

import pytest

from puntual.api.tests.hooking import NUMBER, change, from_meta, from_twilio, words
from puntual.outreach.answers.models import Answer
from puntual.outreach.channels.whatsapp.window import window_open
from puntual.outreach.deliveries.incoming import Words, take_in
from puntual.outreach.deliveries.numbers import spellings
from puntual.outreach.models import Activity
from puntual.outreach.tests.build import World
from puntual.parties.models import ContactPoint
from puntual.receivables.models import Hold
from puntual.strategies.steps import OTHER_WAY


def test_an_answer_by_whatsapp_pauses_its_customer(sent, world: World) -> None:
    activity = sent()
    told = words(
        context={"from": "15550783881", "id": "wamid.1"}, text={"body": "Pagaremos el viernes 27 de noviembre."}
    )
    assert from_meta(world.by.organization_id, told).json() == {"changed": 1}
    answer = Answer.objects.get()
    assert (answer.channel, answer.state, answer.threaded) == ("whatsapp", "unread", "message")
    assert (answer.customer_id, answer.activity_id) == (activity.customer_id, activity.pk)
    assert (answer.sender, answer.sender_name) == (NUMBER, "Elvira Montalván")
    assert answer.suggestions[0]["outcome"] == "promises"
    assert Hold.objects.get().reason == "reply"
    assert b"wamid.in" in bytes(answer.raw)


def test_whoever_writes_opens_the_window(sent, world: World) -> None:
    sent()
    organization_id, now = world.by.organization_id, world.by.now
    said = Words("w", NUMBER.lstrip("+"), "Hola", b"{}", sent_at=now - timedelta(minutes=1))
    assert take_in(world.by, "whatsapp", said) == "changed"
    assert window_open(organization_id, NUMBER, now + timedelta(hours=23))
    assert not window_open(organization_id, NUMBER, now + timedelta(hours=24))
    assert not window_open(organization_id, "+51999888778", now + timedelta(hours=1))
    # An old hook told again, or brought late, does not open it anew.
    assert take_in(world.by.on(world.by.today, now + timedelta(days=1)), "whatsapp", said) == "known"
    assert not window_open(organization_id, NUMBER, now + timedelta(hours=25))
    late = replace(said, key="w2", sent_at=now - timedelta(hours=30))
    take_in(world.by, "whatsapp", late)
    assert not window_open(organization_id, NUMBER, now + timedelta(hours=24))


@pytest.mark.parametrize("stop", ["BAJA", "Stop.", "sair"])
@pytest.mark.parametrize("kind", ["text", "button", "interactive", "sms"])
def test_the_word_that_asks_for_silence_is_obeyed_at_once(sent, world: World, stop: str, kind: str) -> None:
    channel = "sms" if kind == "sms" else "whatsapp"
    sent(channel, "SM1" if kind == "sms" else "wamid.1")
    organization_id = world.by.organization_id
    pieces = {
        "text": {"text": {"body": stop}},
        "button": {"button": {"payload": "x", "text": stop}},
        "interactive": {"interactive": {"type": "button_reply", "button_reply": {"id": "x", "title": stop}}},
    }
    if kind == "sms":
        answer = from_twilio(organization_id, MessageSid="SM2", SmsStatus="received", From=NUMBER, To="+1", Body=stop)
        assert answer.content == b"<Response/>"
    else:
        from_meta(organization_id, words(kind, **pieces[kind]))
    assert ContactPoint.objects.get(value=NUMBER).consent == "withdrawn"
    assert Activity.objects.get(step=OTHER_WAY).state == "to_do"
    kept = Answer.objects.get()
    assert (kept.state, kept.outcome) == ("noted", "opt_out") and not Hold.objects.exists()


def test_an_answer_by_sms(sent, world: World) -> None:
    activity = sent("sms", "SM1")
    fields = {"MessageSid": "SM2", "SmsStatus": "received", "From": NUMBER, "To": "+1", "Body": "Ya pagué ayer"}
    for _again in range(2):
        assert from_twilio(world.by.organization_id, **fields).status_code == 200
    answer = Answer.objects.get()
    assert (answer.channel, answer.customer_id, answer.state) == ("sms", activity.customer_id, "unread")
    assert answer.suggestions[0]["outcome"] == "paid"


@pytest.mark.parametrize(
    ("kind", "piece", "text", "files"),
    [
        ("image", {"id": "1", "mime_type": "image/jpeg", "caption": "El voucher"}, "El voucher", ["image/jpeg"]),
        ("document", {"id": "1", "mime_type": "application/pdf", "filename": "v.pdf"}, "", ["application/pdf"]),
        ("audio", {"id": "1", "mime_type": "audio/ogg"}, "", ["audio/ogg"]),
        ("reaction", {"message_id": "wamid.1", "emoji": "👍"}, "👍", []),
        ("location", {"latitude": 1, "longitude": 2}, "", [""]),
        ("unsupported", {}, "", [""]),
        ("text", {"body": "a\x00b \ud800"}, "ab ?", []),
    ],
)
def test_what_is_not_only_words(sent, world: World, kind, piece, text, files) -> None:
    sent()
    assert from_meta(world.by.organization_id, words(kind, **{kind: piece})).json() == {"changed": 1}
    answer = Answer.objects.get()
    assert (answer.text, [one["kind"] for one in answer.attachments]) == (text, files)
    assert answer.state == "unread"


def test_what_nobody_said_is_no_answer(sent, world: World) -> None:
    sent()
    gone = {"body": "User changed from 1 to 2", "wa_id": "12195555358", "type": "user_changed_number"}
    undone = {"message_id": "wamid.1", "emoji": ""}
    for told in (words("system", system=gone), words("reaction", reaction=undone), change(messages=[])):
        assert from_meta(world.by.organization_id, told).json() == {}
    assert not Answer.objects.exists()


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("51999888777", "+51999888777"),
        ("5215512345678", "+525512345678"),  # Mexico: a 1 that the plan gave up in 2019
        ("551187654321", "+5511987654321"),  # Brazil: without the ninth digit
        ("5491123456789", "+541123456789"),  # Argentina: with the 9 of mobile numbers
        ("whatsapp:+51999888777", "+51999888777"),
    ],
)
def test_a_number_is_known_however_it_is_spelled(theirs, ours) -> None:
    assert ours in spellings(theirs)


@pytest.mark.parametrize("text", ["", "MASKED", "1234", "1" * 20])
def test_what_is_no_number_stands_for_none(text) -> None:
    assert spellings(text) == ()


def test_a_customer_is_found_by_the_number_whatsapp_knows(sent, world: World) -> None:
    activity = sent()
    ContactPoint.objects.filter(pk=activity.point_id).update(value="+525512345678")
    from_meta(world.by.organization_id, words(sender="5215512345678"))
    answer = Answer.objects.get()
    assert (answer.sender, answer.customer_id) == ("+525512345678", activity.customer_id)
