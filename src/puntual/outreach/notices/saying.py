"""A planned notice looked at anew: is its occasion still there, and what does it say now."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from puntual.audit.actions import Actor, action
from puntual.outreach.demand import Asked, for_information
from puntual.outreach.marks import manual_of
from puntual.outreach.models import Activity
from puntual.outreach.notices.gate import not_now
from puntual.outreach.notices.kinds import KINDS
from puntual.outreach.notices.told import Told
from puntual.strategies.facts import CustomerFacts
from puntual.strategies.notices import CODES, STATEMENT
from puntual.strategies.steps import Notice
from puntual.tenancy.scope import acting_for

OVER = "occasion_over"


def is_notice(activity: Activity) -> bool:
    """Whether an activity is no step of the ladder but a notice; the account statement of the month is one."""
    return activity.step in CODES


def notice_of(activity: Activity) -> Notice | None:
    """What its manual says of it; None for a step and for an account statement."""
    manual = manual_of(activity) if activity.step in KINDS else None
    return manual.notice(activity.step) if manual else None


def told_of(organization_id: UUID, activities: Collection[Activity], day: date) -> dict[UUID, Told]:
    """By activity, what each notice among them says on a day; one whose occasion is over says nothing."""
    by_code: dict[str, list[Activity]] = defaultdict(list)
    for activity in activities:
        if activity.step in KINDS and activity.lead_id:
            by_code[activity.step].append(activity)
    found: dict[UUID, Told] = {}
    for code, some in by_code.items():
        told = KINDS[code].told(organization_id, [one.lead_id for one in some if one.lead_id], day)
        found |= {one.id: told[one.lead_id] for one in some if one.lead_id in told}
    return found


def asked_for(
    activity: Activity, facts: CustomerFacts, told: Mapping[UUID, Told], day: date, at: datetime, zone: ZoneInfo
) -> Asked:
    """What a notice asks for now, or why it must not leave: what was agreed, as far as it was not paid; a statement nothing."""
    stop = not_now(facts, activity, at, zone)
    if activity.step == STATEMENT:
        return replace(for_information(facts, day), stop=stop or ("" if facts.items else "settled"))
    asked = spoken_of(facts, told.get(activity.id))
    return replace(asked, stop=stop or asked.stop)


def spoken_of(facts: CustomerFacts, told: Told | None) -> Asked:
    """What a notice asks for; it stops where its occasion is over."""
    if told is None:
        return Asked(stop=OVER)
    if not told.items:
        return Asked(amounts=told.asked)
    lines = tuple(
        (item, item.askable)
        for item in facts.items
        if item.id in told.items and item.askable > 0 and item.ours and not item.hold_pre_due
    )
    amounts: dict[str, Decimal] = {}
    for item, amount in lines:
        amounts[item.currency] = amounts.get(item.currency, Decimal(0)) + amount
    return Asked(lines=lines, amounts=amounts) if lines else Asked(stop=OVER)


_LAPSE = """
UPDATE outreach_activity SET state = 'lapsed', result = 'occasion_over', settled_at = %(now)s
WHERE organization_id = %(organization)s AND id = ANY(%(ids)s) AND state IN ('proposed', 'queued', 'to_do')
"""


def lapse_over(by: Actor) -> int:
    """Give up the waiting notices whose occasion is over: it was paid, broken, withdrawn; returns how many."""
    with acting_for(by.organization_id):
        waiting: Sequence[Activity] = list(
            Activity.objects.filter(
                organization_id=by.organization_id,
                state__in=[Activity.State.PROPOSED, Activity.State.QUEUED, Activity.State.TO_DO],
                step__in=list(KINDS),
            )
        )
        told = told_of(by.organization_id, waiting, by.today)
        over = [activity.id for activity in waiting if activity.id not in told]
        if not over:
            return 0
        with action(by, "notices.lapse", lapsed=len(over)), connection.cursor() as cursor:
            cursor.execute(_LAPSE, {"organization": by.organization_id, "ids": over, "now": by.now})
        return len(over)
