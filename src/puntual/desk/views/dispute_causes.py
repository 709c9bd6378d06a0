"""Reports, Disputes: what they came from, by month and creditor, on the page and as a file."""

from datetime import date

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from puntual.analytics import reports
from puntual.desk import formats
from puntual.desk.asking import Asked, asked
from puntual.desk.drawings import drawing_of
from puntual.desk.pages import DeskRequest, needs, page
from puntual.desk.views.portfolio import FILES, as_file
from puntual.desk.views.report_rows import address
from puntual.desk.views.reports import PDF
from puntual.desk.views.reports import export as report_export
from puntual.disputes.queries import CauseLine, causes


@require_GET
@needs("view")
def report(request: DeskRequest) -> HttpResponse:
    """The disputes of a period by month, creditor and cause."""
    given, since = _asked(request)
    lines = causes(
        request.organization.id,
        since,
        given.as_of,
        given.as_of,
        narrowed=given.whose.sql("d"),
        values=given.whose.values,
    )
    count = sum(line.disputes for line in lines)
    title = ngettext("{n} dispute in this period", "{n} disputes in this period", count)
    return page(
        request,
        "desk/dispute_causes.html",
        title.format(n=formats.number(count)),
        form=given.form,
        query=given.query(),
        since=since,
        through=given.as_of,
        lines=lines,
        rows=[(line, _links(request, given, line)) for line in lines],
        chart=drawing_of(given.build("disputes", request.organization.id)) if lines else None,
        several=len({line.creditor_id for line in lines}) > 1,
        files=list(FILES),
    )


def _asked(request: DeskRequest) -> tuple[Asked, date]:
    """What is asked, and the first day: where none is, that of the last twelve months."""
    given = asked(request, "disputes")
    since = given.since or reports.first_of_a_year(given.as_of)
    given.form.initial["since"] = since
    return given, since


def _links(request: DeskRequest, given: Asked, line: CauseLine) -> dict[str, str]:
    """Where the disputes behind each figure of a line are."""
    key = {
        "month": f"{line.month:%Y-%m}",
        "creditor_id": str(line.creditor_id),
        "cause": line.cause,
        "currency": line.currency,
    }
    figures = {"disputes": line.disputes, "won": line.won, "late": line.late, "granted": line.granted}
    slug, query = request.organization.slug, given.query()
    return {
        name: address(slug, "disputes", query, name, key) if value else ""
        for name, value in {**figures, "amount": line.amount}.items()
    }


@require_GET
@needs("export")
def export(request: DeskRequest, kind: str) -> HttpResponseBase:
    """The same as CSV, JSON, a workbook or a PDF."""
    if kind == PDF:
        return report_export(request, slug=request.organization.slug, name="disputes", kind=kind)
    if kind not in FILES:
        raise Http404
    given, since = _asked(request)
    found = given.build("disputes", request.organization.id)
    return as_file(found, kind, f"{request.organization.slug}-disputes-{since}-{given.as_of}.{kind}")
