"""The days of a replay in one copy of the books: observe, decide, plan, and let happen what was planned."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from puntual.analytics.work.ranking import open_sums
from puntual.audit.actions import Actor
from puntual.conduct.gate import Refused
from puntual.daily.rules import MORNING, rules_for
from puntual.daily.run import Desk
from puntual.daily.simulate_made import Made
from puntual.daily.simulate_pool import Pool, rank, would_wait
from puntual.daily.simulate_reader import Reader
from puntual.daily.simulate_today import Chosen, Today
from puntual.daily.simulate_together import Rank, Seat
from puntual.daily.simulate_wake import Wake
from puntual.daily.simulate_world import World
from puntual.organizations.models import Organization
from puntual.outreach.plan import plan_many, room_left
from puntual.outreach.surroundings import Surroundings, surroundings
from puntual.strategies.outcomes import Nothing
from puntual.strategies.queries import Assignments
from puntual.strategies.queries import Chosen as Followed


@dataclass(slots=True)
class PartPlayed:
    """What one copy of the books came to; see `simulate.Played`."""

    first: date
    last: date
    decisions: int = 0
    refusals: Counter[str] = field(default_factory=Counter)
    waiting: dict[date, Counter[str]] = field(default_factory=dict)


class Days:
    """Day after day in one copy of the books, for the customers who are in it."""

    def __init__(
        self,
        organization: Organization,
        manuals: Assignments,
        world: World,
        made: Made,
        part: PartPlayed,
        reader: Reader,
        seat: Seat,
        *,
        every_day: bool,
    ) -> None:
        self._organization, self._manuals, self._world, self._made = organization, manuals, world, made
        self._played, self._reader, self._seat = part, reader, seat
        self._every_day = every_day or bool(manuals.by_segment) or any(one.segments for _, one in _followed(manuals))
        self._rules = rules_for(organization, part.first, _morning(organization, part.first), world.currencies())
        self._wake = Wake(part.first, part.last, self._rules.calendar)
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
        desk = Desk(organization, rules, self._manuals, self._seat.average(open_sums(organization.id)))
        today = Today(by, desk, surroundings(organization, day), room_left(organization.id, day))
        self._choose(today)
        planned = plan_many(by, today.staged(), share=self._share)
        waiting = today.waiting + Counter(planned.over_capacity)
        if waiting:
            played.waiting[day] = waiting
        played.refusals.update(planned.gave_way)
        played.refusals.update(self._made.happen(by, rules, today.around, self._tones))
        self._remember(today, self._made.contacted(day))

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
        while (ask := today.in_turn(waiting, self._seat)) is not None:
            self._pool.drop(ask)
            self._decide(today, ask)
            waiting = {channel: [one for one in ranks if one[1] not in ask] for channel, ranks in waiting.items()}
        today.waiting.update({channel: len(ranks) for channel, ranks in waiting.items() if ranks})
        for customer, refusal in shut.items():
            self._count(customer, refusal)
        for ranks in waiting.values():
            self._put_off.difference_update(customer for _rank, customer in ranks)

    def _share(self, room: Mapping[str, int], wanted: Sequence[tuple[str, Decimal, str]]) -> Mapping[str, int]:
        """This part's of the room of each channel."""
        ranks: defaultdict[str, list[Rank]] = defaultdict(list)
        for channel, value, customer in wanted:
            ranks[channel].append(rank(value, customer))
        return self._seat.room(room, ranks)

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
