"""Dates as people and programs write them, and the proof a whole column gives for the order of day, month and year."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import permutations
from typing import Final

from puntual.kernel.sheets.cells import Cell
from puntual.kernel.sheets.reasons import Bad
from puntual.kernel.sheets.words import words
from puntual.kernel.text import fold

FIRST_YEAR, LAST_YEAR = 1970, 2099
_PIVOT = 70  # two-digit years: 70-99 are 1970-1999 (POSIX strptime)


class DateOrder(StrEnum):
    """Which part of a date comes first."""

    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"
    YEAR_FIRST = "year-first"


_TIME = r"(?:[T,\s]\s*\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[ap]\.?\s?m\.?)?\s*(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?"
_NUMERIC = re.compile(r"(\d{1,4})\s?([-/.\s])\s?(\d{1,2})\s?\2\s?(\d{1,4})" + _TIME, re.IGNORECASE | re.ASCII)
_COMPACT = re.compile(r"(\d{8})(?:\.0)?", re.ASCII)
_SERIAL = re.compile(r"(\d{5})(?:[.,]\d+)?", re.ASCII)  # days since 1899-12-30 in a cell that lost its format
_EPOCH = date(1899, 12, 30)
_DESTROYED = re.compile(r"\d{1,3}:\d{2}(?::\d{2})?(?:[.,]\d+)?(?:\s*[ap]\.?m\.?)?|#+", re.IGNORECASE | re.ASCII)
_WORD = re.compile(r"\d+|[^\W\d_]+")
_AFTER = re.compile(r"[\sT,]+\d{1,2}:\d{2}.*$")
_SILENT: Final = words("de del do da of the th st nd rd º o")

_MONTHS: Final[Mapping[str, int]] = {
    name: month
    for month, names in enumerate(
        (
            "january jan enero ene janeiro",
            "february feb febrero fevereiro fev",
            "march mar marzo marco",
            "april apr abril abr",
            "may mayo maio mai",
            "june jun junio junho",
            "july jul julio julho",
            "august aug agosto ago agto",
            "september sep sept septiembre setiembre set setembro",
            "october oct octubre outubro out",
            "november nov noviembre novembro",
            "december dec diciembre dic dezembro dez",
        ),
        1,
    )
    for name in names.split()
}
_WEEKDAYS: Final = words(
    "monday mon tuesday tue tues wednesday wed thursday thu thurs friday fri saturday sat sunday sun lunes lun"
    " martes mar miercoles mie jueves jue viernes vie sabado sab domingo dom segunda seg terca ter quarta qua"
    " quinta qui sexta sex feira"
)

Readings = Mapping[DateOrder, date]


@lru_cache(maxsize=1 << 14)
def readings(text: str) -> Readings | Bad:
    """What `text` can mean in each order; only the orders that give a date that exists.

    A date with the year in four digits in front, with the month's name or in Excel's serial number means the same in
    each. What is no date in any order is Bad, with the reason.
    """
    text = text.strip()
    if match := _NUMERIC.fullmatch(text):
        return _numeric(match[1], match[3], match[4])
    if match := _COMPACT.fullmatch(text):
        return _compact(match[1])
    if match := _SERIAL.fullmatch(text):
        return _always(_EPOCH + timedelta(int(match[1])))
    if _DESTROYED.fullmatch(text):
        return Bad("date_destroyed")
    return _named(text)


def read_date(text: str, order: DateOrder | None) -> date | Bad:
    """The date `text` means in `order` (None: where the order does not matter)."""
    found = readings(text)
    if isinstance(found, Bad):
        return found
    if order is None and len(set(found.values())) > 1:
        return Bad("date_ambiguous")
    when = found.get(order) if order else next(iter(found.values()))
    if when is None:
        return Bad(f"date_not_{order}")
    if not FIRST_YEAR <= when.year <= LAST_YEAR:
        return Bad("date_range", {"first": FIRST_YEAR, "last": LAST_YEAR})
    return when


def _date(year: str | int, month: str | int, day: str | int) -> date | None:
    try:
        return date(_year(year) if isinstance(year, str) else year, int(month), int(day))
    except ValueError:
        return None


def _year(text: str) -> int:
    if len(text) > 2:
        return int(text) if len(text) == 4 else 0
    return int(text) + (1900 if int(text) >= _PIVOT else 2000)


def _always(when: date) -> Readings:
    return dict.fromkeys(DateOrder, when)


def _orders(day_first: date | None, month_first: date | None, year_first: date | None) -> Readings:
    found = zip(DateOrder, (day_first, month_first, year_first), strict=True)
    return {order: when for order, when in found if when is not None}


def _numeric(first: str, second: str, third: str) -> Readings | Bad:
    if len(first) == 4 and len(third) <= 2:
        when = _date(first, second, third)
        return _always(when) if when else Bad("date_impossible")
    if len(first) > 2 or len(third) == 3 or (len(third) == 1 and len(first) == 1):
        return Bad("date_unreadable")
    day_first = _date(third, second, first) if len(third) > 1 else None
    month_first = _date(third, first, second) if len(third) > 1 else None
    year_first = _date(first, second, third) if len(first) == 2 and len(third) < 3 else None
    found = _orders(day_first, month_first, year_first)
    return found or Bad("date_impossible")


def _compact(digits: str) -> Readings | Bad:
    """Eight digits: the year shows by itself where it stands, as no month is 19 or 20."""
    when = _date(digits[:4], digits[4:6], digits[6:])
    if when and FIRST_YEAR <= when.year <= LAST_YEAR:
        return _always(when)
    if FIRST_YEAR <= int(digits[4:]) <= LAST_YEAR:
        year = digits[4:]
        return _orders(_date(year, digits[2:4], digits[:2]), _date(year, digits[:2], digits[2:4]), None) or Bad(
            "date_impossible"
        )
    return Bad("date_unreadable")


def _named(text: str) -> Readings | Bad:
    """“15 de marzo de 2026”, “March 15, 2026”, “15-mar-26”, with or without a weekday or a time."""
    words = [word for word in map(fold, _WORD.findall(_AFTER.sub("", text))) if word not in _SILENT]
    months = [_MONTHS[word] for word in words if word in _MONTHS]
    if len(months) == 2 and words[0] in _WEEKDAYS:  # “mar” is Tuesday, too
        words, months = words[1:], months[1:]
    words = [word for word in words if word not in _WEEKDAYS or word in _MONTHS]
    numbers = [word for word in words if word.isdecimal()]
    if len(months) != 1 or len(numbers) != 2 or len(words) != 3:
        return Bad("date_unreadable")
    day, year = reversed(numbers) if len(numbers[0]) == 4 else numbers
    if len(day) > 2 or len(year) not in (2, 4):
        return Bad("date_unreadable")
    when = _date(year, months[0], day)
    return _always(when) if when else Bad("date_impossible")


# How much more often one order must fit alone than another, before the other's cells count as errors.
_DOMINANT = 9
_MOST_WAITING = 20_000
# Of readings that differ in the year's place: an order that spreads one column over so many times the years is out.
_SPREAD_YEARS, _SPREAD_TIMES = 5, 5


@dataclass(slots=True)
class DateEvidence:
    """What all the cells of a column say about the order of their dates."""

    alone: Counter[tuple[DateOrder, DateOrder]] = field(default_factory=Counter)  # fits the first, not the second
    differing: set[tuple[DateOrder, DateOrder]] = field(default_factory=set)  # pairs that read some cell differently
    first: dict[DateOrder, date] = field(default_factory=dict)
    last: dict[DateOrder, date] = field(default_factory=dict)
    separators: set[str] = field(default_factory=set)  # of the dates whose order matters
    typed_days: set[int] = field(default_factory=set)  # days of the month of a workbook's own dates
    examples: list[str] = field(default_factory=list)  # cells that can be read in more than one way
    _telling: dict[DateOrder, list[str]] = field(default_factory=dict)  # cells that can be read in one order only
    _waiting: Counter[str] = field(default_factory=Counter)  # distinct cells not yet weighed: a column has few

    def add(self, cells: Iterable[str]) -> None:
        """Take the cells of a block into account."""
        self._waiting.update(cells)
        if len(self._waiting) > _MOST_WAITING:
            self._weigh_all()

    def _weigh_all(self) -> None:
        for text, count in self._waiting.items():
            if isinstance(text, Cell) and isinstance(text.value, date):
                self.typed_days.add(text.value.day)
                continue
            if not text or text.isspace():
                continue
            found = readings(text)
            if not isinstance(found, Bad) and (len(found) < len(DateOrder) or len(set(found.values())) > 1):
                self._weigh(text, found, count)
        self._waiting.clear()

    def _weigh(self, text: str, found: Readings, count: int) -> None:
        self.separators.add(text.strip().lstrip("0123456789")[:1])
        for one, other in permutations(DateOrder, 2):
            if one in found and other not in found:
                self.alone[one, other] += count
            elif one in found and found[one] != found[other]:
                self.differing.add((one, other))
        for order, when in found.items():
            self.first[order] = min(when, self.first.get(order, when))
            self.last[order] = max(when, self.last.get(order, when))
        kept = self.examples
        if len(found) == 1:  # some of each order: a warning quotes what does not fit
            kept = self._telling.setdefault(next(iter(found)), [])
        if len(kept) < 3:
            kept.append(text)

    @property
    def telling(self) -> list[str]:
        """Cells that show which orders are possible, a few of each."""
        return [text for texts in self._telling.values() for text in texts]

    def possible(self) -> tuple[DateOrder, ...]:
        """The orders the column can have: one where it is proven, none where the order makes no difference."""
        self._weigh_all()
        left = [
            order
            for order in DateOrder
            if order in self.first and not any(self._beats(other, order) for other in self.first)
        ]
        spreads = {order: (self.last[order] - self.first[order]).days for order in left}
        narrowest = min(spreads.values(), default=0)
        left = [
            order
            for order in left
            if spreads[order] < _SPREAD_YEARS * 365 or spreads[order] < narrowest * _SPREAD_TIMES
        ]
        differ = any(pair in self.differing for pair in permutations(left, 2))
        return tuple(left) if differ or len(left) == 1 else ()

    def contrary(self, order: DateOrder) -> int:
        """How many cells are dates in another order only."""
        return max((self.alone[other, order] for other in self.first), default=0)

    @property
    def half_converted(self) -> bool:
        """Whether a program seems to have converted, in its own order, only the dates that exist in it."""
        return bool(self.telling) and not self.examples and len(self.typed_days) > 1 and max(self.typed_days) <= 12

    def _beats(self, one: DateOrder, other: DateOrder) -> bool:
        return self.alone[one, other] > _DOMINANT * self.alone[other, one]
