"""Sending an agreement to be accepted: its link and its one-time code, to one address. Callers import these from `actions`.

Both are asked for by a person, the code by the customer itself, so they are no steps; the link is a contact and kept as one.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import override

from puntual.agreements.acceptance.actions import DAYS, make_link, new_code
from puntual.agreements.models import Acceptance, Plan
from puntual.audit.actions import Actor, action
from puntual.conduct.gate import Refused, may_contact
from puntual.conduct.packs import pack_for
from puntual.conduct.policies import policy_for
from puntual.conduct.queries import policies_of
from puntual.conduct.words import refusal
from puntual.kernel.ids import uuid7
from puntual.kernel.problems import N_, Problem
from puntual.organizations.models import Organization
from puntual.outreach.channels import Message, Receipt, Transport
from puntual.outreach.channels.capture import CaptureTransport
from puntual.outreach.channels.email.page import page
from puntual.outreach.formats import locale_of, long_date
from puntual.outreach.models import Activity
from puntual.outreach.observe import observe
from puntual.outreach.origins import origin_of
from puntual.outreach.plan_document import plan_document
from puntual.outreach.surroundings import surroundings
from puntual.outreach.trying import FAILED
from puntual.outreach.ways import host_name, set_up, transport_of
from puntual.parties.models import ContactPoint, Customer

PATH: Final = "/c/g/"
_SALT: Final = "puntual.outreach.acceptances"
_MAC: Final = 16
_SECRET: Final = 24
_CHANNELS: Final = {ContactPoint.Kind.EMAIL: "email", ContactPoint.Kind.PHONE: "sms"}


class NotNow(Problem):
    """Nothing may be sent to the customer at this moment: a rule of conduct says so, or what the customer's page says."""


def acceptance_link(organization_id: UUID, secret: bytes) -> str:
    """The whole address where an agreement is accepted. It is signed, so that a changed one is known without a look."""
    body = organization_id.bytes + secret
    return settings.PUBLIC_URL.rstrip("/") + PATH + urlsafe_b64encode(body + _signature(body)).rstrip(b"=").decode()


def read_acceptance_token(token: str) -> tuple[UUID, bytes] | None:
    """Organization and secret of a link's last part; None where it was not made here."""
    try:
        whole = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
    except ValueError:
        return None
    body, signature = whole[:-_MAC], whole[-_MAC:]
    if len(body) != 16 + _SECRET or not constant_time_compare(signature, _signature(body)):
        return None
    return UUID(bytes=body[:16]), body[16:]


def usable_points(customer: Customer) -> list[ContactPoint]:
    """Where a link and a code can be sent: mailboxes, and numbers that take an SMS, which nobody said no to."""
    points = ContactPoint.objects.filter(
        organization_id=customer.organization_id, customer=customer, kind__in=list(_CHANNELS), retired_on=None
    ).exclude(consent=ContactPoint.ConsentState.WITHDRAWN)
    return [
        point
        for point in points.exclude(bounce=ContactPoint.Bounce.HARD).select_related("person").order_by("kind", "id")
        if point.kind == ContactPoint.Kind.EMAIL or point.takes_sms
    ]


def send_acceptance_link(by: Actor, plan_id: UUID, point_id: UUID, *, days: int = DAYS) -> tuple[Acceptance, str]:
    """Send an offered plan to one of `usable_points` to be accepted there, and return the link as well.

    The PDF is made now and is what will have been accepted. The provider is spoken to inside the transaction, for as long as one
    message takes: what could not be sent leaves no link. Like any other contact it passes the rules of conduct. Raises
    Plan.DoesNotExist, what `make_link` raises, NotNow, Problem for another address, without a sender or a way to send, and with
    what the provider said.
    """
    with action(by, "outreach.send_acceptance_link") as log:
        plan = Plan.objects.get(organization_id=by.organization_id, id=plan_id)
        customer = Customer.objects.select_related("creditor", "party").get(
            organization_id=by.organization_id, id=plan.customer_id
        )
        point = next((one for one in usable_points(customer) if one.id == point_id), None)
        if point is None:
            raise Problem(N_("Nothing can be sent to that address. Choose another one."))
        _check_allowed(by, customer, _CHANNELS[ContactPoint.Kind(point.kind)])
        document = plan_document(plan, by.now)
        made, secret = make_link(by, plan.id, point_id=point.id, document=document.content, days=days)
        log.about(made)
        link = acceptance_link(by.organization_id, secret)
        language = point.language or customer.language or customer.creditor.language
        with override(language):
            until = long_date(by.today + timedelta(days=days - 1), locale_of(language, customer.party.country))
            paragraphs = [
                _("{creditor} proposes the agreement {number} to you.").format(
                    creditor=customer.creditor.name, number=plan.number
                ),
                _("Read it, and accept it or not, here: {link}").format(link=link),
                _("The link is only for you and works through {day}.").format(day=until),
            ]
            subject = _("Agreement {number} of {creditor}").format(number=plan.number, creditor=customer.creditor.name)
            message_id = _deliver(by, customer, point, subject, paragraphs, language)
        Activity.objects.create(
            organization_id=by.organization_id,
            customer=customer,
            day=by.today,
            channel=_CHANNELS[ContactPoint.Kind(point.kind)],
            state=Activity.State.SENT,
            point_id=point.id,
            assigned_to=by.user_id,
            subject=subject,
            body="\n\n".join(one.replace(link, "…") for one in paragraphs),
            message_id=message_id,
            captured=not Organization.objects.get(pk=by.organization_id).is_live,
            approved_by=by.user_id,
            approved_at=by.now,
            settled_at=by.now,
            created_at=by.now,
        )
        log.say(plan=plan.number, point=point.id)
    return made, link


def send_acceptance_code(by: Actor, acceptance_id: UUID) -> Acceptance:
    """Send a one-time code to where the link went. The customer asks for it, at any hour.

    Raises what `new_code` raises, Problem where the link was sent nowhere, without a way to send, and with what the
    provider said.
    """
    with action(by, "outreach.send_acceptance_code") as log:
        found, code = new_code(by, acceptance_id)
        log.about(found)
        found = Acceptance.objects.select_related("plan", "point", "customer__creditor", "customer__party").get(
            organization_id=by.organization_id, id=found.id
        )
        if found.point is None:
            raise Problem(N_("This link was sent nowhere, so there is no address for a code. Ask for another one."))
        customer = found.customer
        language = found.point.language or customer.language or customer.creditor.language
        with override(language):
            paragraphs = [
                _("{code} is your code for the agreement {number} with {creditor}.").format(
                    code=code, number=found.plan.number, creditor=customer.creditor.name
                ),
                _("It counts for half an hour. Give it to nobody. If you did not ask for it, nothing has to be done."),
            ]
            subject = _("Your code for {number}").format(number=found.plan.number)
            _deliver(by, customer, found.point, subject, paragraphs, language)
        log.say(point=found.point_id)
    return found


def _check_allowed(by: Actor, customer: Customer, channel: str) -> None:
    """Raises NotNow where a link must not leave at this moment, with the reason."""
    organization = Organization.objects.get(pk=by.organization_id)
    around = surroundings(organization, by.today)
    facts = next(
        iter(observe(by.organization_id, by.today, by.now, around, customers=[customer.id], settled_too=True)), None
    )
    if facts is None or facts.party_status != "active" or facts.handling == Customer.Handling.NONE:
        raise NotNow(N_("Nothing is sent to this customer now. Look at the customer's page for why."))
    country = facts.subject.country
    policy = policy_for(policies_of(organization.id), country)
    answer = may_contact(
        pack_for(country),
        facts.subject,
        channel,
        by.now,
        facts.history,
        policy,
        authorized=channel in facts.authorized,
    )
    if isinstance(answer, Refused):
        why = refusal(answer.code, answer.params, law=answer.law)
        raise NotNow(N_("It cannot leave now, and no link was made. {why}"), why=why)


def _deliver(
    by: Actor, customer: Customer, point: ContactPoint, subject: str, paragraphs: list[str], language: str
) -> str:
    """One message at once, from the creditor's own sender; returns its Message-ID. Raises Problem where it did not leave."""
    organization = Organization.objects.get(pk=by.organization_id)
    channel = _CHANNELS[ContactPoint.Kind(point.kind)]
    origin = origin_of(organization, customer.creditor, channel)
    if origin is None:
        raise Problem(
            N_("{creditor} has no verified sender yet. Verify it under “Senders”."), creditor=customer.creditor
        )
    message = Message(
        message_id=f"<{uuid7()}@{host_name()}>",
        at=by.now,
        sender_name=origin.name,
        sender=origin.address,
        reply_to=origin.reply_to,
        recipient_name=point.person.name if point.person else customer.name,
        recipient=point.value,
        subject=subject,
        text="\n\n".join(paragraphs) + "\n" if channel == "email" else " ".join(paragraphs),
        html=page(language, subject, format_html_join("", "<p>{}</p>", ((one,) for one in paragraphs)), "")
        if channel == "email"
        else "",
        language=language,
    )
    transport = _transport(organization, channel)
    try:
        receipt: Receipt = transport.deliver(message)
    finally:
        transport.close()
    if receipt.outcome != "sent":
        raise Problem(FAILED[receipt.outcome], to=point.value, said=receipt.detail)
    return message.message_id


def _transport(organization: Organization, channel: str) -> Transport:
    if not organization.is_live:
        return CaptureTransport(organization.id)
    if channel not in set_up():
        raise Problem(N_("This installation is not set up to send this way. Choose another address."))
    return transport_of(channel)


def _signature(body: bytes) -> bytes:
    return salted_hmac(_SALT, body, algorithm="sha256").digest()[:_MAC]
