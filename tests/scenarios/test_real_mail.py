"""Mail through real servers: Debian's postfix carries it, Debian's dovecot keeps it, Puntual sends and reads it."""

import imaplib
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from django.test import Client
from django.utils import translation

from conftest import NOW, make_member
from puntual.organizations.models import Organization
from puntual.outreach.answers import polling
from puntual.outreach.answers.models import Answer
from puntual.outreach.answers.polling import Polled, poll
from puntual.outreach.models import Activity, Mark
from puntual.parties.actions import declare_sender, verify_sender
from puntual.parties.models import ContactPoint, Customer
from puntual.receivables.models import Hold
from tests.scenarios.servers import PASSWORD, Mail, mail_servers, missing
from tests.scenarios.story import Story

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing() or "they run here")

ANSWERS, ELVIRA, ROSA = "respuestas@sembria.example", "elvira@cliente.example", "rosa@cliente.example"
FRIDAY, TUESDAY = date(2026, 11, 13), date(2026, 11, 24)


@pytest.fixture(scope="module")
def servers() -> Iterator[Mail]:
    with mail_servers(ANSWERS, ELVIRA, ROSA) as mail:
        yield mail


@pytest.fixture
def mail(servers: Mail, settings) -> Iterator[Mail]:
    """The servers, and this installation set up to use them."""
    settings.SMTP_URL, settings.IMAP_URL = servers.smtp_url, servers.imap_url(ANSWERS)
    settings.ANSWERS_TO = ANSWERS
    yield servers
    for address in (ANSWERS, ELVIRA, ROSA):
        for one in servers.inbox(address):
            one.unlink()


@pytest.fixture
def story(transactional_db: None) -> Story:
    """A live organization on a Friday, with its sender verified."""
    story = Story(FRIDAY)
    Organization.objects.filter(pk=story.organization.pk).update(mode="live", live_since=story.by().now)
    story.organization.refresh_from_db()
    with story.inside():
        sender = declare_sender(story.by(), story.creditor.id, "email", address="cobranzas@sembria.example")
        verify_sender(story.by(), sender.id, how="operator")
    return story


def owing(story: Story, code: str, address: str) -> Customer:
    """A customer whose firm step comes on Tuesday."""
    customer = story.customer(code, email=False, phone=False)
    with story.inside():
        ContactPoint.objects.create(
            organization_id=story.organization.id, customer=customer, kind="email", value=address
        )
    story.invoice(customer, f"F-{code}", date(2026, 11, 9), "4720.00")
    return customer


def answer_to(raw: bytes, text: str, *, threaded: bool = True) -> EmailMessage:
    """What a mail program makes of "answer"; telephones and some gateways forget what is answered."""
    got = message_from_bytes(raw, policy=policy.default)
    reply = EmailMessage(policy=policy.SMTP)
    reply["From"], reply["To"] = got["To"], got["Reply-To"]
    reply["Subject"] = f"Re: {got['Subject']}"
    reply["Date"] = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
    reply["Message-ID"] = f"<{abs(hash(text))}@cliente.example>"
    if threaded:
        reply["In-Reply-To"] = reply["References"] = got["Message-ID"]
    quoted = "\n".join(f"> {line}" for line in got.get_body(("plain",)).get_content().splitlines())
    reply.set_content(f"{text}\n\nEl vie, 13 nov 2026 a las 10:00, Sembria escribió:\n{quoted}\n")
    return reply


def hand_over(mail: Mail, reply: EmailMessage) -> None:
    mail.send(str(reply["From"].addresses[0].addr_spec), reply["To"].addresses[0].addr_spec, reply.as_bytes())


def test_a_message_is_answered_and_tomorrows_step_waits_for_the_promise(
    story: Story, mail: Mail, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sent on a Friday, answered on Saturday a week later, read on Monday: Tuesday's step is held because of the promise."""
    elvira, _rosa = owing(story, "Quenara", ELVIRA), owing(story, "Lucma", ROSA)
    assert [one.step for one in story.play()] == ["friendly", "friendly"]
    (ours,) = mail.wait_for(ELVIRA, 1)
    head = message_from_bytes(ours, policy=policy.default)
    assert head["Reply-To"].addresses[0].addr_spec.startswith("respuestas+")
    assert "cobranzas@sembria.example" in head["From"] and "4,720.00" not in head["Subject"]
    hand_over(mail, answer_to(ours, "Buenos días. Pagaremos S/ 4,720.00 el viernes 27.", threaded=False))
    mail.wait_for(ANSWERS, 1)
    assert poll(mail.imap_url(ANSWERS), NOW) == Polled({"landed": 1})

    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    client.force_login(make_member(story.organization, "owner", "carmen@sembria.example"))
    with story.inside():
        answer = Answer.objects.get()
        assert (answer.threaded, answer.customer_id, answer.text) == (
            "plus",
            elvira.id,
            "Buenos días. Pagaremos S/ 4,720.00 el viernes 27.",
        )
    history = client.get(f"/o/sembria/customers/{elvira.id}").content.decode()
    page = f"/o/sembria/answers/{answer.id}"
    assert f'href="{page}"' in history and "Pagaremos S/ 4,720.00 el viernes 27." in history
    shown = client.get(page).content.decode()
    assert 'value="promises" required checked' in shown and 'value="2026-11-27"' in shown
    assert client.post(f"{page}/outcome", {"outcome": "promises", "promise_day": "2026-11-27"}).status_code == 302

    story.day = TUESDAY
    assert [(one.customer, one.step) for one in story.play()] == [("Lucma", "firm")]
    with story.inside():
        (hold,) = Hold.objects.filter(customer=elvira, released_on=None)
        assert (hold.reason, hold.until_on) == ("promise", date(2026, 12, 1))
    with translation.override("es"):
        assert "hay una promesa de pago" in story.why(elvira).text


def test_a_550_comes_back_as_a_report_and_nobody_has_heard_of_it(story: Story, mail: Mail) -> None:
    """The server takes the message; the customer's own refuses it; the report comes back to the message's own address."""
    customer = owing(story, "Pacari", "nadie@cliente.example")
    story.play()
    (raw,) = mail.wait_for(ANSWERS, 1)
    assert b"550 5.1.1" in raw and b"X-Original-To: respuestas+" in raw
    assert poll(mail.imap_url(ANSWERS), NOW) == Polled({"landed": 1})
    with story.inside():
        answer = Answer.objects.get()
        assert (answer.kind, answer.hard, answer.state, answer.customer_id) == ("bounce", True, "noted", customer.id)
        assert ContactPoint.objects.get(customer=customer).bounce == "hard"
        assert not Mark.objects.filter(customer=customer, voided=False).exists()
        assert Activity.objects.get(customer=customer, direction="out").result == "bounced"


def test_nothing_is_read_twice_or_lost(story: Story, mail: Mail, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mailbox server dies in the middle, numbers its messages anew, and a person reads the mailbox too."""
    owing(story, "Quenara", ELVIRA)
    story.play()
    (ours,) = mail.wait_for(ELVIRA, 1)
    for text in ("Uno.", "Dos.", "Tres."):
        hand_over(mail, answer_to(ours, text))
    mail.wait_for(ANSWERS, 3)

    with monkeypatch.context() as patched:
        patched.setattr(polling, "land", _then_dies(mail, polling.land, after=2))
        first = poll(mail.imap_url(ANSWERS), NOW)
    assert first.problem, "the connection broke after the second had landed and before it was marked"
    with story.inside():
        assert Answer.objects.count() == 2
    uids = mail.boxes / ANSWERS / "dovecot-uidlist"
    uids.unlink()
    mail.restart_dovecot()
    assert poll(mail.imap_url(ANSWERS), NOW) == Polled({"known": 1, "landed": 1})

    hand_over(mail, answer_to(ours, "Cuatro."))
    mail.wait_for(ANSWERS, 4)
    _somebody_reads(mail)
    assert poll(mail.imap_url(ANSWERS), NOW) == Polled({"landed": 1})
    assert poll(mail.imap_url(ANSWERS), NOW) == Polled({})
    with story.inside():
        assert sorted(Answer.objects.values_list("text", flat=True)) == ["Cuatro.", "Dos.", "Tres.", "Uno."]
    assert len(mail.inbox(ANSWERS)) == 4, "nothing is deleted"


def _then_dies(mail: Mail, land: Callable, after: int) -> Callable:
    """Landing, and the end of the mailbox server once so many have landed."""
    landed = 0

    def landing(*given: object):
        nonlocal landed
        found = land(*given)
        landed += 1
        if landed == after:
            mail.stop_dovecot()
        return found

    return landing


def _somebody_reads(mail: Mail) -> None:
    """A person opens every message of the mailbox and stars one."""
    with imaplib.IMAP4("127.0.0.1", mail.imap_port) as client:
        client.login(ANSWERS, PASSWORD)
        client.select()
        client.store("1:*", "+FLAGS", "\\Seen")
        client.store("4", "+FLAGS", "\\Flagged")
