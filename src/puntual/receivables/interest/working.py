"""What late payment of one item amounts to, worked out line by line, or why it does not. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from puntual.kernel.interest import Change, InterestLine, Pause, Rate, accrued, bearing, known_through
from puntual.kernel.money import EXACT, round_money
from puntual.kernel.problems import N_, Problem
from puntual.receivables.interest.laws import Fixed, Law, scaled

BY_LAW, AGREED, NEVER = "law", "agreed", "never"
INTEREST = "interest"
_DAY = timedelta(days=1)


class Sentence(NamedTuple):
    """Something to tell people: an English sentence of the catalogs and what fills its places."""

    message: str
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Terms:
    """On which ground a creditor charges, from which day: the law's rate, an agreed one (`percent`, by `clause`), or never.

    `fixed` says whether the law's compensation or commission is charged too.
    """

    basis: str
    from_on: date
    percent: Decimal | None = None
    clause: str = ""
    fixed: bool = False
    pay_within: int = 30


@dataclass(frozen=True, slots=True)
class LateItem:
    """An installment that was, or is, late: how its principal changed, what paused it, and what was charged before."""

    installment_id: UUID
    invoice_id: UUID
    creditor_id: UUID
    customer_id: UUID
    number: str
    position: int
    due_on: date
    currency: str
    country: str
    consumer: bool
    terms: Terms
    changes: Sequence[Change] = ()
    pauses: Sequence[Pause] = ()
    charged_through: date | None = None
    fixed_charged: bool = False

    @property
    def first_day(self) -> date:
        """The first day not charged yet that may bear interest: not before the terms were in force, never a day twice."""
        days = (self.due_on + _DAY, self.terms.from_on, (self.charged_through or date.min) + _DAY)
        return max(days)


@dataclass(frozen=True, slots=True)
class Once:
    """A fixed compensation or commission, owed once for the item."""

    fixed: Fixed
    base: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Accrual:
    """What one item bears from its first day not charged through `through`; `amount` is the sum of the lines.

    `why_not` says why there is nothing, or nothing after `through`.
    """

    item: LateItem
    law: Law | None
    first_day: date
    through: date | None = None
    lines: tuple[InterestLine, ...] = ()
    once: Once | None = None
    why_not: Sentence | None = None

    @property
    def amount(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def total(self) -> Decimal:
        return self.amount + (self.once.amount if self.once else Decimal(0))


def work_out(item: LateItem, law: Law | None, rates: Mapping[str, Sequence[Rate]], as_of: date) -> Accrual:
    """The interest of an item through `as_of`, the day included; `rates` are the rows of each published series.

    Where a rate or a cap is not known for the whole time, it goes as far as they are and says so.
    """
    refusal = not_offered(law, item.terms, item.country, item.currency, item.consumer)
    if refusal or law is None:
        return Accrual(item, law, item.first_day, why_not=refusal)
    once = _once(item, law, as_of)
    first = item.first_day
    if as_of < first:
        return Accrual(item, law, first, once=once)
    used = _rates(law, item.terms, rates)
    caps = scaled(tuple(rates.get(law.cap, ())), law.cap_factor) if law.cap else ()
    through, missing = as_of, ""
    for name, rows, needed in ((law.series, used, True), (law.cap, caps, bool(law.cap))):
        known = known_through(rows, as_of) if needed else as_of
        if known is None or known < through:
            through, missing = known or first - _DAY, name
    why_not = _unknown(missing, max(through, first - _DAY)) if missing else None
    begins = min((row.valid_from for row in used), default=first)
    if caps:
        begins = max(begins, min(row.valid_from for row in caps))
    if begins > first:
        return Accrual(item, law, first, once=once, why_not=_unknown(law.series or law.cap, first - _DAY))
    margin = law.margin if item.terms.basis == BY_LAW else Decimal(0)
    try:
        lines = accrued(item.changes, item.currency, used, first, through, margin, caps, item.pauses)
    except Problem as problem:  # a hole between two rows, or two for the same day
        return Accrual(item, law, first, once=once, why_not=Sentence(problem.message, dict(problem.details)))
    return Accrual(item, law, first, through if through >= first else None, tuple(lines), once, why_not)


def not_offered(law: Law | None, terms: Terms, country: str, currency: str, consumer: bool) -> Sentence | None:
    """Why nothing is charged on these grounds, or None."""
    if terms.basis == NEVER:
        return Sentence(N_("This customer is never charged."), {})
    if law is None:
        return Sentence(
            N_("No late-payment law with a source is kept for {country}, so nothing is charged there."),
            {"country": country},
        )
    if consumer:
        return Sentence(N_("{law} is for businesses; consumers are not charged."), {"law": law.name})
    if law.currencies and currency not in law.currencies:
        return Sentence(
            N_("The rates of {law} are for {currencies}, so nothing is charged in {currency}."),
            {"law": law.name, "currencies": ", ".join(sorted(law.currencies)), "currency": currency},
        )
    if terms.basis == AGREED and not law.agreed:
        return Sentence(N_("{law} is kept here with its own rate only, not with an agreed one."), {"law": law.name})
    if terms.basis == BY_LAW and not law.series:
        return Sentence(
            N_("{law} grants interest only where a rate was agreed. Enter the agreed one."),
            {"law": law.name, "beside": "percent"},
        )
    return None


def _rates(law: Law, terms: Terms, rates: Mapping[str, Sequence[Rate]]) -> tuple[Rate, ...]:
    if terms.basis == AGREED:
        return (Rate(law.id, AGREED, date.min, terms.percent or Decimal(0), terms.clause),)
    return scaled(tuple(rates.get(law.series, ())), law.factor)


def _once(item: LateItem, law: Law, as_of: date) -> Once | None:
    """Owed once an item is late with something of it unpaid, and became late while the terms were in force."""
    late_on = item.due_on + _DAY
    fixed = law.fixed
    if not item.terms.fixed or fixed is None or item.fixed_charged or as_of < late_on or late_on < item.terms.from_on:
        return None
    base = bearing(item.changes, item.pauses, late_on)
    if not base:
        return None
    if fixed.amount is not None:
        return Once(fixed, base, fixed.amount) if fixed.currency == item.currency else None
    exact = EXACT.divide(EXACT.multiply(base, fixed.percent or Decimal(0)), Decimal(100))
    amount = round_money(exact, item.currency)
    return Once(fixed, base, amount) if amount else None


def _unknown(name: str, day: date) -> Sentence:
    return Sentence(
        N_("The rate “{series}” is not known after {day}. Enter it with its source to go on."),
        {"series": name, "day": day},
    )
