"""A manual on a line of days: steps as cards in lanes by channel, days along it, and bars for where customers stand."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from puntual.desk import formats
from puntual.kernel.aging import Buckets
from puntual.strategies.faults import Fault
from puntual.strategies.manual import Manual, Step

CARD = 0.14
"""How much of the line the card of a step takes, at the line's narrowest."""
_BARS = 24


@dataclass(frozen=True, slots=True)
class Card:
    """A step on the line: its day in figures, and what is wrong with it."""

    step: Step
    day: str
    problems: Sequence[str]


@dataclass(frozen=True, slots=True)
class Lane:
    """The steps of one channel, in rows in which no card covers another."""

    channel: str
    rows: list[list[Card]]


@dataclass(frozen=True, slots=True)
class Bar:
    """How many customers stand on some days. Left edge, width and height are percent of the line's width and the bars' height."""

    left: str
    middle: str
    width: str
    top: str
    height: str
    age: int
    count: str
    says: str


@dataclass(frozen=True, slots=True)
class Line:
    """All of it. `span` is "first last", the days at both ends."""

    lanes: list[Lane]
    ticks: list[tuple[int, str]]
    span: str
    tones: list[str]
    any_required: bool
    any_offer: bool


def line(manual: Manual, problems: Mapping[str, Sequence[str]]) -> Line:
    """The line of a manual; `problems` are what is wrong with each step, by its code."""
    return Line(
        _lanes(manual, problems),
        _ticks(manual),
        "{} {}".format(*span(manual)),
        list(dict.fromkeys(step.tone for step in manual.steps if step.tone)),
        any(step.required for step in manual.steps),
        any(step.offer for step in manual.steps),
    )


def problems(faults: Iterable[Fault]) -> dict[tuple[str, str], list[str]]:
    """What is wrong in the reader's words, by table and code; ("", "") for the manual as a whole."""
    said: dict[tuple[str, str], list[str]] = {}
    for fault in faults:
        reason = fault.reason(_)
        said.setdefault((fault.table, fault.code), []).append(reason[:1].upper() + reason[1:])
    return said


def span(manual: Manual) -> tuple[int, int]:
    """The days at both ends of the line: the last card fits in."""
    days = [step.day for step in manual.steps] or [0]
    first, last = min(*days, 0) - 2, max(*days, 1)
    return first, first + ceil((last - first) / (1 - CARD))


def bars(manual: Manual, standing: Counter[int]) -> tuple[list[Bar], int]:
    """The bars below the line, and how many customers stand beyond its end."""
    first, last = span(manual)
    size = ceil((last - first) / _BARS)
    counted: Counter[int] = Counter()
    for day, count in standing.items():
        if first <= day < last:
            counted[day // size * size] += count
    most = max(counted.values(), default=1)
    found = []
    for day, count in sorted(counted.items()):
        left = max(day, first)
        width = min(day + size, last) - left
        height = max(count / most * 72, 2)
        here = (
            f"{formats.number(left)}\N{EN DASH}{formats.number(left + width - 1)}"
            if width > 1
            else formats.number(left)
        )
        says = ngettext("{n} customer at days {days}", "{n} customers at days {days}", count)
        found.append(
            Bar(
                _percent(left - first, last - first),
                _percent(left + width / 2 - first, last - first),
                _percent(width, last - first),
                f"{100 - height:.1f}",
                f"{height:.1f}",
                Buckets().index(left),
                formats.number(count),
                says.format(n=formats.number(count), days=here),
            )
        )
    return found, sum(count for day, count in standing.items() if day >= last)


def _percent(part: float, whole: int) -> str:
    return f"{part / whole * 100:.2f}"


def _lanes(manual: Manual, problems: Mapping[str, Sequence[str]]) -> list[Lane]:
    """The steps by their first channel, as channels come up; a card that would cover another takes the next row."""
    first, last = span(manual)
    width = CARD * (last - first)
    lanes: dict[str, Lane] = {}
    for step in manual.steps:
        channel = step.channels[0] if step.channels else "internal"
        rows = lanes.setdefault(channel, Lane(channel, [])).rows
        row = next((row for row in rows if row[-1].step.day + width <= step.day), None)
        if row is None:
            row = []
            rows.append(row)
        row.append(Card(step, formats.number(step.day), problems.get(step.code, ())))
    return list(lanes.values())


def _ticks(manual: Manual) -> list[tuple[int, str]]:
    """Days to write under the line: the first step's, then every tenth (or more where the line is long)."""
    first, last = span(manual)
    every = next(step for step in (10, 20, 50, 100, 500) if last / step <= 12)
    days = sorted({0, min(first + 2, 0), *range(0, last, every)})
    return [(day, formats.number(day)) for day in days]
