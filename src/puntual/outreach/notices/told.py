"""What a notice is about and what it may say, as plain values. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeAlias
from uuid import UUID

from puntual.kernel.calendars import BusinessCalendar
from puntual.strategies.notices import OCCASIONS
from puntual.strategies.steps import Notice

Row: TypeAlias = tuple[Any, ...]
LATE = timedelta(days=7)
"""For so long after its day a notice may still go out: the day was full, somebody else had just written, or nobody ran it."""
_EPOCH = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Occasion:
    """Something there is to say to a customer. `on` is the day it is about; `lead_id` and that day tell it from any other."""

    code: str
    customer_id: UUID
    creditor_id: UUID
    lead_id: UUID
    on: date
    why: str = ""  # of the sentences that give the reason; "" for the one of the code
    params: Mapping[str, str | int] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, code: str, row: Row, why: str = "", **params: str | int) -> "Occasion":
        """From a row of the database: customer, creditor, lead and day."""
        customer, creditor, lead, on = row[:4]
        return cls(code, customer, creditor, lead, on, why, params)

    @property
    def generation(self) -> int:
        """The days since 2000, as an activity keeps it beside the lead's id."""
        return (self.on - _EPOCH).days


@dataclass(frozen=True, slots=True)
class Told:
    """What a notice says today, by currency where it is money: `asked`, what is still to pay of what was agreed for `on`; `left`
    of the whole; and what was `paid`. `items` are the installments it asks about; `verdict` is what was decided of an objection
    to the invoice `number`, `why` its reason and `paid` what the customer was right about.
    """

    asked: Mapping[str, Decimal] = field(default_factory=dict)
    on: date | None = None
    part: tuple[int, int] | None = None
    left: Mapping[str, Decimal] = field(default_factory=dict)
    paid: Mapping[str, Decimal] = field(default_factory=dict)
    number: str = ""
    months: int = 0
    verdict: str = ""  # of `Dispute.State`
    why: str = ""
    items: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Search:
    """Where occasions are looked for: everything about `day` that a notice of these could be due for."""

    organization_id: UUID
    day: date
    notices: Sequence[Notice]
    zone: str = "UTC"

    @property
    def first(self) -> date:
        """The earliest day an occasion that is over may be about."""
        return self.day - timedelta(days=max(one.days for one in self.notices)) - LATE

    @property
    def last(self) -> date:
        """The latest day an occasion to come may be about; working days take longer."""
        return self.day + timedelta(days=2 * max(one.days for one in self.notices) + 7)


Coming: TypeAlias = Callable[[Search], list[Occasion]]
"""Finds the occasions of a kind; it may find more than are due."""
Telling: TypeAlias = Callable[[UUID, Sequence[UUID], date], dict[UUID, Told]]
"""What there is to say today about each of the leads of a kind; one whose occasion is over is not among them."""


def is_due(occasion: Occasion, notice: Notice, day: date, calendar: BusinessCalendar) -> bool:
    """Whether a notice about the occasion goes out on a day: from its own day on, and as long as it makes sense."""
    kind = OCCASIONS[occasion.code]
    if not kind.before:
        first = occasion.on + timedelta(days=notice.days)
        return first <= day <= first + LATE
    if kind.business_days:
        first = calendar.add_business_days(occasion.on, -notice.days)
    else:
        first = occasion.on - timedelta(days=notice.days)
    return first <= day < occasion.on or (kind.on_the_day and day == occasion.on)
