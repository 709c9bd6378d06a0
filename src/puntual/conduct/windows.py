"""The openings of a day: local hours and days off turned into instants, across clock changes and time zones.

Where a clock change makes a local time ambiguous or skips it, the narrower reading is taken, so that whatever the
clock on the debtor's wall says during an opening, it is inside the hours.
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from puntual.conduct.rules import DaysOff, Hours, Span
from puntual.kernel.calendars import BusinessCalendar
from puntual.kernel.problems import N_, Problem

DAY = timedelta(days=1)
WHOLE_DAY: Span = (0, 24 * 60)


class Opening(NamedTuple):
    """An interval of instants in UTC, the end excluded."""

    start: datetime
    end: datetime


class Closed(NamedTuple):
    """Why a rule keeps a moment closed: a code of `words` with what fills its sentence."""

    code: str
    params: dict[str, str | int]


@lru_cache(maxsize=1024)
def zone_of(name: str) -> ZoneInfo:
    """The IANA time zone of that name. Raises Problem where there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise Problem(N_("“{zone}” is not a time zone; choose one like America/Lima."), zone=name) from error


def not_before(local: datetime, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, from which on the clocks of `zone` have passed the naive `local` time for good."""
    return max(_instants(local, zone))


def not_after(local: datetime, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, up to which the clocks of `zone` have not reached the naive `local` time."""
    return min(_instants(local, zone))


def _instants(local: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Both readings of a local time: equal on most days, an hour apart where the clocks change over it."""
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC), local.replace(tzinfo=zone, fold=1).astimezone(UTC)


def spans(value: Hours | DaysOff, day: date, calendar: BusinessCalendar) -> tuple[Span, ...]:
    """The minutes of the local day that a rule leaves open."""
    if isinstance(value, Hours):
        return value.week[day.weekday()]
    off = day.weekday() in value.weekdays or (value.holidays and calendar.holiday(day) is not None)
    return () if off else (WHOLE_DAY,)


def openings(local: tuple[Span, ...], day: date, zone: ZoneInfo) -> tuple[Opening, ...]:
    """Local spans of a day as instants; a span that a clock change swallows is left out."""
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a wall clock, read in `zone` below
    found = (
        Opening(
            not_before(midnight + timedelta(minutes=start), zone),
            not_after(midnight + timedelta(minutes=end), zone),
        )
        for start, end in local
    )
    return tuple(opening for opening in found if opening.start < opening.end)


def whole_day(day: date, zone: ZoneInfo) -> Opening:
    """Every instant at which some reading of the clock says it is that day."""
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a wall clock, read in `zone`
    return Opening(not_after(midnight, zone), not_before(midnight + DAY, zone))


def intersection(first: tuple[Opening, ...], second: tuple[Opening, ...]) -> tuple[Opening, ...]:
    """The instants in both, in order."""
    both = (Opening(max(a.start, b.start), min(a.end, b.end)) for a in first for b in second)
    return tuple(sorted(opening for opening in both if opening.start < opening.end))


def closed(value: Hours | DaysOff, moment: datetime, day: date, calendar: BusinessCalendar, zone: ZoneInfo) -> Closed:
    """Why the rule does not open at `moment` (UTC) of the local `day`; asked only where it does not."""
    local = spans(value, day, calendar)
    if not local:
        name = calendar.holiday(day) if isinstance(value, DaysOff) and day.weekday() not in value.weekdays else None
        return Closed("holiday", {"holiday": name}) if name else Closed("weekday", {"weekday": day.weekday()})
    for span in local:
        found = openings((span,), day, zone)
        if found and moment < found[0].start:
            return Closed("before_hours", {"from": clock(span[0])})
    return Closed("after_hours", {"until": clock(local[-1][1])})


def clock(minute: int) -> str:
    """A minute of the day as people write it: 480 is "8:00"."""
    return f"{minute // 60}:{minute % 60:02d}"
