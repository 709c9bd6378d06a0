"""SMS by Twilio's published contract, served by a provider of our own on this machine."""

import json
import socket
import threading
from base64 import b64decode
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest

from conftest import NOW
from puntual.kernel.problems import Problem
from puntual.outreach.channels import Message
from puntual.outreach.channels.sms import TwilioTransport
from puntual.outreach.models import Activity, CapturedMessage
from puntual.outreach.outbox import send_due
from puntual.outreach.queries import read
from puntual.parties.models import ContactPoint
from puntual.tenancy.scope import acting_for

MESSAGE = Message(
    message_id="<1@x>",
    at=datetime(2026, 11, 23, tzinfo=UTC),
    sender_name="Sembria",
    sender="",
    recipient_name="Elvira",
    recipient="+51999888777",
    subject="",
    text="Sembria: le escribimos por su cuenta. Ñ & más.\n",
    html="",
    language="es",
)


class Provider(ThreadingHTTPServer):
    """Answers every request with `status` and `said`, or hangs up; keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Desk)
        self.status, self.said, self.hangs_up, self.asked = 201, {"sid": "SM1", "status": "queued"}, False, []

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_port}"


class _Desk(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        fields = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.server.asked.append((self.path, dict(self.headers), {name: one for name, (one,) in fields.items()}))
        if self.server.hangs_up:
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        body = json.dumps(self.server.said).encode() if isinstance(self.server.said, dict) else self.server.said
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Not on the tests' output."""


@pytest.fixture
def provider():
    with Provider() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def transport(provider: Provider, sender: str = "%2B15005550006") -> TwilioTransport:
    return TwilioTransport(f"twilio+http://AC1:s%40cret@{provider.address}/?from={sender}")


def test_a_message_as_the_contract_wants_it(provider) -> None:
    assert transport(provider).deliver(MESSAGE).outcome == "sent"
    ((path, headers, fields),) = provider.asked
    assert path == "/2010-04-01/Accounts/AC1/Messages.json"
    assert b64decode(headers["Authorization"].removeprefix("Basic ")) == b"AC1:s@cret"
    assert fields == {"To": "+51999888777", "From": "+15005550006", "Body": MESSAGE.text.strip()}
    transport(provider, "MG77").deliver(MESSAGE)
    assert provider.asked[1][2]["MessagingServiceSid"] == "MG77" and "From" not in provider.asked[1][2]


@pytest.mark.parametrize(
    ("status", "said", "outcome", "bounce"),
    [
        (400, {"code": 21211, "message": "Invalid 'To' Phone Number"}, "refused", "hard"),
        (400, {"code": 21614, "message": "not a mobile number"}, "refused", "hard"),
        (400, {"code": 21610, "message": "unsubscribed recipient"}, "refused", ""),
        (400, {"code": 21617, "message": "body too long"}, "rejected", ""),
        (429, {"code": 20429, "message": "Too many requests"}, "busy", ""),
        (401, {"code": 20003, "message": "Authenticate"}, "unreachable", ""),
        (503, b"<html>", "unreachable", ""),
        (500, {"code": 20500, "message": "Internal"}, "interrupted", ""),
        (502, b"not json", "interrupted", ""),
        (201, b"[1]", "sent", ""),
    ],
)
def test_what_each_answer_means(provider, status, said, outcome, bounce) -> None:
    provider.status, provider.said = status, said
    receipt = transport(provider).deliver(MESSAGE)
    assert (receipt.outcome, receipt.bounce) == (outcome, bounce)
    assert "s@cret" not in receipt.detail


def test_without_an_answer_it_may_have_left(provider) -> None:
    provider.hangs_up = True
    assert transport(provider).deliver(MESSAGE).outcome == "interrupted"
    assert len(provider.asked) == 1


def test_where_nobody_listens_nothing_left() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    assert TwilioTransport(f"twilio+http://AC1:x@127.0.0.1:{port}/?from=1").deliver(MESSAGE).outcome == "unreachable"


@pytest.mark.parametrize(
    "url", ["", "https://x", "twilio://AC1@api.twilio.com/?from=1", "twilio://AC1:x@api.twilio.com/"]
)
def test_an_address_that_cannot_be_read_says_so(url) -> None:
    with pytest.raises(Problem, match="PUNTUAL_SMS_URL"):
        TwilioTransport(url)


def sms(world, name: str = "Cliente"):
    with acting_for(world.by.organization_id):
        customer = world.customer(name)
        ContactPoint.objects.create(
            organization_id=world.by.organization_id, customer=customer, kind="phone", value=MESSAGE.recipient
        )
        return world.plan(customer, [world.invoice(customer, f"F-{name}", 5)], channel="sms")


def test_a_step_by_sms_leaves_by_it_and_by_nothing_else(live, post, provider, settings) -> None:
    settings.SMS_URL = f"twilio+http://AC1:x@{provider.address}/?from=1"
    sms(live)
    assert send_due(live.by.organization_id, NOW).counts == {"sent": 1}
    ((_path, _headers, fields),) = provider.asked
    assert fields["To"] == MESSAGE.recipient and "F-Cliente" not in fields["Body"].split(".")[0] and post.taken == []


def test_in_rehearsal_it_stays_in_the_mailbox(committed, provider, settings) -> None:
    settings.SMS_URL = f"twilio+http://AC1:x@{provider.address}/?from=1"
    sms(committed)
    assert send_due(committed.by.organization_id, NOW).counts == {"sent": 1}
    assert provider.asked == []
    with acting_for(committed.by.organization_id):
        kept = CapturedMessage.objects.get()
    assert read(kept).text.startswith(kept.subject[:20]) and kept.recipient == MESSAGE.recipient


def test_a_provider_that_is_down_holds_up_no_mail(live, post, settings) -> None:
    settings.SMS_URL = "twilio+http://AC1:x@127.0.0.1:9/?from=1"
    sms(live, "A")
    sms(live, "B")
    with acting_for(live.by.organization_id):
        customer = live.customer("C")
        live.plan(customer, [live.invoice(customer, "F-C", 18)])
    done = send_due(live.by.organization_id, NOW)
    assert (done.counts, done.problem, len(post.taken)) == ({"unreachable": 1, "sent": 1}, "unreachable", 1)
    with acting_for(live.by.organization_id):
        assert Activity.objects.filter(channel="sms", state="queued").count() == 2


def test_what_is_not_set_up_waits(live, post) -> None:
    activity = sms(live)
    assert send_due(live.by.organization_id, NOW).counts == {}
    with acting_for(live.by.organization_id):
        assert Activity.objects.get(pk=activity.pk).state == "queued"
