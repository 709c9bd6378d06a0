"""What bears on the limitation of a customer's claims: recorded with its evidence, lifted by counsel, withdrawn."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from puntual.desk import formats
from puntual.desk.forms.customers import ClaimFactForm, TimeBarForm, WhyForm
from puntual.desk.pages import DeskRequest, address, needs
from puntual.desk.sheets import accepted, done, sheet
from puntual.desk.views.customer import find
from puntual.parties.models import Customer
from puntual.receivables import actions
from puntual.receivables.models import ClaimFact, Installment

GET_POST = ("GET", "POST")


@require_http_methods(GET_POST)
@needs("edit_customers")
def record(request: DeskRequest, customer_id: UUID) -> HttpResponse:
    """That a debt was acknowledged, sued for, demanded with proof or protested."""
    customer = find(request, customer_id)
    form = ClaimFactForm(_invoices(request, customer), request.POST or None, initial={"on": request.actor.today})

    def act(given: dict[str, Any]) -> None:
        actions.record_claim_fact(
            request.actor,
            customer.id,
            given["kind"],
            on=given["on"],
            evidence=given["evidence"],
            invoice_id=given["invoice"],
        )

    back = address(request, "customer_tab", customer.id, "agreements")
    if request.method == "POST" and accepted(form, act):
        messages.success(
            request, _("On record. Where the law of the country says so, the period begins anew that day.")
        )
        return done(request, back)
    about = _("What interrupts a limitation period. It is kept with your name and can be withdrawn, never changed.")
    return sheet(request, form, _("The debt of {customer}").format(customer=customer.name), back, about=about)


@require_http_methods(GET_POST)
@needs("manual")
def lift(request: DeskRequest, customer_id: UUID) -> HttpResponse:
    """That counsel lets time-barred claims be pursued."""
    customer = find(request, customer_id)
    form = TimeBarForm(_invoices(request, customer), request.POST or None)

    def act(given: dict[str, Any]) -> None:
        actions.lift_time_bar(request.actor, customer.id, why=given["evidence"], invoice_id=given["invoice"])

    back = address(request, "customer_tab", customer.id, "agreements")
    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("The manual goes its way again with these claims."))
        return done(request, back)
    about = _("Only on counsel's word: say who gave it, when, and on what ground. From today the manual decides again.")
    title = _("Pursue what is time-barred with {customer}").format(customer=customer.name)
    return sheet(request, form, title, back, verb=_("Lift the time bar"), about=about)


@require_http_methods(GET_POST)
@needs("manual")
def withdraw(request: DeskRequest, fact_id: UUID) -> HttpResponse:
    """That what was recorded counts no more."""
    rows = ClaimFact.objects.filter(organization_id=request.organization.id, withdrawn_on=None)
    fact = get_object_or_404(rows, id=fact_id)
    form = WhyForm(request.POST or None)
    back = address(request, "customer_tab", fact.customer_id, "agreements")
    if request.method == "POST" and accepted(
        form, lambda given: actions.withdraw_claim_fact(request.actor, fact.id, why=given["why"])
    ):
        messages.success(request, _("It counts no more; it can still be read."))
        return done(request, back)
    about = _("Recorded by {name}: {evidence}").format(name=fact.recorded_by, evidence=fact.evidence)
    return sheet(request, form, _("Withdraw it?"), back, verb=_("Withdraw"), about=about)


def _invoices(request: DeskRequest, customer: Customer) -> list[tuple[str, str]]:
    """The open invoices, the oldest first."""
    rows = Installment.objects.filter(organization_id=request.organization.id, customer=customer, open_amount__gt=0)
    found: dict[str, str] = {}
    for invoice, number, due in rows.order_by("due_on").values_list("invoice_id", "invoice__number", "due_on"):
        found.setdefault(str(invoice), f"{number} · {formats.long_date(due)}")
    return list(found.items())
