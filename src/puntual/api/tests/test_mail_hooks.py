"""What a mail service reports by its hook: shapes of Postmark's and Mailgun's published interfaces."""

import hashlib
import hmac
import json
from base64 import b64encode
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client

from puntual.api.tests.test_hooks import org, written
from puntual.outreach.answers.models import Answer
from puntual.outreach.deliveries.hooks import hook_address
from puntual.outreach.deliveries.models import Delivery
from puntual.outreach.marks import write_marks
from puntual.outreach.models import Activity, Mark
from puntual.outreach.tests.build import World
from puntual.parties.consents import silenced
from puntual.parties.models import ContactPoint

KEY = "883953f4-6105-42a2-a16a-77a8eac79483"
SECRET = "puntual:s3cret"
RECEIVED = "2026-11-23T14:00:00Z"


@pytest.fixture(autouse=True)
def _service(settings) -> None:
    settings.ANYMAIL_URL = f"anymail://postmark/?server_token=t&hook_webhook_secret={SECRET}"


@pytest.fixture
def sent(world: World) -> Activity:
    """A message the service took this morning."""
    customer = world.customer("Quenara")
    point = world.point(customer, "email", "tesoreria@quenara.example")
    activity = world.plan(customer, [world.invoice(customer, "F-1", 18)], channel="email")
    activity.state, activity.point_id, activity.message_id = "sent", point.id, f"<{activity.id}@x>"
    activity.claimed_at = activity.settled_at = world.by.now
    activity.save()
    write_marks(activity, world.by.now)
    Delivery.objects.create(
        organization_id=org(world),
        activity_id=activity.pk,
        channel="email",
        provider_id=KEY,
        state="taken",
        taken_at=world.by.now,
    )
    return activity


def told(world: World, said: Any, way: str = "tracking", secret: str = SECRET) -> HttpResponse:
    raw = said if isinstance(said, bytes) else json.dumps(said).encode()
    return Client().post(
        f"{urlsplit(hook_address(org(world), 'mail')).path}/{way}",
        raw,
        content_type="application/json",
        headers={"Authorization": f"Basic {b64encode(secret.encode()).decode()}"} if secret else {},
        secure=True,
    )


def bounce(kind: str, details: str = "", **more: Any) -> dict[str, Any]:
    return {
        "RecordType": "Bounce",
        "MessageID": KEY,
        "Type": kind,
        "Description": "The server was unable to deliver your message.",
        "Details": details,
        "Email": "tesoreria@quenara.example",
        "BouncedAt": RECEIVED,
        **more,
    }


@pytest.mark.parametrize(
    ("said", "state", "result", "point", "counted"),
    [
        (
            {"RecordType": "Delivery", "MessageID": KEY, "DeliveredAt": RECEIVED, "Details": "OK"},
            "delivered",
            "",
            "none",
            0,
        ),
        ({"RecordType": "Open", "MessageID": KEY, "ReceivedAt": RECEIVED}, "taken", "", "none", 0),
        (bounce("HardBounce", "smtp;550 5.1.1 no such user"), "failed", "bounced", "hard", 1),
        (bounce("HardBounce"), "failed", "bounced", "hard", 1),
        (bounce("SoftBounce", "smtp;452 4.2.2 mailbox full"), "failed", "bounced", "soft", 1),
        (bounce("SoftBounce"), "failed", "bounced", "soft", 1),
        (bounce("Transient", "421 try later"), "taken", "", "none", 0),
        (bounce("Blocked"), "failed", "bounced", "soft", 0),  # says nothing about the address
    ],
)
def test_what_became_of_a_message(world, sent, said, state, result, point, counted) -> None:
    for _again in range(2):
        assert told(world, said).status_code == 200
    assert Delivery.objects.get().state == state
    sent.refresh_from_db()
    assert sent.result == result and Mark.objects.filter(voided=True).exists() == bool(result)
    kept = ContactPoint.objects.get(pk=sent.point_id)
    assert (kept.bounce, kept.bounces) == (point, counted)


def test_a_complaint_silences_the_address_also_after_it_was_delivered(world, sent) -> None:
    assert told(world, {"RecordType": "Delivery", "MessageID": KEY, "DeliveredAt": RECEIVED}).json() == {"changed": 1}
    complaint = bounce("SpamComplaint", RecordType="SpamComplaint")
    assert told(world, complaint).json() == {"changed": 1}
    assert silenced(org(world), sent.point_id)
    assert told(world, complaint).json() == {"known": 1}


def test_nobody_is_believed_without_the_secret(world, sent, settings) -> None:
    before = written()
    for secret in ("", "puntual:guessed"):
        assert told(world, bounce("HardBounce"), secret=secret).status_code == 403
    settings.ANYMAIL_URL = "anymail://postmark/?server_token=t"
    assert told(world, bounce("HardBounce")).status_code == 404
    assert written() == before


@pytest.mark.parametrize("said", [b"", b"[]", b"not json", b"\xff", b"[" * 100_000, {"RecordType": "Bounce"}])
def test_what_is_no_report_writes_nothing(world, sent, said) -> None:
    before = written()
    assert told(world, said).status_code in (200, 400)
    assert written() == before


@pytest.mark.parametrize("header", [{"Name": "\ud800", "Value": "x"}, {"Name": "Subject", "Value": {"a": 1}}])
def test_what_no_mail_can_be_made_of_is_refused(world, header) -> None:
    before = written()
    said = {"FromFull": {"Email": "a@b.example"}, "Subject": "x", "TextBody": "Hola", "Headers": [header]}
    assert told(world, said, "inbound").status_code == 400
    assert written() == before


def test_a_message_of_another_organization_is_unknown(world) -> None:
    assert told(world, bounce("HardBounce", MessageID="other")).json() == {"unknown": 1}
    assert not Delivery.objects.exists()


def test_mailguns_signature_is_checked_as_well(world, sent, settings) -> None:
    settings.ANYMAIL_URL = f"anymail://mailgun/?api_key=k&hook_webhook_secret={SECRET}&hook_webhook_signing_key=abc"

    def said(key: str) -> dict[str, Any]:
        token, at = "a8ce0edb2dd8301dee6c2405235584e45aa91d1e9f979f3de0", "1795442400"
        signature = hmac.new(key.encode(), (at + token).encode(), hashlib.sha256).hexdigest()
        event = {
            "event": "failed",
            "severity": "permanent",
            "reason": "bounce",
            "id": "G9Bn5sl1TC6nu79C8C0bwg",
            "timestamp": 1795442400.0,
            "recipient": "tesoreria@quenara.example",
            "delivery-status": {"code": 550, "message": "5.1.1 no such user", "description": ""},
            "message": {"headers": {"message-id": KEY}},
        }
        return {"signature": {"token": token, "timestamp": at, "signature": signature}, "event-data": event}

    assert told(world, said("guessed")).status_code == 403
    sent.refresh_from_db()
    assert sent.result == ""
    Delivery.objects.update(provider_id=f"<{KEY}>")  # as Mailgun calls it when it takes a message
    assert told(world, said("abc")).json() == {"changed": 1}
    assert ContactPoint.objects.get(pk=sent.point_id).bounce == "hard"


def test_mail_the_service_took_in_lands_like_any_answer(world, sent) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"] = "tesoreria@quenara.example", "cobranzas@sembria.example"
    mail["Subject"], mail["Message-ID"], mail["In-Reply-To"] = "Re: F-1", "<a1@quenara.example>", sent.message_id
    mail.set_content("Pagamos el viernes.")
    raw = {
        "FromFull": {"Email": "tesoreria@quenara.example", "Name": "", "MailboxHash": ""},
        "RawEmail": mail.as_string(),
        "MessageID": "22c74902-a0c1-4511-804f-341342852c90",
        "Headers": [],
    }
    assert told(world, raw, way="inbound").json() == {"changed": 1}
    answer = Answer.objects.get()
    assert (answer.activity_id, answer.state, answer.text) == (sent.id, "unread", "Pagamos el viernes.")
    assert told(world, raw, way="inbound").json() == {"known": 1}
