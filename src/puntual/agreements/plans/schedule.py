"""A plan worked out: its parts to the minor unit, what it costs, what it is a month. Pure.

Nothing is lost in the split: the parts' principal adds up to what is covered, their amounts to principal + interest - discount.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final, Protocol

from puntual.kernel.calendars import BusinessCalendar
from puntual.kernel.interest import DAYS_IN_YEAR
from puntual.kernel.money import from_minor, minor_units, to_minor
from puntual.kernel.problems import N_, Problem
from puntual.kernel.splits import monthly_dates, split_evenly

ZERO: Final = Decimal(0)
WEEKLY, FORTNIGHTLY, MONTHLY = RHYTHMS = ("weekly", "fortnightly", "monthly")
A_YEAR: Final = {WEEKLY: 52, FORTNIGHTLY: 26, MONTHLY: 12}
"""How many parts of a rhythm fall in a year."""
AS_IS, NEXT, PREVIOUS = RULES = ("as_is", "next", "previous")
"""What becomes of a day on which nobody works: it stays, or moves to the next or the previous business day."""
MOST_PARTS: Final = 60


@dataclass(frozen=True, slots=True)
class Wish:
    """How a customer would pay.

    `parts` are those after the down payment, the first on `first_on`. `down` is an amount and goes before `down_percent` of what
    is to be paid, both due on `agreed_on`. `yearly_percent` is interest a year on what is still owed, days of the calendar
    over 365; `discount` an amount and goes before `discount_percent` of the principal.
    """

    parts: int
    first_on: date
    agreed_on: date
    rhythm: str = MONTHLY
    rule: str = NEXT
    down: Decimal = ZERO
    down_percent: Decimal = ZERO
    yearly_percent: Decimal = ZERO
    discount: Decimal = ZERO
    discount_percent: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Part:
    """One payment: `amount` = principal + interest - discount, by `due_on`. Position 0 is the down payment."""

    position: int
    due_on: date
    principal: Decimal
    interest: Decimal
    discount: Decimal

    @property
    def amount(self) -> Decimal:
        return self.principal + self.interest - self.discount


@dataclass(frozen=True, slots=True)
class Schedule:
    """The parts of a plan in the order of their days, all in one currency."""

    currency: str
    rhythm: str
    agreed_on: date
    parts: tuple[Part, ...]

    @property
    def principal(self) -> Decimal:
        return sum((part.principal for part in self.parts), ZERO)

    @property
    def interest(self) -> Decimal:
        return sum((part.interest for part in self.parts), ZERO)

    @property
    def discount(self) -> Decimal:
        return sum((part.discount for part in self.parts), ZERO)

    @property
    def total(self) -> Decimal:
        """All that is to be paid."""
        return sum((part.amount for part in self.parts), ZERO)

    @property
    def cost(self) -> Decimal:
        """What the customer pays more than is owed today; below zero what is saved."""
        return self.total - self.principal

    @property
    def down(self) -> Decimal:
        return sum((part.amount for part in self.parts if part.position == 0), ZERO)

    @property
    def monthly(self) -> Decimal:
        """What the customer pays a month while the plan lasts, without the down payment: one part, or as many as fall in a month
        on the average, never more than all of them.
        """
        regular = [part.amount for part in self.parts if part.position > 0]
        a_month = Fraction(max(regular, default=ZERO)) * A_YEAR[self.rhythm] / 12
        return min(_rounded(a_month, self.currency), sum(regular, ZERO))

    @property
    def last_on(self) -> date:
        return self.parts[-1].due_on

    @property
    def days(self) -> int:
        """From the agreement to the last part."""
        return (self.last_on - self.agreed_on).days

    @property
    def first_percent(self) -> Decimal:
        """The first payment as a share of all that is to be paid, in percent."""
        return _percent(self.parts[0].amount, self.total)

    @property
    def discount_percent(self) -> Decimal:
        """The discount as a share of the principal, in percent."""
        return _percent(self.discount, self.principal)


def work_out(principal: Decimal, currency: str, wish: Wish, calendar: BusinessCalendar) -> Schedule:
    """The schedule of a wish for `principal`, due on `calendar`'s business days as the wish's rule says.

    All parts but the down payment are alike to one minor unit, the larger ones first. Interest is that of an annuity: each part
    bears it for the days since the one before, on what is still owed after the down payment; interest bears none. Raises Problem
    for a wish that cannot be met: no or too many parts, days that are past, a down payment, discount or interest out of range,
    parts below one minor unit or below their own interest, an amount finer than a minor unit.
    """
    _check(principal, currency, wish)
    discount = wish.discount or _share(principal, wish.discount_percent, currency)
    owed = principal - discount
    down = wish.down or _share(owed, wish.down_percent, currency)
    if not ZERO <= down < owed:
        raise Problem(N_("The down payment has to be less than all that is to be paid. Lower it."))
    days = _days(wish, calendar)
    interest = _interest(owed - down, currency, wish, days)
    amounts = split_evenly(owed - down + sum(interest, ZERO), wish.parts, currency)
    discounts = split_evenly(discount, wish.parts, currency)
    if amounts[-1] <= 0:
        raise Problem(N_("There are so many parts that some would be nothing. Choose fewer."))
    if any(amount < bears for amount, bears in zip(amounts, interest, strict=True)):
        raise Problem(N_("A part would not even pay its own interest. Choose an earlier first day or fewer parts."))
    parts = [
        Part(position, day, amount - bears + less, bears, less)
        for position, (day, amount, bears, less) in enumerate(zip(days, amounts, interest, discounts, strict=True), 1)
    ]
    if down:
        parts.insert(0, Part(0, wish.agreed_on, down, ZERO, ZERO))
    return Schedule(currency, wish.rhythm, wish.agreed_on, tuple(parts))


class Bearing(Protocol):
    """A part as far as its interest goes: one that is worked out, or one that is stored."""

    @property
    def due_on(self) -> date: ...
    @property
    def interest(self) -> Decimal: ...


def borne(parts: Sequence[Bearing], agreed_on: date, day: date, currency: str) -> list[Decimal]:
    """What of each part's interest is borne through `day`: all of those that are due, by days of the one that runs, none later.

    The parts are in the order of their days.
    """
    found, since = [], agreed_on
    for part in parts:
        if part.due_on <= day:
            found.append(part.interest)
        elif since < day:
            so_far = Fraction(part.interest) * (day - since).days / (part.due_on - since).days
            found.append(_rounded(so_far, currency))
        else:
            found.append(ZERO)
        since = max(since, part.due_on)
    return found


def _check(principal: Decimal, currency: str, wish: Wish) -> None:
    for amount in (principal, wish.down, wish.discount):
        to_minor(amount, currency)
    if wish.rhythm not in RHYTHMS or wish.rule not in RULES:
        raise ValueError(f"no such rhythm or rule: {wish.rhythm}, {wish.rule}")
    if principal <= 0:
        raise Problem(N_("Nothing is open of what you chose, so there is nothing to plan."))
    if not 1 <= wish.parts <= MOST_PARTS:
        raise Problem(N_("A plan has between 1 and {most} parts. Choose another number."), most=MOST_PARTS)
    if wish.first_on < wish.agreed_on:
        raise Problem(N_("The first part would be due before today. Choose a later day."))
    if not ZERO <= wish.yearly_percent <= 100:
        raise Problem(N_("Interest lies between 0 and 100 percent a year. Check it."))
    if not (ZERO <= wish.discount < principal and ZERO <= wish.discount_percent < 100):
        raise Problem(N_("The discount has to be less than what is owed. Lower it."))
    if not (wish.down >= 0 and ZERO <= wish.down_percent < 100):
        raise Problem(N_("The down payment has to be less than all that is to be paid. Lower it."))


def _days(wish: Wish, calendar: BusinessCalendar) -> list[date]:
    if wish.rhythm == MONTHLY:
        plain = monthly_dates(wish.first_on, wish.parts)
    else:
        step = timedelta(days=7 if wish.rhythm == WEEKLY else 14)
        plain = [wish.first_on + step * n for n in range(wish.parts)]
    if wish.rule == AS_IS:
        return plain
    if wish.rule == NEXT:
        return [calendar.next_business_day(day) for day in plain]
    moved = [(calendar.previous_business_day(day), day) for day in plain]
    return [before if before >= wish.agreed_on else calendar.next_business_day(day) for before, day in moved]


def _interest(owed: Decimal, currency: str, wish: Wish, days: Sequence[date]) -> list[Decimal]:
    """What each part bears: exact on the balances of an annuity, and only then rounded to the minor unit."""
    if not wish.yearly_percent:
        return [ZERO] * len(days)
    since = [wish.agreed_on, *days[:-1]]
    rates = [
        Fraction(wish.yearly_percent) * (day - before).days / (100 * DAYS_IN_YEAR)
        for before, day in zip(since, days, strict=True)
    ]
    grown, paid = Fraction(owed), Fraction(0)  # what is owed if nothing is paid; and parts of one, at the last day
    for rate in rates:
        grown *= 1 + rate
        paid = paid * (1 + rate) + 1
    part = grown / paid
    balance, found = Fraction(owed), []
    for rate in rates:
        bears = balance * rate
        balance += bears - part
        found.append(_rounded(bears, currency))
    return found


def _rounded(exact: Fraction, currency: str) -> Decimal:
    return from_minor(round(exact * 10 ** minor_units(currency)), currency)


def _share(amount: Decimal, percent: Decimal, currency: str) -> Decimal:
    return _rounded(Fraction(amount) * Fraction(percent) / 100, currency)


def _percent(part: Decimal, whole: Decimal) -> Decimal:
    exact = Fraction(part) * 100 / Fraction(whole)
    return Decimal(round(exact * 10_000)).scaleb(-4)
