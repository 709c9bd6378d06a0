"""How a customer pays: days late of what it settled last, and what they say together. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from statistics import mean
from typing import NamedTuple
from uuid import UUID

LAST = 12
"""Habits change: only so many of the last settled items count."""
FEW = 4
"""With fewer than these nothing is said of a trend or a habit."""
NOTICEABLE_DAYS = 3


class Settled(NamedTuple):
    """One item that money settled, on the day it took effect."""

    invoice_id: UUID
    number: str
    currency: str
    amount: Decimal
    due_on: date
    settled_on: date

    @property
    def days_late(self) -> int:
        """Calendar days from the due date to the settlement; negative where it came before."""
        return (self.settled_on - self.due_on).days


class Trend(StrEnum):
    """The later half of the items beside the earlier one."""

    LATER = "later"
    SOONER = "sooner"
    STEADY = "steady"


@dataclass(frozen=True, slots=True)
class Behavior:
    """The last settled items, the oldest first, and what follows. `mean_days` is None, and `trend` unknown, for none.

    `weekday` (0 = Monday) is the one on which at least half of them were settled.
    """

    settled: tuple[Settled, ...]
    mean_days: int | None = None
    on_time: int = 0
    trend: Trend | None = None
    weekday: int | None = None

    @property
    def days(self) -> list[int]:
        """The days late, the oldest first."""
        return [item.days_late for item in self.settled]


def behavior(settled: Sequence[Settled]) -> Behavior:
    """What the last `LAST` items say; `settled` may be in any order."""
    last = tuple(sorted(settled, key=lambda item: (item.settled_on, item.due_on, item.number))[-LAST:])
    if not last:
        return Behavior(())
    days = [item.days_late for item in last]
    on_time = sum(late <= 0 for late in days)
    if len(last) < FEW:
        return Behavior(last, round(mean(days)), on_time)
    half = len(days) // 2
    change = mean(days[-half:]) - mean(days[:half])
    trend = Trend.STEADY if abs(change) < NOTICEABLE_DAYS else Trend.LATER if change > 0 else Trend.SOONER
    weekday, times = Counter(item.settled_on.weekday() for item in last).most_common(1)[0]
    return Behavior(last, round(mean(days)), on_time, trend, weekday if 2 * times >= len(last) else None)
