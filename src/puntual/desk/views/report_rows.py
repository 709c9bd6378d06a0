"""The rows behind one figure of a report, a page at a time, with what they come to; and as a file."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from puntual.agreements.plans import words as plan_words
from puntual.agreements.promises import words as promise_words
from puntual.analytics import reports
from puntual.analytics.alerts.words import kind_label, outcome_label
from puntual.analytics.contact_reports import channel_words, step_names
from puntual.analytics.figures.catalog import FIGURES, behind
from puntual.analytics.figures.lines import Figure, Line, Rows, as_report
from puntual.analytics.letter.wording import parts_of_change
from puntual.analytics.tables import Report
from puntual.analytics.wording import bucket_label
from puntual.desk import formats, labels
from puntual.desk.asking import Asked, asked
from puntual.desk.pages import DeskRequest, needs, page
from puntual.desk.views.portfolio import FILES, as_file
from puntual.disputes import words as dispute_words

_SIZE = 100
_PAGES = {
    **dict.fromkeys(("item", "entry", "owed"), "invoice"),
    **dict.fromkeys(("contact", "customer", "credit", "alert"), "customer"),
    "limit": "customer_credit",
    **{kind: kind for kind in ("payment", "promise", "plan", "dispute")},
}
"""Which page a row of each kind leads to."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A line as it is read."""

    line: Line
    what: str
    detail: str
    address: str


@require_GET
@needs("view")
def report_rows(request: DeskRequest, name: str) -> HttpResponse:
    """What a figure is made of: the lines, and what they come to."""
    given, report, figure, rows = _behind(request, name)
    total = rows.total()
    lines = rows.page(_place(request.GET), _SIZE + 1)
    more, lines = len(lines) > _SIZE, lines[:_SIZE]
    label = _label(report, figure.column)
    steps = step_names(request.organization.id) if rows.kind == "contact" else {}
    following = ""
    if more:
        query = request.GET.copy()
        query["after"] = f"{lines[-1].day.isoformat()}.{lines[-1].id}"
        following = f"?{query.urlencode()}"
    return page(
        request,
        "desk/report_rows.html",
        f"{report.title}: {label}",
        name=name,
        report=report,
        asked=[*report.asked, *_of_row(report, figure)],
        total=formats.number(total) if rows.counts else formats.money(Decimal(total), figure.row["currency"]),
        currency="" if rows.counts else figure.row["currency"],
        rows=[_shown(request, rows.kind, line, steps) for line in lines],
        details=any(line.detail for line in lines),
        following=following,
        files=list(FILES),
        query=request.GET.urlencode(),
        back=given.query(),
    )


@require_GET
@needs("export")
def report_rows_export(request: DeskRequest, name: str, kind: str) -> HttpResponse:
    """All rows behind a figure as CSV, JSON or a workbook."""
    if kind not in FILES:
        raise Http404
    given, report, figure, rows = _behind(request, name)
    label = _label(report, figure.column)
    made = as_report(rows, f"{report.title}: {label}"[:100], report.basis, given.question(request.organization.id))
    return as_file(made, kind, f"{request.organization.slug}-{name}-{figure.column}-{given.as_of}.{kind}")


def address(slug: str, name: str, asked_for: str, column: str, key: dict[str, str]) -> str:
    """Where the rows behind a figure are shown."""
    query = QueryDict(asked_for, mutable=True)
    query["figure"] = column
    for part, value in key.items():
        query[f"row_{part}"] = value
    return f"{reverse('report_rows', args=(slug, name))}?{query.urlencode()}"


def _behind(request: DeskRequest, name: str) -> tuple[Asked, Report, Figure, Rows]:
    """What was asked, the report, the figure and its rows, which are always those of this moment.

    Raises Http404 for a figure that there is not.
    """
    if name not in FIGURES or name not in reports.REPORTS:
        raise Http404
    given = asked(request, name)
    row = {key: request.GET.get(f"row_{key}", "") for key in FIGURES[name].key}
    figure = Figure(
        request.organization.id, given.question(request.organization.id), request.GET.get("figure", ""), row
    )
    try:
        rows = behind(name, figure)
    except (KeyError, ValueError, OverflowError):
        raise Http404 from None
    if rows is None:
        raise Http404
    return given, given.build(name, request.organization.id, anew=True), figure, rows


def _place(query: QueryDict) -> tuple[date, UUID] | None:
    """Behind which line to go on; from the beginning where the address does not say."""
    day, _dot, key = query.get("after", "").partition(".")
    try:
        return date.fromisoformat(day), UUID(key)
    except ValueError:
        return None


def _label(report: Report, column: str) -> str:
    """What a figure is called: as its column is or, of the letter, the part of a change."""
    labels = {one.key: one.label for one in report.columns}
    return labels.get(column) or {"change": _("Why overdue moved"), **parts_of_change()}[column]


def _of_row(report: Report, figure: Figure) -> list[tuple[str, str]]:
    """What tells the row from the others, for people."""
    known = {column.key: column.label for column in report.columns}
    but = figure.row.get("but", "")
    named = {"creditors": _("Creditor"), "segments": _("Segment"), "customers": _("Customer")}
    others = [(named[but], _("All others"))] if but in named else []
    words = {"bucket_code": bucket_label, "channel_code": channel_words, "kind": kind_label}
    return others + [
        (known[key], words[key](value) if key in words else value)
        for key, value in figure.row.items()
        if value and key in known and not key.endswith("_id")
    ]


def _shown(request: DeskRequest, kind: str, line: Line, steps: dict[str, str]) -> Shown:
    what, detail = line.what, line.detail
    if kind == "contact":
        what, detail = steps.get(what, what), channel_words(detail)
    elif kind == "payment":
        detail = channel_words(detail)
    elif kind == "entry":
        detail = labels.label("entry", detail)
    elif kind == "promise":
        detail = promise_words.state(detail)
    elif kind == "plan":
        detail = plan_words.state(detail)
    elif kind == "dispute":
        detail = dispute_words.state(detail)
    elif kind == "alert":
        what, detail = kind_label(what), outcome_label(detail) or pgettext("alert", "Open")
    elif detail in ("late", "in_time"):
        detail = {"late": _("Late"), "in_time": _("In time")}[detail]
    elif detail in ("payment", "credit_note"):
        detail = labels.label("entry", detail)
    return Shown(line, what, detail, _page(request, kind, line))


def _page(request: DeskRequest, kind: str, line: Line) -> str:
    """Where a line's own page is: credit has none but its customer's, and what is about many customers none but the list."""
    slug = request.organization.slug
    if line.customer_id is None:
        return reverse("alerts", args=(slug,))
    found = "customer" if kind == "owed" and line.detail else _PAGES[kind]
    target = line.customer_id if found.startswith("customer") else line.target
    return reverse(found, args=(slug, target))
