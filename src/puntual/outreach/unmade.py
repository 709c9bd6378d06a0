"""Calls that nobody made. Callers import this from `actions`."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

from puntual.audit.actions import Actor, action
from puntual.conduct.gate import Allowed, first_moment
from puntual.conduct.packs import pack_for
from puntual.conduct.policies import policy_for
from puntual.conduct.queries import policies_of
from puntual.organizations.models import Organization
from puntual.outreach.channels import AUTOMATIC
from puntual.outreach.channels.whatsapp.approved import approved_for
from puntual.outreach.demand import asked_now
from puntual.outreach.marks import manual_of
from puntual.outreach.models import Activity
from puntual.outreach.observe import observe
from puntual.outreach.plan import PlannedActivity, plan_many
from puntual.outreach.results import SPOKEN
from puntual.outreach.surroundings import calendar_of, surroundings
from puntual.outreach.ways import set_up
from puntual.strategies.facts import CustomerFacts
from puntual.strategies.manual import FORMAL, RANK, Step
from puntual.tenancy.scope import acting_for

_DAY = timedelta(days=1)


def fall_to_next_channel(by: Actor, business_days: int = 2) -> int:
    """Give up the calls and visits nobody made within that many of the team's working days, and go on by the step's next
    channel, where the customer can be reached by it and conduct allows it today; returns how many. The others stay on the list.
    """
    organization = Organization.objects.get(pk=by.organization_id)
    with acting_for(by.organization_id):
        waiting = _unmade(by, _cutoff(organization, by.today, business_days))
        around = surroundings(organization, by.today)
        observed = observe(organization.id, by.today, by.now, around, customers=list(waiting)) if waiting else ()
        planned = [row for facts in observed if (row := _next(by, organization, facts, waiting))]
        if planned:
            with action(by, "outreach.fall_to_next_channel", calls=len(planned)):
                fallen = [waiting[UUID(str(row.customer_id))].pk for row in planned]
                Activity.objects.filter(organization_id=by.organization_id, pk__in=fallen).update(
                    state=Activity.State.LAPSED, result="not_made", settled_at=by.now
                )
                plan_many(by, planned)
    return len(planned)


def _cutoff(organization: Organization, today: date, business_days: int) -> date:
    """The last day whose calls had that many working days."""
    calendar = calendar_of(organization.id, organization.country)
    day = today
    while calendar.business_days_between(day, today) < business_days:
        day -= _DAY
    return day


def _unmade(by: Actor, until: date) -> Mapping[UUID, Activity]:
    calls = Activity.objects.filter(
        organization_id=by.organization_id,
        state=Activity.State.TO_DO,
        channel__in=SPOKEN,
        day__lte=until,
        not_before__lte=by.now - (by.today - until),  # a call put off, or a call-back, has its days from then on
        version_id__isnull=False,
    )
    return {call.customer_id: call for call in calls.select_for_update(skip_locked=True, no_key=True)}


def _next(
    by: Actor, organization: Organization, facts: CustomerFacts, waiting: Mapping[UUID, Activity]
) -> PlannedActivity | None:
    call = waiting[UUID(facts.customer_id)]
    manual = manual_of(call)
    step = manual.step(call.step) if manual else None
    if step is None or call.channel not in step.channels:
        return None
    asked = asked_now(facts, by.today, str(call.lead_id), {str(item) for item in call.items}, chases=call.chases)
    if asked.stop:
        return None
    country = facts.subject.country
    offered = set_up() if organization.is_live else AUTOMATIC
    approved = approved_for(organization.id)
    for channel in step.channels[step.channels.index(call.channel) + 1 :]:
        if channel not in facts.reachable or channel not in offered or channel in facts.no_sender:
            continue
        answer = first_moment(
            pack_for(country),
            facts.subject,
            channel,
            by.today,
            by.now,
            facts.history,
            policy_for(policies_of(organization.id), country),
            authorized=channel in facts.authorized,
        )
        if isinstance(answer, Allowed) and facts.sayable(step.template, channel, approved, answer.not_before):
            return _planned(by, organization, call, step, channel, answer, facts.handling)
    return None


def _planned(
    by: Actor,
    organization: Organization,
    call: Activity,
    step: Step,
    channel: str,
    allowed: Allowed,
    handling: str,
) -> PlannedActivity:
    approval = step.approval == "approve" or handling != "automatic" or RANK[step.tone] >= FORMAL
    return PlannedActivity(
        customer_id=call.customer_id,
        channel=channel,
        tone=call.tone,
        state="proposed" if approval else "queued",
        version_id=call.version_id,
        step=call.step,
        template=call.template,
        lead_id=str(call.lead_id),
        lead_days=(call.lead_days or 0) + (by.today - call.day).days,
        due_generation=call.due_generation,
        point_id=None,
        not_before=allowed.not_before,
        not_after=allowed.until,
        lapses_at=by.now + timedelta(hours=organization.approval_hours) if approval else None,
        demand=json.dumps(call.demand),
        value=call.value,
        items=call.items,
        item_steps=call.item_steps,
        why=json.dumps(call.why),
    )
