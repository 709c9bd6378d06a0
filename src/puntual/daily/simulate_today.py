"""One day of a replay while it is decided: what was chosen, and which of it the day may have room for."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from heapq import nsmallest
from typing import NamedTuple
from uuid import UUID

from puntual.audit.actions import Actor
from puntual.daily.run import Desk, planned_activity
from puntual.daily.simulate_pool import Waiting, rank
from puntual.daily.simulate_together import Rank, Seat, Turn
from puntual.outreach.plan import PlannedActivity
from puntual.outreach.surroundings import Surroundings
from puntual.strategies.manual import Manual
from puntual.strategies.outcomes import Do


class Chosen(NamedTuple):
    """A contact or task decided on, with what it comes from and is worth, and what becomes of it where there is no room."""

    do: Do
    version: UUID
    manual: Manual
    value: Decimal
    shared: bool  # with another customer of the same party
    wait: Waiting | None
    next_step: date | None


@dataclass(slots=True)
class Today:
    """Who acts by what, the room of each limited channel, and what was chosen; `waiting` counts what nobody was asked about."""

    by: Actor
    desk: Desk
    around: Surroundings
    room: Mapping[str, int]
    chosen: dict[str, Chosen] = field(default_factory=dict)
    waiting: Counter[str] = field(default_factory=Counter)
    _ranks: defaultdict[str, list[Rank]] = field(default_factory=lambda: defaultdict(list))
    _shared: Counter[str] = field(default_factory=Counter)

    def add(self, customer: str, one: Chosen) -> None:
        """Note a decision."""
        channel = one.do.channel
        self.chosen[customer] = one
        self._ranks[channel].append(rank(one.value, customer))
        self._shared[channel] += one.shared

    def in_turn(self, waiting: Mapping[str, list[Rank]], seat: Seat) -> set[str] | None:
        """Whom of those `waiting` the day may have room for, by channel, beside those decided on; None once nobody waits."""
        wanted = {
            channel: (
                self._shared[channel],
                [
                    *(Turn(one, True) for one in waiting.get(channel, ())),
                    *(Turn(one, False) for one in self._ranks[channel]),
                ],
            )
            for channel in {*waiting, *self._ranks}
        }
        return seat.in_turn(self.room, wanted)

    def staged(self) -> Iterator[PlannedActivity]:
        """What the plan has to choose from; what is certainly beyond a channel's capacity is only counted as waiting."""
        for channel, ranks in self._ranks.items():
            first = {customer for _rank, customer in nsmallest(self._most(channel, ranks), ranks)}
            for _rank, customer in ranks:
                one = self.chosen[customer]
                if one.shared or customer in first:
                    yield planned_activity(customer, one.do, one.version, one.manual, one.value, self.by.now)
                else:
                    self.waiting[channel] += 1

    def _most(self, channel: str, ranks: list[Rank]) -> int:
        """How many may get their turn: one that shares a party may give way to the next."""
        room = self.room.get(channel)
        return len(ranks) + len(self._ranks[channel]) if room is None else room + self._shared[channel]
