"""Simple late-payment interest from dated rates, line by line.

Rates are rows an organization can edit, each with its source; none is a constant in code. Days are calendar days over
365, in leap years too, and each line is rounded once, half to even, to the currency's minor unit. Interest bears no interest.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise, zip_longest

from puntual.kernel.money import EXACT, round_money
from puntual.kernel.problems import N_, Problem

DAYS_IN_YEAR = 365
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rate:
    """A published or agreed rate, in force from `valid_from` until the next row of the same place and name, or through
    `valid_to` where it says so: a rate fixed for a half-year says nothing of the next one.

    `value` is percent a year: Decimal("2.15") is 2.15 %. `place` is a country code or "EU"; `source`
    tells where it was read.
    """

    place: str
    name: str
    valid_from: date
    value: Decimal
    source: str
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """The principal rose (above zero) or fell on a day. The day itself still bears interest on what was owed before it: who
    pays on the 10th owes interest through the 10th."""

    on: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Pause:
    """From `first_day` through `last_day` (None: until further notice) `amount` of the principal bears no interest; None is
    all of it."""

    first_day: date
    last_day: date | None = None
    amount: Decimal | None = None


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
    cap: Rate | None = None


def accrued(
    changes: Iterable[Change],
    currency: str,
    rates: Iterable[Rate],
    from_: date,
    to: date,
    margin: Decimal = Decimal(0),
    caps: Iterable[Rate] = (),
    pauses: Iterable[Pause] = (),
) -> list[InterestLine]:
    """Interest from `from_` through `to` on a principal that changes and is paused, a line for each stretch in which
    principal and rate stay the same; days without principal have none.

    What was paid stops bearing interest the day after it, and what had accrued until then stays owed. Raises as
    `simple_interest`.
    """
    if to < from_:
        return []
    changes, rates, caps, pauses = tuple(changes), tuple(rates), tuple(caps), tuple(pauses)
    starts = {from_}
    starts |= {change.on + _DAY for change in changes}
    starts |= {pause.first_day for pause in pauses}
    starts |= {pause.last_day + _DAY for pause in pauses if pause.last_day}
    inside = sorted(day for day in starts if from_ <= day <= to)
    stretches: list[tuple[date, date, Decimal]] = []
    for first, last in zip(inside, [day - _DAY for day in inside[1:]] + [to], strict=True):
        owed = bearing(changes, pauses, first)
        if stretches and stretches[-1][2] == owed:
            stretches[-1] = (stretches[-1][0], last, owed)
        else:
            stretches.append((first, last, owed))
    return [
        line
        for first, last, owed in stretches
        if owed
        for line in simple_interest(owed, currency, rates, first, last, margin, caps)
    ]


def bearing(changes: Iterable[Change], pauses: Iterable[Pause], day: date) -> Decimal:
    """The principal that bears interest on a day: what was owed when the day before ended, less what is paused."""
    owed = sum((change.amount for change in changes if change.on < day), Decimal(0))
    paused = Decimal(0)
    for pause in pauses:
        if pause.first_day <= day and (pause.last_day is None or day <= pause.last_day):
            if pause.amount is None:
                return Decimal(0)
            paused += pause.amount
    return max(Decimal(0), owed - paused)


def known_through(rates: Iterable[Rate], day: date) -> date | None:
    """Through which day, `day` at the latest, these rates say anything; None where they say nothing by then."""
    begun = [rate for rate in rates if rate.valid_from <= day]
    if not begun:
        return None
    last = max(begun, key=lambda rate: rate.valid_from)
    return min(day, last.valid_to or day)


def simple_interest(
    principal: Decimal,
    currency: str,
    rates: Iterable[Rate],
    from_: date,
    to: date,
    margin: Decimal = Decimal(0),
    caps: Iterable[Rate] = (),
) -> list[InterestLine]:
    """Interest on `principal` for each day from `from_` to `to`, both included, one line per rate in force.

    `from_` is the first day that bears interest (as a rule the day after the due date), `to` the last one (the day of
    payment); with `to` before `from_` there is nothing. `rates` are the rows of one place and name in any order;
    `margin` is added to each, in points of percent (Directive 2011/7/EU art. 2(6): reference rate + 8). Rate and margin
    together never go below zero (so Brazil, CC art. 406 §3), nor above the cap in force where there are `caps`.

    Raises Problem where no rate or cap is known for a day, or two are; ValueError for a negative principal or mixed series.
    """
    if principal < 0:
        raise ValueError("Interest is computed on a principal that is owed, not on a credit.")
    caps = tuple(caps)
    lines = []
    for rate, first_day, last_day in _periods(rates, from_, to):
        stretches = _periods(caps, first_day, last_day) if caps else [(None, first_day, last_day)]
        for cap, first, last in stretches:
            lines.append(_line(principal, currency, rate, margin, cap, first, last))
    return lines


def _line(
    principal: Decimal, currency: str, rate: Rate, margin: Decimal, cap: Rate | None, first: date, last: date
) -> InterestLine:
    days = (last - first).days + 1
    percent = max(Decimal(0), rate.value + margin)
    bites = cap is not None and cap.value < percent
    if cap is not None and bites:
        percent = cap.value
    exact = EXACT.divide(EXACT.multiply(EXACT.multiply(principal, percent), Decimal(days)), Decimal(100 * DAYS_IN_YEAR))
    amount = round_money(exact, currency)
    return InterestLine(first, last, days, principal, currency, rate, margin, percent, amount, cap if bites else None)


def _periods(rates: Iterable[Rate], from_: date, to: date) -> list[tuple[Rate, date, date]]:
    """Each rate with the first and the last day of [from_, to] on which it is in force."""
    if to < from_:
        return []
    rows = sorted(rates, key=lambda rate: rate.valid_from)
    if len({(rate.place, rate.name) for rate in rows}) > 1:
        raise ValueError("The rates of one calculation belong to one place and one name.")
    for one, other in pairwise(rows):
        if one.valid_from == other.valid_from:
            raise Problem(
                N_("Two interest rates are given from {day} on. Keep the one that was in force."), day=one.valid_from
            )
    found = []
    unknown = from_
    for row, following in zip_longest(rows, rows[1:]):
        end = min(day for day in (row.valid_to, following and following.valid_from - _DAY, to) if day)
        first = max(row.valid_from, from_)
        if first > end:
            continue
        if first > unknown:
            break
        found.append((row, first, end))
        unknown = end + _DAY
    if unknown <= to:
        raise Problem(
            N_("No interest rate is known for {day}. Add the rate that was in force on that day."), day=unknown
        )
    return found
