"""Trying a manual before it runs: what a day would be by a version, customer by customer."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET

from puntual.daily.simulate_preview import DONE, LATER, on_day, preview
from puntual.desk import formats
from puntual.desk.fields import DayField
from puntual.desk.keyset import Page
from puntual.desk.pages import DeskRequest, needs, page
from puntual.kernel.problems import Problem
from puntual.parties.models import Customer
from puntual.strategies.models import Version
from puntual.strategies.outcomes import Do, Nothing, Reason
from puntual.strategies.words import REASONS, TASKS, sentence

SIZE = 50
TABS = (DONE, LATER, *(reason.value for reason in Reason if reason is not Reason.CAPACITY))


class WhatIfForm(forms.Form):
    """By which version, on which day, and whom to show."""

    version = forms.ChoiceField(label=gettext_lazy("Manual"), required=False)
    date = DayField(label=gettext_lazy("Day"), required=False)
    show = forms.ChoiceField(choices=[(tab, tab) for tab in TABS], required=False)
    page = forms.IntegerField(min_value=1, max_value=100_000, required=False)

    def __init__(self, data: Any, versions: list[Version]) -> None:
        super().__init__(data)
        self.fields["version"].choices = version_choices(versions)  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Row:
    """One customer of the preview: what would be done, or when it is asked again, and why."""

    customer: Customer
    why: str
    step: str = ""
    do: Do | None = None
    again_on: date | None = None


def versions_of(request: DeskRequest) -> list[Version]:
    """Every version that can be tried: those in force, then the drafts, then what was in force; the newest first."""
    found = Version.objects.filter(organization_id=request.organization.id).select_related("strategy")
    order = {"active": 0, "draft": 1, "retired": 2}
    return sorted(found, key=lambda one: (order[one.state], one.strategy.name, -one.number))


def version_choices(versions: list[Version]) -> list[tuple[str, str]]:
    """The same to choose from."""
    states = {"active": _("in force"), "draft": _("draft"), "retired": _("retired")}
    return [(str(one.id), f"{one.strategy.name}, {one.number} ({states[one.state]})") for one in versions]


@require_GET
@needs("view")
def what_if(request: DeskRequest) -> HttpResponse:
    """What a day would be by a version of the manual: today unless another is asked for."""
    versions = versions_of(request)
    if not versions:
        return page(request, "desk/manual_none.html", _("No manual is active"))
    form = WhatIfForm(request.GET, versions)
    if not form.is_valid():
        if "version" in form.errors:
            raise Http404
        return page(request, "desk/preview.html", _("Preview"), 422, form=form, versions=version_choices(versions))
    given = form.cleaned_data
    version = next((one for one in versions if str(one.id) == given["version"]), versions[0])
    by = on_day(request.actor, request.organization, given["date"] or request.actor.today)
    show = given["show"] or DONE
    try:
        found = preview(by, version, show)
    except Problem as problem:
        return page(
            request,
            "desk/preview.html",
            _("Preview"),
            422,
            form=form,
            versions=version_choices(versions),
            version=version,
            day=by.today,
            problem=formats.sentence(problem),
        )
    number = given["page"] or 1
    shown = found.shown[(number - 1) * SIZE : number * SIZE]
    done = found.counts[DONE]
    return page(
        request,
        "desk/preview.html",
        ngettext("{n} contact or task that day", "{n} contacts and tasks that day", done).format(
            n=formats.number(done)
        ),
        form=form,
        versions=version_choices(versions),
        version=version,
        day=by.today,
        tabs=[(tab, tab_name(tab), found.counts[tab]) for tab in TABS if found.counts[tab] > 0 or tab == show],
        show=show,
        rows=Page(
            _rows(request, shown),
            _page(request, number - 1) if number > 1 else "",
            _page(request, number + 1) if len(found.shown) > number * SIZE else "",
        ),
        unlisted=found.counts[show] - len(found.shown),
        sampled=found.sampled,
        customers=found.customers,
        by_channel=sorted(found.by_channel.items(), key=lambda one: -one[1]),
    )


def tab_name(tab: str) -> str:
    """A reason, or what would be done, in the reader's words."""
    if tab == DONE:
        return _("Would happen")
    return _("No room that day") if tab == LATER else _(REASONS[Reason(tab)])


def _rows(request: DeskRequest, shown: list[Any]) -> list[Row]:
    ids: list[UUID] = [customer for customer, _outcome, _manual in shown]
    customers = Customer.objects.filter(organization_id=request.organization.id).in_bulk(ids)
    rows = []
    for customer, outcome, manual in shown:
        why = sentence(outcome.why.code, outcome.why.params)
        if isinstance(outcome, Nothing):
            rows.append(Row(customers[customer], why, again_on=outcome.again_on))
            continue
        step = manual.step(outcome.step)
        name = step.name if step else _(TASKS.get(outcome.step, outcome.step))
        rows.append(Row(customers[customer], why, name, outcome))
    return rows


def _page(request: DeskRequest, number: int) -> str:
    query = request.GET.copy()
    query["page"] = str(number)
    return f"?{query.urlencode()}"
