"""In which months of the year, or parts of the month, a customer pays otherwise than in the rest. Pure.

What falls due in one month is often paid with one transfer, so its items are no independent witnesses: a month (of one year, or a
third of it) counts as one *time*, by the mean of its days late. With the mean m of the n times of a part, the mean M of the other
N - n, and the pooled variance s² of the times within their parts, the part differs where

    |m - M| / √(s² (1/n + 1/(N - n)))  >  t(1 - 0.02 / (2 × 15), N - G)

the t test of a contrast in a one-way layout with G parts, divided among the 12 months and 3 thirds that are looked at
(Bonferroni): of customers who have no season at most one in fifty is said to have one, and of those who are now and then very
late, whose times are not spread as the test takes them to be, one in twenty.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from math import sqrt
from typing import Any, Literal, NamedTuple, TypeAlias

from puntual.analytics.behavior import NOTICEABLE_DAYS
from puntual.analytics.learning.comparing import t_quantile

Part: TypeAlias = Literal["month", "third"]
LEAST = {"month": 2, "third": 6}
"""Times that a part has to have been seen: a month in two years, a third in six months."""
FEWEST = 3
"""Items that a part has to have been made of."""
MONTHS = 8
"""Whoever was seen in fewer months has no season: the degrees of freedom below are not reached."""
FREEDOM = 6
"""With fewer degrees of freedom the spread of times is not known."""
SURE = 1 - 0.02 / (2 * 15)
_LEAST_VARIANCE = 0.25
"""Days are whole: below half a day nothing is measured."""


class Times(NamedTuple):
    """The times of a part: month 1 to 12, or third 1 to 3 (through the 10th, the 20th, the end). `items` they were made of, the
    sum `total` of their means in days late, the sum of their `squares`, and the `least` and `most` of them.
    """

    part: Part
    which: int
    times: int
    items: int
    total: float
    squares: float
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Season:
    """What is expected in a part is paid `days` later than the rest (sooner, where below zero), seen `times` with `items`.

    The days are drawn to nothing by one time: m - M, times n / (n + 1).
    """

    part: Part
    which: int
    days: int
    times: int
    items: int

    def kept(self) -> dict[str, Any]:
        """As JSON: `Season(**kept)` is the way back."""
        return asdict(self)


def seasons(seen: Iterable[Times]) -> list[Season]:
    """The parts that surely differ, by at least `NOTICEABLE_DAYS`; the months of the year first."""
    by_part: dict[Part, list[Times]] = {"month": [], "third": []}
    for one in seen:
        by_part[one.part].append(one)
    return [season for each in by_part.values() for season in _of(sorted(each, key=lambda one: one.which))]


def _of(each: Sequence[Times]) -> list[Season]:
    times, total = sum(one.times for one in each), sum(one.total for one in each)
    freedom = times - len(each)
    if len(each) < 2 or freedom < FREEDOM:
        return []
    within = sum(one.squares - one.total**2 / one.times for one in each) / freedom
    variance, bar = max(within, _LEAST_VARIANCE), t_quantile(freedom, SURE)
    found = []
    for one in each:
        others = times - one.times
        if one.times < LEAST[one.part] or one.items < FEWEST:
            continue
        usual = (total - one.total) / others
        change = one.total / one.times - usual
        days = round(change * one.times / (one.times + 1))
        sure = abs(change) > bar * sqrt(variance * (1 / one.times + 1 / others))
        always = one.part == "third" or (one.least > usual if change > 0 else one.most < usual)
        if sure and always and abs(days) >= NOTICEABLE_DAYS:
            found.append(Season(one.part, one.which, days, one.times, one.items))
    return found
