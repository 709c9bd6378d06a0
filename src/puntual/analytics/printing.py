"""A report as a PDF for a board: title, basis, a chart where a shape matters, the rows by currency with their totals."""

from collections.abc import Sequence
from datetime import datetime
from importlib import resources
from itertools import islice
from typing import Any

from babel import Locale
from babel.dates import format_date
from django.utils.translation import gettext as _

from puntual.analytics.charts import drawn
from puntual.analytics.exports import for_people, sentence, shown
from puntual.analytics.tables import NUMBERS, Cell, Report
from puntual.kernel import documents
from puntual.kernel.problems import N_, Problem

MOST_ROWS = 2_000
"""More rows than anybody reads on paper."""
_NARROW, _WIDE = 6, 60
"""Letters a column of words is at least and at most as wide as."""


def pdf(report: Report, organization: str, locale: Locale, made_at: datetime) -> bytes:
    """The report's PDF, numbers as the reader writes them. Raises Problem for one with more than `MOST_ROWS` rows."""
    if report.paper:
        name, own = report.paper
        return documents.pdf(_layout(name), {"organization": organization, **own(report.facts, locale)}, made_at)
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
            {
                "label": report.columns[place].label,
                "number": report.columns[place].kind in NUMBERS,
                "width": _width(report, place, rows),
            }
            for place in places
        ],
        "parts": [
            {
                "currency": currency,
                "chart": drawn(report, _of(report, rows, currency), _of(report, report.totals, currency), locale),
                "rows": _said(report, rows, currency, places, locale),
                "totals": _said(report, report.totals, currency, places, locale),
            }
            for currency in currencies
        ],
    }


def _of(report: Report, rows: Sequence[tuple[Cell, ...]], currency: str) -> list[tuple[Cell, ...]]:
    return [row for row in rows if report.currency_of(row) == currency]


def _said(report: Report, rows: Any, currency: str, places: list[int], locale: Locale) -> list[list[str]]:
    return [for_people(report, row, places, locale) for row in rows if report.currency_of(row) == currency]


def _width(report: Report, place: int, rows: Sequence[tuple[Cell, ...]]) -> int | None:
    """How wide a column of words is beside the others, by what stands in it; None for numbers, which take what they need."""
    column = report.columns[place]
    if column.kind in NUMBERS:
        return None
    lengths = sorted(len(str(row[place] or "")) for row in rows) or [0]
    longest_word = max(map(len, column.label.split()), default=0)
    return min(max(lengths[int(0.9 * (len(lengths) - 1))], longest_word + 2, _NARROW), _WIDE)
