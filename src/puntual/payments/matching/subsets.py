"""Which items add up to an amount, in whole minor units, and whether that can be chance."""

from bisect import bisect_left
from collections.abc import Sequence
from math import comb
from typing import NamedTuple

MOST_ITEMS = 25


class Subset(NamedTuple):
    """The places of the items. `chance`: how many subsets of at most as many items would add up to the amount by accident."""

    places: tuple[int, ...]
    chance: float


def only_subset(amounts: Sequence[int], total: int) -> Subset | None:
    """The one subset of `amounts` that adds up to `total`; None where there is none, or more than one.

    Two items of the same amount are two subsets: which one was meant is not known. Of more than MOST_ITEMS items nothing is said.
    """
    if not 0 < len(amounts) <= MOST_ITEMS or total <= 0:
        return None
    half = len(amounts) // 2
    left, right = _sums(amounts[:half]), _sums(amounts[half:])
    left.sort()
    sums = [one for one, _mask in left]
    found: int | None = None
    for one, mask in right:
        place = bisect_left(sums, total - one)
        while place < len(sums) and sums[place] == total - one:
            if found is not None:
                return None
            found = left[place][1] | mask << half
            place += 1
    if not found:
        return None
    places = tuple(place for place in range(len(amounts)) if found >> place & 1)
    return Subset(places, _chance(amounts, total, len(places)))


def _sums(amounts: Sequence[int]) -> list[tuple[int, int]]:
    """Every subset's sum with its mask."""
    sums = [(0, 0)]
    for place, amount in enumerate(amounts):
        sums += [(one + amount, mask | 1 << place) for one, mask in sums]
    return sums


def _chance(amounts: Sequence[int], total: int, size: int) -> float:
    """Subsets of up to `size` items, over the different sums they could have: round amounts meet more often.

    One item of exactly the amount is never chance among its own customer's.
    """
    if size == 1:
        return 0.0
    grain = _grain(amounts)
    subsets = sum(comb(len(amounts), count) for count in range(1, size + 1))
    return subsets / max(1, min(total, sum(amounts)) // grain)


def _grain(amounts: Sequence[int]) -> int:
    """The power of ten that all amounts are multiples of."""
    grain = 1
    while all(amount % (grain * 10) == 0 for amount in amounts):
        grain *= 10
    return grain
