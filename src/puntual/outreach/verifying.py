"""Showing that a sender is one's own: a code mailed to it, or the account with its provider. Callers import from `actions`."""

from uuid import UUID

from django.utils.html import format_html_join
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from puntual.audit.actions import Actor, action
from puntual.kernel.ids import uuid7
from puntual.kernel.problems import N_, Problem
from puntual.outreach.channels import Message
from puntual.outreach.channels.email.page import page
from puntual.outreach.trying import FAILED
from puntual.outreach.ways import account_senders, host_name, set_up, transport_of
from puntual.parties.actions import new_code, verify_sender
from puntual.parties.models import Sender


def mail_code(by: Actor, sender_id: UUID) -> Sender:
    """Mail a code to a sender's own address, from that address, also in rehearsal: it goes to nobody else.

    So the mail server shows that it lets one write from there, and the mailbox that it is one's own. The server is spoken to
    inside the transaction, for as long as one message takes. Raises Sender.DoesNotExist, Problem where no mail server is
    named, where a code was mailed a moment ago, and with what the server said.
    """
    if "email" not in set_up():
        raise Problem(N_("No mail server is named. Ask whoever runs this server to set PUNTUAL_SMTP_URL."))
    with action(by, "sender.mail_code") as log:
        sender, code = new_code(by, sender_id)
        log.about(sender)
        transport = transport_of("email")
        try:
            receipt = transport.deliver(_message(by, sender, code))
        finally:
            transport.close()
        log.say(address=sender.address, outcome=receipt.outcome, detail=receipt.detail)
        if receipt.outcome != "sent":
            raise Problem(FAILED[receipt.outcome], to=sender.address, said=receipt.detail)
    return sender


def verify_by_account(by: Actor, sender_id: UUID) -> Sender:
    """Take a number for verified because this installation's account with the provider sends from it.

    Raises Sender.DoesNotExist, Problem where it does not.
    """
    sender = Sender.objects.get(organization_id=by.organization_id, pk=sender_id)
    if not sender.address or account_senders().get(sender.channel) != sender.address:
        raise Problem(
            N_("This installation's account does not send from {address}. Give the one it sends from."),
            address=sender.address,
        )
    return verify_sender(by, sender_id, Sender.How.PROVIDER)


def _message(by: Actor, sender: Sender, code: str) -> Message:
    paragraphs = [
        _("The code is {code}.").format(code=code),
        _("Write it in Puntual to confirm that messages of {creditor} may leave from this address.").format(
            creditor=sender.creditor.name
        ),
        _("It counts for half an hour. If nobody there asked for it, nothing has to be done."),
    ]
    subject = _("Confirm this address for {creditor}").format(creditor=sender.creditor.name)
    language = get_language() or sender.creditor.language
    return Message(
        message_id=f"<{uuid7()}@{host_name()}>",
        at=by.now,
        sender_name=sender.name or sender.creditor.name,
        sender=sender.address,
        recipient_name=sender.creditor.name,
        recipient=sender.address,
        subject=subject,
        text="\n\n".join(paragraphs) + "\n",
        html=page(language, subject, format_html_join("", "<p>{}</p>", ((one,) for one in paragraphs)), ""),
        language=language,
    )
