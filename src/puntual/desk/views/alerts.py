"""What is done with an alert: closed with what came of it, given to somebody, taken up again."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from puntual.analytics.alerts import actions, queries
from puntual.analytics.alerts.models import Alert
from puntual.desk import alerting
from puntual.desk.forms.alerts import CloseForm, GiveForm
from puntual.desk.lists.alerts import name_of
from puntual.desk.pages import DeskRequest, address, needs
from puntual.desk.sheets import accepted, done, sheet

GET_POST = ("GET", "POST")


def _find(request: DeskRequest, alert_id: UUID) -> Alert:
    return get_object_or_404(queries.alerts(request.organization.id), id=alert_id)


def _back(request: DeskRequest, alert: Alert) -> str:
    """Where it was asked for: the customer's page, or the list."""
    if request.GET.get("from") == "customer" and alert.customer_id:
        return address(request, "customer", alert.customer_id)
    return address(request, "alerts")


@require_http_methods(GET_POST)
@needs("hold")
def close(request: DeskRequest, alert_id: UUID) -> HttpResponse:
    """Close it with what came of it."""
    found = _find(request, alert_id)
    form, back = CloseForm(request.POST or None), _back(request, found)

    def act(given: dict[str, Any]) -> object:
        return actions.close_alert(request.actor, found.id, given["outcome"], given["note"])

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("Closed. What came of it counts for how right such alerts are."))
        return done(request, back)
    seen = alerting.shown(found)
    title = f"{name_of(found)}: {seen.kind}"
    return sheet(request, form, title, back, verb=_("Close the alert"), about=seen.says)


@require_http_methods(GET_POST)
@needs("hold")
def assign(request: DeskRequest, alert_id: UUID) -> HttpResponse:
    """Give it to a member, or to nobody."""
    found = _find(request, alert_id)
    form = GiveForm(request.actor, request.POST or None, initial={"owner": str(found.assigned_to_id or "")})
    back = _back(request, found)
    if request.method == "POST" and accepted(
        form, lambda given: actions.assign_alert(request.actor, found.id, form.given())
    ):
        messages.success(request, _("It is theirs now.") if form.given() else _("It is nobody's now."))
        return done(request, back)
    return sheet(request, form, name_of(found), back, verb=_("Give it to them"), about=alerting.shown(found).says)


@require_http_methods(GET_POST)
@needs("hold")
def reopen(request: DeskRequest, alert_id: UUID) -> HttpResponse:
    """Take it up again."""
    found = _find(request, alert_id)
    form, back = forms.Form(request.POST if request.method == "POST" else None), _back(request, found)
    if request.method == "POST" and accepted(form, lambda given: actions.reopen_alert(request.actor, found.id)):
        messages.success(request, _("It is open again."))
        return done(request, back)
    return sheet(request, form, name_of(found), back, verb=_("Open it again"), about=alerting.shown(found).says)
