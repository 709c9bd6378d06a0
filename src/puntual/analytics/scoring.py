"""How likely a customer is to pay late: the naive baseline that is hard to beat, and how right it was. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

K = 5
"""Settled items that the portfolio's own rate stands for when a customer's is worked out."""
SLICES = 10


def shrunk(late: int, settled: int, portfolio: float, k: int = K) -> float:
    """The chance (0 to 1) that a customer's next item is paid late: its own share, drawn to the portfolio's by `k` items.

    A customer of whom nothing is known has the portfolio's.
    """
    return (late + k * portfolio) / (settled + k)


class Slice(NamedTuple):
    """So many items that were given about the same chance, with the mean of it and how many were late."""

    items: int
    chance: float
    late: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """How right past chances were. `error` is the mean distance between chance and outcome over the slices, weighted by their
    items; `brier` the mean squared error, and `naive` that of always saying the portfolio's share.
    """

    items: int
    late: int
    error: float
    brier: float
    naive: float


def calibration(slices: Iterable[Slice], squares: float, items: int, late: int) -> Calibration | None:
    """`squares` is the sum of (chance - outcome)² of all items; None where there are none."""
    if not items:
        return None
    error = sum(abs(one.chance * one.items - one.late) for one in slices) / items
    share = late / items
    return Calibration(items, late, error, squares / items, share * (1 - share))
