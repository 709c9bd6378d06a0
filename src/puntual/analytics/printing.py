"""A report as a PDF for a board: title, basis, a chart where a shape matters, the rows by currency with their totals."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from importlib import resources
from itertools import islice
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal
from django.utils.translation import gettext as _

from puntual.analytics.exports import for_people, sentence, shown
from puntual.analytics.tables import NUMBERS, Cell, Report
from puntual.kernel import documents
from puntual.kernel.problems import N_, Problem

MOST_ROWS = 2_000
"""More rows than anybody reads on paper."""


def pdf(report: Report, organization: str, locale: Locale, made_at: datetime) -> bytes:
    """The report's PDF, numbers as the reader writes them. Raises Problem for one with more than `MOST_ROWS` rows."""
    if report.paper:
        name, own = report.paper
        return documents.pdf(_layout(name), {"organization": organization, **own(locale)}, made_at)
    return documents.pdf(_layout("report.typ"), values(report, organization, locale), made_at)


def _layout(name: str) -> bytes:
    return resources.files("puntual.analytics").joinpath(name).read_bytes()


def values(report: Report, organization: str, locale: Locale) -> dict[str, Any]:
    """Everything the document says."""
    rows = list(islice(report.rows, MOST_ROWS + 1))
    if len(rows) > MOST_ROWS:
        raise Problem(N_("The report has more than {most} rows. Take it as CSV or XLSX."), most=MOST_ROWS)
    places = [place for place in shown(report) if place != report.currency_at]
    currencies = list(dict.fromkeys(report.currency_of(row) for row in (*rows, *report.totals)))
    return {
        "language": locale.language,
        "organization": organization,
        "title": report.title,
        "basis": sentence(report.basis, locale),
        "asked": "; ".join(f"{label}: {value}" for label, value in report.asked),
        "dated": format_date(report.as_of, "long", locale),
        "page": _("Page"),
        "of": _("of"),
        "nothing": _("There is nothing to show."),
        "columns": [
            {"label": report.columns[place].label, "number": report.columns[place].kind in NUMBERS} for place in places
        ],
        "parts": [
            {
                "currency": currency,
                "chart": chart(report, [row for row in rows if report.currency_of(row) == currency], locale),
                "rows": _said(report, rows, currency, places, locale),
                "totals": _said(report, report.totals, currency, places, locale),
            }
            for currency in currencies
        ],
    }


def chart(report: Report, rows: Sequence[tuple[Cell, ...]], locale: Locale) -> dict[str, Any] | None:
    """What is drawn of the rows of one currency: labels, and a line per column of the report's chart; None for fewer than two."""
    places = [place for place, column in enumerate(report.columns) if column.key in report.chart]
    lines = [[_number(row[place]) for row in rows] for place in places]
    numbers = [value for line in lines for value in line if value is not None]
    if len(rows) < 2 or not numbers:
        return None
    most, least = max(*numbers, 0.0), min(*numbers, 0.0)
    return {
        "labels": [for_people(report, row, [0], locale)[0] for row in rows],
        "series": [
            {"name": report.columns[place].label, "values": line} for place, line in zip(places, lines, strict=True)
        ],
        "least": least,
        "most": most if most > least else least + 1,
        "most_label": format_decimal(most, "#,##0.#", locale),
    }


def _said(report: Report, rows: Any, currency: str, places: list[int], locale: Locale) -> list[list[str]]:
    return [for_people(report, row, places, locale) for row in rows if report.currency_of(row) == currency]


def _number(cell: Cell) -> float | None:
    """A number for drawing; no amount is ever computed from it."""
    return float(cell) if isinstance(cell, Decimal | int) else None
