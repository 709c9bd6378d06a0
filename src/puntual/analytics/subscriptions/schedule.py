"""On which days a report goes out, and what it is about then. Pure; days are those of the organization."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from puntual.kernel.calendars import BusinessCalendar

LAST_WORKING_DAY: Final = 15
"""The latest working day of the month that can be asked for: every month has it, with whatever holidays."""
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Schedule:
    """`every` is day (each working day), week or month; `on` the weekday (ISO 8601: Monday is 1), or which working day of the
    month. Raises ValueError for what is no schedule.
    """

    every: str
    on: int | None = None

    def __post_init__(self) -> None:
        most = {"day": 0, "week": 7, "month": LAST_WORKING_DAY}.get(self.every)
        if most is None or (self.on is not None and not 1 <= self.on <= most) or (self.on is None) != (most == 0):
            raise ValueError(f"no schedule: {self.every} {self.on}")

    def latest(self, today: date, calendar: BusinessCalendar) -> date:
        """Its latest day up to `today`. What falls on a day off comes on the next working day."""
        if self.every == "day":
            return calendar.previous_business_day(today)
        starts = self._starts(today)
        return max(day for start in starts if (day := self._day(start, calendar)) <= today)

    def next(self, today: date, calendar: BusinessCalendar) -> date:
        """Its first day after `today`."""
        if self.every == "day":
            return calendar.next_business_day(today + _DAY)
        step = 7 if self.every == "week" else 31
        starts = [*self._starts(today), *self._starts(today + step * _DAY)]
        return min(day for start in starts if (day := self._day(start, calendar)) > today)

    def about(self, due_on: date) -> tuple[date | None, date]:
        """The first and the last day of what the report of `due_on` is about: the month before; else the end of the day before,
        and whatever period that report has by itself.
        """
        if self.every != "month":
            return None, due_on - _DAY
        last = due_on.replace(day=1) - _DAY
        return last.replace(day=1), last

    def _starts(self, today: date) -> list[date]:
        """The first days of the weeks or months around that may hold the latest one."""
        if self.every == "week":
            monday = today - today.weekday() * _DAY
            return [monday - 7 * weeks * _DAY for weeks in range(4)]
        first = today.replace(day=1)
        return [first, (first - _DAY).replace(day=1)]

    def _day(self, start: date, calendar: BusinessCalendar) -> date:
        if self.every == "week":
            return calendar.next_business_day(start + ((self.on or 1) - 1) * _DAY)
        return calendar.add_business_days(start - _DAY, self.on or 1)
