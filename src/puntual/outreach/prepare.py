"""One activity seen at one moment: may it still happen, to whom, saying what. For the sender and for the desk's preview."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from puntual.conduct.gate import Answer, may_contact
from puntual.conduct.packs import pack_for
from puntual.conduct.policies import policy_for
from puntual.conduct.queries import policies_of
from puntual.conduct.rules import WAYS
from puntual.organizations.models import Organization
from puntual.outreach.channels.whatsapp.wording import worded
from puntual.outreach.demand import Asked, asked_in_all, asked_now, for_information
from puntual.outreach.marks import manual_of
from puntual.outreach.models import Activity
from puntual.outreach.monthly_statements import STATEMENT, not_now, refusing
from puntual.outreach.observe import observe
from puntual.outreach.points import Recipient, recipient
from puntual.outreach.render import Wording, render
from puntual.outreach.results import SPOKEN
from puntual.outreach.surroundings import Surroundings, surroundings
from puntual.outreach.variables import Letter
from puntual.parties.models import Customer
from puntual.parties.signers import signatory_of
from puntual.strategies.facts import CustomerFacts
from puntual.strategies.steps import Manual, Step
from puntual.strategies.texts import base_language


@dataclass(frozen=True, slots=True)
class Prepared:
    """What an activity would be at this moment.

    `stop` is a reason of `results.REASONS` why it must not happen at all, or ""; then there is nothing else. `answer` is what
    conduct says of this very moment (None for an internal task). `wording` is None for a task, and for what has no text.
    `with_statement`: the step wants the account statement to go with it; `with_invoices`: the files of what it asks for.
    """

    stop: str = ""
    asked: Asked = field(default_factory=Asked)
    recipient: Recipient | None = None
    answer: Answer | None = None
    wording: Wording | None = None
    with_statement: bool = False
    with_invoices: bool = False


def prepare(
    organization: Organization,
    activity: Activity,
    at: datetime,
    *,
    caller: str = "",
    around: Surroundings | None = None,
    known: Mapping[str, CustomerFacts] | None = None,
) -> Prepared:
    """Look at an activity anew: today's demand, holds and status, a usable point, conduct at `at`, and the words.

    Must run inside `acting_for`. The activity needs its customer with party and creditor. `around` spares reading what does not
    change between the activities of a batch, `known` what was just observed of its customers, by id. Raises Problem where the
    step has no text.
    """
    day = at.astimezone(ZoneInfo(organization.time_zone)).date()
    around = around or surroundings(organization, day)
    if known is None:
        seen = observe(organization.id, day, at, around, customers=[activity.customer_id], sending=[activity.id])
        known = {facts.customer_id: facts for facts in seen}
    facts = known.get(str(activity.customer_id))
    if facts is None:
        return Prepared(stop="settled")
    informs = activity.step == STATEMENT
    if informs:
        asked = replace(
            for_information(facts, day), stop=not_now(facts, activity, at, ZoneInfo(organization.time_zone))
        )
    elif activity.lead_id is None:  # arranged by a person, about whatever is overdue
        asked = asked_in_all(facts, day)
    else:
        asked = asked_now(facts, day, str(activity.lead_id), {str(item) for item in activity.items})
    if asked.stop:
        return Prepared(stop=asked.stop)
    if activity.channel not in WAYS:
        return Prepared(asked=asked)
    waits = facts.handling != Customer.Handling.AUTOMATIC and activity.channel not in SPOKEN
    if waits and activity.state != "proposed" and activity.approved_at is None:
        return Prepared(stop="needs_approval")
    manual = manual_of(activity)
    step = manual.step(activity.step) if manual else None
    found = recipient(
        organization.id,
        activity.customer_id,
        activity.channel,
        day,
        role=step.role if step else "billing",
        required=bool(step and step.required),
        planned=activity.point_id,
        without=refusing(organization.id, [activity.customer_id]).get(activity.customer_id, ()) if informs else (),
    )
    if found is None:
        return Prepared(stop="no_point")
    country = facts.subject.country
    answer = may_contact(
        pack_for(country),
        facts.subject,
        activity.channel,
        at,
        facts.history,
        policy_for(policies_of(organization.id), country),
        authorized=activity.channel in facts.authorized,
    )
    letter = letter_of(activity.customer, found, asked, day, caller, manual, step)
    fits = asked.lines or informs  # where nothing is asked for, no script does
    wording = _worded(activity, letter, at) if fits else None
    if wording is None and activity.channel == Activity.Channel.WHATSAPP:
        return Prepared(stop="no_approved_text")
    statement = informs or bool(step and step.attach_statement)
    return Prepared("", asked, found, answer, wording, statement, bool(step and step.attach_invoices))


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
    step: Step | None,
) -> Letter:
    """What a text of the step speaks of. An offer is made in the words of its manual, so only to who reads its language."""
    letter = Letter(
        customer, found, asked, day, caller, signs=signatory_of(customer.creditor, step.tone if step else "", day)
    )
    offer = manual.offer(step.offer) if manual and step and step.offer else None
    if offer is None or manual is None or base_language(manual.language) != base_language(letter.language):
        return letter
    return replace(letter, offer=offer.words)
