"""What is said to a payment provider and what it says: orders, checkouts, reports, and their JSON read without a float."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from puntual.kernel.money import to_minor
from puntual.kernel.problems import N_, Problem
from puntual.payments.links.accounts import Account


class Malformed(Exception):
    """A report that is not what its provider's contract says; nothing of it is used."""


@dataclass(frozen=True, slots=True)
class Checkout:
    """A place at the provider where the customer pays: what it is called there, and its address."""

    key: str
    url: str


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be paid: our reference, how much in minor units, what for, where the customer comes back to."""

    reference: str
    currency: str
    minor: int
    title: str
    back: str
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Report:
    """What a provider says of a payment. None: it says nothing about that. Amounts are in minor units."""

    event_key: str
    kind: str
    reference: str = ""  # ours; or else
    paid_key: str = ""  # the provider's
    currency: str = ""
    received: int | None = None
    refunded: int | None = None
    disputed: bool | None = None
    on: date | None = None


def unreachable(account: Account) -> Problem:
    """What there is to say where nobody answers at the provider."""
    return Problem(N_("{name} cannot be reached right now. Pay by bank transfer, or try later."), name=account.name)


def refused(account: Account) -> Problem:
    """What there is to say where the provider makes no checkout."""
    return Problem(N_("{name} cannot take payments right now. Pay by bank transfer, or try later."), name=account.name)


def json_object(raw: bytes) -> dict[str, Any]:
    """A JSON object; numbers with a point become Decimal. Raises Malformed, also for texts that cannot be kept."""
    try:
        found = json.loads(raw, parse_float=Decimal)
        for one in _texts(found):
            one.encode()  # a half of a surrogate pair is a ValueError
            if "\0" in one:
                raise Malformed("a text has a NUL")
    except (ValueError, RecursionError) as error:
        raise Malformed("it is no JSON") from error
    if not isinstance(found, dict):
        raise Malformed("it is no object")
    return found


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, one in value.items():
            yield name
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def text(value: object) -> str:
    """A text of at most 100 characters; empty where it is none."""
    return value[:100] if isinstance(value, str) else ""


def whole(value: object) -> int:
    """A whole number of minor units. Raises Malformed."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise Malformed("an amount is no whole number of minor units")
    return value


def minor(value: object, currency: str) -> int:
    """An amount of a currency in its minor units. Raises Malformed."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or value < 0:
        raise Malformed("an amount is no number")
    try:
        return to_minor(Decimal(value), currency)
    except Problem as problem:
        raise Malformed("an amount or a currency is not one") from problem
