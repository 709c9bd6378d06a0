"""A version of a manual played over the organization's own history, without writing.

Day by day the facts are what they were; the contacts are those this version would have made. Observing, deciding and planning
are the day run's own, in a private copy of the books (`simulate_world`). Only what people and the post add is taken as given:
whatever is planned is approved and arrives, calls are made and answered, tasks are done, required notices are proved, all on
their day.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from puntual.analytics.work.ranking import average_open
from puntual.audit.actions import Actor
from puntual.conduct.gate import Refused
from puntual.daily.rules import MORNING, rules_for
from puntual.daily.run import Desk
from puntual.daily.simulate_made import Made
from puntual.daily.simulate_pool import Pool, would_wait
from puntual.daily.simulate_reader import Reader, reading_ahead
from puntual.daily.simulate_today import Chosen, Today
from puntual.daily.simulate_wake import Wake
from puntual.daily.simulate_world import World, room_for_a_world, simulated
from puntual.kernel.ahead import at_full_speed
from puntual.kernel.problems import N_, Problem
from puntual.organizations.models import Organization
from puntual.outreach.plan import plan_many, room_left
from puntual.outreach.surroundings import Surroundings, surroundings
from puntual.strategies.manual import from_content
from puntual.strategies.models import Version
from puntual.strategies.outcomes import Nothing
from puntual.strategies.queries import Assignments, assignments
from puntual.strategies.queries import Chosen as Followed
from puntual.tenancy.scope import acting_for

MOST_DAYS = 731
_DAY = timedelta(days=1)
Tell = Callable[[int, int], None]
"""Called with the days done and those there are. May raise to stop."""


@dataclass(slots=True)
class Played:
    """What a replay came to. `waiting` counts the contacts beyond a channel's capacity, by day and channel.

    `refusals` counts those that conduct put off, each once and by the first rule that stood against it.
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
    chosen: Followed = version.id, from_content(version.content)
    found = assignments(organization_id)
    if found is None:
        return Assignments({}, {}, chosen)
    active = Version.objects.filter(
        organization_id=organization_id, strategy=version.strategy_id, state=Version.State.ACTIVE
    )
    replaced = active.values_list("id", flat=True).first()

    def instead(followed: Mapping[str, Followed]) -> dict[str, Followed]:
        return {scope: chosen if one[0] == replaced else one for scope, one in followed.items()}

    scopes = (found.by_customer, found.by_segment, found.by_creditor)
    followed = any(one[0] == replaced for scope in scopes for one in scope.values())
    own = not followed or found.of_organization[0] == replaced
    return replace(
        found,
        by_customer=instead(found.by_customer),
        by_segment=instead(found.by_segment),
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
    with room_for_a_world(), acting_for(organization.id):
        manuals = with_version(organization.id, version)
        rest_days = Surroundings().rest_days
        with simulated(organization.id, first, last, rest_days) as world:
            played = Played(first, last, Made(organization, first, last))
            with at_full_speed(), reading_ahead() as reader:
                replay = _Replay(organization, manuals, world, played, reader, every_day=every_day)
                tell(0, days)
                for number in range(days):
                    replay.day(first + number * _DAY)
                    tell(number + 1, days)
            yield played


class _Replay:
    """Day after day in one copy of the books."""

    def __init__(
        self,
        organization: Organization,
        manuals: Assignments,
        world: World,
        played: Played,
        reader: Reader,
        *,
        every_day: bool,
    ) -> None:
        self._organization, self._manuals, self._world, self._played = organization, manuals, world, played
        self._reader = reader
        self._every_day = every_day or bool(manuals.by_segment) or any(one.segments for _, one in _followed(manuals))
        self._rules = rules_for(organization, played.first, _morning(organization, played.first), world.currencies())
        self._wake = Wake(played.first, played.last, self._rules.calendar)
        self._pool = Pool()
        self._shared = world.shared_parties()
        self._put_off: set[str] = set()
        self._before: Surroundings | None = None
        self._tones = {str(key): {step.code: step.tone for step in one.steps} for key, one in _followed(manuals)}

    def day(self, day: date) -> None:
        """Observe, decide, plan, and let happen what was planned."""
        organization, played = self._organization, self._played
        self._world.advance(day)
        by = Actor(organization.id, _morning(organization, day), day)
        rules = replace(self._rules, earliest=by.now)
        desk = Desk(organization, rules, self._manuals, average_open(organization.id))
        today = Today(by, desk, surroundings(organization, day), room_left(organization.id, day))
        self._choose(today)
        planned = plan_many(by, today.staged())
        waiting = today.waiting + Counter(planned.over_capacity)
        if waiting:
            played.waiting[day] = dict(waiting)
        played.refusals.update(planned.gave_way)
        played.refusals.update(played.made.happen(by, rules, today.around, self._tones))
        self._remember(today, played.made.contacted(day))

    def _choose(self, today: Today) -> None:
        """The contacts of a day: of those who are due, and of those who wait and may get their turn."""
        due = self._due(today)
        if due is None:
            self._pool.clear()
        else:
            self._pool.drop(due)
        self._decide(today, due)
        shut, other = self._pool.shut(today.by.today, today.desk.rules)
        self._pool.drop(other)
        self._decide(today, other)
        waiting = self._pool.ranks(today.by.today, today.desk.value, shut)
        while ask := {customer for customer in today.in_turn(waiting) if customer in self._pool}:
            self._pool.drop(ask)
            self._decide(today, ask)
            waiting = {channel: [one for one in ranks if one[1] not in ask] for channel, ranks in waiting.items()}
        today.waiting.update({channel: len(ranks) for channel, ranks in waiting.items() if ranks})
        for customer, refusal in shut.items():
            self._count(customer, refusal)
        for ranks in waiting.values():
            self._put_off.difference_update(customer for _rank, customer in ranks)

    def _due(self, today: Today) -> set[str] | None:
        """Whom to ask about; None for everybody."""
        day, around = today.by.today, today.around
        before, self._before = self._before, around
        moved, looming = self._world.woken(day)
        due = moved | self._wake.take(day) | {customer for customer in looming if not self._pool.leads(customer)}
        if self._every_day or before is None or before.stale_creditors != around.stale_creditors:
            return None
        if barred := before.time_barred ^ around.time_barred:
            due |= self._world.owners(barred)
        return due

    def _decide(self, today: Today, asked: set[str] | None) -> None:
        by, desk, day = today.by, today.desk, today.by.today
        for facts in self._reader.facts(by, today.around, asked):
            self._played.decisions += 1
            customer = facts.customer_id
            outcome, version, manual = desk.decide(facts, day)
            if isinstance(outcome, Nothing):
                self._wake.after(facts, outcome, manual, day)
                self._count(customer, outcome.refusal)
                continue
            self._put_off.discard(customer)
            shared = facts.party_id in self._shared
            wait = None if shared or self._every_day else would_wait(facts, outcome, manual, desk.rules, day)
            next_step = self._wake.next_step(facts, manual, day, outcome.lead) if wait else None
            today.add(customer, Chosen(outcome, version, manual, desk.value(outcome), shared, wait, next_step))

    def _remember(self, today: Today, contacted: set[str]) -> None:
        """Who waits for room, and when the others are asked again."""
        day = today.by.today
        for customer, one in today.chosen.items():
            if customer in contacted:
                self._wake.contacted(customer, day)
            elif one.wait is None:
                self._wake.tomorrow(customer, day)
            else:
                self._pool.add(customer, one.wait)
                if one.next_step:
                    self._wake.on(customer, one.next_step)

    def _count(self, customer: str, refusal: Refused | None) -> None:
        """Count a contact that conduct puts off, once until it is possible or no longer due."""
        if refusal is None:
            self._put_off.discard(customer)
        elif customer not in self._put_off:
            self._put_off.add(customer)
            self._played.refusals[refusal.rule_id] += 1


def _followed(manuals: Assignments) -> Iterator[Followed]:
    """Every manual that applies to somebody."""
    for scope in (manuals.by_customer, manuals.by_segment, manuals.by_creditor):
        yield from scope.values()
    yield manuals.of_organization


def _morning(organization: Organization, day: date) -> datetime:
    """When the clock's own day run begins."""
    return datetime.combine(day, MORNING, ZoneInfo(organization.time_zone))
