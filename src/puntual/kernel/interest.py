"""Simple late-payment interest from dated rates, line by line.

Rates are rows an organization can edit, each with its source; none is a constant in code. Days are calendar days over
365, in leap years too, and each line is rounded once, half to even, to the currency's minor unit.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from puntual.kernel.money import EXACT, round_money
from puntual.kernel.problems import N_, Problem

DAYS_IN_YEAR = 365


@dataclass(frozen=True, slots=True)
class Rate:
    """A published or agreed rate, in force from `valid_from` until the next row of the same place and name.

    `value` is percent a year: Decimal("2.15") is 2.15 %. `place` is a country code or "EU"; `source`
    tells where it was read.
    """

    place: str
    name: str
    valid_from: date
    value: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class InterestLine:
    """Interest on one principal at one rate; both days bear interest, so `days` counts them both."""

    first_day: date
    last_day: date
    days: int
    principal: Decimal
    currency: str
    rate: Rate
    margin: Decimal
    percent: Decimal
    amount: Decimal


def simple_interest(
    principal: Decimal, currency: str, rates: Iterable[Rate], from_: date, to: date, margin: Decimal = Decimal(0)
) -> list[InterestLine]:
    """Interest on `principal` for each day from `from_` to `to`, both included, one line per rate in force.

    `from_` is the first day that bears interest (as a rule the day after the due date), `to` the last one (the day of
    payment); with `to` before `from_` there is nothing. `rates` are the rows of one place and name in any order;
    `margin` is added to each, in points of percent (Directive 2011/7/EU art. 2(6): reference rate + 8). Rate and margin
    together never go below zero (so Brazil, CC art. 406 §3).

    Raises Problem where no rate is known for a day, or two are; ValueError for a negative principal or mixed series.
    """
    if principal < 0:
        raise ValueError("Interest is computed on a principal that is owed, not on a credit.")
    lines = []
    for rate, first_day, last_day in _periods(rates, from_, to):
        days = (last_day - first_day).days + 1
        percent = max(Decimal(0), rate.value + margin)
        exact = EXACT.divide(
            EXACT.multiply(EXACT.multiply(principal, percent), Decimal(days)), Decimal(100 * DAYS_IN_YEAR)
        )
        amount = round_money(exact, currency)
        lines.append(InterestLine(first_day, last_day, days, principal, currency, rate, margin, percent, amount))
    return lines


def _periods(rates: Iterable[Rate], from_: date, to: date) -> list[tuple[Rate, date, date]]:
    """Each rate with the first and the last day of [from_, to] on which it is in force."""
    if to < from_:
        return []
    rows = sorted(rates, key=lambda rate: rate.valid_from)
    if len({(rate.place, rate.name) for rate in rows}) > 1:
        raise ValueError("The rates of one calculation belong to one place and one name.")
    if not rows or rows[0].valid_from > from_:
        raise Problem(N_("No interest rate is known for {day}. Add the rate that was in force on that day."), day=from_)
    for one, other in pairwise(rows):
        if one.valid_from == other.valid_from:
            raise Problem(
                N_("Two interest rates are given from {day} on. Keep the one that was in force."), day=one.valid_from
            )
    ends = [row.valid_from - timedelta(days=1) for row in rows[1:]] + [to]
    return [
        (row, max(row.valid_from, from_), min(end, to))
        for row, end in zip(rows, ends, strict=True)
        if row.valid_from <= to and end >= from_
    ]
