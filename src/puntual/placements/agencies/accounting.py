"""What an agency is owed and what it passed on, by currency. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from puntual.kernel.money import round_money

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Collected:
    """What came in on one placement in one currency, and the percent agreed for it; None: none was."""

    currency: str
    amount: Decimal
    percent: Decimal | None

    @property
    def commission(self) -> Decimal:
        """What is due of it: rounded to the currency's own decimals, and never a charge where more went back than came in."""
        due = max(self.amount, ZERO) * (self.percent or ZERO) / 100
        return round_money(due, self.currency)


@dataclass(frozen=True, slots=True)
class Line:
    """How it stands with an agency in one currency. `unpriced` is what came in without a commission being agreed."""

    currency: str
    collected: Decimal
    unpriced: Decimal
    due: Decimal
    remitted: Decimal
    kept: Decimal
    paid: Decimal

    @property
    def owed(self) -> Decimal:
        """Commission still to be settled; negative where more was kept or paid than is due."""
        return self.due - self.kept - self.paid

    @property
    def elsewhere(self) -> Decimal:
        """What came in and was not passed on by the agency: customers paid it straight to us, or it lies with the agency."""
        return self.collected - self.remitted - self.kept


def account(collected: Iterable[Collected], entries: Iterable[tuple[str, str, Decimal]]) -> list[Line]:
    """The lines by currency; `entries` are (kind, currency, amount)."""
    sums: dict[tuple[str, str], Decimal] = {}

    def add(currency: str, what: str, amount: Decimal) -> None:
        sums[currency, what] = sums.get((currency, what), ZERO) + amount

    for one in collected:
        add(one.currency, "collected", one.amount)
        add(one.currency, "due", one.commission)
        if one.percent is None:
            add(one.currency, "unpriced", one.amount)
    for kind, currency, amount in entries:
        add(currency, kind, amount)
    names = ("collected", "unpriced", "due", "remitted", "kept", "paid")
    return [
        Line(currency, *(sums.get((currency, name), ZERO) for name in names))
        for currency in sorted({currency for currency, _what in sums})
    ]
