"""One activity seen at one moment: may it still happen, to whom, saying what. For the sender and for the desk's preview."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from puntual.conduct.gate import Answer, may_contact
from puntual.conduct.packs import pack_for
from puntual.conduct.policies import policy_for
from puntual.conduct.queries import policies_of
from puntual.conduct.rules import WAYS
from puntual.organizations.models import Organization
from puntual.outreach.channels import AUTOMATIC
from puntual.outreach.channels.whatsapp.wording import worded
from puntual.outreach.demand import Asked, asked_in_all, asked_now
from puntual.outreach.marks import manual_of
from puntual.outreach.models import Activity
from puntual.outreach.monthly_statements import refusing
from puntual.outreach.notices.saying import OVER, asked_for, is_notice, notice_of, told_of
from puntual.outreach.notices.told import Told
from puntual.outreach.observe import observe
from puntual.outreach.offering import offers_for
from puntual.outreach.points import Recipient, Wanted, recipients
from puntual.outreach.render import Wording, render
from puntual.outreach.results import SPOKEN
from puntual.outreach.statement import Books, books_of
from puntual.outreach.surroundings import Surroundings, surroundings
from puntual.outreach.variables import Letter, Numbers, numbers_of
from puntual.parties.models import Customer
from puntual.parties.signers import signatory_of
from puntual.receivables.early import Early, early_of
from puntual.strategies.facts import CustomerFacts
from puntual.strategies.notices import STATEMENT
from puntual.strategies.steps import Manual, Notice, Offer, Step
from puntual.strategies.texts import base_language


@dataclass(frozen=True, slots=True)
class Prepared:
    """What an activity would be at this moment.

    `stop` is a reason of `results.REASONS` why it must not happen at all, or ""; then there is nothing else. `answer` is what
    conduct says of this very moment (None for an internal task). `wording` is None for a task, and for what has no text.
    `books`: what the account statement shows that goes with it, where the step wants one; `with_invoices`: the files of what it
    asks for go along.
    """

    stop: str = ""
    asked: Asked = field(default_factory=Asked)
    recipient: Recipient | None = None
    answer: Answer | None = None
    wording: Wording | None = None
    books: Books | None = None
    with_invoices: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """One look at the customers of some activities: their facts by id; by activity whom it reaches; how their items are called;
    of those to whom a statement goes, the books; what each notice says; what may be kept for paying early, by item; and what
    each step may offer in the customer's situation.
    """

    facts: Mapping[str, CustomerFacts]
    recipients: Mapping[UUID, Recipient | None]
    numbers: Numbers
    books: Mapping[UUID, Books]
    told: Mapping[UUID, Told]
    early: Mapping[str, Early] = field(default_factory=dict)
    offers: Mapping[UUID, Offer | None] = field(default_factory=dict)


def look(organization: Organization, activities: Sequence[Activity], at: datetime, around: Surroundings) -> Seen:
    """Look at the customers of activities that are about to happen, all at once. Inside `acting_for`."""
    day = at.astimezone(ZoneInfo(organization.time_zone)).date()
    customers = list({activity.customer_id for activity in activities})
    sending = [activity.id for activity in activities]
    others = any(map(is_notice, activities))  # they go to who owes nothing, too
    seen = observe(organization.id, day, at, around, customers=customers, sending=sending, settled_too=others)
    facts = {one.customer_id: one for one in seen}
    informing = [activity.customer_id for activity in activities if activity.step == STATEMENT]
    unwanted = refusing(organization.id, informing) if informing else {}
    reaching = [activity for activity in activities if activity.channel in WAYS]
    reached = recipients(organization.id, [_wanted(activity, unwanted) for activity in reaching], day)
    with_statement = [activity.customer_id for activity in activities if _has_statement(activity)]
    items = [item.id for one in facts.values() for item in one.items]
    return Seen(
        facts,
        {activity.id: found for activity, found in zip(reaching, reached, strict=True)},
        numbers_of(organization.id, items),
        books_of(organization.id, with_statement, day) if with_statement else {},
        told_of(organization.id, activities, day),
        early_of(organization.id, items, day),
        offers_for(organization.id, activities, day),
    )


def _step_of(activity: Activity) -> Step | None:
    manual = manual_of(activity)
    return manual.step(activity.step) if manual else None


def _role_of(activity: Activity) -> str:
    """Whom at the customer's it speaks to."""
    said = _step_of(activity) or notice_of(activity)
    return said.role if said else "billing"


def _has_statement(activity: Activity) -> bool:
    step = _step_of(activity)
    return activity.step == STATEMENT or bool(step and step.attach_statement)


def _wanted(activity: Activity, unwanted: Mapping[UUID, Collection[UUID]]) -> Wanted:
    step = _step_of(activity)
    return Wanted(
        activity.customer_id,
        activity.channel,
        _role_of(activity),
        activity.point_id,
        frozenset(unwanted.get(activity.customer_id, ()) if activity.step == STATEMENT else ()),
        bool(step and step.required),
    )


def prepare(
    organization: Organization, activity: Activity, at: datetime, *, caller: str = "", seen: Seen | None = None
) -> Prepared:
    """Look at an activity anew: today's demand, holds and status, a usable point, conduct at `at`, and the words.

    Must run inside `acting_for`. The activity needs its customer with party and creditor. `seen` is what a `look` just told of
    it, where several are looked at together. Raises Problem where the step has no text.
    """
    day = at.astimezone(ZoneInfo(organization.time_zone)).date()
    if seen is None:
        seen = look(organization, [activity], at, surroundings(organization, day))
    facts = seen.facts.get(str(activity.customer_id))
    informs = is_notice(activity)
    if facts is None or not (facts.items or informs):
        return Prepared(stop="settled")
    if informs:
        asked = asked_for(activity, facts, seen.told, day, at, ZoneInfo(organization.time_zone))
    elif activity.lead_id is None:  # arranged by a person, about whatever is overdue
        asked = asked_in_all(facts, day)
    else:
        asked = asked_now(
            facts, day, str(activity.lead_id), {str(item) for item in activity.items}, chases=activity.chases
        )
    if asked.stop:
        return Prepared(stop=asked.stop)
    if not informs and _announces_the_past(activity, facts, day):
        return Prepared(stop=OVER)
    if activity.channel not in WAYS:
        return Prepared(asked=asked)
    waits = facts.handling != Customer.Handling.AUTOMATIC and activity.channel not in SPOKEN
    if waits and activity.state != "proposed" and activity.approved_at is None:
        return Prepared(stop="needs_approval")
    found = seen.recipients[activity.id]
    if found is None:
        return Prepared(stop="no_point")
    answer = allowed(organization, activity, at, facts)
    manual, step = manual_of(activity), _step_of(activity)
    if step and step.offer:
        offer = seen.offers.get(activity.id)
        step = replace(step, offer=offer.code if offer else "")
    notice, told = notice_of(activity), seen.told.get(activity.id)
    letter = letter_of(activity.customer, found, asked, day, caller, manual, step or notice, seen.numbers, told)
    letter = replace(letter, early=seen.early)
    fits = asked.lines or informs  # where nothing is asked for, no script does
    wording = _worded(activity, letter, at) if fits else None
    if wording is None and activity.channel == Activity.Channel.WHATSAPP:
        return Prepared(stop="no_approved_text")
    books = seen.books.get(activity.customer_id) if _has_statement(activity) else None
    return Prepared("", asked, found, answer, wording, books, bool(step and step.attach_invoices))


def _announces_the_past(activity: Activity, facts: CustomerFacts, day: date) -> bool:
    """Whether a message that waited was to say what falls due, and that day is gone: its words would speak of it as to come."""
    announces = activity.channel in AUTOMATIC and activity.lead_days is not None and activity.lead_days <= 0
    return announces and any(item.id == str(activity.lead_id) and item.due_on < day for item in facts.items)


def allowed(organization: Organization, activity: Activity, at: datetime, facts: CustomerFacts) -> Answer:
    """What conduct says of an activity at a moment."""
    country = facts.subject.country
    return may_contact(
        pack_for(country),
        facts.subject,
        activity.channel,
        at,
        facts.history,
        policy_for(policies_of(organization.id), country),
        authorized=activity.channel in facts.authorized,
    )


def _worded(activity: Activity, letter: Letter, at: datetime) -> Wording | None:
    if activity.channel == Activity.Channel.WHATSAPP:
        return worded(activity, letter, at)
    return render(activity, letter)


def letter_of(
    customer: Customer,
    found: Recipient | None,
    asked: Asked,
    day: date,
    caller: str,
    manual: Manual | None,
    step: Step | Notice | None,
    numbers: Numbers | None = None,
    told: Told | None = None,
) -> Letter:
    """What a text of the step or notice speaks of. An offer is made in its manual's words, so only to who reads its language."""
    signs = signatory_of(customer.creditor, step.tone if step else "", day)
    if told and isinstance(step, Notice):
        told = replace(told, months=step.months)
    letter = Letter(customer, found, asked, day, caller, signs=signs, numbers=numbers, told=told)
    offer = manual.offer(step.offer) if manual and step and step.offer else None
    if offer is None or manual is None or base_language(manual.language) != base_language(letter.language):
        return letter
    return replace(letter, offer=offer.words)
