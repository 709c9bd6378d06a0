"""Until when a claim can be enforced: limitation (prescription) periods of a pack, and what starts them anew. Pure.

A period that is over is a hard stop and a matter for counsel, never a decision of a manual; where a pack knows no period, nothing
is said.
"""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from puntual.conduct.rules import Limitation, Pack


class Interruption(NamedTuple):
    """A dated fact that may start the period anew: a kind of `rules.INTERRUPTIONS`."""

    kind: str
    on: date


def limitation(pack: Pack, claim: str, due_on: date, interruptions: Iterable[Interruption] = ()) -> date | None:
    """The last day on which a claim of that kind (`rules.CLAIMS`), due on `due_on`, can be enforced; None where it is not known.

    Each interruption the pack recognizes, while the period still runs, starts it anew from its own day; what happened when it was
    over revives nothing here, for that is for counsel to judge.
    """
    known = next((one for one in pack.limitations if one.claim == claim), None)
    return _last_day(known, due_on, interruptions) if known else None


def shortest(packs: Iterable[Pack], claim: str) -> int | None:
    """The least years after which a claim of that kind may be time-barred anywhere: what is younger need not be looked at."""
    return min((one.years for pack in packs for one in pack.limitations if one.claim == claim), default=None)


def _last_day(known: Limitation, due_on: date, interruptions: Iterable[Interruption]) -> date:
    last = years_after(due_on, known.years)
    for interruption in sorted(interruptions, key=lambda one: one.on):
        if interruption.kind not in known.interrupted_by or not due_on < interruption.on <= last:
            continue
        last = years_after(interruption.on, known.years)
        if known.once:
            break
    return last


def years_after(day: date, years: int) -> date:
    """The same day of the month so many years later or, where that month is shorter, its last day."""
    year = day.year + years
    return day.replace(year=year, day=min(day.day, monthrange(year, day.month)[1]))


def days_left(last_day: date, today: date) -> int:
    """How many days a claim can still be enforced, today included; 0 or less once it is time-barred."""
    return (last_day - today + timedelta(days=1)).days
