"""The portfolio by age, on the page and as a file."""

import io
import tempfile
from decimal import Decimal
from typing import BinaryIO, cast

from django.http import FileResponse, Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from puntual.analytics import exports, reports
from puntual.analytics.aging import Aging
from puntual.analytics.renegotiated import renegotiated
from puntual.analytics.tables import Report
from puntual.desk import formats, words
from puntual.desk.pages import DeskRequest, needs, page
from puntual.desk.portfolio import Narrowed, aged, aging_of
from puntual.desk.standing import coded, documents
from puntual.parties.models import Creditor

FILES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_GET
@needs("view")
def aging(request: DeskRequest) -> HttpResponse:
    """What is open by age: a row per currency, then the customers of one currency."""
    narrowed = Narrowed.of(request, request.actor.today)
    found = aging_of(request.actor, narrowed)
    currency = narrowed.currency if narrowed.currency in found.currencies else _first(found, request)
    creditors = list(Creditor.objects.filter(organization_id=request.organization.id).order_by("name"))
    return page(
        request,
        "desk/portfolio.html",
        _title(found, request),
        narrowed=narrowed,
        aging=found,
        totals=[_total(found, code) for code in found.currencies],
        renegotiated=renegotiated(request.organization.id, narrowed.as_of, narrowed.creditor),
        names=found.buckets.names,
        currency=currency,
        sums=found.currencies.get(currency),
        rows=aged(request.actor, narrowed, currency, request) if currency else None,
        creditors=creditors,
        files=list(FILES),
        past=narrowed.as_of != request.actor.today,
    )


def _first(found: Aging, request: DeskRequest) -> str:
    """The organization's own currency where something is open in it, else the first one."""
    own = request.organization.currency
    return own if own in found.currencies else next(iter(found.currencies), "")


def _title(found: Aging, request: DeskRequest) -> str:
    overdue = [
        coded(total.total - total.amounts[0], code)
        for code, total in found.currencies.items()
        if total.total > total.amounts[0]
    ]
    if not overdue:
        return _("Nothing is overdue") if found.currencies else _("Nothing is open")
    return _("{amounts} overdue").format(amounts=formats.listed(overdue))


def _total(found: Aging, currency: str) -> dict[str, object]:
    sums = found.currencies[currency]
    named = dict(zip(found.buckets.names, sums.amounts, strict=True))
    parts = [(words.bucket(name), amount) for name, amount in named.items() if amount]
    return {
        "currency": currency,
        "by_bucket": named,
        "open": sums.total,
        "overdue": sums.total - sums.amounts[0],
        "share": formats.percent((sums.total - sums.amounts[0]) / sums.total) if sums.total else "",
        "parts": parts if len(parts) > 1 else (),
        "overdue_parts": parts[1:] if len(parts) > 2 and sums.amounts[0] else (),
        "made_of": documents(sums.count, currency),
        "overdue_made_of": documents(sum(sums.counts[1:]), currency),
        "credit": sums.unapplied_credit or Decimal(0),
    }


@require_GET
@needs("export")
def export(request: DeskRequest, kind: str) -> HttpResponse:
    """The aging by customer as CSV, JSON or a workbook, narrowed as the page was."""
    if kind not in FILES:
        raise Http404
    narrowed = Narrowed.of(request, request.actor.today)
    report = reports.build("aging", request.organization.id, narrowed.as_of, creditor=narrowed.creditor)
    return as_file(report, kind, f"{request.organization.slug}-{report.name}-{narrowed.as_of}.{kind}")


def as_file(report: Report, kind: str, name: str) -> HttpResponse:
    """A report written to disk while it is read, then handed over as one of `FILES`."""
    file = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115 - the response closes it
    if kind == "xlsx":
        exports.write_xlsx(report, file)
    else:
        # The mark of the encoding is for spreadsheets, which else show accents as two signs.
        encoding = "utf-8-sig" if kind == "csv" else "utf-8"
        text = io.TextIOWrapper(file, encoding=encoding, newline="")
        (exports.write_csv if kind == "csv" else exports.write_json)(report, text)
        text.detach()
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=FILES[kind])  # type: ignore[return-value]
