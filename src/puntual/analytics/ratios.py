"""The field's ratios, each by one formula. Pure; amounts of one currency, days of the calendar.

A ratio whose divisor is nothing does not exist: it is None, never zero.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

ZERO = Decimal(0)
_TENTH = Decimal("0.1")


class MonthSales(NamedTuple):
    """What was billed on credit in a month, and the month's days (those gone by, of one that still runs)."""

    sales: Decimal
    days: int


@dataclass(frozen=True, slots=True)
class Countback:
    """`days` of sales that the receivables stand for; `beyond`: they are more than all the months looked at."""

    days: Decimal
    beyond: bool = False


def dso(receivables: Decimal, sales: Decimal, days: int) -> Decimal | None:
    """Days sales outstanding, the simple way: ending receivables ÷ credit sales of the period × days in the period."""
    return None if sales <= 0 else receivables / sales * days


def dso_countback(receivables: Decimal, months: Sequence[MonthSales]) -> Countback:
    """Days sales outstanding by counting back: the latest months' credit sales are taken off the receivables, each adding its
    actual days; of the last month, pro rata. `months` has the latest first.
    """
    left, days = max(receivables, ZERO), ZERO
    for month in months:
        if left <= 0:
            break
        if month.sales > left:
            return Countback(days + month.days * left / month.sales)
        left -= max(month.sales, ZERO)
        days += month.days
    return Countback(days, beyond=left > 0)


def best_possible_dso(not_due: Decimal, sales: Decimal, days: int) -> Decimal | None:
    """What DSO would be had everybody paid by the due date: receivables not yet due ÷ credit sales × days in the period."""
    return dso(not_due, sales, days)


def average_days_delinquent(actual: Decimal | None, best: Decimal | None) -> Decimal | None:
    """DSO less best possible DSO: the days that lateness costs."""
    return None if actual is None or best is None else actual - best


def effectiveness(begin: Decimal, sales: Decimal, end: Decimal, end_not_due: Decimal) -> Decimal | None:
    """The collection effectiveness index, in percent: (begin + sales - end) ÷ (begin + sales - end not due) × 100.

    What left receivables without a payment (credit notes, write-offs, closures elsewhere) is taken off the sales beforehand.
    """
    could = begin + sales - end_not_due
    return None if could <= 0 else (begin + sales - end) / could * 100


def share(part: Decimal | int, whole: Decimal | int) -> Decimal | None:
    """`part` of `whole` in percent: roll rates (amount that moved on ÷ amount at the start), cure rate (customers back to current
    ÷ delinquent at the start), promises kept ÷ promises due.
    """
    return None if whole <= 0 else Decimal(part) / Decimal(whole) * 100


def expected_loss(balances: Sequence[Decimal], percents: Sequence[Decimal]) -> list[Decimal]:
    """Expected credit loss by bucket: balance × lifetime loss rate, in percent (provision matrix, IFRS 9 B5.5.35).

    Raises ValueError unless there is a rate per bucket.
    """
    return [balance * percent / 100 for balance, percent in zip(balances, percents, strict=True)]


def tenth(value: Decimal | None) -> Decimal | None:
    """A ratio as it is shown: one decimal."""
    return None if value is None else value.quantize(_TENTH)
