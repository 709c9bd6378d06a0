"""The moment a customer is to be called back or met: inside contact hours, and as often as the law lets."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from puntual.audit.actions import Actor
from puntual.conduct.gate import NO_HISTORY, Contact, ContactHistory, Refused, Subject, may_contact
from puntual.conduct.packs import pack_for
from puntual.conduct.policies import policy_for
from puntual.conduct.queries import policies_of
from puntual.conduct.words import refusal
from puntual.kernel.problems import N_, Problem
from puntual.organizations.models import Organization
from puntual.outreach.models import Activity
from puntual.outreach.observe import observe
from puntual.outreach.refusals import TIMES_OF_DAY
from puntual.outreach.results import SPOKEN
from puntual.outreach.surroundings import surroundings
from puntual.parties.models import Customer, Party

FURTHEST = timedelta(days=60)
CALL_BACK = "call_back"
"""Why an activity stands on the list that the customer asked for, or that was arranged with it."""


def is_invited(activity: Activity) -> bool:
    """Whether the customer asked for this contact or agreed to it: then only the law and the hours of the day refuse it."""
    return bool(activity.why.get("code") == CALL_BACK)


def is_out_of_hours(refused: Refused) -> bool:
    """Whether it is the hour or the day that is refused, rather than one contact too many."""
    return refused.code in TIMES_OF_DAY


def sentence(refused: Refused) -> str:
    """Why conduct refuses, in the reader's language."""
    return refusal(refused.code, refused.params, law=refused.law)


def check_moment(by: Actor, customer: Customer, channel: str, at: datetime, *, spoke_now: bool = False) -> None:
    """Refuse a moment for a contact the customer agrees to that conduct would not allow then.

    `spoke_now` counts the conversation that is just ending. The customer needs its party. Raises Problem for a moment that is
    past or over 60 days away, outside the customer's contact hours, or too soon by law after earlier contacts.
    """
    if not by.now < at <= by.now + FURTHEST:
        raise Problem(N_("Choose a moment within the next 60 days."), at=at)
    if channel not in SPOKEN:
        return
    organization = Organization.objects.get(pk=by.organization_id)
    day = by.now.astimezone(ZoneInfo(organization.time_zone)).date()
    around = surroundings(organization, day)
    facts = next(observe(organization.id, day, by.now, around, customers=[customer.pk]), None)
    history = facts.history if facts else NO_HISTORY
    if spoke_now:
        history = ContactHistory((*history.contacts, Contact(channel, by.now, conversation=True)))
    country = customer.party.country
    answer = may_contact(
        pack_for(country),
        Subject(
            natural=customer.party.kind == Party.Kind.NATURAL,
            consumer=customer.consumer,
            country=country,
            time_zone=customer.time_zone,
        ),
        channel,
        at,
        history,
        policy_for(policies_of(organization.id), country),
        authorized=bool(facts and channel in facts.authorized),
    )
    if isinstance(answer, Refused) and (answer.law or is_out_of_hours(answer)):
        raise Problem(N_("{reason} Choose another moment."), reason=sentence(answer))
