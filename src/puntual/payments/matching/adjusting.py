"""Why less or more came in than was open: named adjustments, tried one at a time."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from itertools import product
from typing import NamedTuple
from uuid import UUID

from puntual.kernel.money import minor_units
from puntual.payments.matching.portfolio import OpenItem


class Kind(StrEnum):
    """What a difference is."""

    ROUNDING = "rounding"
    DISCOUNT = "discount"  # for paying early, as the terms say
    WITHHOLDING = "withholding"  # by law, at a rate of the country
    DETRACTION = "detraction"  # deposited elsewhere by law, at a rate of the country
    FEE = "fee"  # kept by a bank on the way


BY_LAW = (Kind.WITHHOLDING, Kind.DETRACTION)
"""Differences that stay open until their certificate or deposit comes."""


class Adjustment(NamedTuple):
    """A difference on an item, in minor units: above zero came in less than was open. `rate` in percent and `code`, of a rate."""

    kind: Kind
    item_id: UUID
    amount: int
    rate: str = ""
    code: str = ""


class Explained(NamedTuple):
    """What each item takes of the money, and the named difference; together they close the items."""

    parts: tuple[tuple[UUID, int], ...]
    adjustments: tuple[Adjustment, ...]


class Withholding(NamedTuple):
    """A rate by which customers withhold: `share` of an invoice's total, `percent` as it is called. Those of one `group` exclude
    each other, of different groups they may come together; without a group it comes alone.
    """

    code: str
    kind: str  # withholding, detraction
    percent: str
    share: Decimal
    group: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """What may be explained away.

    `rounding` minor units of difference are nobody's business. `fees` are what banks on the way keep of a transfer at most, in
    whole units by currency, and never more than `fee_share` of it. `withholdings` are the rates in force for the creditor.
    """

    rounding: int = 5
    fees: Mapping[str, int] = field(default_factory=lambda: {"USD": 35, "EUR": 35})
    fee_share: float = 0.02
    withholdings: tuple[Withholding, ...] = ()
    _together: "tuple[_Together, ...]" = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_together", tuple(sorted(_combined(self.withholdings))))

    def withheld(self, short: int, total: int, most_off: int) -> Iterator[tuple[Withholding, ...]]:
        """The rates that may have made `short` out of `total`, give or take `most_off`: the fewest at once first."""
        least = bisect_left(self._together, (short - most_off) / total, key=lambda one: one.share)
        found = []
        for one in self._together[least:]:
            if one.share > (short + most_off) / total:
                break
            found.append(one.rates)
        return iter(sorted(found, key=lambda rates: (len(rates), [rate.code for rate in rates])))


class _Together(NamedTuple):
    """Rates that may be withheld of one invoice, and the share they take together."""

    share: float
    rates: tuple[Withholding, ...]


def _combined(rates: Sequence[Withholding]) -> Iterator[_Together]:
    groups: dict[str, list[Withholding]] = {}
    for rate in rates:
        groups.setdefault(rate.group or f"\0{rate.code}", []).append(rate)
    alone = [name for name in groups if name.startswith("\0")]
    for name in alone:
        yield _Together(float(groups[name][0].share), (groups[name][0],))
    named = [groups[name] for name in sorted(groups) if name not in alone]
    for choice in product(*([None, *group] for group in named)):
        chosen = tuple(rate for rate in choice if rate is not None)
        if chosen:
            yield _Together(float(sum(rate.share for rate in chosen)), chosen)


def days_too_late(items: Sequence[OpenItem], amount: int, booked_on: date) -> int:
    """How many days after the last day of a discount the money came that keeps exactly the discount; 0 where it is not that."""
    last = [item.discount_until for item in items if item.discount and item.discount_until]
    short = sum(item.open for item in items) - amount
    if not last or short != sum(item.discount for item in items):
        return 0
    return max(0, (booked_on - min(last)).days)


def explain(items: Sequence[OpenItem], amount: int, booked_on: date, limits: Limits) -> Explained | None:
    """The name of the difference between these items of one currency and the money that came in, if it has one."""
    short = sum(item.open for item in items) - amount
    if not items or not short:
        return None
    if abs(short) <= limits.rounding:
        return _spread(items, Kind.ROUNDING, [*[0] * (len(items) - 1), short])
    if short < 0:
        return None
    kept = [item.discount if item.discount_until and booked_on <= item.discount_until else 0 for item in items]
    if sum(kept) == short:
        return _spread(items, Kind.DISCOUNT, kept)
    unit = 10 ** minor_units(items[0].currency)
    for rates in limits.withheld(short, amount + short, len(items) * unit):
        if found := _by_law(items, short, rates, unit):
            return found
    currency = items[0].currency
    most = limits.fees.get(currency, 0) * 10 ** minor_units(currency)
    if short <= min(most, int(limits.fee_share * (amount + short))):
        return _spread(items, Kind.FEE, [*[0] * (len(items) - 1), short])
    return None


def _by_law(items: Sequence[OpenItem], short: int, rates: Sequence[Withholding], unit: int) -> Explained | None:
    """What was withheld of each item at each rate, if that makes the difference.

    Whoever withholds may round each one the other way; detracciones are deposited in whole units.
    """
    taken = {(item.id, rate.code): _share(item.open, rate.share) for item in items for rate in rates}
    tolerance = len(items) * len(rates)
    if abs(sum(taken.values()) - short) > tolerance:
        if short % unit or not any(rate.kind == Kind.DETRACTION for rate in rates):
            return None
        taken = {key: _share(amount, Decimal(1) / unit) * unit for key, amount in taken.items()}
        if abs(sum(taken.values()) - short) > tolerance:
            return None
    taken[items[-1].id, rates[-1].code] += short - sum(taken.values())
    return Explained(
        tuple((item.id, item.open - sum(taken[item.id, rate.code] for rate in rates)) for item in items),
        tuple(
            Adjustment(Kind(rate.kind), item.id, taken[item.id, rate.code], rate.percent, rate.code)
            for item in items
            for rate in rates
        ),
    )


def _spread(items: Sequence[OpenItem], kind: Kind, differences: Sequence[int]) -> Explained:
    together = list(zip(items, differences, strict=True))
    return Explained(
        tuple((item.id, item.open - max(0, difference)) for item, difference in together),
        tuple(Adjustment(kind, item.id, difference) for item, difference in together if difference),
    )


def _share(amount: int, share: Decimal) -> int:
    return int((amount * share).to_integral_value(ROUND_HALF_UP))
