"""Which items a promise covers, and with how much of each. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from puntual.receivables.settling import Designation, OpenItem, spread


@dataclass(frozen=True, slots=True)
class Cover:
    """What each item has of the promise, in the order of its items, and what finds no item."""

    parts: tuple[tuple[UUID, Decimal], ...]
    rest: Decimal


def cover(
    amount: Decimal,
    currency: str,
    items: Sequence[OpenItem],
    named: Sequence[UUID] = (),
    promised: Collection[UUID] = (),
) -> Cover:
    """Spread a promise over the items that were named; without any, over the oldest ones.

    Of the latter those that another promise holds (`promised`) come last: whoever promises again what there is promises it anew.
    """
    if named:
        mine = [item for item in items if item.id in named]
        found = spread(amount, currency, mine, [Designation(item.id) for item in mine], oldest_first=False)
        return Cover(found.parts, found.rest)
    free = spread(amount, currency, [item for item in items if item.id not in promised])
    if not free.rest:
        return Cover(free.parts, free.rest)
    anew = spread(free.rest, currency, [item for item in items if item.id in promised])
    return Cover((*free.parts, *anew.parts), anew.rest)
