"""Whether a model is better than each customer's own rate, and how sure that is. Pure.

Each item of a past month has two chances, given by what was known before: the model's and the customer's own. Their squared
errors (Brier, 1950) are compared item by item. Items of one customer are no independent witnesses, so the interval is clustered:
with d the difference of one item, D its mean over N items of C customers, the variance of D is

    C / (C - 1) × Σ over customers (Σ over its items (d - D))² / N²

(Liang and Zeger, Biometrika 73, 1986; Cameron and Miller, Journal of Human Resources 50, 2015, section II), and the interval is
D ± t × its root with C - 1 degrees of freedom.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

from puntual.analytics.scoring import SLICES, Slice, calibration

CUSTOMERS = 30
"""With fewer customers nothing is sure: a clustered variance needs some tens of clusters (Cameron and Miller, section VI)."""


class Judged(NamedTuple):
    """One item of the past: whose, in which month it was expected, whether it came late (1) or not (0), and both chances."""

    customer: Hashable
    month: date
    outcome: int
    own: float
    model: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Mean squared errors of both, and by how much the model's is smaller, with the 95 % interval of that."""

    items: int
    customers: int
    own: float
    model: float
    low: float
    high: float

    @property
    def difference(self) -> float:
        """Above zero where the model is better."""
        return self.own - self.model

    @property
    def better(self) -> bool:
        """Whether the whole interval is on the model's side, and enough customers say so."""
        return self.low > 0 and self.customers >= CUSTOMERS


def compared(judged: Sequence[Judged]) -> Comparison | None:
    """None for fewer than two customers, of whom no interval can be told."""
    by_customer: dict[Hashable, list[float]] = defaultdict(list)
    own = model = 0.0
    for one in judged:
        of_own, of_model = (one.own - one.outcome) ** 2, (one.model - one.outcome) ** 2
        own, model = own + of_own, model + of_model
        by_customer[one.customer].append(of_own - of_model)
    customers, items = len(by_customer), len(judged)
    if customers < 2:
        return None
    mean = (own - model) / items
    squares = sum((sum(each) - mean * len(each)) ** 2 for each in by_customer.values())
    half = t_quantile(customers - 1) * sqrt(customers / (customers - 1) * squares) / items
    return Comparison(items, customers, own / items, model / items, mean - half, mean + half)


def t_quantile(freedom: int, share: float = 0.975) -> float:
    """Student's t by the first two terms of its expansion in the normal quantile (Abramowitz and Stegun, 26.7.5)."""
    z = NormalDist().inv_cdf(share)
    return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)


class Month(NamedTuple):
    """How right the model was in a month: mean distance of chance and outcome over slices, and mean squared error."""

    items: int
    error: float
    brier: float


def by_month(judged: Iterable[Judged]) -> dict[date, Month]:
    """How right the model's chances were, by the month items were expected in; the earliest first."""
    months: dict[date, list[Judged]] = defaultdict(list)
    for one in judged:
        months[one.month].append(one)
    return {month: _judged(each) for month, each in sorted(months.items())}


def _judged(each: Sequence[Judged]) -> Month:
    sliced: dict[int, list[Judged]] = defaultdict(list)
    for one in each:
        sliced[min(int(one.model * SLICES), SLICES - 1)].append(one)
    slices = [
        Slice(len(some), sum(one.model for one in some) / len(some), sum(one.outcome for one in some))
        for some in sliced.values()
    ]
    squares = sum((one.model - one.outcome) ** 2 for one in each)
    found = calibration(slices, squares, len(each), sum(one.outcome for one in each))
    return Month(found.items, found.error, found.brier) if found else Month(0, 0.0, 0.0)
