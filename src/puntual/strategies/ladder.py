"""A manual seen from one day: which step an item of a given due date has reached. Worked out once per day, not per customer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from puntual.kernel.calendars import BusinessCalendar
from puntual.strategies.manual import RANK, Manual, Step

_DAY = timedelta(days=1)
_NONE: frozenset[str] = frozenset()


class Rung(NamedTuple):
    """A step and its place. An item due on `come` or earlier has reached it.

    `rank` is the tone's place in `TONES`; an internal step stands one above the hardest tone before it, so that it waits
    until that tone was heard.
    """

    step: Step
    place: int
    rank: int
    come: date


@dataclass(frozen=True, slots=True, eq=False)
class Ladder:
    """The rungs of a manual on one day for some customers; `chase` and `pre_due` have the latest step first.

    `rungs` are all of them, by place: what an item had counts, also where that step is no longer for its customer. Whatever
    comes next is chosen from `own`, the steps for everyone and those for a segment the customers are in.
    """

    rungs: tuple[Rung, ...]
    own: tuple[Rung, ...]
    places: Mapping[str, int]
    chase: tuple[Rung, ...]
    pre_due: tuple[Rung, ...]
    required: tuple[Rung, ...]
    entry: Rung
    decision: Rung
    announced: date
    """The latest due date that a step before the due date already speaks of."""
    limited: bool

    def top(self, demand: Mapping[str, Decimal]) -> int:
        """The hardest tone this demand can be asked in without leaping one, given the steps' minimum amounts."""
        top = self.entry.rank
        for rung in self.own:
            if rung.step.tone and rung.rank == top + 1 and worth(rung.step, demand):
                top = rung.rank
        return top

    def reached(self, due_on: date, limit: Rung) -> str:
        """The code of the step an item of that due date has reached by its own age, `limit` at most; "" for none."""
        return _reached(self, due_on, limit.place)


@lru_cache(maxsize=16384)
def _reached(steps: Ladder, due_on: date, place: int) -> str:
    for rung in reversed(steps.own):
        if rung.place <= place and due_on <= rung.come and rung.step.tone:
            return rung.step.code
    return ""


def ladder(manual: Manual, day: date, calendar: BusinessCalendar, segments: frozenset[str]) -> Ladder:
    """The ladder of a manual on `day` for customers who are in those segments.

    `calendar` is the team's, for steps counted in business days.
    """
    return _ladder(manual, day, calendar, manual.segments & segments if manual.segments else _NONE)


@lru_cache(maxsize=4096)
def _ladder(manual: Manual, day: date, calendar: BusinessCalendar, segments: frozenset[str]) -> Ladder:
    rungs: list[Rung] = []
    own: list[Rung] = []
    hardest = hardest_own = 0
    for index, step in enumerate(manual.steps):
        come = _come(step, day, calendar)
        rungs.append(Rung(step, index, RANK[step.tone] if step.tone else hardest + 1, come))
        hardest = RANK[step.tone] if step.tone else hardest
        if not step.segments or not segments.isdisjoint(step.segments):
            own.append(Rung(step, index, RANK[step.tone] if step.tone else hardest_own + 1, come))
            hardest_own = RANK[step.tone] if step.tone else hardest_own
    chase = tuple(rung for rung in reversed(own) if rung.step.day > 0)
    pre_due = tuple(rung for rung in reversed(own) if rung.step.day <= 0)
    return Ladder(
        rungs=tuple(rungs),
        own=tuple(own),
        places={step.code: index for index, step in enumerate(manual.steps)},
        chase=chase,
        pre_due=pre_due,
        required=tuple(rung for rung in reversed(chase) if rung.step.required),
        entry=next(rung for rung in own if rung.step.entry),
        decision=own[-1],
        announced=max((rung.come for rung in pre_due), default=day - _DAY),
        limited=any(step.minimum for step in manual.steps),
    )


def worth(step: Step, demand: Mapping[str, Decimal]) -> bool:
    """Whether the demand reaches the step's minimum in at least one currency; a currency it does not name has none."""
    minimum = step.minimum
    return not minimum or any(amount >= minimum.get(currency, 0) for currency, amount in demand.items())


def comes_on(step: Step, due_on: date, calendar: BusinessCalendar) -> date:
    """The day on which an item due on `due_on` reaches the step."""
    if step.business_days:
        return calendar.add_business_days(due_on, step.day)
    return due_on + timedelta(days=step.day)


def _come(step: Step, day: date, calendar: BusinessCalendar) -> date:
    if not step.business_days:
        return day - timedelta(days=step.day)
    due_on = day
    for _ in range(step.day):  # the latest due date with that many business days after it, up to `day`
        due_on = calendar.previous_business_day(due_on) - _DAY
    if step.day <= 0:  # the latest due date with no more business days than that still to come
        due_on = calendar.add_business_days(day, 1 - step.day) - _DAY
    return due_on
