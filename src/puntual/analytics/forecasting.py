"""How much of what is open will come in, week by week or day by day, with a band. Pure.

Each open amount is taken to be paid as amounts of its kind were paid before: its *kind* is how late its customer usually pays.
Of each kind the days from the expected day to the payment give a survival curve (Kaplan and Meier, 1958): what is not paid yet
counts for as long as it was watched, never as "late forever". The chance that an amount comes in a week is what the curve loses
in that week, given that it has not come until now.

Where a learned model says how likely it is that an amount is late, the curve of its kind is bent to that share at the end of the
expected day: what comes in time, and what comes late, still comes on the days on which such amounts of its kind came. Of what is
late already a model of lateness says nothing, and the curve stays.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, sqrt
from typing import NamedTuple

from puntual.kernel.calendars import BusinessCalendar

EDGES = (0, 7, 15, 30, 60)
"""Customers are told apart by their usual days late: up to each of these, or later than the last."""
UNKNOWN = len(EDGES) + 1
"""The kind of a customer who has paid too little to be known."""
KNOWN_FROM = 3
"""With so many settled items a customer is known."""
EARLIEST, LATEST = -90, 365
"""Days from the expected day that are told apart; what comes before or after counts as that day."""
Z80 = 1.2816
"""The standard normal quantile of 90 %: between it and its opposite lie 80 %."""


def kind_of(usual_days: float | None, settled: int) -> int:
    """The kind of a customer that pays `usual_days` after the expected day, known from `settled` items."""
    if usual_days is None or settled < KNOWN_FROM:
        return UNKNOWN
    return sum(usual_days > edge for edge in EDGES)


class Seen(NamedTuple):
    """So many items of a kind that were paid `days` after the expected day or, if not `paid`, were watched until then."""

    kind: int
    days: int
    paid: bool
    items: int


class Standing(NamedTuple):
    """What is open of a kind with one expected day. `squares` is the sum of the squares of what each customer owes of it: money
    comes in as whole payments. `late` is the chance that it comes after that day, by a model (None: by its kind); `slice` tells
    those of about the same chance from others.
    """

    kind: int
    expected_on: date
    amount: float
    squares: float
    slice: int = -1
    late: float | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """From `first` through `last`: what is expected to come, and between which amounts it lies in four of five such spans."""

    first: date
    last: date
    expected: float
    low: float
    high: float
    variance: float


class Curve:
    """The share not yet paid by the end of each day after the expected one, from 1 down."""

    __slots__ = ("_days", "_left")

    def __init__(self, seen: Iterable[Seen], prior: "Curve | None" = None, weight: float = 20.0) -> None:
        """`prior` stands for `weight` more items: a kind of which little was seen leans on all of them."""
        paid: Counter[int] = Counter()
        gone: Counter[int] = Counter()
        for one in seen:
            day = min(max(one.days, EARLIEST), LATEST)
            gone[day] += one.items
            if one.paid:
                paid[day] += one.items
        at_risk = float(gone.total())
        left, lean = 1.0, weight if prior else 0.0
        self._days: list[int] = []
        self._left: list[float] = []
        days = sorted(set(gone) | set(prior._days if prior else ()))
        for day in days:
            events, watched = float(paid[day]), at_risk
            if prior:
                before = prior.left(day - 1)
                still = lean * before
                events += lean * (before - prior.left(day))
                watched += still
            if watched > 0 and events > 0:
                left *= max(0.0, 1.0 - events / watched)
                self._days.append(day)
                self._left.append(left)
            at_risk -= gone[day]

    def left(self, day: int) -> float:
        """The share that is not paid by the end of that day."""
        place = bisect_right(self._days, day)
        return self._left[place - 1] if place else 1.0

    def chance(self, since: int, first: int, last: int, late: float | None = None) -> float:
        """That what was not paid by the end of day `since` is paid from day `first` through `last`; `late`: the share that is not
        paid by the end of the expected day, where it is not this curve's.
        """
        still = self._bent(since, late)
        return 0.0 if still <= 0 else (self._bent(first - 1, late) - self._bent(last, late)) / still

    def _bent(self, day: int, late: float | None) -> float:
        own, left = self.left(0), self.left(day)
        if late is None or not 0 < own < 1:
            return left  # of a kind that is always late, or never, nothing tells on which other days it would pay
        return late * left / own if day >= 0 else 1 - (1 - late) * (1 - left) / (1 - own)


def curves(seen: Sequence[Seen]) -> dict[int, Curve]:
    """A curve per kind; each leans on that of all of them where little was seen of it."""
    everybody = Curve(seen)
    by_kind: dict[int, list[Seen]] = {}
    for one in seen:
        by_kind.setdefault(one.kind, []).append(one)
    return {kind: Curve(by_kind.get(kind, ()), everybody) for kind in range(UNKNOWN + 1)}


def weeks_from(today: date, weeks: int) -> list[tuple[date, date]]:
    """The first and the last day of each of the `weeks` that begin tomorrow."""
    begins = [today + timedelta(days=1 + 7 * place) for place in range(weeks)]
    return [(first, first + timedelta(days=6)) for first in begins]


def bank_days_from(today: date, days: int, calendar: BusinessCalendar) -> list[tuple[date, date]]:
    """Each of the next `days` business days with the days without banks before it, whose money arrives on it."""
    found: list[tuple[date, date]] = []
    first = today + timedelta(days=1)
    while len(found) < days:
        last = calendar.next_business_day(first)
        found.append((first, last))
        first = last + timedelta(days=1)
    return found


def forecast(
    standings: Iterable[Standing],
    curves: Mapping[int, Curve],
    today: date,
    spans: Sequence[tuple[date, date]],
    reach: float = Z80,
) -> list[Span]:
    """What comes in each of the `spans`, all after `today`, of what is open at its end.

    The band is expected ± reach × √variance, never below nothing; the variance is that of payments that come or do not, each for
    itself. `reach` is how far the past went beyond that (see `reach_of`): people do not pay each for themselves.
    """
    sums = [[0.0, 0.0] for _ in spans]
    for one in standings:
        age = (today - one.expected_on).days
        curve = curves[one.kind]
        for place, (first, last) in enumerate(spans):
            chance = curve.chance(age, age + (first - today).days, age + (last - today).days, one.late)
            sums[place][0] += one.amount * chance
            sums[place][1] += one.squares * chance * (1 - chance)
    found = []
    for (first, last), (expected, variance) in zip(spans, sums, strict=True):
        wide = reach * sqrt(variance)
        found.append(Span(first, last, expected, max(0.0, expected - wide), expected + wide, variance))
    return found


def reach_of(past: Iterable[tuple[float, float, float]], least: int = 8) -> float:
    """How many standard deviations of single payments hold four of five weeks, by the past ones: of |came - expected| ÷ √variance
    the value at place ⌈0.8 (n + 1)⌉ of n. It holds the next with a chance of at least 80 % whatever their distribution, as long
    as that comes like those before (split conformal prediction; Lei et al., 2018, J. Amer. Statist. Assoc. 113).

    `past` are (expected, variance, came); with fewer than `least` weeks that can be judged, `Z80`. Never below half of that or
    above ten times.
    """
    ratios = sorted(abs(came - expected) / sqrt(variance) for expected, variance, came in past if variance > 0)
    if len(ratios) < least:
        return Z80
    place = min(ceil(0.8 * (len(ratios) + 1)), len(ratios))
    return min(max(ratios[place - 1], Z80 / 2), 10 * Z80)
