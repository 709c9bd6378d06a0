"""Planning a day's notices, after its steps: through the same gate, outbox and unique keys, one contact per customer and day."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from puntual.audit.actions import Actor, action
from puntual.conduct.gate import Allowed
from puntual.organizations.models import Organization
from puntual.outreach.channels import AUTOMATIC
from puntual.outreach.notices.advice import unwanted
from puntual.outreach.notices.gate import Ways, busy, paused
from puntual.outreach.notices.kinds import KINDS
from puntual.outreach.notices.saying import spoken_of
from puntual.outreach.notices.told import Occasion, Search, Told, is_due
from puntual.outreach.observe import observe
from puntual.outreach.plan import PlannedActivity, plan_many
from puntual.outreach.surroundings import Surroundings, surroundings
from puntual.parties.models import Customer
from puntual.strategies.facts import CustomerFacts
from puntual.strategies.notices import CODES, OCCASIONS
from puntual.strategies.queries import Assignments, assignments
from puntual.strategies.steps import Manual, Notice

_AT_ONCE = 2_000
"""Customers looked at together."""
_THANKING = frozenset({"thank_you", "plan_completed"})
"""Who was just thanked in one way is not thanked in the other."""
# What was said of an occasion, or waits to be, is not said again; nor what a person refused or let pass.
_SAID = """
SELECT customer_id, step, lead_id, due_generation, max(day) FROM outreach_activity
WHERE organization_id = %(organization)s AND customer_id = ANY(%(customers)s) AND direction = 'out' AND step = ANY(%(codes)s)
  AND NOT (state = 'failed' OR (state = 'lapsed' AND result <> 'not_approved'))
GROUP BY 1, 2, 3, 4
"""


class _Said(NamedTuple):
    """What was said before: each occasion once, and of each code the last day a customer heard it."""

    occasions: frozenset[tuple[UUID, str, UUID, int]]
    last: Mapping[tuple[UUID, str], date]

    def keeps_back(self, occasion: Occasion, notice: Notice, day: date) -> bool:
        """Whether a notice was said already, or too short a while ago."""
        if (occasion.customer_id, occasion.code, occasion.lead_id, occasion.generation) in self.occasions:
            return True
        alike = _THANKING if occasion.code in _THANKING else {occasion.code}
        heard = [on for code in alike if (on := self.last.get((occasion.customer_id, code)))]
        return notice.rest_days > 0 and any(day < on + timedelta(days=notice.rest_days) for on in heard)


def plan_notices(by: Actor) -> dict[str, int]:
    """Plan the notices of `by.today` that the manuals in force ask for; returns how many of each kind.

    A customer gets one at most, and none where something else is said that day. What did not fit goes within the next days, as
    long as its occasion lasts. Running it again plans none twice.
    """
    organization = Organization.objects.get(pk=by.organization_id)
    manuals = assignments(organization.id, by.today)
    found = _occasions(organization, by, manuals) if manuals else {}
    if not found or manuals is None:
        return {}
    with action(by, "notices.plan", day=by.today) as log:
        planned = plan_many(by, _rows(by, organization, manuals, found))
        log.say(planned=planned.by_step)
    return planned.by_step


def notices_of(manuals: Assignments) -> dict[str, list[Notice]]:
    """By code, the notices of every manual that applies to somebody."""
    chosen = [manuals.of_organization, *manuals.by_customer.values(), *manuals.by_creditor.values()]
    chosen += [*manuals.by_segment.values(), *(arm for trial in manuals.trials.values() for arm in trial.arms.values())]
    found: dict[str, list[Notice]] = defaultdict(list)
    for manual in dict(chosen).values():
        for notice in manual.notices:
            found[notice.code].append(notice)
    return found


def _occasions(organization: Organization, by: Actor, manuals: Assignments) -> dict[UUID, list[Occasion]]:
    """What there is to say today, by customer, the most urgent first; nobody with whom something else is under way."""
    wanted = notices_of(manuals)
    found: dict[UUID, list[Occasion]] = defaultdict(list)
    for code, kind in KINDS.items():
        if code in wanted:
            for occasion in kind.coming(Search(organization.id, by.today, wanted[code], organization.time_zone)):
                found[occasion.customer_id].append(occasion)
    for customer in busy(organization, by, list(found)) if found else ():
        found.pop(customer, None)
    return found


def _rows(
    by: Actor, organization: Organization, manuals: Assignments, found: Mapping[UUID, Sequence[Occasion]]
) -> Iterator[PlannedActivity]:
    around, ways = surroundings(organization, by.today), Ways(organization, by)
    customers = sorted(found)
    for start in range(0, len(customers), _AT_ONCE):
        some = {customer: found[customer] for customer in customers[start : start + _AT_ONCE]}
        said = _said(organization.id, list(some))
        closed = unwanted(organization.id, list(some))
        told = tell(organization.id, [one for each in some.values() for one in each], by.today)
        for facts in list(observe(organization.id, by.today, by.now, around, customers=list(some), settled_too=True)):
            version, manual = manuals.of(facts.customer_id, facts.creditor_id, facts.segments)
            open_ones = [
                one
                for one in some[UUID(facts.customer_id)]
                if _asked_for(one, manual, by.today, around, said) and not paused(facts, one.code)
                if not spoken_of(facts, told.get(one)).stop
            ]
            without = closed[UUID(facts.customer_id)]
            row = next(_possible(by, organization, ways, facts, (version, manual), open_ones, told, without), None)
            if row:
                yield row


def tell(organization_id: UUID, occasions: Sequence[Occasion], day: date) -> dict[Occasion, Told]:
    """What there is to say of each occasion; one that is over is left out."""
    by_code: dict[str, list[Occasion]] = defaultdict(list)
    for occasion in occasions:
        by_code[occasion.code].append(occasion)
    found: dict[Occasion, Told] = {}
    for code, some in by_code.items():
        told = KINDS[code].told(organization_id, [one.lead_id for one in some], day)
        found |= {one: told[one.lead_id] for one in some if one.lead_id in told}
    return found


def _asked_for(occasion: Occasion, manual: Manual, day: date, around: Surroundings, said: _Said) -> bool:
    notice = manual.notice(occasion.code)
    if notice is None or said.keeps_back(occasion, notice, day):
        return False
    if OCCASIONS[occasion.code].months and occasion.params.get("months") != notice.months:
        return False
    return is_due(occasion, notice, day, around.calendars[str(occasion.creditor_id)])


def _possible(
    by: Actor,
    organization: Organization,
    ways: Ways,
    facts: CustomerFacts,
    chosen: tuple[UUID, Manual],
    occasions: Sequence[Occasion],
    told: Mapping[Occasion, Told],
    unwanted_by: frozenset[str],
) -> Iterator[PlannedActivity]:
    """The occasions of a customer of which something can be said today, as they are planned; no advice goes `unwanted_by`."""
    version, manual = chosen
    for occasion in occasions:
        notice = manual.notice(occasion.code)
        without = unwanted_by if occasion.code == "advice" else frozenset()
        way = ways.first(facts, notice.channels, notice.template, without) if notice else None
        if notice and way:
            waits = notice.approval == "approve" or facts.handling != Customer.Handling.AUTOMATIC
            lapses_at = by.now + timedelta(hours=organization.approval_hours) if waits else None
            asked = spoken_of(facts, told[occasion]).amounts
            yield _planned(occasion, notice, version, way, asked, _text(lapses_at) if lapses_at else None)


def _planned(
    occasion: Occasion,
    notice: Notice,
    version: UUID,
    way: tuple[str, Allowed],
    asked: Mapping[str, Decimal],
    lapses_at: str | None,
) -> PlannedActivity:
    channel, allowed = way
    return PlannedActivity(
        customer_id=occasion.customer_id,
        channel=channel,
        tone=notice.tone,
        state="proposed" if lapses_at else "queued" if channel in AUTOMATIC else "to_do",
        version_id=_text(version),
        step=occasion.code,
        template=notice.template,
        lead_id=occasion.lead_id,
        lead_days=None,
        due_generation=occasion.generation,
        point_id=None,
        not_before=_text(allowed.not_before),
        not_after=_text(allowed.until),
        lapses_at=lapses_at,
        demand=json.dumps({currency: str(amount) for currency, amount in asked.items()}),
        value="0",
        items=[],
        item_steps=[],
        why=json.dumps({"code": occasion.why or occasion.code, "params": dict(occasion.params)}),
    )


def _said(organization_id: UUID, customers: Sequence[UUID]) -> _Said:
    occasions: set[tuple[UUID, str, UUID, int]] = set()
    last: dict[tuple[UUID, str], date] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SAID, {"organization": organization_id, "customers": list(customers), "codes": list(CODES)})
        for customer, code, lead, generation, day in cursor:
            occasions.add((customer, code, lead, generation))
            last[customer, code] = max(day, last.get((customer, code), day))
    return _Said(frozenset(occasions), last)


_text = lru_cache(maxsize=4096)(str)  # the same few moments and versions for many
