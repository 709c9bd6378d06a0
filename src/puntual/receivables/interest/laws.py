"""What a country's law grants for late payment, and published rates: data with their sources. Pure.

A country without a file has no sourced law here, and nothing is charged there.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from typing import Any

from puntual.kernel.interest import Rate

COMPENSATION, COMMISSION = "compensation", "commission"
CONFIDENCES = frozenset("VQS")  # statute read; statute quoted elsewhere; secondary source


@dataclass(frozen=True, slots=True)
class Fixed:
    """What is owed once for each late item beside interest: an `amount` in `currency`, or `percent` of what is unpaid."""

    kind: str
    articles: str
    amount: Decimal | None = None
    currency: str = ""
    percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Law:
    """Late interest between businesses in some countries.

    The legal rate is `series` × `factor` + `margin`; without a series there is none, and only an agreed rate bears interest. An
    agreed rate is taken where `agreed`, and never above `cap` × `cap_factor`. `currencies` are those its rates are published for.
    """

    id: str
    countries: frozenset[str]
    name: str
    articles: str
    source: str
    checked: date
    confidence: str
    currencies: frozenset[str]
    series: str = ""
    factor: Decimal = Decimal(1)
    margin: Decimal = Decimal(0)
    agreed: bool = False
    cap: str = ""
    cap_factor: Decimal = Decimal(1)
    fixed: Fixed | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """A published rate: who publishes it, where its rows were read and when. Without rows the organization enters them."""

    name: str
    place: str
    title: str
    source: str
    checked: date
    rates: tuple[Rate, ...]


@lru_cache(maxsize=1)
def laws() -> Mapping[str, Law]:
    """Every law kept, by country."""
    folder = resources.files("puntual.receivables.interest").joinpath("laws")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    read = [_law(tomllib.loads(file.read_text("utf-8"))) for file in files]
    return {country: law for law in read for country in sorted(law.countries)}


@lru_cache(maxsize=1)
def series() -> Mapping[str, Series]:
    """Every published rate known, by name."""
    text = resources.files("puntual.receivables.interest").joinpath("rates.toml").read_text("utf-8")
    return {one["name"]: _series(one) for one in tomllib.loads(text)["series"]}


def scaled(rates: tuple[Rate, ...], factor: Decimal) -> tuple[Rate, ...]:
    """The rates times a factor: "one and a half times the current banking rate"."""
    if factor == 1:
        return rates
    return tuple(
        Rate(one.place, one.name, one.valid_from, one.value * factor, one.source, one.valid_to) for one in rates
    )


def _law(data: dict[str, Any]) -> Law:
    values = dict(data)
    fixed = values.pop("fixed", None)
    for name in ("factor", "margin", "cap_factor"):
        if name in values:
            values[name] = Decimal(values[name])
    for name in ("countries", "currencies"):
        values[name] = frozenset(values[name])
    return Law(**values, fixed=_fixed(fixed) if fixed else None)


def _fixed(data: dict[str, Any]) -> Fixed:
    return Fixed(**{**data, **{name: Decimal(data[name]) for name in ("amount", "percent") if name in data}})


def _series(data: dict[str, Any]) -> Series:
    rates = tuple(
        Rate(data["place"], data["name"], row["from"], Decimal(row["value"]), data["source"], row.get("to"))
        for row in data["rates"]
    )
    return Series(data["name"], data["place"], data["title"], data["source"], data["checked"], rates)
