"""An independent model of the ledger for the state machine: plain lists, naive loops, no database.

It knows the rules from the words of the blueprint only; where it and the ledger disagree, one of them is wrong.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass
class Line:
    """One posting: which account, how much, from which day, known since which day."""

    account: str
    amount: Decimal
    day: date
    known: date
    source: object = None
    undone: bool = False


@dataclass
class Item:
    owner: int
    currency: str
    number: str
    issued: date
    due: date
    amount: Decimal
    lines: list[Line] = field(default_factory=list)
    deductions: list["Deduction"] = field(default_factory=list)

    def balance(self, account: str = "receivable", as_of: date = date.max, known: date = date.max) -> Decimal:
        return sum(
            (x.amount for x in self.lines if x.account == account and x.day <= as_of and x.known <= known), Decimal(0)
        )

    @property
    def open(self) -> Decimal:
        return self.balance()

    @property
    def off(self) -> Decimal:
        return self.balance("written_off")

    @property
    def expected(self) -> Decimal:
        return sum((one.amount for one in self.deductions if one.state == "live"), Decimal(0))

    @property
    def net(self) -> Decimal:
        return max(self.open - self.expected, Decimal(0))

    @property
    def settled(self) -> date | None:
        return max(x.day for x in self.lines if x.account == "receivable") if not self.open else None

    def raised(self, account: str) -> date:
        return max((x.day for x in self.lines if x.account == account and x.amount > 0), default=date.min)

    def post(self, amount: Decimal, day: date, known: date, account: str = "receivable", source: object = None) -> Line:
        """A posting, moved to the first day on which it does not break a balance."""
        if amount < 0:
            day = max(day, self.raised(account))
        line = Line(account, amount, day, known, source)
        self.lines.append(line)
        return line

    def undo(self, line: Line, day: date, known: date) -> Line:
        line.undone = True
        day = max(day, line.day)
        if line.amount > 0:
            day = max(day, self.raised(line.account))
        made = Line(line.account, -line.amount, day, known, line.source, undone=True)
        self.lines.append(made)
        return made


@dataclass
class Deduction:
    amount: Decimal
    state: str = "live"  # closed, given up


@dataclass
class Credit:
    owner: int
    currency: str
    issued: date
    amount: Decimal
    left: Decimal


@dataclass
class Taking:
    """A payment on one item."""

    item: Item
    line: Line
    amount: Decimal


@dataclass
class Payment:
    owner: int
    currency: str
    received: date
    amount: Decimal
    left: Decimal
    takings: list[Taking] = field(default_factory=list)
    refunds: list[tuple[date, Decimal]] = field(default_factory=list)
    reversed: date | None = None

    def on_account(self, as_of: date) -> Decimal:
        if self.received > as_of or (self.reversed and self.reversed <= as_of):
            return Decimal(0)
        given = sum((amount for day, amount in self.refunds if day <= as_of), Decimal(0))
        taken = Decimal(0)
        for taking in self.takings:
            taken -= sum(x.amount for x in taking.item.lines if x.source is taking and x.day <= as_of)
        return self.amount - given - taken


def share(
    amount: Decimal, items: list[Item], named: list[tuple[Item, Decimal | None]], oldest: bool
) -> dict[int, Decimal]:
    """How much each item (by its place) takes: penny by penny thinking, whole steps of the same order."""
    taken: dict[int, Decimal] = {}

    def give(item: Item, limit: Decimal) -> None:
        nonlocal amount
        at = next(place for place, one in enumerate(items) if one is item)
        part = max(min(amount, limit, item.open - taken.get(at, Decimal(0))), Decimal(0))
        if part:
            taken[at] = taken.get(at, Decimal(0)) + part
            amount -= part

    for item, asked in named:
        if asked is not None:
            give(item, asked)
    for item, asked in named:
        if asked is None:
            at = next(place for place, one in enumerate(items) if one is item)
            give(item, item.net - taken.get(at, Decimal(0)))
    for item, asked in named:
        if asked is None:
            give(item, item.open)
    if oldest:
        for item in sorted(items, key=lambda one: (one.due, one.number)):
            at = next(place for place, one in enumerate(items) if one is item)
            give(item, item.net - taken.get(at, Decimal(0)))
    return taken
