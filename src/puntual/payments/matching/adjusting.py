"""Why less or more came in than was open: named adjustments, tried one at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from puntual.kernel.money import minor_units
from puntual.payments.matching.portfolio import OpenItem


class Kind(StrEnum):
    """What a difference is."""

    ROUNDING = "rounding"
    DISCOUNT = "discount"  # for paying early, as the terms say
    WITHHOLDING = "withholding"  # by law, at a rate of the country
    FEE = "fee"  # kept by a bank on the way


class Adjustment(NamedTuple):
    """A difference on an item, in minor units: above zero came in less than was open. `rate` in percent, of a withholding."""

    kind: Kind
    item_id: UUID
    amount: int
    rate: str = ""


class Explained(NamedTuple):
    """What each item takes of the money, and the named difference; together they close the items."""

    parts: tuple[tuple[UUID, int], ...]
    adjustments: tuple[Adjustment, ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a difference may be to be called by its name.

    `rounding` counts hundredths of the currency, and whole units where it has no hundredths. `fees` is what banks keep of a
    transfer at most, in whole units by currency, and never more than `fee_share` of it. `withholdings` are the country's rates,
    in percent.
    """

    rounding: int = 5
    fees: Mapping[str, int] = field(default_factory=lambda: {"USD": 35, "EUR": 35})
    fee_share: float = 0.02
    withholdings: tuple[Decimal, ...] = ()


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
    for rate in limits.withholdings:
        withheld = [_percent(item.open, rate) for item in items]
        if abs(sum(withheld) - short) <= len(items):  # whoever withholds may round each one the other way
            withheld[-1] += short - sum(withheld)
            return _spread(items, Kind.WITHHOLDING, withheld, str(rate))
    currency = items[0].currency
    most = limits.fees.get(currency, 0) * 10 ** minor_units(currency)
    if short <= min(most, int(limits.fee_share * (amount + short))):
        return _spread(items, Kind.FEE, [*[0] * (len(items) - 1), short])
    return None


def _spread(items: Sequence[OpenItem], kind: Kind, differences: Sequence[int], rate: str = "") -> Explained:
    together = list(zip(items, differences, strict=True))
    return Explained(
        tuple((item.id, item.open - max(0, difference)) for item, difference in together),
        tuple(Adjustment(kind, item.id, difference, rate) for item, difference in together if difference),
    )


def _percent(amount: int, rate: Decimal) -> int:
    return int((amount * rate / 100).to_integral_value(ROUND_HALF_UP))
