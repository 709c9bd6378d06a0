"""A test message to oneself: does mail leave, and how does it look. Callers import this from `actions`."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from puntual.audit.actions import Actor, action
from puntual.kernel.ids import uuid7
from puntual.kernel.problems import N_, Problem
from puntual.organizations.models import Organization, User
from puntual.outreach.channels import Message, Receipt, Transport
from puntual.outreach.channels.email import CaptureTransport
from puntual.outreach.origins import Origin, origin_of
from puntual.outreach.variables import signature_of
from puntual.outreach.ways import host_name, set_up, transport_of
from puntual.parties.models import Creditor
from puntual.parties.signers import signatory_of

FAILED = {
    "refused": N_("The server does not take messages for {to}. It said: {said}"),
    "rejected": N_("The server did not take the message. It said: {said}"),
    "postponed": N_("The server does not take messages for {to} right now. It said: {said}"),
    "busy": N_("The server does not take messages right now. It said: {said}"),
    "unreachable": N_("The mail server cannot be used. Check PUNTUAL_SMTP_URL. It said: {said}"),
    "interrupted": N_("The connection broke at the very end: look whether the message arrived. It said: {said}"),
}


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
        transport = _transport(organization)
        try:
            receipt: Receipt = transport.deliver(message)
        finally:
            transport.close()
        log.say(outcome=receipt.outcome, detail=receipt.detail)
        if receipt.outcome != "sent":
            raise Problem(FAILED[receipt.outcome], to=person.email, said=receipt.detail)
    return str(person.email)


def _transport(organization: Organization) -> Transport:
    if not organization.is_live:
        return CaptureTransport(organization.id)
    if "email" not in set_up():
        raise Problem(N_("No mail server is named. Ask whoever runs this server to set PUNTUAL_SMTP_URL."))
    return transport_of("email")


def _message(by: Actor, organization: Organization, creditor: Creditor, origin: Origin, person: User) -> Message:
    paragraphs = [
        _("This is a test message from Puntual. If you can read it, messages from {creditor} arrive.").format(
            creditor=creditor.name
        ),
        _("This is how your messages are signed:"),
    ]
    signature = signature_of(organization, creditor, signatory_of(creditor, "", by.today))
    return Message(
        message_id=f"<{uuid7()}@{host_name()}>",
        at=by.now,
        sender_name=origin.name,
        sender=origin.address,
        reply_to=origin.reply_to,
        recipient_name=str(person),
        recipient=person.email,
        subject=_("Test message from {creditor}").format(creditor=creditor.name),
        text="\n\n".join([*paragraphs, "\n".join(signature)]) + "\n",
        html=format_html(
            '<!doctype html><html><body style="font:15px/1.5 system-ui,sans-serif;color:#1b1c22">{}<p>{}</p></body></html>',
            format_html_join("", "<p>{}</p>", ((paragraph,) for paragraph in paragraphs)),
            format_html_join(SafeString("<br>"), "{}", ((line,) for line in signature)),
        ),
        language=creditor.language,
    )
