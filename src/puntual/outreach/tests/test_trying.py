"""What is set up for sending: a day's capacity, and test messages to oneself."""

import pytest

from conftest import Cast
from puntual.audit.models import Record
from puntual.kernel.problems import Problem
from puntual.organizations.models import Organization
from puntual.outreach.actions import send_test, send_test_text, set_capacity
from puntual.outreach.models import Answer, Capacity, CapturedMessage
from puntual.outreach.queries import read
from puntual.outreach.tests.build import World
from puntual.outreach.tests.mailserver import MailServer
from puntual.outreach.tests.providers import CloudApi, Messages, serving
from puntual.parties.models import Creditor, Sender


def _creditor(world: World) -> Creditor:
    return Creditor.objects.get(organization_id=world.by.organization_id)


def test_in_rehearsal_a_test_message_is_captured_with_its_signature(world: World, post: MailServer) -> None:
    assert send_test(world.by, _creditor(world)) == "owner@sembria.example"
    mail = read(CapturedMessage.objects.get())
    assert "owner@sembria.example" in mail.recipient
    assert "Sembria Talento S.A.C." in mail.text and "Sembria Talento S.A.C." in mail.html
    assert post.taken == []


def test_live_it_leaves(acting: Cast, world: World, post: MailServer) -> None:
    Organization.objects.update(mode="live")
    send_test(world.by, _creditor(world))
    assert [mail["To"] for mail in post.taken] == ["Owner <owner@sembria.example>"]
    assert not CapturedMessage.objects.exists()


def test_what_the_server_says_is_passed_on(acting: Cast, world: World, settings) -> None:
    Organization.objects.update(mode="live")
    settings.SMTP_URL = ""
    with pytest.raises(Problem, match="PUNTUAL_SMTP_URL"):
        send_test(world.by, _creditor(world))
    settings.SMTP_URL = "smtp://127.0.0.1:1"
    with pytest.raises(Problem, match="cannot be used"):
        send_test(world.by, _creditor(world))
    Sender.objects.all().delete()
    with pytest.raises(Problem, match="no verified sender"):
        send_test(world.by, _creditor(world))


def test_a_days_capacity(acting: Cast) -> None:
    set_capacity(acting.actor(), "email", 50)
    set_capacity(acting.actor(), "email", 80)
    assert Capacity.objects.get().per_day == 80
    with pytest.raises(Problem, match="0 to"):
        set_capacity(acting.actor(), "email", -1)
    with pytest.raises(ValueError, match="pigeon"):
        set_capacity(acting.actor(), "pigeon", 1)
    set_capacity(acting.actor(), "email", None)
    assert not Capacity.objects.exists()
    assert Record.objects.filter(action="capacity.set").count() == 3


OWN = "+51987654321"


def test_a_test_text_in_rehearsal_is_captured_and_asks_no_provider(acting: Cast, world: World, settings) -> None:
    with serving(Messages) as twilio:
        settings.SMS_URL = twilio.sms_url
        tried = send_test_text(world.by, "sms", "987 654 321")
        assert (tried.to, tried.said, twilio.asked) == (OWN, "", [])
    captured = CapturedMessage.objects.get()
    assert captured.recipient == OWN and "Sembria Talento S.A.C." in read(captured).text


def test_live_a_test_text_leaves_and_says_what_the_provider_answered(acting: Cast, world: World, settings) -> None:
    Organization.objects.filter(pk=world.by.organization_id).update(mode="live")
    with serving(Messages) as twilio:
        settings.SMS_URL = twilio.sms_url
        tried = send_test_text(world.by, "sms", OWN)
        (asked,) = twilio.asked
        assert asked["To"] == OWN and "Sembria" in asked["Body"] and tried.said.startswith("201 SM")
        twilio.next_answers.append((400, {"code": 21608, "message": "The number is unverified."}, {}))
        with pytest.raises(Problem, match="The number is unverified"):
            send_test_text(world.by, "sms", OWN)
    record = Record.objects.get(action="outreach.test_text")
    assert (record.detail["channel"], record.detail["outcome"]) == ("sms", "sent")
    assert not CapturedMessage.objects.exists()


def test_a_test_by_whatsapp_is_metas_sample_unless_the_number_wrote_just_now(
    acting: Cast, world: World, settings
) -> None:
    Organization.objects.filter(pk=world.by.organization_id).update(mode="live")
    with serving(CloudApi) as meta:
        settings.WHATSAPP_URL = meta.whatsapp_url
        send_test_text(world.by, "whatsapp", OWN)
        assert meta.asked[-1]["template"]["name"] == "hello_world"
        Answer.objects.create(
            organization_id=world.by.organization_id,
            channel="whatsapp",
            sender=OWN,
            received_at=world.by.now,
            kind="reply",
            state="noted",
            digest="w1",
            size=1,
        )
        send_test_text(world.by, "whatsapp", OWN)
        assert "Sembria" in meta.asked[-1]["text"]["body"]


def test_what_a_test_text_is_refused_for(acting: Cast, world: World, settings) -> None:
    settings.SMS_URL = ""
    for wrong, said in (("12", "not a phone number"), ("987 111 222", "customer's number")):
        if said.startswith("customer"):
            world.point(world.customer("Cliente"), "phone", "+51987111222")
        with pytest.raises(Problem, match=said):
            send_test_text(world.by, "sms", wrong)
    Organization.objects.filter(pk=world.by.organization_id).update(mode="live")
    with pytest.raises(Problem, match="PUNTUAL_SMS_URL"):
        send_test_text(world.by, "sms", OWN)
    settings.SMS_URL = "twilio+http://AC1:x@127.0.0.1:9/?from=1"
    with pytest.raises(Problem, match=r"cannot be used\. Check PUNTUAL_SMS_URL"):
        send_test_text(world.by, "sms", OWN)
    with pytest.raises(ValueError, match="letter"):
        send_test_text(world.by, "letter", OWN)
