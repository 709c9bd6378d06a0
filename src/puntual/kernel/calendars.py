"""Business calendars: which days people work in a country, and counting by them.

Official holidays come from the `holidays` package, in the country's own language;
an organization adds and removes days.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays

SATURDAY, SUNDAY = 5, 6
OWN_DAY_OFF = "own day off"
"""What `holiday` calls a day the organization added; pages translate it, official names stay as they are."""

_DAY = timedelta(days=1)


@lru_cache(maxsize=4096)
def _official(country: str, subdivision: str | None, year: int) -> Mapping[date, str]:
    """Official holidays of a year by date; none for a country the package does not know."""
    supported = holidays.list_supported_countries()
    if country not in supported:
        return {}
    region = (subdivision or "").removeprefix(f"{country}-")
    language = getattr(holidays, country).default_language
    found = holidays.country_holidays(
        country, subdiv=region if region in supported[country] else None, years=year, language=language
    )
    return dict(found.items())


@dataclass(frozen=True, slots=True)
class BusinessCalendar:
    """The working days of a country, or of one of its subdivisions.

    `country` is ISO 3166-1 alpha-2; a country nobody knows has weekends only. `subdivision` is the second part of
    ISO 3166-2 (with or without the country in front); an unknown one means the country as a whole. `weekend` holds
    weekdays, Monday being 0. `added` are further holidays and `removed` official holidays that are worked here;
    neither touches the weekend, and a day in both is a holiday. Raises ValueError where all seven days are weekend.
    """

    country: str
    subdivision: str | None = None
    weekend: frozenset[int] = frozenset({SATURDAY, SUNDAY})
    added: frozenset[date] = frozenset()
    removed: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if self.weekend >= set(range(7)):
            raise ValueError("a week without a working day")

    def holiday(self, day: date) -> str | None:
        """Name of the holiday in the country's own language, `OWN_DAY_OFF` for an added one, None if it is none."""
        if day in self.removed and day not in self.added:
            return None
        name = _official(self.country, self.subdivision, day.year).get(day)
        return name or (OWN_DAY_OFF if day in self.added else None)

    def is_business_day(self, day: date) -> bool:
        """Neither weekend nor holiday."""
        return day.weekday() not in self.weekend and self.holiday(day) is None

    def next_business_day(self, day: date) -> date:
        """The first business day from `day` on: `day` itself if it is one."""
        while not self.is_business_day(day):
            day += _DAY
        return day

    def previous_business_day(self, day: date) -> date:
        """The last business day up to `day`: `day` itself if it is one."""
        while not self.is_business_day(day):
            day -= _DAY
        return day

    def add_business_days(self, day: date, days: int) -> date:
        """The `days`-th business day after `day` (before it, if negative); 0 gives `day` back, worked or not."""
        step = _DAY if days >= 0 else -_DAY
        left = abs(days)
        while left:
            day += step
            left -= self.is_business_day(day)
        return day

    def business_days_between(self, start: date, end: date) -> int:
        """Business days after `start` up to and including `end`; negative where `end` comes first.

        It undoes `add_business_days`: `business_days_between(d, add_business_days(d, n)) == n`.
        """
        step = 1 if end >= start else -1
        span = abs((end - start).days)
        return step * sum(self.is_business_day(start + timedelta(days=step * n)) for n in range(1, span + 1))
