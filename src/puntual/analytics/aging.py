"""Aging: what is open by days past the due date, never in two currencies at once. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from puntual.kernel.aging import Buckets, days_past_due


class CustomerAging(NamedTuple):
    """What one customer owes in one currency. `amounts` are in the order of the buckets' names.

    `unapplied_credit` is money on account and credit notes that no item has taken; it is not netted with the total. The id is
    text: a report makes hundreds of thousands of these.
    """

    customer_id: str
    creditor: str
    code: str
    name: str
    currency: str
    amounts: tuple[Decimal, ...]
    total: Decimal
    unapplied_credit: Decimal


@dataclass(slots=True)
class CurrencyAging:
    """The sums in one currency, in the order of the buckets' names; `counts` counts open items."""

    amounts: list[Decimal]
    counts: list[int]
    unapplied_credit: Decimal = Decimal(0)

    @classmethod
    def empty(cls, buckets: Buckets) -> "CurrencyAging":
        return cls([Decimal(0)] * len(buckets.names), [0] * len(buckets.names))

    @property
    def total(self) -> Decimal:
        return sum(self.amounts, Decimal(0))

    @property
    def count(self) -> int:
        return sum(self.counts)


@dataclass(slots=True)
class Aging:
    """The portfolio's aging. `known_on` is the day whose knowledge it rests on, None for all that is known."""

    as_of: date
    buckets: Buckets
    known_on: date | None = None
    currencies: dict[str, CurrencyAging] = field(default_factory=dict)

    def of(self, currency: str) -> CurrencyAging:
        """The sums of a currency, begun at zero."""
        if currency not in self.currencies:
            self.currencies[currency] = CurrencyAging.empty(self.buckets)
        return self.currencies[currency]


def fold(
    as_of: date,
    buckets: Buckets,
    by_due_date: Iterable[tuple[str, date, Decimal, int]],
    credits: Mapping[str, Decimal],
    known_on: date | None = None,
) -> Aging:
    """Put what is open per (currency, due date, amount, number of items) into its buckets, currencies in alphabetical order."""
    aging = Aging(as_of, buckets, known_on)
    for currency, due_on, amount, count in sorted(by_due_date):
        sums = aging.of(currency)
        position = buckets.index(days_past_due(due_on, as_of))
        sums.amounts[position] += amount
        sums.counts[position] += count
    for currency, amount in credits.items():
        aging.of(currency).unapplied_credit = amount
    aging.currencies = {
        currency: sums
        for currency, sums in sorted(aging.currencies.items())
        if sums.total or sums.count or sums.unapplied_credit
    }
    return aging
