"""Reports, Conduct: a period's contacts judged again by every rule, on the page and as a file for an auditor."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from time import perf_counter
from uuid import UUID

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from puntual.analytics.conduct import Summary
from puntual.analytics.conduct_paper import RuleLine, duties_told, rule_lines
from puntual.analytics.reports import rules_named
from puntual.analytics.tables import Report
from puntual.conduct.describe import rule_in_words
from puntual.conduct.queries import all_rules
from puntual.conduct.rules import Rule
from puntual.desk import formats
from puntual.desk.asking import Asked, asked
from puntual.desk.drawings import Drawing, drawing
from puntual.desk.pages import DeskRequest, needs, page
from puntual.desk.views.portfolio import FILES, as_file
from puntual.desk.views.reports import PDF
from puntual.desk.views.reports import export as report_export
from puntual.outreach.models import Activity

_DAYS = 30
_SHOWN = 100
"""Contacts on the page; the files have them all."""


@dataclass(frozen=True, slots=True)
class Against:
    """One contact that broke a rule: when, where the customer is, and which in words."""

    at: str
    customer_id: UUID | None
    name: str
    channel: str
    said: str


@require_GET
@needs("view")
def report(request: DeskRequest) -> HttpResponse:
    """The period in numbers, what broke a rule, and the latest contacts with what bore on them."""
    started = perf_counter()
    given, since = _asked(request)
    organization, through = request.organization.id, given.as_of
    made = given.build("conduct", organization)
    given.answered(request, "conduct", made, started)
    found = Summary.of(made.facts)
    known = all_rules(organization)
    rules = rule_lines(found, known, formats.current())
    title = ngettext("{n} contact, {broken} against a rule", "{n} contacts, {broken} against a rule", found.contacts)
    return page(
        request,
        "desk/conduct_report.html",
        title.format(n=formats.number(found.contacts), broken=formats.number(found.broken)),
        form=given.form,
        query=given.query(),
        since=since,
        through=through,
        report=made,
        summary=found,
        rules=rules,
        chart=_chart(rules),
        duties=duties_told(found, known),
        broken=_against(organization, made, known) if found.broken else [],
        files=list(FILES),
    )


def _chart(rules: list[RuleLine]) -> Drawing | None:
    """What each rule kept back, and how often it was not kept: those that did most."""
    acted = sorted((one for one in rules if one.refused or one.broken), key=lambda one: -(one.refused + one.broken))[
        :10
    ]
    if not acted:
        return None
    series = [
        {"name": _("Kept back"), "values": [one.refused for one in acted]},
        {"name": _("Broken"), "values": [one.broken for one in acted]},
    ]
    return drawing({"kind": "bars", "labels": [f"{one.text} ({one.country})" for one in acted], "series": series})


def _asked(request: DeskRequest) -> tuple[Asked, date]:
    """What is asked, and the first day: where none is, thirty days before the last."""
    given = asked(request, "conduct")
    since = given.since or given.as_of - timedelta(days=_DAYS)
    given.form.initial["since"] = since
    return given, since


def _against(organization_id: UUID, report: Report, known: dict[str, tuple[str, Rule]]) -> list[Against]:
    """The first contacts against a rule."""
    place = {column.key: number for number, column in enumerate(report.columns)}
    rows = list(islice((row for row in report.rows if row[place["broken"]]), _SHOWN))
    activities = Activity.objects.filter(
        organization_id=organization_id, id__in=[row[place["activity"]] for row in rows]
    )
    whose = {str(pk): customer for pk, customer in activities.values_list("id", "customer_id")}
    return [
        Against(
            at=_moment(str(row[place["at"]])),
            customer_id=whose.get(str(row[place["activity"]])),
            name=str(row[place["name"]]),
            channel=str(row[place["channel"]]),
            said=" ".join(
                rule_in_words(known[rule][1]) for rule in rules_named(str(row[place["broken"]])) if rule in known
            ),
        )
        for row in rows
    ]


def _moment(iso: str) -> str:
    """Day and hour where the customer is, as the reader writes them."""
    at = datetime.fromisoformat(iso)
    return f"{formats.short_date(at.date())}, {formats.clock(at)}"


@require_GET
@needs("export")
def export(request: DeskRequest, kind: str) -> HttpResponseBase:
    """Every contact of the period as CSV, JSON, a workbook or a PDF."""
    if kind == PDF:
        return report_export(request, slug=request.organization.slug, name="conduct", kind=kind)
    if kind not in FILES:
        raise Http404
    given, since = _asked(request)
    found = given.build("conduct", request.organization.id)
    return as_file(found, kind, f"{request.organization.slug}-conduct-{since}-{given.as_of}.{kind}")
