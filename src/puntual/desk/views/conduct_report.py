"""Reports, Conduct: a period's contacts judged again by every rule, on the page and as a file for an auditor."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from puntual.analytics.conduct import Summary, Tally
from puntual.analytics.reports import rules_named
from puntual.analytics.tables import Report
from puntual.conduct.describe import rule_in_words
from puntual.conduct.queries import all_rules
from puntual.conduct.rules import Rule
from puntual.desk import formats, places
from puntual.desk.asking import Asked, asked
from puntual.desk.pages import DeskRequest, needs, page
from puntual.desk.views.portfolio import FILES, as_file
from puntual.outreach.models import Activity

_DAYS = 30
_SHOWN = 100
"""Contacts on the page; the files have them all."""


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule in the period."""

    text: str
    country: str
    article: str
    law: bool
    checked: int
    broken: int
    refused: int


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
    given, since = _asked(request)
    organization, through = request.organization.id, given.as_of
    made = given.build("conduct", organization)
    found = Summary.of(made.facts)
    known = all_rules(organization)
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
        rules=[_line(rule_id, tally, known) for rule_id, tally in sorted(found.rules.items()) if rule_id in known],
        duties=_duties(found, known),
        broken=_against(organization, made, known) if found.broken else [],
        files=list(FILES),
    )


def _asked(request: DeskRequest) -> tuple[Asked, date]:
    """What is asked, and the first day: where none is, thirty days before the last."""
    given = asked(request, "conduct")
    since = given.since or given.as_of - timedelta(days=_DAYS)
    given.form.initial["since"] = since
    return given, since


def _line(rule_id: str, tally: Tally, known: dict[str, tuple[str, Rule]]) -> RuleLine:
    country, rule = known[rule_id]
    return RuleLine(
        text=rule_in_words(rule),
        country=places.country_name(country) if country else _("elsewhere"),
        article=rule.article,
        law=tally.law > 0,
        checked=tally.checked,
        broken=tally.broken,
        refused=tally.refused,
    )


def _duties(found: Summary, known: dict[str, tuple[str, Rule]]) -> list[tuple[str, int, int]]:
    """Each duty in words, how often it was fulfilled and how often owed; countries that ask the same are counted together."""
    counted: dict[str, list[int]] = {}
    for rule_id, (yes, owed) in sorted(found.duties.items()):
        sums = counted.setdefault(rule_in_words(known[rule_id][1]), [0, 0])
        sums[0] += yes
        sums[1] += owed
    return [(text, yes, owed) for text, (yes, owed) in counted.items()]


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
            at=str(row[place["at"]])[:16].replace("T", " "),
            customer_id=whose.get(str(row[place["activity"]])),
            name=str(row[place["name"]]),
            channel=str(row[place["channel"]]),
            said=" ".join(
                rule_in_words(known[rule][1]) for rule in rules_named(str(row[place["broken"]])) if rule in known
            ),
        )
        for row in rows
    ]


@require_GET
@needs("export")
def export(request: DeskRequest, kind: str) -> HttpResponse:
    """Every contact of the period as CSV, JSON or a workbook."""
    if kind not in FILES:
        raise Http404
    given, since = _asked(request)
    found = given.build("conduct", request.organization.id)
    return as_file(found, kind, f"{request.organization.slug}-conduct-{since}-{given.as_of}.{kind}")
