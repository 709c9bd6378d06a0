"""Reports, Fairness: what was granted by situation, the exceptions with their reasons, and who got what."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from puntual.agreements import beyond
from puntual.analytics.fairness import Cell, Exceeding, Given, Tally, bands, given, tallies
from puntual.analytics.fairness_report import DAYS, age_label, band_label, decision_label, outcome_label, ranges
from puntual.analytics.queries import DEFAULT
from puntual.desk import formats
from puntual.desk.asking import Asked, asked
from puntual.desk.drawings import Drawing, drawing
from puntual.desk.pages import DeskRequest, needs, page
from puntual.desk.views.portfolio import FILES, as_file
from puntual.strategies.queries import active_manuals
from puntual.strategies.segment_queries import kept_segments

_SHOWN = 100
"""Exceptions on the page; the files have them all."""


@require_GET
@needs("view")
def report(request: DeskRequest) -> HttpResponse:
    """The situations with what was granted in them, and the exceptions, the latest first."""
    question, since = _asked(request)
    organization, through = request.organization, question.as_of
    found = given(organization.id, since, through, organization.time_zone, question.whose)
    edges = bands(organization.id)
    segments = {one.code: one.name for one in kept_segments(organization.id)}
    offers = {offer.code: offer.name for manual in active_manuals(organization.id).values() for offer in manual.offers}
    counted = tallies(found, edges, DEFAULT)
    exceptions = [_exception(one, one.exception) for one in reversed(found) if one.exception]
    title = ngettext(
        "{n} agreement, {exceptions} beyond the limits", "{n} agreements, {exceptions} beyond the limits", len(found)
    )
    return page(
        request,
        "desk/fairness.html",
        title.format(n=formats.number(len(found)), exceptions=formats.number(len(exceptions))),
        form=question.form,
        query=question.query(),
        chart=_chart(counted),
        since=since,
        through=through,
        lines=[
            {
                **_situation(cell, tally, segments, offers),
                "band": band_label(cell, edges),
                "age": age_label(cell, DEFAULT),
            }
            for cell, tally in counted.items()
        ],
        exceptions=exceptions[:_SHOWN],
        more=len(exceptions) > _SHOWN,
        files=list(FILES),
    )


@require_GET
@needs("export")
def export(request: DeskRequest, kind: str) -> HttpResponseBase:
    """Who got what as CSV, JSON or a workbook."""
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


def _chart(counted: Mapping[Cell, Tally]) -> Drawing | None:
    """What became of what was granted, by what it was."""
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    labels: dict[str, None] = {}
    for cell, tally in counted.items():
        kind = beyond.kind(cell.kind)
        labels[kind] = None
        for name, count in tally.outcomes.items():
            sums[outcome_label(name)][kind] += count
    series = [
        {"name": name, "values": [kinds[kind] for kind in labels]} for name, kinds in sums.items() if kinds.total()
    ]
    return drawing({"kind": "stack", "labels": list(labels), "series": series}) if series else None


def _situation(cell: Cell, tally: Tally, segments: dict[str, str], offers: dict[str, str]) -> dict[str, Any]:
    return {
        "kind": beyond.kind(cell.kind),
        "currency": cell.currency,
        "segments": formats.listed([segments.get(code, code) for code in cell.segments]),
        "offers": formats.listed([offers.get(code, code) for code in sorted(tally.offers)]),
        "given": tally.given,
        "outcomes": [(outcome_label(name), count) for name, count in tally.outcomes.items() if count],
        "acceptance": None if tally.acceptance is None else formats.percent(tally.acceptance / 100),
        "exceptions": tally.exceptions,
        "ranges": ranges(tally),
    }


def _exception(one: Given, exception: Exceeding) -> dict[str, Any]:
    return {
        "one": one,
        "kind": beyond.kind(one.kind),
        "beyond": beyond.sentences(exception.beyond),
        "exception": exception,
        "decision": decision_label(exception.decision),
    }
