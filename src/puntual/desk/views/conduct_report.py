"""Reports, Conduct: a period's contacts judged again by every rule, on the page and as a file for an auditor."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from puntual.analytics.conduct import Made, Summary, Tally, made, summary
from puntual.conduct.describe import rule_in_words
from puntual.conduct.queries import all_rules
from puntual.conduct.rules import Rule
from puntual.desk import formats, places
from puntual.desk.asking import Asked, asked
from puntual.desk.pages import DeskRequest, needs, page
from puntual.desk.views.portfolio import FILES, as_file

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


@require_GET
@needs("view")
def report(request: DeskRequest) -> HttpResponse:
    """The period in numbers, what broke a rule, and the latest contacts with what bore on them."""
    given, since = _asked(request)
    organization, through, whose = request.organization.id, given.as_of, given.whose
    found = summary(organization, since, through, whose)
    broken = (
        list(islice((one for one in made(organization, since, through, whose) if one.broken), _SHOWN))
        if found.broken
        else []
    )
    title = ngettext("{n} contact, {broken} against a rule", "{n} contacts, {broken} against a rule", found.contacts)
    known = all_rules(organization)
    return page(
        request,
        "desk/conduct_report.html",
        title.format(n=formats.number(found.contacts), broken=formats.number(found.broken)),
        form=given.form,
        query=given.query(),
        since=since,
        through=through,
        summary=found,
        rules=[_line(rule_id, tally, known) for rule_id, tally in sorted(found.rules.items()) if rule_id in known],
        duties=_duties(found, known),
        broken=[(one, f"{one.at:%Y-%m-%d %H:%M}", _said(one)) for one in broken],
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


def _said(one: Made) -> str:
    return " ".join(rule_in_words(check.rule) for check in one.broken)


@require_GET
@needs("export")
def export(request: DeskRequest, kind: str) -> HttpResponse:
    """Every contact of the period as CSV, JSON or a workbook."""
    if kind not in FILES:
        raise Http404
    given, since = _asked(request)
    found = given.build("conduct", request.organization.id)
    return as_file(found, kind, f"{request.organization.slug}-conduct-{since}-{given.as_of}.{kind}")
