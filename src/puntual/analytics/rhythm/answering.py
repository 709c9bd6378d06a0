"""How soon and at what hours a customer answers, by channel. Pure.

A *contact* is a message that arrived, or a call, a visit or a meeting that was tried. A message is *answered* by the first words
that came from the customer (in whatever way) after it and before the next contact, or that name it, within `WAIT`; a call by
reaching somebody. Hours are those of the customer's own clock.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from math import ceil
from typing import Any, Self

MOST = 24
"""Habits change: only so many of the last contacts of each channel count."""
WAIT = timedelta(days=14)
"""Words that came later are not taken for an answer."""
FEW = 4
"""With fewer answers nothing is said of how soon they come, nor at what hours."""
USUAL = 0.75
"""Three of four answers come within what is called usual."""
WIDEST = 3
"""Hours that a window may have to be worth saying; at least half of the answers lie in it."""


@dataclass(frozen=True, slots=True)
class Answering:
    """The last contacts by a channel, and what came of them.

    `minutes` are those within which three of four answers to messages came (None for what is spoken, and for fewer than `FEW`).
    `hours` counts answers by the hour of the day, `tried` contacts by the hour where hours are ours to choose (what is spoken).
    `paid` counts chasing contacts whose lead item was settled by money before the next one, at most 30 days later, half of them
    within `days`.
    """

    channel: str
    contacts: int
    answered: int
    minutes: int | None
    hours: Mapping[int, int]
    tried: Mapping[int, int]
    paid: int
    days: int | None

    @property
    def window(self) -> tuple[int, int] | None:
        """From which hour until which most answers come; None where no few hours stand out."""
        found = window(self.hours) if self.answered >= FEW else None
        return None if found and self.tried and not _better(self, *found) else found

    def kept(self) -> dict[str, Any]:
        """As JSON; `restored` is the way back."""
        return asdict(self)

    @classmethod
    def restored(cls, kept: Mapping[str, Any]) -> Self:
        """What was kept: JSON knows hours as text."""
        hours, tried = ({int(hour): n for hour, n in kept[name].items()} for name in ("hours", "tried"))
        return cls(**{**kept, "hours": hours, "tried": tried})


def answering(
    channel: str,
    contacts: int,
    waits: Sequence[int],
    hours: Sequence[int],
    tried: Sequence[int],
    paid: Sequence[int],
) -> Answering:
    """What the last contacts by a channel come to: `waits` of answers in minutes, the `hours` at which they came, the hours at
    which was `tried`, and the days from contacts to what `paid` them.
    """
    return Answering(
        channel=channel,
        contacts=contacts,
        answered=len(hours),
        minutes=_within(waits, USUAL) if len(waits) >= FEW else None,
        hours=dict(sorted(Counter(hours).items())),
        tried=dict(sorted(Counter(tried).items())),
        paid=len(paid),
        days=_within(paid, 0.5) if paid else None,
    )


def window(hours: Mapping[int, int]) -> tuple[int, int] | None:
    """The fewest hours in a row, `WIDEST` at the most, that hold at least half of the answers, as [from, until): the ones that
    hold the most, the earliest of those. Midnight ends a row. None where answers are spread wider.
    """
    total = sum(hours.values())
    for width in range(1, WIDEST + 1):
        held, start = max(
            (sum(hours.get(hour, 0) for hour in range(start, start + width)), -start) for start in range(25 - width)
        )
        if total and 2 * held >= total:
            return -start, -start + width
    return None


def _better(one: Answering, start: int, until: int) -> bool:
    """Whether more are reached in the window than beside it: who is called only at nine is reached only at nine."""
    inside = sum(n for hour, n in one.tried.items() if start <= hour < until)
    beside = sum(one.tried.values()) - inside
    if not inside or beside < FEW:
        return False
    reached = sum(n for hour, n in one.hours.items() if start <= hour < until)
    return reached * beside > (one.answered - reached) * inside


def _within(values: Sequence[int], share: float) -> int:
    """The least of them that so many lie at or below (`percentile_disc`)."""
    return sorted(values)[ceil(share * len(values)) - 1]
