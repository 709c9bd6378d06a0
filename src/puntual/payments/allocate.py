"""Which items a payment settles. Pure: no clock, no database.

What the payer designates binds (Código Civil: Peru art. 1256, Spain art. 1172); the rest settles the oldest (Peru art. 1259, of
debts that weigh the same). What finds nothing stays on account.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from puntual.receivables.settling import ZERO, Designation, OpenItem, spread

__all__ = ["Designation", "Item", "Part", "Split", "allocate"]


@dataclass(frozen=True, slots=True)
class Item:
    """One installment of the payer's customers: what is open on it, and what was written off."""

    open: OpenItem
    written_off: Decimal = ZERO

    @property
    def id(self) -> UUID:
        return self.open.id


@dataclass(frozen=True, slots=True)
class Part:
    """What one item takes. `recovery`: it goes to the written-off account, for the item itself is closed."""

    item_id: UUID
    amount: Decimal
    recovery: bool = False


@dataclass(frozen=True, slots=True)
class Split:
    """A payment in parts; `rest` stays on account. Parts and rest add up to the payment."""

    parts: tuple[Part, ...]
    rest: Decimal


def allocate(
    amount: Decimal,
    currency: str,
    items: Sequence[Item],
    designations: Sequence[Designation] = (),
    oldest_first: bool = True,
) -> Split:
    """Split a payment of `amount` over `items`; those in another currency are left alone.

    A designated item that is open takes its part as `settling.spread` says; one that was written off takes a recovery. Only then
    comes the oldest, and never an item that was written off: whoever pays next month's invoice does not revive an old one.
    """
    by_id = {item.id: item for item in items if item.open.currency == currency}
    rest = amount
    recoveries: dict[UUID, Decimal] = {}
    for designation in designations:
        item = by_id.get(designation.item_id)
        if item is None or item.open.open or not item.written_off:
            continue
        left = item.written_off - recoveries.get(item.id, ZERO)
        part = min(rest, left if designation.amount is None else min(designation.amount, left))
        if part > 0:
            recoveries[item.id] = recoveries.get(item.id, ZERO) + part
            rest -= part
    settled = spread(rest, currency, [item.open for item in by_id.values()], designations, oldest_first)
    parts = [Part(id, part, recovery=True) for id, part in recoveries.items()]
    parts += [Part(id, part) for id, part in settled.parts]
    return Split(tuple(parts), settled.rest)
