"""What a country has customers withhold of an invoice, or deposit elsewhere: data with their sources. Pure.

The rows serve one purpose: to recognize why less came in than was open. Whether the customer withheld rightly is for the
certificate to prove. A country without a file has no sourced rates here; an organization enters its own.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from importlib import resources

from puntual.payments.matching.adjusting import Withholding

CONFIDENCES = frozenset("VQS")
"""How the source was read: the statute itself (V), the statute quoted elsewhere (Q), a secondary source (S)."""


class Base(StrEnum):
    """Of what a rate is a percentage."""

    TOTAL = "total"  # the invoice with its sales tax
    NET = "net"  # the invoice without it
    TAX = "tax"  # the sales tax alone


@dataclass(frozen=True, slots=True)
class Rate:
    """One rate between two days (both included). `tax_percent` is the sales tax inside the total.

    Rates of one `group` exclude each other; those of different groups may be withheld of the same invoice. Without a group it
    stands alone.
    """

    country: str
    code: str
    name: str
    kind: str
    percent: Decimal
    base: Base
    from_on: date
    source: str
    confidence: str
    tax_percent: Decimal = Decimal(0)
    group: str = ""
    until_on: date | None = None
    own: bool = False
    used: bool = True

    @property
    def share(self) -> Decimal:
        """How much of an invoice's total it takes: 0.03 for 3 % of the total."""
        whole = 100 + self.tax_percent
        of_total = {Base.TOTAL: Decimal(1), Base.NET: 100 / whole, Base.TAX: self.tax_percent / whole}
        return self.percent / 100 * of_total[self.base]

    def counts_on(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.from_on <= day and (self.until_on is None or day <= self.until_on)

    def as_withholding(self) -> Withholding:
        """As the matching tries it."""
        return Withholding(self.code, self.kind, f"{self.percent.normalize():f}", self.share, self.group)


@lru_cache(maxsize=1)
def shipped() -> Mapping[str, tuple[Rate, ...]]:
    """Every rate that comes with Puntual, by country."""
    folder = resources.files("puntual.payments.withholdings").joinpath("rates")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    read = [tomllib.loads(file.read_text("utf-8")) for file in files]
    return {data["country"]: tuple(_rate(data["country"], row) for row in data["rates"]) for data in read}


def _rate(country: str, row: dict[str, object]) -> Rate:
    numbers = {name: Decimal(str(row[name])) for name in ("percent", "tax_percent") if name in row}
    values = {"from_on": row["from"], "until_on": row.get("to"), "base": Base(str(row["base"])), **numbers}
    plain = {name: row[name] for name in ("code", "name", "kind", "group", "source", "confidence") if name in row}
    return Rate(country=country, **plain, **values)  # type: ignore[arg-type]


def in_force(country: str, day: date, own: Iterable[Rate] = ()) -> list[Rate]:
    """The rates of a country on a day: the organization's own, and the shipped ones it has not replaced; by code."""
    found = {rate.code: rate for rate in shipped().get(country, ()) if rate.counts_on(day)}
    for rate in sorted((one for one in own if one.counts_on(day)), key=lambda one: one.from_on):
        found[rate.code] = rate
    return [found[code] for code in sorted(found)]
