"""What may be lost, and how much hangs on a few. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from heapq import nlargest
from typing import NamedTuple

ZERO, ONE = Decimal(0), Decimal(1)


def lifetime_loss(moves: Mapping[tuple[int, str], Decimal], buckets: int, lost: Sequence[str]) -> list[Decimal]:
    """For each bucket, the share (0 to 1) of an amount in it that ends in one of the states `lost`, by what moved in the past.

    `moves` are amounts from a bucket to a bucket (its position as text) or a way out. They are taken as a Markov chain with the
    ways out as absorbing states: loss = (I - Q)⁻¹ r, with Q the shares that went to a bucket and r those that were lost. A bucket
    that nothing was seen to leave loses nothing that is known.
    """
    totals = [sum((amount for (place, _), amount in moves.items() if place == row), ZERO) for row in range(buckets)]

    def part(row: int, state: str) -> Decimal:
        return moves.get((row, state), ZERO) / totals[row] if totals[row] else ZERO

    rows = []
    for row in range(buckets):
        stays = [part(row, str(column)) for column in range(buckets)]
        if stays[row] == 1:  # nothing ever left it
            stays = [ZERO] * buckets
        line = [(ONE if row == column else ZERO) - stays[column] for column in range(buckets)]
        rows.append([*line, sum((part(row, state) for state in lost), ZERO)])
    return [min(max(value, ZERO), ONE) for value in _solved(rows)]


def _solved(rows: list[list[Decimal]]) -> list[Decimal]:
    """The solution of linear equations, each with its right side last, by elimination with the greatest pivot."""
    size = len(rows)
    for place in range(size):
        pivot = max(range(place, size), key=lambda row: abs(rows[row][place]))
        rows[place], rows[pivot] = rows[pivot], rows[place]
        head = rows[place][place]
        if head == 0:
            continue
        rows[place] = [value / head for value in rows[place]]
        for other in range(size):
            if other != place and rows[other][place]:
                factor = rows[other][place]
                rows[other] = [a - factor * b for a, b in zip(rows[other], rows[place], strict=True)]
    return [row[-1] for row in rows]


class Weight(NamedTuple):
    """One customer's part of what is open in a currency."""

    code: str
    name: str
    creditor: str
    amount: Decimal
    overdue: Decimal


@dataclass(frozen=True, slots=True)
class Largest:
    """The customers with most open in a currency, the largest first; and of all of them how many there are, what they owe
    together and the sum of the squares of what each owes.
    """

    weights: list[Weight]
    customers: int
    total: Decimal
    squares: Decimal


@dataclass(frozen=True, slots=True)
class Concentration:
    """`shares`: how many of the largest → their percent of the whole. `index` is the Herfindahl–Hirschman index: the sum of the
    squared percents, from near 0 (nobody matters) to 10,000 (there is only one).
    """

    customers: int
    total: Decimal
    shares: dict[int, Decimal]
    index: Decimal


TOP = (1, 5, 10, 20, 50)


def largest_of(weights: Iterable[Weight], number: int) -> Largest:
    """The largest of all customers, whose amounts are above zero; of those that owe the same the one with the last code."""
    each = list(weights)
    amounts = [one.amount for one in each]
    first = nlargest(number, each, key=lambda one: (one.amount, one.code))
    return Largest(first, len(each), sum(amounts, ZERO), sum((amount * amount for amount in amounts), ZERO))


def concentration(found: Largest, tops: Sequence[int] = TOP) -> Concentration | None:
    """How much of what is open hangs on the largest, of whom as many as the greatest of `tops` are needed, or all there are; None
    where nothing is open.
    """
    if not found.total:
        return None
    shares, running = {}, ZERO
    for place, one in enumerate(found.weights, 1):
        running += one.amount
        if place in tops:
            shares[place] = running / found.total * 100
    index = found.squares / (found.total * found.total) * 10_000
    return Concentration(found.customers, found.total, {top: shares.get(top, Decimal(100)) for top in tops}, index)
