"""On which terms late interest is charged: off until it is turned on for a creditor, with the law and its source beside it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from puntual.desk.forms import carried_out
from puntual.desk.forms.interest import RateForm, TermsForm
from puntual.desk.pages import DeskRequest, address, needs, page
from puntual.desk.sheets import accepted, done, sheet
from puntual.parties.models import Creditor, Customer
from puntual.receivables.actions import add_rate, end_interest_terms, set_interest_terms
from puntual.receivables.interest.facts import rates_of
from puntual.receivables.interest.laws import Law, laws, series
from puntual.receivables.interest.queries import standing_terms
from puntual.receivables.models import InterestTerms

_RECENT = 6


@require_GET
@needs("view")
def of_creditor(request: DeskRequest, creditor_id: UUID) -> HttpResponse:
    """Whether a creditor charges late interest, by which law and at which rates."""
    return _page(request, _creditor(request, creditor_id))


@require_POST
@needs("settings")
def turn_on(request: DeskRequest, creditor_id: UUID) -> HttpResponse:
    """Charge from a day on; what stood before ends."""
    found = _creditor(request, creditor_id)
    terms = standing_terms(request.organization.id, found.id)
    form = TermsForm(request.POST, today=request.actor.today, initial=_initial(terms))
    if carried_out(form, lambda **given: set_interest_terms(request.actor, found.id, **given)):
        messages.success(request, _("Late interest is on. Nothing is charged until somebody says so."))
        return redirect(address(request, "interest_terms", found.id))
    return _page(request, found, form=form)


@require_POST
@needs("settings")
def turn_off(request: DeskRequest, creditor_id: UUID) -> HttpResponse:
    """Charge no more."""
    found = _creditor(request, creditor_id)
    end_interest_terms(request.actor, found.id)
    messages.success(request, _("Late interest is off. What was charged stays."))
    return redirect(address(request, "interest_terms", found.id))


@require_POST
@needs("settings")
def rate(request: DeskRequest, creditor_id: UUID) -> HttpResponse:
    """A row of a published rate, with its source."""
    found = _creditor(request, creditor_id)
    form = RateForm(_names(laws().get(found.country)), request.POST, prefix="rate")

    def enter(series: str, source: str, **given: Any) -> None:
        add_rate(
            request.actor, series, given["valid_from"], given["percent"], source=source, valid_to=given["valid_to"]
        )

    if carried_out(form, enter):
        messages.success(request, _("The rate is kept with its source."))
        return redirect(address(request, "interest_terms", found.id))
    return _page(request, found, rate_form=form)


@require_http_methods(["GET", "POST"])
@needs("settings")
def of_customer(request: DeskRequest, customer_id: UUID) -> HttpResponse:
    """Terms of one customer: an agreed rate, or never."""
    found = _customer(request, customer_id)
    back = address(request, "customer_interest", found.id)
    own = standing_terms(request.organization.id, found.creditor_id, found.id)
    form = TermsForm(request.POST or None, today=request.actor.today, initial=_initial(own), of_customer=True)
    if request.method == "POST" and accepted(
        form,
        lambda given: set_interest_terms(request.actor, found.creditor_id, customer_id=found.id, **given),
    ):
        messages.success(request, _("This customer has terms of its own."))
        return done(request, back)
    about = _("They stand before those of {creditor} for all its customers.").format(creditor=found.creditor.name)
    return sheet(request, form, _("Late interest of {customer}").format(customer=found.name), back, about=about)


@require_POST
@needs("settings")
def end_of_customer(request: DeskRequest, customer_id: UUID) -> HttpResponse:
    """From now on as for the creditor's other customers."""
    found = _customer(request, customer_id)
    end_interest_terms(request.actor, found.creditor_id, customer_id=found.id)
    messages.success(request, _("From now on the terms are those of the other customers."))
    return redirect(address(request, "customer_interest", found.id))


def _page(
    request: DeskRequest, found: Creditor, form: TermsForm | None = None, rate_form: RateForm | None = None
) -> HttpResponse:
    law = laws().get(found.country)
    names = _names(law)
    rates = rates_of(request.organization.id)
    terms = standing_terms(request.organization.id, found.id)
    bound = form is not None or rate_form is not None
    return page(
        request,
        "desk/interest_terms.html",
        _("Late interest of {creditor}").format(creditor=found.name),
        422 if bound else 200,
        creditor=found,
        law=law,
        terms=terms,
        published=[
            (series()[name], sorted(rates[name], key=lambda one: one.valid_from, reverse=True)[:_RECENT])
            for name in names
        ],
        form=form or TermsForm(today=request.actor.today, initial=_initial(terms)),
        rate_form=rate_form or (RateForm(names, prefix="rate") if names else None),
    )


def _names(law: Law | None) -> list[str]:
    """The published rates a law goes by."""
    return list(dict.fromkeys(name for name in (law.series, law.cap) if name)) if law else []


def _initial(terms: InterestTerms | None) -> dict[str, object]:
    """The terms that stand, to be replaced; what is usual where there are none."""
    if terms is None:
        return {"basis": "law", "percent": None, "clause": "", "fixed": False, "pay_within": 30}
    return {name: getattr(terms, name) for name in TermsForm.base_fields}


def _creditor(request: DeskRequest, creditor_id: UUID) -> Creditor:
    return get_object_or_404(Creditor, organization_id=request.organization.id, id=creditor_id)


def _customer(request: DeskRequest, customer_id: UUID) -> Customer:
    rows = Customer.objects.select_related("creditor")
    return get_object_or_404(rows, organization_id=request.organization.id, id=customer_id)
