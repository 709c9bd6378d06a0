"""Customers whose every payment is known beforehand, some of whom change on a day: what alerts are measured by.

They are billed every week, fortnight or month, at 30 days. Two in five pay about on the day, two some days late, one some weeks
late; each has a spread of its own, some pay on runs, one payment in fifty takes much longer, and now and then a week slips for
all there is. So much happens without anything having changed. A planted change is one of four: every payment comes 15 to 45
days later, none comes any more, each is paid in part, or the customer buys three times as much: three invoices for one, or
each three times as large.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import NamedTuple

from puntual.analytics.alerts import patterns
from puntual.analytics.alerts.buying import AT_MOST, Billed
from puntual.analytics.alerts.kinds import Kind
from puntual.analytics.alerts.patterns import Balance, Change, Week

START = date(2024, 1, 1)
CHANGES = ("slower", "stops", "parts", "grows")
NEVER = date(2099, 1, 1)
_DAY = timedelta(days=1)
_DAYS = 760


class Bill(NamedTuple):
    """One invoice, when it is paid, and when and how much of it was paid before."""

    issued_on: date
    due_on: date
    amount: Decimal
    paid_on: date
    part_on: date = NEVER
    part: Decimal = Decimal(0)


def _issued(bill: Bill) -> date:
    return bill.issued_on


@dataclass
class Life:
    """A customer's invoices, one every `rhythm` days. `shows_on` is the first day on which the ledger differs from what it would
    have been; one who grows does so by `larger` invoices, or else by more.
    """

    change: str
    rhythm: int = 0
    larger: bool = False
    bills: list[Bill] = field(default_factory=list)
    shows_on: date = NEVER

    def before(self, day: date) -> list[Bill]:
        """What was issued by a day, and within the 600 days before it."""
        first = bisect_left(self.bills, day - 600 * _DAY, key=_issued)
        return self.bills[first : bisect_right(self.bills, day, key=_issued)]


def live(seed: int, change: str = "") -> Life:
    """The life of one customer; with a change it falls in the second year."""
    dice = Random(seed)
    rhythm, run = dice.choice([7, 14, 30]), dice.choice([0, 0, 0, 7, 14])
    usual, spread = _manner(dice)
    size = dice.uniform(6, 9)
    slipped = [START + dice.randrange(_DAYS) * _DAY for _ in range(3) if dice.random() < 0.3]
    at = START + dice.randrange(500, 530) * _DAY if change else NEVER
    slower, larger = dice.randint(15, 45), dice.random() < 0.5
    life = Life(change, rhythm, larger)
    issued = START + dice.randrange(rhythm) * _DAY
    while issued < START + _DAYS * _DAY:
        grown = change == "grows" and issued >= at
        if grown:
            life.shows_on = min(life.shows_on, issued)
        for _ in range(3 if grown and not larger else 1):
            amount = Decimal(round(dice.lognormvariate(size, 0.5) * (3 if grown and larger else 1)))
            due = issued + 30 * _DAY
            paid = due + max(-10, round(dice.gauss(usual, spread))) * _DAY
            if dice.random() < 0.02:
                paid += round(dice.expovariate(1 / 15)) * _DAY
            if any(0 <= (paid - week).days < 7 for week in slipped):
                paid += dice.randint(5, 10) * _DAY
            if run:
                paid += (-paid.toordinal() % run) * _DAY
            life.bills.append(_changed(life, Bill(issued, due, amount, paid), at, slower, dice))
        issued += max(2, round(rhythm * dice.uniform(0.8, 1.2))) * _DAY
    return life


def _manner(dice: Random) -> tuple[float, float]:
    """The usual days late and their spread."""
    kind = dice.random()
    if kind < 0.4:
        return dice.uniform(-3, 0), dice.uniform(0.5, 2)
    return (dice.uniform(3, 15), dice.uniform(2, 5)) if kind < 0.8 else (dice.uniform(15, 35), dice.uniform(4, 8))


def _changed(life: Life, bill: Bill, at: date, slower: int, dice: Random) -> Bill:
    if bill.paid_on <= at or life.change in ("", "grows"):
        return bill
    life.shows_on = min(life.shows_on, bill.paid_on)
    if life.change == "slower":
        return bill._replace(paid_on=bill.paid_on + slower * _DAY)
    if life.change == "stops":
        return bill._replace(paid_on=NEVER)
    part = round(bill.amount * Decimal(str(dice.uniform(0.3, 0.7))), 2)
    return bill._replace(part_on=bill.paid_on, part=part, paid_on=bill.paid_on + 60 * _DAY)


def alarms(life: Life, first: date, last: date) -> Iterator[tuple[date, Change]]:
    """What the patterns say on each day, from the facts that the ledger gives on it; the same not again within 60 days."""
    quiet: dict[str, date] = {}
    day = first
    while day <= last:
        for change in _looked_at(life, day):
            kind = "late" if change.kind in (Kind.LATER, Kind.MISSED) else change.kind
            if day > quiet.get(kind, date.min):
                quiet[kind] = day + 60 * _DAY
                yield day, change
        day += _DAY


def _looked_at(life: Life, day: date) -> Iterator[Change]:
    yield from late_or_in_parts(life, day)
    if any(bill.issued_on == day for bill in life.before(day)):
        yield from grown(life, day)


def grown(life: Life, day: date) -> Iterator[Change]:
    """Whether its balance grew."""
    balances = [_balance(life, day - 10 * back * _DAY) for back in range(36, -1, -1)]
    billed = [Billed(bill.issued_on, bill.amount) for bill in life.before(day)][-AT_MOST:]
    yield from filter(None, [patterns.growing(balances, billed, "PEN", day)])


def late_or_in_parts(life: Life, day: date) -> Iterator[Change]:
    """Whether it pays later, missed a date or pays in parts."""
    owed = [bill for bill in life.before(day) if bill.paid_on > day]
    if any(patterns.RECENT > day - bill.due_on > 5 * _DAY for bill in owed):
        yield from filter(None, [patterns.lateness(_weeks(life, day), day)])
    lately = day - 45 * _DAY
    parted = [bill for bill in owed if lately < bill.part_on <= day]
    if len(parted) > 1:
        before = [bill for bill in life.bills if day - 410 * _DAY < bill.paid_on <= lately]
        yield from filter(
            None, [patterns.in_parts(len(parted), sum(b.part_on < NEVER for b in before), len(before), [])]
        )


def _weeks(life: Life, day: date) -> list[Week]:
    weeks: dict[int, list[Bill]] = defaultdict(list)
    for bill in life.before(day):
        if day - 500 * _DAY < bill.paid_on <= day or (bill.paid_on > day and day - 500 * _DAY < bill.due_on < day):
            weeks[(bill.due_on.toordinal() - 1) // 7].append(bill)
    return [
        Week(
            min(bill.due_on for bill in bills),
            sum((min(bill.paid_on, day) - bill.due_on).days for bill in bills) / len(bills),
            all(bill.paid_on <= day for bill in bills),
        )
        for bills in weeks.values()
    ]


def _balance(life: Life, day: date) -> Balance:
    owed = [bill for bill in life.before(day) if bill.paid_on > day]
    return Balance(
        sum((bill.amount - (bill.part if bill.part_on <= day else 0) for bill in owed), Decimal(0)), len(owed)
    )
