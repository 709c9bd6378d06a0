"""How sure a difference between two groups of customers is. Pure: sums in, intervals out.

What is compared is the share of items paid in time. A customer's items are not independent of each other (who pays one late pays
the next late), so the unit is the customer: the share is a ratio of sums, and its variance is the linearized one of a cluster
sample (Cochran, Sampling Techniques, 3rd ed., 1977, §6.3 and §9A).
"""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

LEAST_CUSTOMERS = 100
"""Customers with an item that counts, in each group, below which nothing is said: the interval leans on many of them."""
CONFIDENCE = 0.975
"""Of each interval. A champion meets up to two others, so one experiment in twenty, at most, sees a difference that is none."""


@dataclass(frozen=True, slots=True)
class Sums:
    """One group: `items` that count and `hits` among them, summed over its `customers` with their squares and products."""

    customers: int
    items: int
    hits: int
    items_squared: int
    hits_squared: int
    items_by_hits: int

    @property
    def share(self) -> float:
        """Hits per item, from 0 to 1; 0 where there is no item."""
        return self.hits / self.items if self.items else 0.0

    @property
    def variance(self) -> float:
        """Of the share. Raises ZeroDivisionError for fewer than two customers."""
        share = self.share
        squares = self.hits_squared - 2 * share * self.items_by_hits + share * share * self.items_squared
        return self.customers / (self.customers - 1) * max(squares, 0.0) / (self.items * self.items)


@dataclass(frozen=True, slots=True)
class Difference:
    """How much larger a group's share is than another's, with its interval; all from -1 to 1."""

    by: float
    low: float
    high: float

    @property
    def is_sure(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.low > 0 or self.high < 0


def enough(*groups: Sums) -> bool:
    """Whether there are customers enough in every group to say anything."""
    return all(group.customers >= LEAST_CUSTOMERS for group in groups)


def interval(group: Sums, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The interval of a group's share, within 0 and 1."""
    half = _z(confidence) * sqrt(group.variance)
    return max(group.share - half, 0.0), min(group.share + half, 1.0)


def difference(other: Sums, champion: Sums, confidence: float = CONFIDENCE) -> Difference:
    """How much larger the share of `other` is."""
    by = other.share - champion.share
    half = _z(confidence) * sqrt(other.variance + champion.variance)
    return Difference(by, by - half, by + half)


def _z(confidence: float) -> float:
    return NormalDist().inv_cdf((1 + confidence) / 2)
