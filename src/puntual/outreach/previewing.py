"""A text tried on a real customer: the message it would be today, by the same way a message is made. Nothing is written."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from puntual.organizations.models import Organization
from puntual.outreach.demand import Asked, asked_now
from puntual.outreach.marks import manual_of
from puntual.outreach.models import Activity
from puntual.outreach.notices.saying import is_notice, notice_of, spoken_of, told_of
from puntual.outreach.observe import observe
from puntual.outreach.points import Recipient, recipient
from puntual.outreach.prepare import letter_of
from puntual.outreach.render import Wording, compose
from puntual.outreach.surroundings import surroundings
from puntual.parties.models import Customer
from puntual.strategies.facts import CustomerFacts
from puntual.strategies.own_texts import text_for
from puntual.strategies.queries import active_manuals, strategy_for
from puntual.strategies.steps import Manual, Step
from puntual.strategies.texts import Text, base_language

_OPEN = (Activity.State.PROPOSED, Activity.State.QUEUED, Activity.State.TO_DO)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a customer would get today. `stop` is a reason of `results.REASONS` why it would not leave, or "".

    `wording` is None where there is nothing to ask for. `reads` is the language of the customer, `consumer` whether it is a
    natural person: a text of another language or audience is shown, and would not be the one that is sent.
    """

    stop: str = ""
    recipient: Recipient | None = None
    wording: Wording | None = None
    reads: str = ""
    consumer: bool = False


def preview(
    organization: Organization,
    customer: Customer,
    template: str,
    channel: str,
    at: datetime,
    *,
    text: Text | None = None,
    language: str = "",
    caller: str = "",
) -> Preview:
    """A template's text, or `text` in its place, filled in for a customer as a message of today. Inside `acting_for`.

    Where the template's message is already planned, its lead, items and contact point are those of the plan. `language` is that
    of `text`. Raises Problem where the template has no text for the channel.
    """
    day = at.astimezone(ZoneInfo(organization.time_zone)).date()
    activity = _planned(organization.id, customer, template, channel)
    sending = activity.id if activity else None
    observed = observe(
        organization.id,
        day,
        at,
        surroundings(organization, day),
        customers=[customer.id],
        sending=[sending] if sending else [],
        settled_too=True,
    )
    facts = next(observed, None)
    told = told_of(organization.id, [activity], day).get(activity.id) if activity else None
    asked = spoken_of(facts, told) if facts and activity and is_notice(activity) else _asked(facts, day, activity)
    if asked.stop:
        return Preview(stop=asked.stop)
    manual, step = _step(organization.id, customer.id, template, channel, activity)
    found = recipient(
        organization.id,
        customer.id,
        channel,
        day,
        role=step.role if step else "billing",
        planned=activity.point_id if activity else None,
    )
    notice = notice_of(activity) if activity else None
    letter = letter_of(customer, found, asked, day, caller, manual, step or notice, told=told)
    reads = base_language(letter.language)
    if text is None:
        text = text_for(
            organization.id, customer.creditor_id, template, letter.language, channel, consumer=letter.consumer
        ).text
    wording = compose(text, replace(letter, wanted=language), channel)
    return Preview("" if found else "no_point", found, wording, reads, letter.consumer)


def _planned(organization_id: UUID, customer: Customer, template: str, channel: str) -> Activity | None:
    rows = Activity.objects.filter(
        organization_id=organization_id, customer=customer, template=template, channel=channel, state__in=_OPEN
    )
    return rows.order_by("-created_at").first()


def _asked(facts: CustomerFacts | None, day: date, activity: Activity | None) -> Asked:
    """What is asked for: what was planned, else everything overdue, else the next item to fall due."""
    if facts is None or not facts.items:
        return Asked(stop="settled")
    if activity:
        items = {str(item) for item in activity.items}
        return asked_now(facts, day, str(activity.lead_id), items, chases=activity.chases)
    stopped = Asked(stop="settled")
    for item in sorted(facts.items, key=lambda item: (item.due_on >= day, item.due_on)):
        asked = asked_now(facts, day, item.id, {item.id})
        if not asked.stop:
            return asked
        stopped = asked if stopped.stop == "settled" else stopped
    return stopped


def _step(
    organization_id: UUID, customer_id: UUID, template: str, channel: str, activity: Activity | None
) -> tuple[Manual | None, Step | None]:
    """The step that uses the template, in the manual the activity was planned by, else the one that applies to the customer."""
    if activity:
        manual = manual_of(activity)
        return manual, manual.step(activity.step) if manual else None
    version = strategy_for(organization_id, [customer_id]).get(customer_id)
    manual = active_manuals(organization_id).get(version) if version else None
    steps = manual.steps if manual else ()
    return manual, next((step for step in steps if step.template == template and channel in step.channels), None)
