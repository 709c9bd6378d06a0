"""E-mail by a service's HTTP API, in the shapes Postmark publishes, served by a provider of our own on this machine."""

import json
import socket
import threading
from dataclasses import replace
from email.utils import parseaddr
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from conftest import NOW
from puntual.kernel.problems import Problem
from puntual.outreach.channels import Document, Undeliverable
from puntual.outreach.channels.email.service import ServiceTransport
from puntual.outreach.channels.email.tests.test_mime import MESSAGE
from puntual.outreach.outbox import send_due
from puntual.tenancy.scope import acting_for

TAKEN = {
    "To": MESSAGE.recipient,
    "SubmittedAt": "2026-11-23T14:12:00Z",
    "MessageID": "b7bc2f4a",
    "ErrorCode": 0,
    "Message": "OK",
}

INACTIVE = (
    "You tried to send to recipient(s) that have been marked as inactive.\nFound inactive addresses: pagos@quenara.example.\n"
    "Inactive recipients are ones that have generated a hard bounce, a spam complaint, or a manual suppression."
)


class Service(ThreadingHTTPServer):
    """Answers every request with `status` and `said`, or hangs up; keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Desk)
        self.status, self.said, self.headers, self.hangs_up, self.asked = 200, TAKEN, {}, False, []

    @property
    def url(self) -> str:
        return f"anymail://postmark/?server_token=s3cret&api_url=http://127.0.0.1:{self.server_port}/"


class _Desk(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, dict(self.headers), said))
        if self.server.hangs_up:
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
            return
        answer = self.server.said
        if answer is TAKEN:  # it names whom it is for
            answer = {**TAKEN, "To": parseaddr(said["To"])[1]}
        body = json.dumps(answer).encode()
        self.send_response(self.server.status)
        for name, value in {
            "Content-Length": str(len(body)),
            "Content-Type": "application/json",
            **self.server.headers,
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Not on the tests' output."""


@pytest.fixture
def service():
    with Service() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_a_message_as_the_contract_wants_it(service: Service) -> None:
    message = replace(MESSAGE, documents=(Document("estado.pdf", "application/pdf", b"%PDF"),), reference="abc")
    receipt = ServiceTransport(service.url).deliver(message)
    assert (receipt.outcome, receipt.provider_id) == ("sent", "b7bc2f4a")
    ((path, headers, said),) = service.asked
    assert path == "/email" and headers["X-Postmark-Server-Token"] == "s3cret"
    assert MESSAGE.sender in said["From"] and MESSAGE.recipient in said["To"]
    assert (said["Subject"], said["TextBody"], said["HtmlBody"]) == (MESSAGE.subject, MESSAGE.text, MESSAGE.html)
    own = {one["Name"]: one["Value"] for one in said["Headers"]}
    assert own["Message-ID"] == MESSAGE.message_id and own["List-Unsubscribe"] == f"<{MESSAGE.stop_link}>"
    assert own["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert said["Attachments"][0]["Name"] == "estado.pdf" and said["Metadata"] == {"activity": "abc"}


@pytest.mark.parametrize(
    ("status", "said", "headers", "outcome", "wait"),
    [
        (422, {"ErrorCode": 406, "Message": INACTIVE}, {}, "refused", None),
        (422, {"ErrorCode": 406, "Message": "Something about somebody"}, {}, "interrupted", None),
        (422, {"ErrorCode": 412, "Message": "Not allowed while pending approval"}, {}, "rejected", None),
        (401, {"ErrorCode": 10, "Message": "Bad or missing Server API token."}, {}, "unreachable", None),
        (429, {"ErrorCode": 429, "Message": "Rate limit exceeded"}, {"Retry-After": "30"}, "busy", 30.0),
        (503, {"ErrorCode": 100, "Message": "Maintenance"}, {}, "unreachable", None),
        (500, {"ErrorCode": 500, "Message": "Oops"}, {}, "interrupted", None),
    ],
)
def test_what_each_answer_means(service: Service, status, said, headers, outcome, wait) -> None:
    service.status, service.said, service.headers = status, said, headers
    receipt = ServiceTransport(service.url).deliver(MESSAGE)
    assert (receipt.outcome, receipt.wait) == (outcome, wait)
    assert "s3cret" not in receipt.detail


def test_how_far_a_broken_request_came(service: Service) -> None:
    service.hangs_up = True
    assert ServiceTransport(service.url).deliver(MESSAGE).outcome == "interrupted"
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"anymail://postmark/?server_token=x&api_url=http://127.0.0.1:{nobody.getsockname()[1]}/"
        assert ServiceTransport(url).deliver(MESSAGE).outcome == "unreachable"


def test_an_address_that_is_none_is_refused_before_anything_leaves(service: Service) -> None:
    with pytest.raises(Undeliverable):
        ServiceTransport(service.url).deliver(replace(MESSAGE, recipient="pagos"))
    assert service.asked == []


@pytest.mark.parametrize("url", ["postmark://x", "anymail://nobody/?a=b", "anymail:///", "anymail://postmark/"])
def test_an_account_that_cannot_be_read_says_so(url: str) -> None:
    with pytest.raises(Problem, match="PUNTUAL_ANYMAIL_URL"):
        ServiceTransport(url)


def test_steps_by_mail_leave_through_the_service(live, post, service: Service, settings) -> None:
    settings.ANYMAIL_URL = service.url
    with acting_for(live.by.organization_id):
        customer = live.customer("Textiles Quenara S.A.")
        live.plan(customer, [live.invoice(customer, "F001-1", 10)])
    assert send_due(live.by.organization_id, NOW).counts == {"sent": 1}
    assert len(service.asked) == 1 and post.taken == []
