"""Reports, Disputes: what they came from, by month and creditor, on the page and as a file."""

from datetime import date

from django import forms
from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET

from puntual.analytics import reports
from puntual.desk import formats
from puntual.desk.fields import DayField
from puntual.desk.pages import DeskRequest, needs, page
from puntual.desk.views.portfolio import FILES, as_file
from puntual.disputes.queries import causes


class PeriodForm(forms.Form):
    """From which day through which."""

    since = DayField(label=gettext_lazy("From"), required=False)
    through = DayField(label=gettext_lazy("Through"), required=False)


@require_GET
@needs("view")
def report(request: DeskRequest) -> HttpResponse:
    """The disputes of a period by month, creditor and cause."""
    since, through = _period(request)
    lines = causes(request.organization.id, since, through, request.actor.today)
    count = sum(line.disputes for line in lines)
    title = ngettext("{n} dispute in this period", "{n} disputes in this period", count)
    return page(
        request,
        "desk/dispute_causes.html",
        title.format(n=formats.number(count)),
        form=PeriodForm(initial={"since": since, "through": through}),
        since=since,
        through=through,
        lines=lines,
        several=len({line.creditor_id for line in lines}) > 1,
        files=list(FILES),
    )


def _period(request: DeskRequest) -> tuple[date, date]:
    """As asked; where the days make no period, the last twelve months."""
    form = PeriodForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    through = min(asked.get("through") or request.actor.today, request.actor.today)
    since = asked.get("since") or reports.first_of_a_year(through)
    return (since, through) if since <= through else (reports.first_of_a_year(through), through)


@require_GET
@needs("export")
def export(request: DeskRequest, kind: str) -> HttpResponse:
    """The same as CSV, JSON or a workbook."""
    if kind not in FILES:
        raise Http404
    since, through = _period(request)
    found = reports.build("disputes", request.organization.id, through, since=since)
    return as_file(found, kind, f"{request.organization.slug}-disputes-{since}-{through}.{kind}")
