"""Working out a plan with the customer on the line, and making it: anew, or in the place of another."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from puntual.agreements.actions import agree_plan, replan
from puntual.agreements.approvals import ReasonMissing
from puntual.agreements.models import Plan
from puntual.agreements.plans.problems import EvidenceMissing
from puntual.agreements.plans.queries import Plannable, left_of, plannable
from puntual.desk.forms.plans import CalculatorForm
from puntual.desk.pages import DeskRequest, address, fragment, needs, page
from puntual.desk.planning import Worked, chosen_currency, currency_of, starting, worked_out
from puntual.desk.refusing import refuse
from puntual.desk.sheets import done
from puntual.desk.views.customer import find
from puntual.kernel.problems import Problem
from puntual.parties.models import Customer

GET_POST = ("GET", "POST")
_RESULT = "desk/parts/plan_worked_out.html"


@require_http_methods(GET_POST)
@needs("contact")
def new(request: DeskRequest, customer_id: UUID) -> HttpResponse:
    """The calculator over what a customer owes; `?currency=`, `?kind=settlement` and `?source=` come from the negotiation desk.

    For htmx it answers with what the form comes to.
    """
    customer = find(request, customer_id)
    return _calculator(request, customer, plannable(request.organization.id, customer.id), None)


@require_http_methods(GET_POST)
@needs("contact")
def again(request: DeskRequest, plan_id: UUID) -> HttpResponse:
    """The same over what is left of an active or broken plan."""
    old = Plan.objects.filter(organization_id=request.organization.id, id=plan_id).first()
    if old is None or old.state not in (Plan.State.ACTIVE, Plan.State.BROKEN):
        raise Http404
    return _calculator(request, find(request, old.customer_id), left_of(old, request.actor.today), old)


def _calculator(request: DeskRequest, customer: Customer, items: list[Plannable], old: Plan | None) -> HttpResponse:
    given = request.POST or (request.GET if request.htmx and "parts" in request.GET else None)
    currency = currency_of(items, request.GET.get("currency", ""), customer, request.actor.today)
    if given is not None:
        currency = chosen_currency(items, given.getlist("items"), currency)
    initial = starting(request, customer, items, currency)
    form = CalculatorForm(items, currency, given, initial=initial)
    worked = _worked(request, customer, form if form.is_bound else _as_bound(items, currency, initial))
    if request.htmx and request.method == "GET":
        return fragment(request, _RESULT, worked=worked, form=form, currency=currency)
    if request.method == "POST" and (made := _make(request, customer, form, worked, old)):
        messages.success(request, _what_now(made))
        return done(request, address(request, "plan", made.id))
    title = _("A new plan in the place of {number}").format(number=old.number) if old else _("Payment in parts")
    back = address(request, "plan", old.id) if old else address(request, "customer_tab", customer.id, "agreements")
    status = 422 if request.method == "POST" else 200
    context: dict[str, Any] = {"customer": customer, "old": old, "form": form, "worked": worked, "back": back}
    return page(request, "desk/plan_new.html", title, status, currency=currency, **context)


def _worked(request: DeskRequest, customer: Customer, form: CalculatorForm) -> Worked:
    return worked_out(request, customer, form, form.principal() if form.is_valid() else Decimal(0))


def _as_bound(items: list[Plannable], currency: str, initial: dict[str, Any]) -> CalculatorForm:
    """The form as it would be sent without a change."""
    empty = CalculatorForm(items, currency, initial=initial)
    data = QueryDict(mutable=True)
    for name in empty.fields:
        if name == "items":
            data.setlist(name, initial["items"])
        elif (value := empty[name].value()) not in (None, "", False):
            data[name] = empty.fields[name].prepare_value(value) if name == "first_on" else value
    return CalculatorForm(items, currency, data)


def _make(
    request: DeskRequest, customer: Customer, form: CalculatorForm, worked: Worked, old: Plan | None
) -> Plan | None:
    """The plan; None where it was refused, with the sentence beside the form."""
    if not form.is_valid():
        return None
    if worked.schedule is None:
        form.add_error(None, worked.problem)
        return None
    given = form.cleaned_data
    options: dict[str, Any] = {
        "within": worked.within,
        "reason": given["reason"],
        "asked_by": given["asked_by"],
        "yes": form.yes(),
        "offered_until": given["offered_until"],
        "manner": form.manner(),
    }
    by, wish = request.actor, form.wish(request.actor.today)
    try:
        if old:
            return replan(by, old.id, wish, **options)
        return agree_plan(by, customer.id, form.chosen(), wish, source_id=given["source"], **options)
    except Problem as problem:
        beside = {ReasonMissing: "reason", EvidenceMissing: "evidence"}.get(type(problem))
        refuse(form, problem, beside)
        return None


def _what_now(made: Plan) -> str:
    return {
        Plan.State.AWAITING: _("{number} waits for an approval; whoever decides finds it under Approvals."),
        Plan.State.OFFERED: _("{number} is ready for the customer to accept."),
        Plan.State.ACTIVE: _("{number} is active: what it covers is not chased while it is kept."),
    }[Plan.State(made.state)].format(number=made.number)
