"""A version of a manual played over the organization's own history, without writing.

Day by day the facts are what they were; the contacts are those this version would have made. Observing, deciding and planning
are the day run's own, in a private copy of the books (`simulate_world`). Only what people and the post add is taken as given:
whatever is planned is approved and arrives, calls are made and answered, tasks are done, required notices are proved, all on
their day.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from puntual.audit.actions import Actor
from puntual.daily.rules import MORNING, average_open, rules_for
from puntual.daily.run import Desk, planned_activity
from puntual.daily.simulate_made import Made
from puntual.daily.simulate_wake import Wake
from puntual.daily.simulate_world import World, simulated
from puntual.kernel.ahead import at_full_speed
from puntual.kernel.problems import N_, Problem
from puntual.organizations.models import Organization
from puntual.outreach.observe import observe
from puntual.outreach.plan import PlannedActivity, plan_many
from puntual.outreach.surroundings import Surroundings, surroundings
from puntual.strategies.manual import from_content
from puntual.strategies.models import Version
from puntual.strategies.outcomes import Nothing
from puntual.strategies.queries import Assignments, Chosen, assignments
from puntual.tenancy.scope import acting_for

MOST_DAYS = 731
_DAY = timedelta(days=1)
Tell = Callable[[int, int], None]
"""Called with the days done and those there are. May raise to stop."""


@dataclass(slots=True)
class Played:
    """What a replay came to. `refusals` counts, by rule of conduct, the customers it kept back each day; `waiting` those beyond a
    channel's capacity, by day and channel.
    """

    first: date
    last: date
    made: Made
    customers: int = 0
    decisions: int = 0
    refusals: Counter[str] = field(default_factory=Counter)
    waiting: dict[date, dict[str, int]] = field(default_factory=dict)


def with_version(organization_id: UUID, version: Version) -> Assignments:
    """What would apply to whom, were the version in force.

    One of a strategy that nobody follows stands for the organization's own. Experiments are left out. Must run inside
    `acting_for`. Raises Problem where the version cannot be followed.
    """
    chosen: Chosen = version.id, from_content(version.content)
    found = assignments(organization_id)
    if found is None:
        return Assignments({}, {}, chosen)
    active = Version.objects.filter(
        organization_id=organization_id, strategy=version.strategy_id, state=Version.State.ACTIVE
    )
    replaced = active.values_list("id", flat=True).first()

    def instead(followed: Mapping[str, Chosen]) -> dict[str, Chosen]:
        return {scope: chosen if one[0] == replaced else one for scope, one in followed.items()}

    scopes = {name: getattr(found, name) for name in ("by_customer", "by_creditor")}
    followed = any(one[0] == replaced for scope in scopes.values() for one in scope.values())
    own = not followed or found.of_organization[0] == replaced
    return replace(
        found,
        by_customer=instead(found.by_customer),
        by_creditor=instead(found.by_creditor),
        of_organization=chosen if own else found.of_organization,
    )


@contextmanager
def replayed(
    organization: Organization,
    version: Version,
    first: date,
    last: date,
    *,
    tell: Tell = lambda done, days: None,
    every_day: bool = False,
) -> Iterator[Played]:
    """Play a version, a draft too, from `first` through `last`; what was made can be read until the end of the block.

    A customer is decided on where something may have changed; with `every_day` on every day, which gives the same.
    Raises Problem for days the wrong way round or too many of them.
    """
    days = (last - first).days + 1
    if not 0 < days <= MOST_DAYS:
        raise Problem(N_("Choose a first and a last day, at most {most} days from one to the other."), most=MOST_DAYS)
    with acting_for(organization.id):
        manuals = with_version(organization.id, version)
        rest_days = Surroundings().rest_days
        with simulated(organization.id, first, last, rest_days) as world:
            played = Played(first, last, Made(organization, first, last))
            with at_full_speed(), ThreadPoolExecutor(1, "database") as hand:
                replay = _Replay(organization, manuals, world, played, hand, every_day=every_day)
                tell(0, days)
                for number in range(days):
                    replay.day(first + number * _DAY)
                    tell(number + 1, days)
            yield played


class _Replay:
    def __init__(
        self,
        organization: Organization,
        manuals: Assignments,
        world: World,
        played: Played,
        hand: Executor,
        *,
        every_day: bool,
    ) -> None:
        self._organization, self._manuals, self._world, self._played, self._hand = (
            organization,
            manuals,
            world,
            played,
            hand,
        )
        calendar = rules_for(organization, played.first, _morning(organization, played.first), set()).calendar
        self._wake = Wake(played.first, played.last, calendar)
        self._before: Surroundings | None = None
        self._every_day = every_day
        self._tones = {
            str(version): {step.code: step.tone for step in manual.steps} for version, manual in _followed(manuals)
        }

    def day(self, day: date) -> None:
        """Observe, decide, plan, and let happen what was planned."""
        self._world.advance(day)
        by = Actor(self._organization.id, _morning(self._organization, day), day)
        average = average_open(self._organization.id)
        desk = Desk(
            self._organization, rules_for(self._organization, day, by.now, set(average)), self._manuals, average
        )
        around = surroundings(self._organization, day)
        due = self._due(day, around)
        if due is not None and not due:
            return
        planned = plan_many(by, self._decide(by, desk, around, due), self._hand)
        self._played.refusals.update(planned.gave_way)
        if planned.over_capacity:
            self._played.waiting[day] = planned.over_capacity
        self._played.refusals.update(self._played.made.happen(by, desk.rules, around, self._tones))

    def _due(self, day: date, around: Surroundings) -> set[str] | None:
        """Whom to ask about on `day`; None for everybody."""
        before, self._before = self._before, around
        due = self._world.woken(day) | self._wake.take(day)
        if self._every_day or before is None or before.stale_creditors != around.stale_creditors:
            return None
        if barred := before.time_barred ^ around.time_barred:
            due |= self._world.owners(barred)
        return due

    def _decide(self, by: Actor, desk: Desk, around: Surroundings, due: set[str] | None) -> Iterator[PlannedActivity]:
        day, played = by.today, self._played
        customers = None if due is None else [UUID(one) for one in due]
        for facts in observe(by.organization_id, day, by.now, around, customers=customers, hand=self._hand):
            played.decisions += 1
            outcome, version, manual = desk.decide(facts, day)
            self._wake.after(facts, outcome, manual, day)
            if isinstance(outcome, Nothing):
                if outcome.refusal:
                    played.refusals[outcome.refusal.rule_id] += 1
                continue
            yield planned_activity(facts.customer_id, outcome, version, manual, desk.value(outcome), by.now)


def _followed(manuals: Assignments) -> Iterator[Chosen]:
    """Every manual that applies to somebody."""
    yield from manuals.by_customer.values()
    yield from manuals.by_creditor.values()
    yield manuals.of_organization


def _morning(organization: Organization, day: date) -> datetime:
    """When the clock's own day run begins."""
    return datetime.combine(day, MORNING, ZoneInfo(organization.time_zone))
