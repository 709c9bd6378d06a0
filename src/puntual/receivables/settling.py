"""How an amount in somebody's favor is spread over open items: what is designated first, then the oldest. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class OpenItem:
    """One item that can be settled. Amounts are in `currency`.

    `expected` is the part of `open` that the law has deducted elsewhere: it is only touched where the payer designates the item,
    because whoever withholds pays the net of *each* invoice.
    """

    id: UUID
    due_on: date
    number: str
    open: Decimal
    currency: str
    expected: Decimal = ZERO
    ours: bool = True  # False: sold or factored, settled only where designated


@dataclass(frozen=True, slots=True)
class Designation:
    """What the payer said the money is for: an item, and how much of it (None: as much as is open)."""

    item_id: UUID
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Spread:
    """What each item takes, in the order it was given, and what is left over."""

    parts: tuple[tuple[UUID, Decimal], ...]
    rest: Decimal


def spread(
    amount: Decimal,
    currency: str,
    items: Sequence[OpenItem],
    designations: Sequence[Designation] = (),
    oldest_first: bool = True,
) -> Spread:
    """Spread `amount` over `items` of the same currency; the others are left alone.

    Designations bind, in their order: first those with an amount (at most what is open), then the net of the others, then their
    whole. What remains goes to the net of the oldest (by due date, then number), unless `oldest_first` is False; the rest is
    nobody's yet. No item takes more than is open and nothing is lost: the parts and the rest add up to `amount`.
    """
    mine = {item.id: item for item in items if item.currency == currency and item.open > 0}
    named = [(mine[d.item_id], d.amount) for d in designations if d.item_id in mine]
    by_age = sorted((item for item in mine.values() if item.ours), key=lambda item: (item.due_on, item.number))
    taken: dict[UUID, Decimal] = {}
    rest = amount

    def take(item: OpenItem, most: Decimal) -> None:
        nonlocal rest
        before = taken.get(item.id, ZERO)
        part = min(rest, most, item.open - before)
        if part > 0:
            taken[item.id] = before + part
            rest -= part

    for item, asked in named:
        if asked is not None:
            take(item, asked)
    for item, asked in named:
        if asked is None:
            take(item, _net(item) - taken.get(item.id, ZERO))
    for item, asked in named:
        if asked is None:
            take(item, item.open)
    for item in by_age if oldest_first else ():
        take(item, _net(item) - taken.get(item.id, ZERO))
    return Spread(tuple(taken.items()), rest)


def _net(item: OpenItem) -> Decimal:
    return max(item.open - item.expected, ZERO)
