"""From what happened to a proposal: willing × able and why it is late, with its evidence and the age of it. Pure.

Every signal speaks for or against wanting or being able, with a weight, and fades: what is `HALF_LIFE` days old counts half.
Where the signals do not add up to `ENOUGH` on one side nothing is proposed: not known is an answer too.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from puntual.agreements.profiles.findings import Procedure, procedure

HALF_LIFE: Final = 60
"""Days after which a signal counts half."""
ENOUGH: Final = 1.0
"""So much more has to speak for one side than for the other."""
OLD: Final = 90
"""Days after which what a person found out is looked at again, where the record has something newer."""


class Weight(NamedTuple):
    """How much something says of wanting and of being able to pay; below zero it speaks against."""

    willing: float = 0.0
    able: float = 0.0


WEIGHTS: Final[Mapping[str, Weight]] = {
    "promise_kept": Weight(2, 1),
    "promise_partly_kept": Weight(1, -1),
    "promise_broken": Weight(-2, -0.5),
    "part_payment": Weight(2, -1),
    "part_of_plan_paid": Weight(2, 1),
    "part_of_plan_missed": Weight(-0.5, -2),
    "plan_broken": Weight(-1, -2),
    "asked_for_time": Weight(1.5, -1),
    "answered": Weight(1, 0),
    "silence": Weight(-1.5, 0),
    "newer_paid_first": Weight(-0.5, 2),
    "instrument_returned": Weight(0, -3),
    "used_to_pay_in_time": Weight(1, 1),
    "always_late": Weight(0, 0.5),
    "insolvent": Weight(0, -6),
}
"""By signal. Part payments, promises kept in part and requests for time come from who wants to and lacks the money."""
FADELESS: Final = frozenset({"insolvent", "used_to_pay_in_time", "always_late"})
"""A state or a habit: it is as true today as on its day."""


@dataclass(frozen=True, slots=True)
class Signal:
    """Something that happened `times` times, the last time `on` that day."""

    code: str
    on: date
    times: int = 1

    def age(self, day: date) -> int:
        """Days since it happened last."""
        return max(0, (day - self.on).days)

    def strength(self, day: date) -> float:
        """How much it still counts: 1 for today's, more for what happened again, with less for each time."""
        again = 2 - 0.5 ** (self.times - 1)
        return again * (1.0 if self.code in FADELESS else 0.5 ** (self.age(day) / HALF_LIFE))


@dataclass(frozen=True, slots=True)
class Known:
    """What a person found out last."""

    willing: bool | None
    able: bool | None
    reason: str
    found_on: date


@dataclass(frozen=True, slots=True)
class Record:
    """What is on record of a customer: signals, days of its oldest overdue item (0: nothing is), what speaks of the reason."""

    signals: tuple[Signal, ...] = ()
    days_overdue: int = 0
    disputed_on: date | None = None  # something is objected to and not answered
    lacking_on: date | None = None  # an order, a document or an approval is missing
    insolvent: bool = False
    known: Known | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the record suggests; None on an axis where it does not say. `signals` are what it rests on, the weightiest first."""

    willing: bool | None
    able: bool | None
    reason: str
    signals: tuple[Signal, ...]
    newest: date | None

    @property
    def procedure(self) -> Procedure | None:
        """The situation it makes, None while one of the two is not known."""
        return procedure(self.willing, self.able)

    def age(self, day: date) -> int | None:
        """Days since the newest of its evidence."""
        return None if self.newest is None else max(0, (day - self.newest).days)


def propose(record: Record, day: date) -> Proposal | None:
    """What the record suggests on `day`; None where nothing is overdue, it suggests nothing, or a person's finding says the same
    or is newer than all of its evidence.
    """
    if not record.days_overdue:
        return None
    willing = _side(sum(WEIGHTS[one.code].willing * one.strength(day) for one in record.signals))
    able = _side(sum(WEIGHTS[one.code].able * one.strength(day) for one in record.signals))
    reason = _reason(record, willing, able)
    signals = _telling(record.signals, day)
    dated = [one.on for one in signals if one.code not in FADELESS]
    dated += [on for on in (record.disputed_on, record.lacking_on) if on]
    newest = max(dated, default=max((one.on for one in signals), default=None))
    if willing is None and able is None and not reason:
        return None
    found = Proposal(willing, able, reason, signals, newest)
    return None if _settled(record.known, found) else found


def _side(sum_of_weights: float) -> bool | None:
    return None if abs(sum_of_weights) < ENOUGH else sum_of_weights > 0


def _reason(record: Record, willing: bool | None, able: bool | None) -> str:
    """Of `findings.REASONS`: what is on record goes before what is concluded."""
    if record.insolvent:
        return "closing"
    if record.disputed_on:
        return "disagrees"
    if record.lacking_on:
        return "paperwork"
    if able is False:
        return "short_of_cash"
    if able and willing is False:
        return "priorities"
    codes = {one.code for one in record.signals}
    if record.days_overdue <= 15 and "used_to_pay_in_time" in codes and not codes & {"promise_broken", "silence"}:
        return "forgotten"
    return ""


def _telling(signals: Iterable[Signal], day: date) -> tuple[Signal, ...]:
    def weight(one: Signal) -> float:
        return max(map(abs, WEIGHTS[one.code])) * one.strength(day)

    return tuple(sorted(signals, key=lambda one: (-weight(one), one.code)))


def _settled(known: Known | None, found: Proposal) -> bool:
    """Whether what a person found out stands: it says the same already, or nothing happened since."""
    if known is None:
        return False
    says: Sequence[tuple[object, object]] = (
        (found.willing, known.willing),
        (found.able, known.able),
        (found.reason or None, known.reason or None),
    )
    same = all(mine is None or mine == theirs for mine, theirs in says)
    return same or found.newest is None or found.newest <= known.found_on
