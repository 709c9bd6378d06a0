"""Reports, Conduct: a period's contacts judged again by every rule, on the page and as a file for an auditor."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from django import forms
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET

from puntual.analytics import reports
from puntual.analytics.conduct import Made, Summary, Tally, made, summary
from puntual.conduct.describe import rule_in_words
from puntual.conduct.queries import all_rules
from puntual.conduct.rules import Rule
from puntual.desk import formats, places
from puntual.desk.fields import DayField
from puntual.desk.pages import DeskRequest, needs, page
from puntual.desk.views.portfolio import FILES, as_file

_DAYS = 30
_SHOWN = 100
"""Contacts on the page; the files have them all."""


class PeriodForm(forms.Form):
    """From which day through which."""

    since = DayField(label=gettext_lazy("From"), required=False)
    through = DayField(label=gettext_lazy("Through"), required=False)


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
    since, through = _period(request)
    organization = request.organization.id
    found = summary(organization, since, through)
    broken = (
        list(islice((one for one in made(organization, since, through) if one.broken), _SHOWN)) if found.broken else []
    )
    title = ngettext("{n} contact, {broken} against a rule", "{n} contacts, {broken} against a rule", found.contacts)
    known = all_rules(organization)
    return page(
        request,
        "desk/conduct_report.html",
        title.format(n=formats.number(found.contacts), broken=formats.number(found.broken)),
        form=PeriodForm(initial={"since": since, "through": through}),
        since=since,
        through=through,
        summary=found,
        rules=[_line(rule_id, tally, known) for rule_id, tally in sorted(found.rules.items()) if rule_id in known],
        duties=_duties(found, known),
        broken=[(one, f"{one.at:%Y-%m-%d %H:%M}", _said(one)) for one in broken],
        files=list(FILES),
    )


def _period(request: DeskRequest) -> tuple[date, date]:
    """As asked; where the days make no period, the last thirty."""
    form = PeriodForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    through = min(asked.get("through") or request.actor.today, request.actor.today)
    since = asked.get("since") or through - timedelta(days=_DAYS)
    return (since, through) if since <= through else (through - timedelta(days=_DAYS), through)


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
    for rule_id, (yes, asked) in sorted(found.duties.items()):
        sums = counted.setdefault(rule_in_words(known[rule_id][1]), [0, 0])
        sums[0] += yes
        sums[1] += asked
    return [(text, yes, asked) for text, (yes, asked) in counted.items()]


def _said(one: Made) -> str:
    return " ".join(rule_in_words(check.rule) for check in one.broken)


@require_GET
@needs("export")
def export(request: DeskRequest, kind: str) -> HttpResponse:
    """Every contact of the period as CSV, JSON or a workbook."""
    if kind not in FILES:
        raise Http404
    since, through = _period(request)
    found = reports.build("conduct", request.organization.id, through, since=since)
    return as_file(found, kind, f"{request.organization.slug}-conduct-{since}-{through}.{kind}")
