"""Champion and challenger: what is being tried on whom, and what it showed once it can be read."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from puntual.analytics.evidence import CONFIDENCE, LEAST_CUSTOMERS, Difference
from puntual.analytics.experiments import ArmResult, Result, result
from puntual.desk import formats, keyset
from puntual.desk.fields import DayField
from puntual.desk.forms import carried_out
from puntual.desk.pages import DeskRequest, address, needs, page
from puntual.kernel.problems import N_
from puntual.strategies.experiment_actions import (
    MOST_CHALLENGER,
    MOST_DELAY,
    MOST_HOLDBACK,
    Design,
    begin_experiment,
    stop_experiment,
)
from puntual.strategies.models import Experiment, Strategy, Version

ARM_NAMES = {
    "champion": N_("As always"),
    "challenger": N_("The challenger"),
    "holdback": N_("Everything later"),
}


class ExperimentForm(forms.Form):
    """A new experiment."""

    name = forms.CharField(label=gettext_lazy("What is tried"), max_length=100)
    champion = forms.ChoiceField(label=gettext_lazy("Manual in use"))
    challenger = forms.ChoiceField(label=gettext_lazy("Challenger"), required=False)
    challenger_share = forms.IntegerField(
        label=gettext_lazy("Its share of the customers, %"), min_value=0, max_value=MOST_CHALLENGER, initial=0
    )
    holdback_share = forms.IntegerField(
        label=gettext_lazy("Held back, %"), min_value=0, max_value=MOST_HOLDBACK, initial=0
    )
    holdback_days = forms.IntegerField(label=gettext_lazy("Days later"), min_value=0, max_value=MOST_DELAY, initial=0)
    starts_on = DayField(label=gettext_lazy("First day"))
    ends_on = DayField(label=gettext_lazy("Last day"))
    within_days = forms.IntegerField(
        label=gettext_lazy("Paid in time means within, days"), min_value=1, max_value=180, initial=30
    )

    def __init__(self, *arguments: Any, request: DeskRequest, **options: Any) -> None:
        first = request.actor.today + timedelta(days=1)
        options["initial"] = {"starts_on": first, "ends_on": first + timedelta(days=90)}
        super().__init__(*arguments, **options)
        active = Version.objects.filter(organization_id=request.organization.id, state=Version.State.ACTIVE)
        names = [
            (str(key), name)
            for key, name in active.order_by("strategy__name").values_list("strategy", "strategy__name")
        ]
        self.fields["champion"].choices = names  # type: ignore[attr-defined]
        self.fields["challenger"].choices = [("", _("none")), *names]  # type: ignore[attr-defined]


class StopForm(forms.Form):
    """Why an experiment ends before its time."""

    why = forms.CharField(label=gettext_lazy("Why"), max_length=200)


@dataclass(frozen=True, slots=True)
class Row:
    """One arm as it is shown; what cannot be said yet is empty."""

    name: str
    about: str
    arm: ArmResult
    share: str
    band: str
    contacts: str
    left: int  # of the band, in percent of the line
    width: int
    point: int


@require_GET
@needs("view")
def experiments(request: DeskRequest) -> HttpResponse:
    """Every experiment, the latest first."""
    return _list(request, ExperimentForm(request=request))


@require_POST
@needs("manual")
def begin(request: DeskRequest) -> HttpResponse:
    """Set up an experiment."""
    form = ExperimentForm(request.POST, request=request)
    made: list[Experiment] = []

    def act(champion: str, challenger: str, **design: Any) -> None:
        found = {str(one.id): one for one in Strategy.objects.filter(organization_id=request.organization.id)}
        made.append(begin_experiment(request.actor, Design(**design), found[champion], found.get(challenger)))

    if carried_out(form, act):
        return redirect(address(request, "experiment", made[0].id))
    return _list(request, form)


@require_GET
@needs("view")
def experiment(request: DeskRequest, experiment_id: UUID) -> HttpResponse:
    """One experiment and what it showed."""
    return _page(request, _find(request, experiment_id), StopForm())


@require_POST
@needs("manual")
def stop(request: DeskRequest, experiment_id: UUID) -> HttpResponse:
    """End an experiment before its time."""
    found = _find(request, experiment_id)
    form = StopForm(request.POST)
    if carried_out(form, lambda why: stop_experiment(request.actor, found, why=why)):
        messages.success(request, _("Stopped: from today everybody follows the manual in use."))
        return redirect(address(request, "experiment", found.id))
    return _page(request, found, form)


def _find(request: DeskRequest, experiment_id: UUID) -> Experiment:
    mine = Experiment.objects.filter(organization_id=request.organization.id, id=experiment_id)
    return get_object_or_404(mine.select_related("champion", "challenger"))


def _list(request: DeskRequest, form: ExperimentForm) -> HttpResponse:
    mine = Experiment.objects.filter(organization_id=request.organization.id).select_related("champion", "challenger")
    rows = keyset.paginate(mine, request, by=("starts_on", "id"), descending=True)
    return page(
        request, "desk/experiments.html", _("What is being tried"), rows=rows, form=form, today=request.actor.today
    )


def _page(request: DeskRequest, found: Experiment, form: StopForm) -> HttpResponse:
    shown = result(found, request.actor.today)
    return page(
        request,
        "desk/experiment.html",
        _title(found, shown),
        experiment=found,
        result=shown,
        lead=_lead(found, shown),
        sure=formats.written(Decimal(str(CONFIDENCE * 100))),
        rows=[_row(found, arm) for arm in shown.arms],
        findings=[_finding(arm, one) for arm, one in shown.differences.items()],
        form=form,
        running=not found.stopped_on and found.ends_on >= request.actor.today,
    )


def _title(found: Experiment, shown: Result) -> str:
    match shown.verdict:
        case "difference":
            return _("“{name}” made a difference").format(name=found.name)
        case "no_difference":
            return _("“{name}” made no difference that can be told").format(name=found.name)
        case "too_few":
            return _("“{name}” had too few customers to tell").format(name=found.name)
        case "stopped":
            return _("“{name}” was stopped").format(name=found.name)
        case "to_begin":
            return _("“{name}” has not begun").format(name=found.name)
        case _:
            return _("“{name}” can be read from {day}").format(
                name=found.name, day=formats.long_date(shown.readable_on)
            )


def _lead(found: Experiment, shown: Result) -> str:
    match shown.verdict:
        case "too_early":
            return _(
                "Until then nobody wins: whoever looks every week sees, one week, a winner by chance. "
                "The figures below are those known so far."
            )
        case "to_begin":
            return _("It begins on {day}.").format(day=formats.long_date(found.starts_on))
        case "stopped":
            return _("What was stopped early names no winner: it may have been stopped because it looked like one.")
        case "too_few":
            return _("Fewer than {count} customers of a group had an invoice that counts. Try it for longer.").format(
                count=LEAST_CUSTOMERS
            )
        case _:
            return _("Of a hundred experiments without any effect, at most five would show a difference like this.")


def _row(found: Experiment, arm: ArmResult) -> Row:
    about = {
        "champion": found.champion.name,
        "challenger": found.challenger.name if found.challenger else "",
        "holdback": _("{name}, {days} days later").format(name=found.champion.name, days=found.holdback_days),
    }
    low, high = arm.low or 0.0, arm.high or 0.0
    known = arm.high is not None
    return Row(
        name=_(ARM_NAMES[arm.arm]),
        about=about[arm.arm],
        arm=arm,
        share=formats.percent(arm.sums.share) if arm.sums.items else "",
        band=_("{low} to {high}").format(low=formats.percent(low), high=formats.percent(high)) if known else "",
        contacts=_points(arm.contacts / arm.enrolled) if arm.enrolled else "",
        left=round(100 * low),
        width=max(round(100 * (high - low)), 1),
        point=round(100 * arm.sums.share),
    )


def _finding(arm: str, one: Difference) -> str:
    values = {
        "arm": _(ARM_NAMES[arm]),
        "by": _points(abs(100 * one.by)),
        "low": _points(100 * one.low),
        "high": _points(100 * one.high),
    }
    if not one.is_sure:
        return _("{arm}: between {low} and {high} points; that may be chance.").format(**values)
    if one.by > 0:
        return _("{arm}: {by} points more paid in time (between {low} and {high}).").format(**values)
    return _("{arm}: {by} points less paid in time (between {low} and {high}).").format(**values)


def _points(value: float) -> str:
    return formats.number(Decimal(str(round(value, 1))))
