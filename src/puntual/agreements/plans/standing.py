"""What money counts for a plan's parts, in the order of their days. Pure; `valuing` does the same for all plans at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import accumulate
from typing import Final

ZERO: Final = Decimal(0)
MONEY: Final = frozenset({"payment", "recovery", "deduction", "discount", "adjustment"})
"""Kinds of entries that pay: what the customer, the law or the bank has really settled. Reversals count against them."""
RELIEF: Final = frozenset({"credit_note", "cancellation", "waiver", "closed_outside"})
"""Kinds of entries by which less is owed: they shorten a plan from its end, and pay no part. A write-off does neither."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What happened to the covered items on a day, beyond what had happened before the plan was accepted."""

    on: date
    paid: Decimal
    relieved: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Counted:
    """What came in for a part of `amount`: `paid` of it, and the day on which it was settled, if it is."""

    amount: Decimal
    paid: Decimal
    settled_on: date | None


def count(amounts: Sequence[Decimal], moved: Iterable[Moved]) -> list[Counted]:
    """What each part has got, the earliest first; what is owed less shortens the last ones, which then count as settled.

    A part is settled on the day from which, all reversals told, enough was there and stayed.
    """
    by_day: dict[date, Decimal] = {}
    relieved = ZERO
    for one in moved:
        by_day[one.on] = by_day.get(one.on, ZERO) + one.paid
        relieved += one.relieved
    days = sorted(by_day)
    running = list(accumulate(by_day[day] for day in days))
    money = running[-1] if running else ZERO
    stayed = list(accumulate(reversed(running), min))[::-1]
    whole, found = sum(amounts, ZERO), []
    for amount, upto in zip(amounts, accumulate(amounts), strict=True):
        owed = min(upto, whole - relieved)
        settled = next((day for day, floor in zip(days, stayed, strict=True) if floor >= owed), None)
        paid = max(ZERO, min(amount, money - (upto - amount)))
        found.append(Counted(amount, paid, settled))
    return found
