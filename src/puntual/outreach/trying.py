"""Test messages: does mail, an SMS or a WhatsApp leave, and what does the provider say. Callers import these from `actions`."""

from dataclasses import dataclass
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import override

from puntual.audit.actions import Actor, action
from puntual.kernel.ids import uuid7
from puntual.kernel.phones import normalize_phone
from puntual.kernel.problems import N_, Problem
from puntual.organizations.models import Organization, User
from puntual.outreach.channels import ApprovedText, Message, Receipt, Transport
from puntual.outreach.channels.capture import CaptureTransport
from puntual.outreach.channels.email.page import page
from puntual.outreach.channels.whatsapp.window import window_open
from puntual.outreach.origins import Origin, origin_of, without_sender
from puntual.outreach.variables import signature_of
from puntual.outreach.ways import host_name, set_up, transport_of
from puntual.parties.models import ContactPoint, Creditor
from puntual.parties.signers import signatory_of

FAILED = {
    "refused": N_("The server does not take messages for {to}. It said: {said}"),
    "rejected": N_("The server did not take the message. It said: {said}"),
    "postponed": N_("The server does not take messages for {to} right now. It said: {said}"),
    "busy": N_("The server does not take messages right now. It said: {said}"),
    "unreachable": N_("The mail server cannot be used. Check PUNTUAL_SMTP_URL. It said: {said}"),
    "interrupted": N_("The connection broke at the very end: look whether the message arrived. It said: {said}"),
}

BY_TEXT: Final = ("sms", "whatsapp")
"""The channels that reach a number; a test goes to one that the member gives."""
NOT_TAKEN = {
    "refused": N_("The provider does not take messages for {to}. It said: {said}"),
    "rejected": N_("The provider did not take the message. It said: {said}"),
    "postponed": N_("The provider does not take messages for {to} right now. It said: {said}"),
    "busy": N_("The provider does not take messages right now. It said: {said}"),
    "unreachable": N_("The provider cannot be used. Check {setting}. It said: {said}"),
    "interrupted": N_(
        "The connection broke before the provider answered: look whether the message arrived. It said: {said}"
    ),
}
SETTINGS: Final = {"sms": "PUNTUAL_SMS_URL", "whatsapp": "PUNTUAL_WHATSAPP_URL"}
SAMPLE_TEXT: Final = ApprovedText("hello_world", "en_US")
"""The text that Meta has approved for every business from the start (WhatsApp Cloud API, "Get started"): what may leave to a
number that did not write within the last 24 hours."""


@dataclass(frozen=True, slots=True)
class Tried:
    """Where a test text went (E.164), and what the provider answered: empty in rehearsal, where nothing leaves."""

    to: str
    said: str


def send_test(by: Actor, creditor: Creditor) -> str:
    """Send a message from a creditor to the person who acts, and return that person's address.

    In rehearsal it stays in the capture mailbox, like everything else. The mail server is spoken to inside the
    transaction, for as long as one message takes. Raises Problem where there is no mail server or no sender's address,
    and with what the server said.
    """
    organization = Organization.objects.get(pk=by.organization_id)
    person: User = User.objects.get(pk=by.person)
    origin = origin_of(organization, creditor, "email")
    if origin is None:
        raise Problem(N_("{creditor} has no verified sender yet. Verify it under “Senders”."), creditor=creditor)
    with action(by, "outreach.test_message", about=creditor, to=person.email) as log:
        message = _message(by, organization, creditor, origin, person)
        receipt = _delivered(_transport(organization, "email"), message)
        log.say(outcome=receipt.outcome, detail=receipt.detail)
        if receipt.outcome != "sent":
            raise Problem(FAILED[receipt.outcome], to=person.email, said=receipt.detail)
    return str(person.email)


def send_test_text(by: Actor, channel: str, number: str) -> Tried:
    """Send a harmless text by SMS or WhatsApp to a number of one's own, from the first creditor that can write there.

    By the transport the outbox uses; in rehearsal it stays in the capture mailbox. The provider is spoken to inside the
    transaction, for as long as one message takes. Raises Problem for a number that is none or is a customer's (contacts with
    customers go by the rules of conduct, and a test does not ask them), where the channel is not set up or no creditor has a
    sender there, and with what the provider said; ValueError for a channel that sends no texts.
    """
    if channel not in BY_TEXT:
        raise ValueError(f"no texts leave by {channel!r}")
    organization = Organization.objects.get(pk=by.organization_id)
    to = normalize_phone(number, organization.country)
    if to is None:
        raise Problem(
            N_("“{number}” is not a phone number. Write it with its country code, like +51987654321."), number=number
        )
    if ContactPoint.objects.filter(
        organization_id=by.organization_id, kind__in=["phone", "whatsapp"], value=to
    ).exists():
        raise Problem(N_("{number} is a customer's number. Send the test to one of your own."), number=to)
    transport = _transport(organization, channel)
    creditor = _able(organization, channel)
    origin = origin_of(organization, creditor, channel) if creditor else None
    if creditor is None or origin is None:
        raise Problem(N_("No creditor has a verified sender in this channel yet. Verify one under “Senders”."))
    with action(by, "outreach.test_text", about=creditor, channel=channel, to=to) as log:
        receipt = _delivered(transport, _text(by, creditor, origin, channel, to))
        log.say(outcome=receipt.outcome, detail=receipt.detail)
        if receipt.outcome != "sent":
            raise Problem(NOT_TAKEN[receipt.outcome], to=to, said=receipt.detail, setting=SETTINGS[channel])
    return Tried(to, receipt.detail)


def _able(organization: Organization, channel: str) -> Creditor | None:
    """The first creditor that can write in a channel."""
    creditors = list(Creditor.objects.filter(organization_id=organization.id).order_by("name", "id"))
    cannot = without_sender(organization, [str(one.id) for one in creditors])
    return next((one for one in creditors if channel not in cannot.get(str(one.id), ())), None)


def _transport(organization: Organization, channel: str) -> Transport:
    if not organization.is_live:
        return CaptureTransport(organization.id)
    if channel not in set_up():
        if channel == "email":
            raise Problem(N_("No mail server is named. Ask whoever runs this server to set PUNTUAL_SMTP_URL."))
        raise Problem(
            N_("This channel is not set up. Ask whoever runs this server to set {setting}."), setting=SETTINGS[channel]
        )
    return transport_of(channel)


def _delivered(transport: Transport, message: Message) -> Receipt:
    try:
        return transport.deliver(message)
    finally:
        transport.close()


def _text(by: Actor, creditor: Creditor, origin: Origin, channel: str, to: str) -> Message:
    with override(creditor.language):
        text = _("Test message from Puntual: messages from {creditor} arrive. There is nothing to do.").format(
            creditor=creditor.name
        )
    free = channel == "sms" or window_open(by.organization_id, to, by.now)
    return Message(
        message_id=f"<{uuid7()}@{host_name()}>",
        at=by.now,
        sender_name=origin.name,
        sender=origin.address,
        recipient_name="",
        recipient=to,
        subject="",
        text=text + "\n",
        html="",
        language=creditor.language,
        approved=None if free else SAMPLE_TEXT,
    )


def _message(by: Actor, organization: Organization, creditor: Creditor, origin: Origin, person: User) -> Message:
    paragraphs = [
        _("This is a test message from Puntual. If you can read it, messages from {creditor} arrive.").format(
            creditor=creditor.name
        ),
        _("This is how your messages are signed:"),
    ]
    signature = signature_of(organization, creditor, signatory_of(creditor, "", by.today))
    subject = _("Test message from {creditor}").format(creditor=creditor.name)
    return Message(
        message_id=f"<{uuid7()}@{host_name()}>",
        at=by.now,
        sender_name=origin.name,
        sender=origin.address,
        reply_to=origin.reply_to,
        recipient_name=str(person),
        recipient=person.email,
        subject=subject,
        text="\n\n".join([*paragraphs, "\n".join(signature)]) + "\n",
        html=page(
            creditor.language,
            subject,
            format_html(
                "{}<p>{}</p>",
                format_html_join("", "<p>{}</p>", ((paragraph,) for paragraph in paragraphs)),
                format_html_join(SafeString("<br>"), "{}", ((line,) for line in signature)),
            ),
            "",
        ),
        language=creditor.language,
    )
