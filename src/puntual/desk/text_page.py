"""What stands on the page of one text: whose words it has, what is wrong with them, and how they read for a customer."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from puntual.audit.actions import Actor
from puntual.desk import letters
from puntual.desk.words import LANGUAGES
from puntual.kernel.problems import Problem
from puntual.organizations.models import Organization
from puntual.outreach.models import Activity
from puntual.outreach.previewing import Preview, preview
from puntual.outreach.results import said
from puntual.parties.models import Creditor, Customer, Party
from puntual.strategies.examples import examples
from puntual.strategies.lengths import WHATSAPP_MOST, SmsLength, sms_length
from puntual.strategies.models import OwnText
from puntual.strategies.own_texts import Found, faults, find, in_force, versions
from puntual.strategies.proofreading import Fault
from puntual.strategies.texts import Place, Text, check, places, without_gaps
from puntual.strategies.variables import SPOKEN, VARIABLES, WRITTEN, Variable

OPEN = (Activity.State.PROPOSED, Activity.State.QUEUED, Activity.State.TO_DO)


@dataclass(frozen=True, slots=True)
class Spot:
    """Which text of an organization: where it stands, in which language, for all creditors or for one."""

    place: Place
    language: str
    creditor: Creditor | None = None

    @property
    def creditor_id(self) -> UUID | None:
        return self.creditor.id if self.creditor else None

    @property
    def query(self) -> str:
        """That part of an address again."""
        return f"?creditor={self.creditor_id}" if self.creditor else ""

    @property
    def variables(self) -> list[Variable]:
        """What may be inserted here."""
        return [variable for variable in VARIABLES.values() if self.place.channel in variable.channels]


@dataclass(frozen=True, slots=True)
class Standing:
    """Whose words are used now (None: there are none), the draft, and all versions of own words, the newest first."""

    used: Found | None
    draft: OwnText | None
    versions: Sequence[OwnText]

    @property
    def own(self) -> OwnText | None:
        return self.used.own if self.used and self.used.own in self.versions else None


@dataclass(frozen=True, slots=True)
class Wrong:
    """A fault in words: where, what, and how to say it instead."""

    where: str
    what: str
    instead: str


@dataclass(frozen=True, slots=True)
class Trial:
    """A text as somebody would get it: a customer, or nobody in particular.

    `example` says that the values are invented. `body` is what a mail program shows, `spans` what is said, `text` everything
    else. `notes` say why it would not be sent.
    """

    customer: Customer | None = None
    example: bool = False
    to: str = ""
    subject: str = ""
    body: SafeString | str = ""
    text: str = ""
    spans: Sequence[tuple[str, bool]] = ()
    notes: Sequence[str] = field(default=())
    sms: SmsLength | None = None
    most: int = 0


def standing(organization_id: UUID, spot: Spot) -> Standing:
    """How it stands with a text: its own versions, and the words that are used at its place."""
    place = spot.place
    own = in_force(organization_id, spot.language, spot.creditor_id)
    used = find(places(place.template, place.channel, consumer=place.audience == "consumer"), spot.language, own)
    mine = versions(organization_id, place, spot.language, spot.creditor_id)
    return Standing(used, next((one for one in mine if one.state == OwnText.State.DRAFT), None), mine)


def wrong(organization_id: UUID, spot: Spot, text: Text) -> list[Wrong]:
    """What must not go out, in the reader's language."""
    return [_wrong(fault) for fault in faults(organization_id, spot.place, spot.language, text, spot.creditor_id)]


def _wrong(fault: Fault) -> Wrong:
    where = {"subject": _("Subject"), "subject_private": _("Subject for natural persons")}.get(fault.where, "")
    if not where:
        where = _("Line {n}").format(n=fault.line) if fault.line else _("The whole")
    instead = _(fault.instead).format(**fault.details) if fault.instead else ""
    return Wrong(where, _(fault.what).format(**fault.details), instead)


def trial(organization: Organization, by: Actor, spot: Spot, text: Text, customer: Customer | None) -> Trial:
    """The text as the customer would get it today, or with example values; nothing while it cannot be filled in."""
    place = spot.place
    try:
        check(text, place)
    except Problem:
        return Trial(customer)
    if customer is None:
        return _example(organization, spot, text)
    found = preview(
        organization,
        customer,
        place.template,
        place.channel,
        by.now,
        text=text,
        language=spot.language,
        caller=by.name,
    )
    if found.wording is None:
        nothing = _("{customer} would get nothing today: {reason}.")
        notes = [nothing.format(customer=customer.name, reason=_within(said(found.stop)))]
        return replace(_example(organization, spot, text), customer=customer, notes=notes)
    notes = [_("Today it would not be sent: {reason}.").format(reason=_within(said(found.stop)))] if found.stop else []
    notes += _others(spot, customer, found)
    to = ", ".join(filter(None, (found.recipient.person, found.recipient.value))) if found.recipient else ""
    wording = found.wording
    shown = Trial(customer, to=to, subject=wording.subject, text=wording.text, spans=wording.spans, notes=notes)
    return _in_channel(shown, place, letters.body(wording.html))


def _within(sentence: str) -> str:
    """A sentence as a part of another one."""
    return sentence[:1].lower() + sentence[1:].rstrip(".")


def _others(spot: Spot, customer: Customer, found: Preview) -> list[str]:
    """Why this customer would get other words than these."""
    notes = []
    if found.reads != spot.language:
        notes.append(
            _("{customer} reads another language ({language}) and gets the text in that one.").format(
                customer=customer.name, language=LANGUAGES[found.reads]
            )
        )
    if found.consumer and spot.place.audience == "company":
        notes.append(_("{customer} is a natural person: the text for them goes first.").format(customer=customer.name))
    if not found.consumer and spot.place.audience == "consumer":
        notes.append(_("{customer} is a company and never gets this text.").format(customer=customer.name))
    return notes


def _example(organization: Organization, spot: Spot, text: Text) -> Trial:
    place = spot.place
    consumer = place.audience == "consumer"
    values = examples(spot.language, organization.country, place.channel, consumer=consumer)
    body = without_gaps(text.body, values).format(**values)
    subject = (text.subject_private if consumer else text.subject).format(**values)
    return _in_channel(Trial(example=True, subject=subject, text=body, spans=((body, False),)), place, "")


def _in_channel(shown: Trial, place: Place, body: SafeString | str) -> Trial:
    if place.channel in WRITTEN:
        return replace(shown, body=body, spans=())
    if place.channel in SPOKEN:
        return shown
    sms = sms_length(shown.text.strip()) if place.channel == "sms" else None
    return replace(shown, spans=(), sms=sms, most=0 if sms else WHATSAPP_MOST)


def someone(organization_id: UUID, spot: Spot) -> Customer | None:
    """A customer to try a text on: one whose message with it waits, else one whose next contact waits; of its audience and
    language.
    """
    kind = Party.Kind.NATURAL if spot.place.audience == "consumer" else Party.Kind.LEGAL
    waiting = Activity.objects.filter(
        organization_id=organization_id,
        state__in=OPEN,
        customer__party__kind=kind,
        customer__language__startswith=spot.language,
    )
    if spot.creditor:
        waiting = waiting.filter(customer__creditor=spot.creditor)
    mine = waiting.filter(template=spot.place.template, channel=spot.place.channel)
    for rows in (mine, waiting.exclude(lead_id=None)):
        if found := rows.select_related("customer__party", "customer__creditor")[:1]:
            customer: Customer = found[0].customer
            return customer
    return None
