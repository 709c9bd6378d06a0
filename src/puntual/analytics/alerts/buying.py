"""Whether a customer buys more than it used to: larger invoices, or more of them. Pure.

What a customer owes follows what it buys by weeks, and moves with every payment besides: what was billed tells of growth earlier,
and of nothing else. The past of the same customer is the measure: how large its invoices are and how many days lie between them.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from math import exp, log, sqrt
from statistics import fmean
from typing import NamedTuple

LATELY = timedelta(days=35)
"""What was billed within these days is held against what came before."""
AT_MOST = 150
"""So many invoices are looked at, the latest. Who has more of them within weeks has no past in them: its balance tells enough."""
_FEW = 8
"""With fewer invoices before, nothing is known of a pattern."""

_TIMES = log(2.5)
"""What is looked for: invoices about two and a half times as large. What is somewhat less shows somewhat later."""
_FALSE = 0.1
"""False alarms by customer and year that the bound on the evidence of size allows at most (Lorden, 1971); it gives fewer."""
_SPREAD, _SEEN = 0.5, 24
"""How far invoices of one customer differ (standard deviation of the logarithm) before they are known; it counts as so many."""

_OFTENER = 4.0
"""Standard errors by which invoices come faster than they used to."""
_REGULAR = 0.25
"""Days between invoices differ by at least this share: a delivery is moved, a month is longer."""


class Billed(NamedTuple):
    """One invoice: when it was issued, and its amount."""

    issued_on: date
    amount: Decimal


class More(NamedTuple):
    """What there is more of, "larger" invoices or "oftener" ones, and how many times as much."""

    how: str
    times: float


def known(billed: Sequence[Billed], day: date) -> bool:
    """Whether enough was billed before to know how a customer buys."""
    return sum(one.issued_on <= day - LATELY for one in billed) >= _FEW


def buys_more(billed: Sequence[Billed], day: date) -> More | None:
    """What a customer buys more of since a day within the last weeks; `billed` with the earliest first, none of an amount of
    nothing. None where it buys as ever, and where too little is known.
    """
    before = [one for one in billed if one.issued_on <= day - LATELY]
    recent = billed[len(before) :]
    if len(before) < _FEW or not recent:
        return None
    return _larger(before, recent) or _oftener(before, recent)


def _larger(before: Sequence[Billed], recent: Sequence[Billed]) -> More | None:
    """By the likelihood ratio of the latest one, two, three … invoices against those before, the largest of which counts (Page's
    CUSUM, 1954, with the mean and the spread as far as they are known: a sum of k invoices differs by those k, and by k times
    what the mean may be wrong).
    """
    sizes = [log(one.amount) for one in before]
    number, usual = len(sizes), fmean(sizes)
    variance = (_SEEN * _SPREAD**2 + (number - 1) * _stdev(sizes, usual) ** 2) / (_SEEN + number - 1)
    in_a_year = 365 * (number - 1) / max((before[-1].issued_on - before[0].issued_on).days, 1)
    enough = log(in_a_year / _FALSE)
    beyond = 0.0
    for latest, one in enumerate(reversed(recent), 1):
        beyond += log(one.amount) - usual
        shift = latest * _TIMES
        if shift * (beyond - shift / 2) / (variance * (latest + latest**2 / number)) >= enough:
            return More("larger", exp(beyond / latest))
    return None


def _oftener(before: Sequence[Billed], recent: Sequence[Billed]) -> More | None:
    """By the days the latest two, three … intervals took together: far fewer than as many took on average, and than any took."""
    days = [one.issued_on.toordinal() for one in (*before, *recent)]
    gaps = [later - earlier for earlier, later in pairwise(days[: len(before)])]
    usual, number = fmean(gaps), len(gaps)
    spread = max(_stdev(gaps, usual), _REGULAR * usual)
    for latest in range(2, min(len(recent), number + 1)):
        took, as_a_rule = days[-1] - days[-1 - latest], latest * usual
        if as_a_rule - took < _OFTENER * spread * sqrt(latest + latest**2 / number):
            continue
        if took < min(days[place + latest] - days[place] for place in range(len(before) - latest)):
            return More("oftener", (latest + 1) * usual / max(took + usual, 1))
    return None


def _stdev(values: Sequence[float], mean: float) -> float:
    """The standard deviation of a sample. That of the library goes by fractions, twenty times as long, to no use here."""
    return sqrt(sum((one - mean) ** 2 for one in values) / (len(values) - 1))
