"""Reports, Fairness: what was granted by situation, the exceptions with their reasons, and who got what."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from time import perf_counter
from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from puntual.agreements import beyond
from puntual.analytics.fairness import OUTCOMES, Exceeding, Given, latest_exceptions
from puntual.analytics.fairness_report import DAYS, band_label, decision_label, outcome_label, ranges
from puntual.analytics.wording import bucket_label
from puntual.desk import formats
from puntual.desk.asking import Asked, asked
from puntual.desk.drawings import Drawing, drawing
from puntual.desk.pages import DeskRequest, needs, page
from puntual.desk.views.portfolio import FILES, as_file
from puntual.desk.views.reports import PDF
from puntual.desk.views.reports import export as report_export
from puntual.strategies.queries import active_manuals
from puntual.strategies.segment_queries import kept_segments

_SHOWN = 100
"""Exceptions on the page; the files have them all."""


@require_GET
@needs("view")
def report(request: DeskRequest) -> HttpResponse:
    """The situations with what was granted in them, and the exceptions, the latest first."""
    started = perf_counter()
    question, since = _asked(request)
    organization, through = request.organization, question.as_of
    found = question.build("fairness", organization.id)
    exceptions = latest_exceptions(organization.id, since, through, organization.time_zone, _SHOWN, question.whose)
    question.answered(request, "fairness", found, started)
    situations, beyond_limits = found.facts["situations"], found.facts["exceptions"]
    segments = {one.code: one.name for one in kept_segments(organization.id)}
    offers = {offer.code: offer.name for manual in active_manuals(organization.id).values() for offer in manual.offers}
    agreements = sum(one["given"] for one in situations)
    title = ngettext(
        "{n} agreement, {exceptions} beyond the limits", "{n} agreements, {exceptions} beyond the limits", agreements
    )
    return page(
        request,
        "desk/fairness.html",
        title.format(n=formats.number(agreements), exceptions=formats.number(beyond_limits)),
        form=question.form,
        query=question.query(),
        report=found,
        chart=_chart(situations),
        since=since,
        through=through,
        lines=[_situation(one, segments, offers) for one in situations],
        exceptions=[_exception(one, one.exception) for one in exceptions if one.exception],
        more=beyond_limits > _SHOWN,
        files=list(FILES),
    )


@require_GET
@needs("export")
def export(request: DeskRequest, kind: str) -> HttpResponseBase:
    """Who got what as CSV, JSON, a workbook or a PDF."""
    if kind == PDF:
        return report_export(request, slug=request.organization.slug, name="fairness", kind=kind)
    if kind not in FILES:
        raise Http404
    question, since = _asked(request)
    found = question.build("fairness", request.organization.id)
    return as_file(found, kind, f"{request.organization.slug}-fairness-{since}-{question.as_of}.{kind}")


def _asked(request: DeskRequest) -> tuple[Asked, date]:
    """What is asked, and the first day: where none is, ninety days before the last."""
    question = asked(request, "fairness")
    since = question.since or question.as_of - timedelta(days=DAYS)
    question.form.initial["since"] = since
    return question, since


def _chart(situations: Sequence[Mapping[str, Any]]) -> Drawing | None:
    """What became of what was granted, by what it was."""
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    labels: dict[str, None] = {}
    for one in situations:
        kind = beyond.kind(one["kind"])
        labels[kind] = None
        for name in OUTCOMES:
            sums[outcome_label(name)][kind] += one[name]
    series = [
        {"name": name, "values": [kinds[kind] for kind in labels]} for name, kinds in sums.items() if kinds.total()
    ]
    return drawing({"kind": "stack", "labels": list(labels), "series": series}) if series else None


def _situation(one: Mapping[str, Any], segments: Mapping[str, str], offers: Mapping[str, str]) -> dict[str, Any]:
    low, high = (Decimal(one[key]) if one[key] is not None else None for key in ("balance_from", "balance_below"))
    measured = {name: [Decimal(value) for value in values] for name, values in one["ranges"].items()}
    return {
        "kind": beyond.kind(one["kind"]),
        "currency": one["currency"],
        "band": band_label(one["currency"], low, high),
        "age": bucket_label(one["age"]) if one["age"] else "",
        "segments": formats.listed([segments.get(code, code) for code in one["segments"]]),
        "offers": formats.listed([offers.get(code, code) for code in one["offers"]]),
        "given": one["given"],
        "outcomes": [(outcome_label(name), one[name]) for name in OUTCOMES if one[name]],
        "acceptance": None if one["acceptance"] is None else formats.percent(Decimal(one["acceptance"]) / 100),
        "exceptions": one["exceptions"],
        "ranges": ranges(measured),
    }


def _exception(one: Given, exception: Exceeding) -> dict[str, Any]:
    return {
        "one": one,
        "kind": beyond.kind(one.kind),
        "beyond": beyond.sentences(exception.beyond),
        "exception": exception,
        "decision": decision_label(exception.decision),
    }
