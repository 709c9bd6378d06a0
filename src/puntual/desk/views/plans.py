"""A plan's page: its parts with what came in, what it covers, and what can be done about it."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from puntual.agreements import actions, beyond
from puntual.agreements.acceptance.queries import acceptances_of
from puntual.agreements.models import Approval, Plan
from puntual.agreements.plans.agreeing import MOST_REPLANS
from puntual.agreements.plans.queries import covered_by, standing
from puntual.desk import formats
from puntual.desk.forms.customers import WhyForm
from puntual.desk.forms.plans import YesForm
from puntual.desk.pages import DeskRequest, address, needs, page
from puntual.desk.sheets import accepted, done, sheet
from puntual.desk.standing import coded
from puntual.desk.views.documents import as_file
from puntual.outreach.plan_document import plan_document

State = Plan.State
GET_POST = ("GET", "POST")


@require_GET
@needs("view")
def plan(request: DeskRequest, plan_id: UUID) -> HttpResponse:
    """Everything about one plan as of this moment."""
    found = _plan(request, plan_id)
    stands = standing(found, request.actor.today)
    approval = Approval.objects.filter(organization_id=request.organization.id, subject_id=found.id).first()
    return page(
        request,
        "desk/plan.html",
        _title(found, len(stands.lines)),
        plan=found,
        stands=stands,
        total=found.principal + found.interest - found.discount,
        covered=(covered := covered_by(found)),
        covered_open=sum((one.installment.open_amount for one in covered), Decimal(0)),
        approval=approval,
        links=list(acceptances_of(found)[:5]),
        passed=beyond.sentences(approval.beyond) if approval else [],
        follower=Plan.objects.filter(organization_id=request.organization.id, replaces=found).order_by("-id").first(),
        can_again=found.state in (State.ACTIVE, State.BROKEN) and found.times_replanned < MOST_REPLANS,
    )


@require_GET
@needs("view")
def document(request: DeskRequest, plan_id: UUID) -> HttpResponse:
    """The agreement as the customer gets it."""
    return as_file(plan_document(_plan(request, plan_id), request.actor.now))


@require_http_methods(GET_POST)
@needs("contact")
def accept(request: DeskRequest, plan_id: UUID) -> HttpResponse:
    """The customer's yes, given in person, by phone or in writing."""
    found, form = _plan(request, plan_id), YesForm(request.POST or None)
    back = address(request, "plan", found.id)
    if request.method == "POST" and accepted(
        form, lambda _given: actions.accept_plan(request.actor, found.id, form.yes())
    ):
        messages.success(
            request,
            _("{number} is active: what it covers is not chased while it is kept.").format(number=found.number),
        )
        return done(request, back)
    about = _("From now on the documents it covers are paused, and its days are kept an eye on.")
    return sheet(request, form, _("{number} was accepted").format(number=found.number), back, about=about)


@require_http_methods(GET_POST)
@needs("contact")
def refuse(request: DeskRequest, plan_id: UUID) -> HttpResponse:
    """The customer's no."""
    title = _("The customer does not accept {number}")
    return _said_why(
        request, plan_id, title, _("Refused."), lambda found, why: actions.refuse_plan(request.actor, found.id, why)
    )


@require_http_methods(GET_POST)
@needs("contact")
def withdraw(request: DeskRequest, plan_id: UUID) -> HttpResponse:
    """Taken back before anybody accepted it."""
    title = _("Take {number} back")
    return _said_why(
        request,
        plan_id,
        title,
        _("Taken back."),
        lambda found, why: actions.withdraw_plan(request.actor, found.id, why),
    )


@require_http_methods(GET_POST)
@needs("contact")
def end(request: DeskRequest, plan_id: UUID) -> HttpResponse:
    """An active plan ended by a person: what it held is chased again at its age."""
    title = _("End {number} before its time")
    about = _("What is open of its documents is asked for again from today, at the age it has.")
    return _said_why(
        request,
        plan_id,
        title,
        _("The plan has ended."),
        lambda found, why: actions.break_plan(request.actor, found.id, why=why),
        about,
    )


def _said_why(
    request: DeskRequest, plan_id: UUID, title: str, told: str, act: Callable[[Plan, str], Any], about: str = ""
) -> HttpResponse:
    found, form = _plan(request, plan_id), WhyForm(request.POST or None)
    back = address(request, "plan", found.id)
    if request.method == "POST" and accepted(form, lambda given: act(found, given["why"])):
        messages.success(request, told)
        return done(request, back)
    return sheet(request, form, title.format(number=found.number), back, about=about)


def _plan(request: DeskRequest, plan_id: UUID) -> Plan:
    rows = Plan.objects.select_related("customer", "creditor", "replaces")
    return get_object_or_404(rows, organization_id=request.organization.id, id=plan_id)


def _title(found: Plan, parts: int) -> str:
    whole = coded(found.principal + found.interest - found.discount, found.currency)
    text = ngettext("{number}: {amount} in {n} part", "{number}: {amount} in {n} parts", parts)
    return text.format(number=found.number, amount=whole, n=formats.number(parts))
