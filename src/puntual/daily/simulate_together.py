"""What the two parts of a replay tell each other: they are played side by side, each in a process and a copy of the books of its
own.

Only two things on a day depend on everybody: what an average item is, and whom the room of a channel is for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from heapq import nsmallest
from multiprocessing.connection import Connection
from typing import Any, NamedTuple, TypeAlias

Rank: TypeAlias = tuple[Decimal, str]
"""Where a contact stands in the plan, the lowest first: minus what it is worth, and the customer."""


class Turn(NamedTuple):
    """A contact that wants room: where it stands, and whether it `waits`, nobody having been asked about the customer today."""

    rank: Rank
    waits: bool


@dataclass(frozen=True, slots=True)
class Seat:
    """One part's place: its number, from 0, and the line to the other part; alone without one.

    Both say the same things in the same order. Every method raises EOFError or ConnectionError where the other part is gone, or
    what ended it.
    """

    number: int = 0
    line: "Connection[Any, Any] | None" = None

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
        """Say something, and hear what each part says."""
        if self.line is None:
            return [mine]
        if self.number:  # one speaks first, or both would wait for a listener once there is much to say
            heard = hear(self.line)
            self.line.send(mine)
            return [heard, mine]
        self.line.send(mine)
        return [mine, hear(self.line)]


def hear(line: "Connection[Any, Any]") -> Any:
    """What the other part says next. Raises EOFError where it is gone, or what ended it."""
    heard = line.recv()
    if isinstance(heard, Exception):
        raise heard
    return heard
