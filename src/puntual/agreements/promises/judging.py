"""How promises are judged by the money that came. Pure; `valuing` says the same of everybody at once, in SQL.

A promise counts what was paid from the day it was made through its deadline: its day and the working days a bank takes to book a
transfer. Money is of the day it was received, though it lies on account and no item has taken it yet; what lay there before the
promise was made is of the day it was applied. Money counts once: where two promises could claim it, the one whose day comes first
has it, the oldest money first, and what is beyond its amount goes on to the next. What a credit note, an annulment or the
creditor's own books took off meanwhile is no longer expected, and is no money either.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

ZERO = Decimal(0)
GRACE = 2
"""Working days after the promised one: so long banks take, and so long a promise waits to be judged."""
MONEY = ("payment", "recovery", "deduction", "discount", "adjustment")
"""Kinds of entries that keep a promise. What was closed outside is no dated payment, so it never does."""


class Verdict(StrEnum):
    """What a promise came to."""

    KEPT = "kept"
    PARTLY_KEPT = "partly_kept"
    BROKEN = "broken"
    WITHDRAWN = "withdrawn"  # nothing of what it covered is owed any more, and nothing was paid for it


@dataclass(frozen=True, slots=True)
class Covered:
    """Of one item, as it stands now: how much the promise is about, what is open or written off, and what was paid since."""

    amount: Decimal
    open: Decimal
    paid_since: Decimal = ZERO

    @property
    def expected(self) -> Decimal:
        """What may still be expected of the promise for it: less than was promised where it was credited meanwhile."""
        return min(self.amount, self.open + self.paid_since)


@dataclass(frozen=True, slots=True)
class Word:
    """A promise of one customer in one currency. `deadline` is the last day whose money counts.

    `named`: only money for its own items counts; otherwise any of the customer's in that currency.
    """

    id: UUID
    made_on: date
    promised_for: date
    deadline: date
    recorded_at: datetime
    items: Mapping[UUID, Covered] = field(hash=False)
    named: bool = False

    @property
    def amount(self) -> Decimal:
        """What was promised."""
        return sum((item.amount for item in self.items.values()), ZERO)

    @property
    def expected(self) -> Decimal:
        """What may be expected of it now."""
        return sum((item.expected for item in self.items.values()), ZERO)

    def day_of(self, money: "Money") -> date | None:
        """On which day the money came after it was made: on a later day, or on that day and not known of already. None before."""
        for on, at in ((money.received_on, money.received_at), (money.on, money.recorded_at)):
            if on > self.made_on or (on == self.made_on and at > self.recorded_at):
                return on
        return None

    def counts(self, money: "Money") -> bool:
        """Whether the money is for it, and came in its days. What lies on account may be for any item."""
        day = self.day_of(money)
        for_it = not self.named or money.item is None or money.item in self.items
        return day is not None and day <= self.deadline and for_it


@dataclass(frozen=True, slots=True)
class Money:
    """What one standing entry took off an item, above zero, and when; and when its payment was received and recorded.

    What lies on account has no item: it is of the day it was received.
    """

    id: UUID
    item: UUID | None
    on: date
    recorded_at: datetime
    amount: Decimal
    received_on: date
    received_at: datetime


def paid(words: Sequence[Word], money: Sequence[Money]) -> dict[UUID, Decimal]:
    """What counts for each promise of one customer and currency."""
    left = {one.id: one.amount for one in money}
    oldest_first = sorted(money, key=lambda one: (one.received_on, one.id))
    found = {}
    for word in sorted(words, key=lambda one: (one.promised_for, one.made_on, one.id)):
        wanted = word.expected
        for one in oldest_first:
            if word.counts(one):
                taken = min(wanted, left[one.id])
                wanted -= taken
                left[one.id] -= taken
        found[word.id] = word.expected - wanted
    return found


def judge(promised: Decimal, expected: Decimal, paid: Decimal, tolerance: Decimal, *, known: bool) -> Verdict | None:
    """What a promise came to; None while it may still be kept. `known`: the creditor's bank is known through its deadline.

    Up to `tolerance` less is as good as all, and as little is as good as nothing.
    """
    if paid > 0 and paid >= expected - tolerance:
        return Verdict.KEPT
    if not paid and expected <= tolerance and expected < promised:
        return Verdict.WITHDRAWN
    if not known:
        return None
    return Verdict.PARTLY_KEPT if paid > tolerance else Verdict.BROKEN
