"""Reports: which there are, each as a table with its formula and a chart, and as a file."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from time import perf_counter

from babel import Locale
from django.http import FileResponse, Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from puntual.analytics import exports, printing, reports
from puntual.analytics.charts import drawn
from puntual.analytics.figures.catalog import FIGURES, leads, row_key
from puntual.analytics.tables import NUMBERS, Cell, Report
from puntual.analytics.titles import title_of
from puntual.desk.asking import Asked, asked
from puntual.desk.drawings import Drawing, drawing
from puntual.desk.pages import DeskRequest, needs, page
from puntual.desk.views.portfolio import FILES, as_file
from puntual.desk.views.report_rows import address
from puntual.outreach.formats import locale_of

_SHOWN = 500
"""Rows on the page; the files have them all."""
_OWN_PAGES = {
    "aging": "portfolio",
    "conduct": "conduct_report",
    "disputes": "dispute_causes",
    "fairness": "fairness",
    "letter": "management_letter",
}
PDF = "pdf"


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one currency: each cell as it is read, its classes and where its rows are; and what is drawn."""

    currency: str
    rows: list[list[tuple[str, str, str]]]
    totals: list[list[tuple[str, str, str]]]
    chart: Drawing | None


@require_GET
@needs("view")
def index(request: DeskRequest) -> HttpResponse:
    """The reports there are, by the question they answer."""
    return page(request, "desk/reports.html", _("Reports"), groups=_groups())


@require_GET
@needs("view")
def report(request: DeskRequest, name: str) -> HttpResponse:
    """One report: its formula, its days, a chart where a shape matters, and its rows by currency."""
    started = perf_counter()
    given, found = _asked(request, name)
    locale = _locale(request)
    rows = list(islice(found.rows, _SHOWN + 1))
    more, rows = len(rows) > _SHOWN, rows[:_SHOWN]
    places = [place for place in exports.shown(found) if place != found.currency_at]
    numbers = [found.columns[place].kind in NUMBERS for place in places]

    slug, asked_for = request.organization.slug, given.query()

    def said(lines: Sequence[tuple[Cell, ...]], *, total: bool = False) -> list[list[tuple[str, str, str]]]:
        def link(line: tuple[Cell, ...], place: int) -> str:
            column = found.columns[place].key
            if name not in FIGURES or not line[place]:
                return ""
            key = row_key(name, found, line, total=total)
            led = leads(name, column, key, given.as_of, total=total)
            return address(slug, name, asked_for, column, key) if led else ""

        return [
            [
                (text, " ".join(["n"] * number + ["mute"] * (not line[place])), link(line, place))
                for text, number, place in zip(
                    exports.for_people(found, line, places, locale), numbers, places, strict=True
                )
            ]
            for line in lines
        ]

    parts = []
    currencies = dict.fromkeys(found.currency_of(row) for row in (*rows, *found.totals))
    for currency in sorted(currencies, key=lambda code: code != request.organization.currency):
        mine = [row for row in rows if found.currency_of(row) == currency]
        totals = [row for row in found.totals if found.currency_of(row) == currency]
        shape = drawing(drawn(found, mine, totals, locale, all_of_them=not more))
        parts.append(Part(currency, said(mine), said(totals, total=True), shape))
    given.answered(request, name, found, started)
    return page(
        request,
        "desk/report.html",
        found.title,
        name=name,
        report=found,
        basis=exports.sentence(found.basis, locale),
        form=given.form,
        columns=[(found.columns[place].label, number) for place, number in zip(places, numbers, strict=True)],
        parts=parts,
        more=more,
        shown=_SHOWN,
        files=[*FILES, PDF],
        query=asked_for,
    )


@require_GET
@needs("export")
def export(request: DeskRequest, name: str, kind: str) -> HttpResponse:
    """The report as CSV, JSON, a workbook or a PDF, asked as on the page."""
    if kind not in FILES and kind != PDF:
        raise Http404
    _given, found = _asked(request, name)
    file_name = f"{request.organization.slug}-{name}-{found.as_of}.{kind}"
    if kind != PDF:
        return as_file(found, kind, file_name)
    made = printing.pdf(found, request.organization.name, _locale(request), request.actor.now)
    file = io.BytesIO(made)
    return FileResponse(file, as_attachment=True, filename=file_name, content_type="application/pdf")  # type: ignore[return-value]


def _locale(request: DeskRequest) -> Locale:
    return locale_of(request.LANGUAGE_CODE, request.organization.country)


def _asked(request: DeskRequest, name: str) -> tuple[Asked, Report]:
    """What is asked, and the report."""
    if name not in reports.REPORTS:
        raise Http404
    found = asked(request, name)
    report = found.build(name, request.organization.id)
    found.form.initial["since"] = found.since or report.facts.get("from")
    return found, report


@dataclass(frozen=True, slots=True)
class Listed:
    """A report on the list."""

    name: str
    title: str
    says: str
    page: str = ""


def _groups() -> list[tuple[str, list[Listed]]]:
    def one(name: str, says: str) -> Listed:
        return Listed(name, title_of(name), says, _OWN_PAGES.get(name, ""))

    return [
        (
            _("All of it in one page"),
            [
                one(
                    "letter",
                    _("What moved last month, why, and what the evidence says to change"),
                )
            ],
        ),
        (
            _("What is open"),
            [
                one("aging", _("What is open, by days past the due date")),
                one("top-customers", _("Who owes most, and what share of all that is")),
                one("concentration", _("How much hangs on the largest few")),
                one("credit-limits", _("How much of each limit is used, what is passed, what waits")),
                one("provision", _("What may be lost, by age, for the accounts")),
            ],
        ),
        (
            _("How money comes in"),
            [
                one("dso", _("How many days of sales are not paid yet, month by month")),
                one("cei", _("Of what could be collected, how much was")),
                one("roll-rates", _("What became of what was open: paid, older, lost")),
                one("cure-rate", _("How many late customers came back to current")),
                one("forecast", _("What will come in, week by week, with a band")),
                one("forecast-days", _("What will come in on each of the next bank days")),
                one("collected", _("What came in, by day and by what was said before it")),
                one("effectiveness", _("What came of each step, text, channel, hour and person")),
            ],
        ),
        (
            _("Who pays how"),
            [
                one("behavior", _("Usual days late, spread and trend of each customer")),
                one("alerts", _("Who left their own pattern, and how often such alerts were right")),
                one("scores", _("Who is likely to pay late, and how much hangs on it")),
                one(
                    "calibration",
                    _("Chances given before, and what came, month by month"),
                ),
            ],
        ),
        (
            _("What was agreed"),
            [
                one("promises", _("How many promises were kept, month by month")),
                one(
                    "agreements",
                    _("Plans and settlements, kept to the end or broken"),
                ),
            ],
        ),
        (
            _("How we behave"),
            [
                one("conduct", _("Every contact of a period and the rules it kept, for an auditor")),
                one("disputes", _("What they came from, by month and creditor, and how they ended")),
                one("fairness", _("Who got what in which situation, and every exception with its reason")),
            ],
        ),
    ]
