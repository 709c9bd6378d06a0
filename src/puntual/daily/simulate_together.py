"""What the parts of a replay tell each other: they are played side by side, each in a thread and a copy of the books of its own.

Only two things on a day depend on everybody: what an average item is, and whom the room of a channel is for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from heapq import nsmallest
from threading import Barrier
from typing import Any, NamedTuple, TypeAlias

Rank: TypeAlias = tuple[Decimal, str]
"""Where a contact stands in the plan, the lowest first: minus what it is worth, and the customer."""


class Turn(NamedTuple):
    """A contact that wants room: where it stands, and whether it `waits`, nobody having been asked about the customer today."""

    rank: Rank
    waits: bool


@dataclass(slots=True)
class Together:
    """A table at which as many `parts` sit, each in its own thread; what one says, all hear. Everybody says the same things in
    the same order.

    `share` raises threading.BrokenBarrierError where another part has failed or was told to stop.
    """

    parts: int = 1
    _barrier: Barrier = field(init=False)
    _said: list[list[Any]] = field(init=False)

    def __post_init__(self) -> None:
        self._barrier = Barrier(self.parts)
        # In turn: somebody may say the next thing while others still listen to the last.
        self._said = [[None] * self.parts, [None] * self.parts]

    def seats(self) -> list["Seat"]:
        """One for each part."""
        return [Seat(self, number) for number in range(self.parts)]

    def leave(self) -> None:
        """End it for everybody."""
        self._barrier.abort()

    def share(self, seat: int, said: int, mine: Any) -> list[Any]:
        """Say something, as the thing number `said`, and hear what each part says."""
        heard = self._said[said % 2]
        heard[seat] = mine
        self._barrier.wait()
        return list(heard)


@dataclass(slots=True)
class Seat:
    """One part's place at the table."""

    together: Together
    number: int
    _said: int = 0

    def average(self, mine: Mapping[str, tuple[Decimal, int]]) -> dict[str, Decimal]:
        """The average item by currency, from the open amount and the items of each part."""
        sums: dict[str, tuple[Decimal, int]] = {}
        for part in self._share(mine):
            for currency, (amount, items) in part.items():
                amount_before, items_before = sums.get(currency, (Decimal(0), 0))
                sums[currency] = amount_before + amount, items_before + items
        return {currency: amount / items for currency, (amount, items) in sums.items()}

    def in_turn(self, room: Mapping[str, int], mine: Mapping[str, tuple[int, Sequence[Turn]]]) -> set[str] | None:
        """Those of this part who wait and may get their turn, by the `room` of each channel that has a limit; None once
        nobody waits in any part.

        `mine` has by channel how many that were decided on share a party (each may give way to the next) and who wants room.
        """
        everybody = self._share(
            {
                channel: (
                    shared,
                    nsmallest(room[channel] + shared, turns)
                    if channel in room
                    else [one for one in turns if one.waits],
                )
                for channel, (shared, turns) in mine.items()
            }
        )
        found: set[str] = set()
        anybody = False
        for channel in {channel for part in everybody for channel in part}:
            parts = [part[channel] for part in everybody if channel in part]
            turns = [turn for _shared, part in parts for turn in part]
            if channel in room:
                turns = nsmallest(room[channel] + sum(shared for shared, _turns in parts), turns)
            waiting = {turn.rank[1] for turn in turns if turn.waits}
            anybody = anybody or bool(waiting)
            found |= waiting
        return found & {turn.rank[1] for _shared, turns in mine.values() for turn in turns} if anybody else None

    def room(self, room: Mapping[str, int], mine: Mapping[str, Sequence[Rank]]) -> dict[str, int]:
        """How much of the room of each channel is this part's: those of its contacts who stand among the first."""
        everybody = self._share({channel: nsmallest(most, mine.get(channel, ())) for channel, most in room.items()})
        found = {}
        for channel, most in room.items():
            first = set(nsmallest(most, [rank for part in everybody for rank in part[channel]]))
            found[channel] = len(first.intersection(everybody[self.number][channel]))
        return found

    def _share(self, mine: Any) -> list[Any]:
        self._said += 1
        return self.together.share(self.number, self._said, mine)
