"""For how long words, files and addresses are kept, what that would forget today, and what must not be forgotten."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from puntual.conduct.describe import rule_in_words
from puntual.conduct.packs import packs
from puntual.desk import places
from puntual.desk.forms import carried_out
from puntual.desk.pages import DeskRequest, address, needs, page
from puntual.desk.watched import WatchedOneOf
from puntual.outreach.actions import (
    lift_legal_hold,
    place_legal_hold,
    remove_retention,
    set_retention,
    turn_retention,
)
from puntual.outreach.models import LegalHold, Retention
from puntual.outreach.record.retention import MOST_MONTHS, before, preview, required, required_months
from puntual.parties.models import Customer


class PeriodForm(WatchedOneOf):
    """A period, for one country or for all others."""

    chosen_by = ("country",)

    country = forms.ChoiceField(label=gettext_lazy("Customers in"), required=False)
    months = forms.IntegerField(label=gettext_lazy("Months"), min_value=1, max_value=MOST_MONTHS)
    reason = forms.CharField(
        label=gettext_lazy("Why this long"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        everywhere = [("", _("all countries without a period of their own"))]
        self.fields["country"].choices = everywhere + places.country_choices()  # type: ignore[attr-defined]


class HoldForm(forms.Form):
    """A customer about whom nothing may be forgotten."""

    customer = forms.CharField(label=gettext_lazy("Customer's code"), max_length=60)
    reason = forms.CharField(label=gettext_lazy("For which matter"), max_length=500)


@require_GET
@needs("view")
def retention(request: DeskRequest) -> HttpResponse:
    """The periods, what the law is known to want, and what is kept in any case."""
    return _page(request)


@require_POST
@needs("settings")
def save(request: DeskRequest) -> HttpResponse:
    """A period, which forgets nothing until it is turned on."""
    form = PeriodForm(request.POST, there=_there(request))
    made: list[Retention] = []

    def act(country: str, months: int, reason: str) -> None:
        made.append(set_retention(request.actor, country, months=months, reason=reason))

    if carried_out(form, act, "reason"):
        return redirect(address(request, "retention_period", made[0].id))
    return _page(request, form=form)


@require_GET
@needs("settings")
def period(request: DeskRequest, retention_id: UUID) -> HttpResponse:
    """What a period would forget today, before it is turned on."""
    found = _find(request, retention_id)
    today = request.actor.today
    law = required(found.country)
    return page(
        request,
        "desk/retention_period.html",
        _("{place}: {months} months").format(place=_place(found.country), months=found.months),
        period=found,
        counted=preview(request.organization.id, found.country, found.months, today),
        before=before(found.months, today),
        law=law,
        shorter=bool(law and found.months < required_months(law)),
    )


@require_POST
@needs("settings")
def turn(request: DeskRequest, retention_id: UUID) -> HttpResponse:
    """On or off."""
    found = _find(request, retention_id)
    on = request.POST.get("on") == "1"
    turn_retention(request.actor, found.id, on=on)
    messages.success(request, _("It is on: tonight what is past it is forgotten.") if on else _("It is off."))
    return redirect(address(request, "retention"))


@require_POST
@needs("settings")
def end(request: DeskRequest, retention_id: UUID) -> HttpResponse:
    """No period of its own any more."""
    remove_retention(request.actor, _find(request, retention_id).id)
    messages.success(request, _("Taken away."))
    return redirect(address(request, "retention"))


@require_POST
@needs("settings")
def hold(request: DeskRequest) -> HttpResponse:
    """Nothing about a customer is forgotten from now on."""
    form = HoldForm(request.POST, prefix="hold")
    if form.is_valid():
        code = form.cleaned_data["customer"].strip()
        rows = list(Customer.objects.filter(organization_id=request.organization.id, code=code)[:2])
        if len(rows) != 1:
            text = _("There is no customer with this code.") if not rows else _("Several creditors have this code.")
            form.add_error("customer", text)
        elif carried_out(form, lambda customer, reason: place_legal_hold(request.actor, rows[0], reason), "customer"):
            messages.success(request, _("Nothing about {name} is forgotten until you lift it.").format(name=rows[0]))
            return redirect(address(request, "retention") + "#holds")
    return _page(request, hold_form=form)


@require_POST
@needs("settings")
def lift(request: DeskRequest, customer_id: UUID) -> HttpResponse:
    """What is past its time may be forgotten again."""
    customer = get_object_or_404(Customer.objects.filter(organization_id=request.organization.id, id=customer_id))
    lift_legal_hold(request.actor, customer)
    messages.success(request, _("Lifted."))
    return redirect(address(request, "retention") + "#holds")


def _page(request: DeskRequest, form: PeriodForm | None = None, hold_form: HoldForm | None = None) -> HttpResponse:
    org = request.organization.id
    periods = Retention.objects.filter(organization_id=org).order_by("country")
    holds = (
        LegalHold.objects.filter(organization_id=org, lifted_at=None).select_related("customer").order_by("placed_at")
    )
    known = ((country, required(country)) for country in sorted(packs()))
    laws = [(places.country_name(country), rule, rule_in_words(rule)) for country, rule in known if rule]
    title = _("What is past its time is forgotten") if any(one.active for one in periods) else _("Nothing is forgotten")
    return page(
        request,
        "desk/retention.html",
        title,
        422 if form or hold_form else 200,
        form=form or PeriodForm(initial={"months": 60}, there=_there(request)),
        hold_form=hold_form or HoldForm(prefix="hold"),
        periods=[(one, _place(one.country)) for one in periods],
        holds=holds[:200],
        laws=laws,
    )


def _there(request: DeskRequest) -> dict[str, dict[str, Any]]:
    """The periods by country."""
    rows = Retention.objects.filter(organization_id=request.organization.id)
    return {one.country: {"months": one.months, "reason": one.reason} for one in rows}


def _place(country: str) -> str:
    return places.country_name(country) if country else _("All other countries")


def _find(request: DeskRequest, retention_id: UUID) -> Retention:
    return get_object_or_404(Retention.objects.filter(organization_id=request.organization.id, id=retention_id))
