"""What a report looks like as a shape: points and series of its rows, for the page and for paper. Nothing is computed from it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from babel import Locale
from babel.numbers import format_decimal

from puntual.analytics.exports import for_people
from puntual.analytics.tables import Cell, Report, Shape

_Row = tuple[Cell, ...]
_MOST_BARS = 10
"""Rows whose bars are drawn."""
_MOST_SERIES = 6
"""More colors than anybody tells apart."""


def drawn(
    report: Report, rows: Sequence[_Row], totals: Sequence[_Row], locale: Locale, *, all_of_them: bool = True
) -> dict[str, Any] | None:
    """The chart of the rows and totals of one currency: `kind`, `labels`, and `series` with a value (or None) for each label.

    None where there is nothing to see: no shape, no numbers, fewer than two points of a line; and where not `all_of_them` are at
    hand and sums of a part would mislead.
    """
    shape = report.chart
    if shape is None or not rows or (shape.kind == "stack" and not all_of_them):
        return None
    if shape.across:
        labels, series = _across(report, shape, (*totals, *rows)[0])
    elif shape.kind == "stack":
        labels, series = _summed(report, shape, rows, locale)
    else:
        labels, series = _as_they_come(report, shape, rows if shape.kind == "lines" else rows[:_MOST_BARS], locale)
    numbers = [value for _name, values in series for value in values if value is not None]
    if not any(numbers) or (shape.kind == "lines" and len(labels) < 2):
        return None
    stacked = shape.kind == "stack"
    tops = [sum(max(values[at] or 0.0, 0.0) for _name, values in series) for at in range(len(labels))]
    most, least = max(*(tops if stacked else numbers), 0.0, 0.0), min(*numbers, 0.0, 0.0)
    return {
        "kind": shape.kind,
        "labels": labels,
        "series": [{"name": name, "values": values} for name, values in series],
        "least": least,
        "most": most if most > least else least + 1,
        "most_label": format_decimal(most, "#,##0.#", locale),
    }


_Series = list[tuple[str, list[float | None]]]


def _as_they_come(report: Report, shape: Shape, rows: Sequence[_Row], locale: Locale) -> tuple[list[str], _Series]:
    labels = _places(report, shape.label) or [0]
    names = [" · ".join(filter(None, for_people(report, row, labels, locale))) for row in rows]
    return names, [
        (report.columns[place].label, [_number(row[place]) for row in rows]) for place in _places(report, shape.values)
    ]


def _across(report: Report, shape: Shape, row: _Row) -> tuple[list[str], _Series]:
    places = _places(report, shape.values)
    return [report.columns[place].label for place in places], [
        (report.title, [_number(row[place]) for place in places])
    ]


def _summed(report: Report, shape: Shape, rows: Sequence[_Row], locale: Locale) -> tuple[list[str], _Series]:
    """Rows of the same label added up; days and months in their order, whatever else as it comes. The largest series come first,
    and what is beyond the colors is left out of none: it is added to the last.
    """
    places = _places(report, shape.label) or [0]
    split = _places(report, (shape.split,))
    sums: dict[str, dict[tuple[Cell, ...], Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    labels: dict[tuple[Cell, ...], str] = {}
    for row in rows:
        at = tuple(row[place] for place in places)
        labels.setdefault(at, " · ".join(filter(None, for_people(report, row, places, locale))))
        of_this = for_people(report, row, split, locale)[0] if split else ""
        if not shape.values:
            sums[of_this][at] += 1
        for place in _places(report, shape.values):
            sums[of_this or report.columns[place].label][at] += _exact(row[place])
    order = sorted(labels, key=str) if report.columns[places[0]].kind == "date" else list(labels)
    series: _Series = [
        (name, [float(found[at]) if at in found else None for at in order])
        for name, found in sums.items()
        if any(found.values())
    ]
    if split:
        series.sort(key=lambda one: -sum(filter(None, one[1])))
    return [labels[at] for at in order], _at_most(series)


def _at_most(series: _Series) -> _Series:
    if len(series) <= _MOST_SERIES:
        return series
    *kept, (name, values) = series[:_MOST_SERIES]
    rest = [values, *(other for _name, other in series[_MOST_SERIES:])]
    return [*kept, (f"{name} …", [sum(filter(None, point)) or None for point in zip(*rest, strict=True)])]


def _places(report: Report, keys: Iterable[str]) -> list[int]:
    at = {column.key: place for place, column in enumerate(report.columns)}
    return [at[key] for key in keys if key]


def _exact(cell: Cell) -> Decimal:
    return Decimal(cell) if isinstance(cell, Decimal | int) else Decimal(0)


def _number(cell: Cell) -> float | None:
    """A number for drawing; no amount is ever computed from it."""
    return float(cell) if isinstance(cell, Decimal | int) else None
