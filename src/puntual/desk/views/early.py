"""Discounts for paying early: a customer's terms, and what may be kept of one invoice."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from puntual.agreements.beyond import told
from puntual.agreements.guardrails import excess, who_decides
from puntual.desk import formats
from puntual.desk.forms.customers import WhyForm
from puntual.desk.forms.extensions import EarlyDiscountForm, EarlyTermsForm
from puntual.desk.pages import DeskRequest, address, needs
from puntual.desk.sheets import accepted, done, sheet
from puntual.desk.views.customer import find
from puntual.kernel.problems import N_, Problem
from puntual.receivables.actions import (
    agree_early_discount,
    end_early_terms,
    set_early_terms,
    withdraw_early_discount,
)
from puntual.receivables.early import early_terms_of
from puntual.receivables.models import EarlyDiscount, Installment, Invoice
from puntual.strategies.allowances import within_for

GET_POST = ("GET", "POST")


@require_http_methods(GET_POST)
@needs("manual")
def terms(request: DeskRequest, customer_id: UUID) -> HttpResponse:
    """What a customer may keep of each new invoice that it pays early."""
    customer = find(request, customer_id)
    back = address(request, "customer_tab", customer.id, "agreements")
    standing = early_terms_of(request.organization.id, customer.id)
    initial = {
        "percent": formats.written(standing.percent.normalize()) if standing else None,
        "days": standing.days if standing else None,
    }
    form = EarlyTermsForm(request.POST or None, initial=initial)
    if request.method == "POST" and accepted(form, lambda given: set_early_terms(request.actor, customer.id, **given)):
        messages.success(request, _("New invoices have these terms from today on."))
        return done(request, back)
    about = _("Reminders say the day and the amount; paid in time, the discount is taken by itself.")
    title = _("For paying early: {customer}").format(customer=customer.name)
    return sheet(request, form, title, back, about=about)


@require_POST
@needs("manual")
def end_terms(request: DeskRequest, customer_id: UUID) -> HttpResponse:
    """New invoices have none any more."""
    customer = find(request, customer_id)
    end_early_terms(request.actor, customer.id)
    messages.success(request, _("New invoices have no discount any more; what was promised stays."))
    return redirect(address(request, "customer_tab", customer.id, "agreements"))


@require_http_methods(GET_POST)
@needs("hold")
def discount(request: DeskRequest, invoice_id: UUID) -> HttpResponse:
    """What may be kept of one invoice, within what the manual lets the member grant."""
    found = get_object_or_404(Invoice, organization_id=request.organization.id, id=invoice_id)
    back = address(request, "invoice", found.id)
    form = EarlyDiscountForm(request.POST or None)
    if request.method == "POST" and accepted(form, lambda given: _agree(request, found, given)):
        messages.success(request, _("It may be kept if the rest is paid in time."))
        return done(request, back)
    about = _("Reminders say the day and the amount; paid in time, the discount is taken by itself.")
    return sheet(request, form, _("For paying {number} early").format(number=found.number), back, about=about)


@require_http_methods(GET_POST)
@needs("hold")
def withdraw(request: DeskRequest, discount_id: UUID) -> HttpResponse:
    """Recorded by mistake."""
    rows = EarlyDiscount.objects.select_related("installment__invoice")
    found = get_object_or_404(rows, organization_id=request.organization.id, id=discount_id)
    invoice = found.installment.invoice
    back = address(request, "invoice", invoice.id)
    form = WhyForm(request.POST or None)
    if request.method == "POST" and accepted(
        form, lambda given: withdraw_early_discount(request.actor, found.id, why=given["why"])
    ):
        messages.success(request, _("It may not be kept any more."))
        return done(request, back)
    title = _("Take the discount of {number} back").format(number=invoice.number)
    return sheet(request, form, title, back, verb=_("Take it back"))


def _agree(request: DeskRequest, found: Invoice, given: dict[str, Any]) -> None:
    """One for each open installment. Raises Problem beyond what the manual lets the member grant."""
    percent: Decimal = given["percent"]
    within = within_for(
        request.organization.id,
        found.customer_id,
        request.membership.role,
        request.actor.today,
        "early_payment",
        found.currency,
        {"percent": percent},
    )
    passed = excess(within, {"percent": percent})
    if who_decides(within, passed):
        raise Problem(N_("The manual does not let you grant this: {beyond}."), beyond="; ".join(told(passed)))
    items = Installment.objects.filter(organization_id=request.organization.id, invoice=found, open_amount__gt=0)
    for item in items.order_by("position"):
        agree_early_discount(
            request.actor,
            item.id,
            percent=percent,
            until_on=given["until_on"],
            reason=given["reason"],
            offer=within.allowance.offer,
        )
