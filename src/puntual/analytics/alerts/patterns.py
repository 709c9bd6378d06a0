"""When somebody leaves their own pattern. Pure: plain facts in, what changed out, or nothing.

Each customer is its own measure: twenty days late is news of one and the usual of another. The bounds are set so that a change is
seen within a month of its first sign while one that pays as ever is left in peace (tests/test_planted).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from math import sqrt
from statistics import median
from typing import Any, NamedTuple

from puntual.analytics.alerts.buying import Billed, buys_more, known
from puntual.analytics.alerts.kinds import Kind

RECENT = timedelta(days=60)
"""What was expected within these days is held against what came before."""
FEW = 6
"""With fewer weeks or months before, nothing is known of a pattern."""
_BEFORE = 24
"""So many weeks of the past make the pattern."""
_LEAST_SPREAD = 5.0
"""Days: a pay run, a holiday and a weekend move a payment by as much without anything having changed."""
_WIDEST = 1.5
"""How many times as wide as from week to week a spread may be: more is a drift."""
_SLACK = 1.0
"""Lateness up to so many spreads beyond the usual is no evidence."""
_GOOD = 3.0
"""What a week paid as usual takes off the evidence."""
_SPARSE, _DENSE = 1.5, 3.0
"""Weeks with something expected, in thirty days: up to the first, a month shows one payment; from the second, several."""
_ENOUGH = (2.5, 4.0, 3.5)
"""The evidence that is enough, in spreads: of sparse payers, of those between, and of dense ones."""
_MOST_OF_ONE = 3.0
"""One week of a dense payer counts for no more: one invoice gone astray is no pattern."""
_NORMAL = 1.2816
"""How many standard deviations above the middle nine tenths of a normal distribution lie."""
_MAD = 1.4826
"""What makes the median distance from the median a standard deviation, where the distribution is normal."""

_ON_TIME = 2.0
"""Days late that still count as punctual: a transfer made on the day and booked after it."""
_PUNCTUAL, _KNOWN_PUNCTUAL = 12, 8
"""The last so many weeks, and at least so many of them, were all on time."""
_MISSED_DAYS = 14
"""So long after its date nobody waits for a transfer that is on its way."""

OWING = 12
"""Of the days of the past year that are looked at, so many with something open make a pattern."""
GROWN = Decimal("1.3")
"""A balance is news only where it is so many times the middle one,"""
_FAR = Decimal("1.6")
"""and so many times where it alone tells."""
_MUCH = 1.5
"""How far beyond the highest one it must be where the items are not more than ever: the fewer make it up, the further."""
_MORE_ITEMS = 1.2

_PARTS, _PARTS_SHARE = 2, 0.1
"""So many items paid in part are news where at most this share of those before was."""
DISPUTES = 3
"""Opened within ninety days, and twice as many as was usual."""
CONTACTS, _SILENT_DAYS = 4, 14
"""Contacts on so many days, over at least so many, without an answer or a payment."""
_MANY, _SURE, _WORSE = 10, 3.0, 0.1
"""Customers that make a group, standard errors beyond the months before, and the share by which more of them are late."""


class Week(NamedTuple):
    """What was expected in one week: the earliest day, how late it was on average in days, and whether all of it is settled.

    What is open counts with the days it is late so far.
    """

    expected_on: date
    days: float
    settled: bool


@dataclass(frozen=True, slots=True)
class Change:
    """What changed. `facts` are plain and go into a sentence; `series` is the shape of it, the earliest first, of which the last
    `fresh` points are the news and `usual` is the level before.
    """

    kind: Kind
    facts: dict[str, Any]
    series: tuple[float, ...] = ()
    fresh: int = 0
    usual: float | None = None
    subject: str = field(default="")


class _Pattern(NamedTuple):
    usual: float
    spread: float
    enough: float
    most: float


def lateness(weeks: Sequence[Week], day: date) -> Change | None:
    """Whether a customer pays later than is its own pattern, or a punctual one missed a date; `weeks` in any order.

    Nothing is said of one with fewer than `FEW` weeks of past.
    """
    ordered = sorted(weeks)
    before = [week for week in ordered if week.expected_on <= day - RECENT][-_BEFORE:]
    recent = [week for week in ordered if week.expected_on > day - RECENT]
    if len(before) < FEW or not recent:
        return None
    return _missed(ordered) or _later(before, recent)


def _later(before: Sequence[Week], recent: Sequence[Week]) -> Change | None:
    """Evidence is summed over the recent weeks (Page's CUSUM, 1954): what is later than usual adds, what is not takes off."""
    known = _pattern(before)
    evidence, late = 0.0, 0
    for week in recent:
        beyond = (week.days - known.usual) / known.spread
        if beyond >= _SLACK:
            evidence += min(beyond, known.most) - _SLACK
            late += 1
        elif week.settled:  # what is open and not yet later than usual says nothing yet
            evidence = max(0.0, evidence - _GOOD)
            late = 0 if not evidence else late
    if evidence < known.enough:
        return None
    now = max(week.days for week in recent)
    facts = {"usual": round(known.usual), "now": round(now), "weeks": late}
    return Change(Kind.LATER, facts, _shape(before, recent), len(recent), known.usual)


def _missed(weeks: Sequence[Week]) -> Change | None:
    """The first date that a punctual payer missed, unless something due after it was paid: then one invoice went astray."""
    last = weeks[-1]
    before = weeks[:-1][-_PUNCTUAL:]
    if last.settled or last.days < _MISSED_DAYS or len(before) < _KNOWN_PUNCTUAL:
        return None
    if any(week.days > _ON_TIME for week in before):
        return None
    facts = {"on_time": len(before), "now": round(last.days)}
    return Change(Kind.MISSED, facts, _shape(before, [last]), 1, 0.0)


def _pattern(before: Sequence[Week]) -> _Pattern:
    in_order = [week.days for week in before]
    days = sorted(in_order)
    usual = median(days)
    about = _MAD * median(abs(one - usual) for one in days)
    above = (days[int(0.9 * (len(days) - 1))] - usual) / _NORMAL
    # From one week to the next a slow drift hides: what it adds to the spread around the middle is a change, no pattern.
    step = max(_LEAST_SPREAD, _MAD * median(abs(one - other) for one, other in pairwise(in_order)) / sqrt(2))
    spread = min(max(step, about, above), _WIDEST * step)
    rate = 30 * (len(before) - 1) / max((before[-1].expected_on - before[0].expected_on).days, 1)
    place = 0 if rate < _SPARSE else 1 if rate < _DENSE else 2
    return _Pattern(usual, spread, _ENOUGH[place], _MOST_OF_ONE if place == 2 else float("inf"))


def _shape(before: Sequence[Week], recent: Sequence[Week]) -> tuple[float, ...]:
    return tuple(round(week.days, 1) for week in (*before[-12:], *recent))


class Balance(NamedTuple):
    """What was open on a day, and on how many items."""

    amount: Decimal
    items: int


def may_grow(billed: Sequence[Billed], day: date) -> bool:
    """Whether what was billed leaves it open that the balance grows out of a pattern, without looking at the balance."""
    return not known(billed, day) or buys_more(billed, day) is not None


def _above_usual(balances: Sequence[Balance]) -> bool:
    """Whether more is open than as a rule. Of one who owed nothing most of the time there is no rule."""
    *past, now = balances
    amounts = [one.amount for one in past if one.amount > 0]
    return len(amounts) >= OWING and now.amount >= median(amounts) * GROWN


def growing(balances: Sequence[Balance], billed: Sequence[Billed], currency: str, day: date) -> Change | None:
    """Whether a customer owes more because it buys more; of one whose way to buy is not known, whether it owes far more than on
    any day of the year. `balances` are some days apart, today's the last; `billed` as `buying` has it.
    """
    if not _above_usual(balances):
        return None
    more = None
    if known(billed, day):
        more = buys_more(billed, day)
        if more is None:
            return None
    elif not _above_all(balances):
        return None
    now, usual = balances[-1], median(one.amount for one in balances[:-1] if one.amount > 0)
    facts = {"usual": str(usual), "now": str(now.amount), "items": now.items, "currency": currency}
    if more:
        facts |= {more.how: round(more.times, 1)}
    series = tuple(float(one.amount) for one in balances)
    return Change(Kind.GROWING, facts, series, 1, float(usual), currency)


def _above_all(balances: Sequence[Balance]) -> bool:
    """More items than ever and more money than ever, or much more money: a single large invoice is no growth."""
    *past, now = balances
    owing = [one for one in past if one.amount > 0]
    highest = max(one.amount for one in owing)
    many = max(median(one.items for one in owing), 1)
    if now.amount < median(one.amount for one in owing) * _FAR:
        return False
    more = now.items >= max(one.items for one in owing) * _MORE_ITEMS + 1 and now.amount >= highest
    return more or float(now.amount / highest) >= 1 + _MUCH / sqrt(many)


def in_parts(recent: int, before: int, settled: int, monthly: Sequence[int]) -> Change | None:
    """Whether a customer begins to pay in parts: items paid only in part of late, and in the year before among those it settled.

    `monthly` is how many it paid in part each month.
    """
    if recent < _PARTS or settled < FEW or before > _PARTS_SHARE * settled:
        return None
    facts = {"parts": recent, "before": before, "settled": settled}
    return Change(Kind.PARTS, facts, tuple(map(float, monthly)), 1)


def silent(days: Sequence[date]) -> Change | None:
    """Whether somebody who was contacted on these `days`, the earliest first, and was not heard since, has gone silent."""
    if len(days) < CONTACTS or (days[-1] - days[0]).days < _SILENT_DAYS:
        return None
    weeks = [0] * ((days[-1] - days[0]).days // 7 + 1)
    for day in days:
        weeks[(day - days[0]).days // 7] += 1
    facts = {"contacts": len(days), "since": days[0].isoformat()}
    return Change(Kind.SILENCE, facts, tuple(map(float, weeks)), len(weeks))


def disputing(monthly: Sequence[int]) -> Change | None:
    """Whether a customer disputes more than it used to: disputes opened in each of the last twelve months, the earliest first."""
    *before, third, second, first = monthly
    recent = first + second + third
    usual = sum(before) / max(len(before), 1) * 3
    if recent < DISPUTES or recent < 2 * usual:
        return None
    facts = {"disputes": recent, "before": sum(before), "months": len(before)}
    return Change(Kind.DISPUTES, facts, tuple(map(float, monthly)), 3, usual / 3)


def slipping(months: Sequence[tuple[int, int]], tag: str = "") -> Change | None:
    """Whether customers slip together: of each month, the earliest first, how many had something to pay and how many were late.

    A difference is held against what chance alone gives and against how much the months before differed among themselves.
    """
    *before, (number, late) = months
    before = [(customers, slow) for customers, slow in before if customers >= _MANY]
    if number < _MANY or len(before) < 3:
        return None
    shares = [slow / customers for customers, slow in before]
    usual = sum(slow for _customers, slow in before) / sum(customers for customers, _slow in before)
    by_chance = usual * (1 - usual) / number
    between = sum((share - usual) ** 2 for share in shares) / len(shares)
    error = max(sqrt(by_chance + between), 0.01)
    share = late / number
    if share - usual < _WORSE or share - usual < _SURE * error:
        return None
    facts = {"usual": round(100 * usual), "now": round(100 * share), "customers": number, "late": late}
    series = tuple(round(100 * one, 1) for one in (*shares, share))
    kind = Kind.SECTOR if tag else Kind.CREDITOR
    return Change(kind, facts | ({"tag": tag} if tag else {}), series, 1, round(100 * usual, 1), tag)
