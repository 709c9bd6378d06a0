"""One payment with what it settles; applying, taking off, reversing, giving back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from puntual.desk import formats
from puntual.desk.forms.customers import WhyForm
from puntual.desk.forms.portfolio import ApplyForm, RefundForm, ReverseForm
from puntual.desk.pages import DeskRequest, address, needs, page
from puntual.desk.sheets import accepted, done, sheet
from puntual.desk.standing import coded
from puntual.payments import actions
from puntual.payments.models import Allocation, Payment, Refund
from puntual.receivables.queries import open_items

GET_POST = ("GET", "POST")


def _find(request: DeskRequest, payment_id: UUID) -> Payment:
    rows = Payment.objects.select_related("customer", "creditor")
    return get_object_or_404(rows, organization_id=request.organization.id, id=payment_id)


@require_GET
@needs("view")
def payment(request: DeskRequest, payment_id: UUID) -> HttpResponse:
    """One payment: which items it settles, what is on account, what was taken off or given back."""
    found = _find(request, payment_id)
    mine = {"organization_id": request.organization.id, "payment": found}
    allocations = Allocation.objects.filter(**mine).select_related(
        "installment__invoice", "installment__customer", "entry"
    )
    every = list(allocations.order_by("installment__due_on", "id"))
    return page(
        request,
        "desk/payment.html",
        _("Payment of {amount}").format(amount=coded(found.amount, found.currency)),
        payment=found,
        live=[one for one in every if one.reversed_at is None],
        ended=[one for one in every if one.reversed_at is not None],
        refunds=list(Refund.objects.filter(**mine).order_by("refunded_on", "id")),
    )


@require_http_methods(GET_POST)
@needs("payments")
def apply(request: DeskRequest, payment_id: UUID) -> HttpResponse:
    """Set what is on account against open items."""
    found = _find(request, payment_id)
    back = address(request, "payment", found.id)
    family = actions.payer_family(request.organization.id, found)
    items = [item for item in open_items(request.organization.id, family) if item.currency == found.currency]
    named = [(item, f"{item.number}, {coded(item.open, item.currency)}") for item in items[:200]]
    form = ApplyForm(named, request.POST or None)
    made: list[Any] = []
    if request.method == "POST" and accepted(
        form,
        lambda given: made.extend(actions.apply_on_account(request.actor, found.id, designations=form.designations())),
    ):
        text = ngettext("Applied to {n} invoice.", "Applied to {n} invoices.", len(made))
        messages.success(request, text.format(n=formats.number(len(made))))
        return done(request, back)
    left = coded(found.unapplied, found.currency)
    about = _("{amount} are on account. Nothing ticked: the oldest first.").format(amount=left)
    return sheet(request, form, _("Apply what is on account"), back, verb=_("Apply"), about=about)


@require_http_methods(GET_POST)
@needs("payments")
def take_off(request: DeskRequest, allocation_id: UUID) -> HttpResponse:
    """Take the payment off one item: it is open again, the money on account."""
    rows = Allocation.objects.select_related("payment", "installment__invoice")
    found = get_object_or_404(rows, organization_id=request.organization.id, id=allocation_id)
    back = address(request, "payment", found.payment_id)
    form = WhyForm(request.POST or None)
    if request.method == "POST" and accepted(
        form, lambda given: actions.unallocate(request.actor, found.id, why=given["why"])
    ):
        messages.success(request, _("Taken off; the money is on account."))
        return done(request, back)
    number = found.installment.invoice.number
    amount = coded(found.amount, found.payment.currency)
    about = _("{number} is open again by {amount}, with the age it has.").format(number=number, amount=amount)
    return sheet(
        request, form, _("Take it off {number}").format(number=number), back, verb=_("Take it off"), about=about
    )


@require_http_methods(GET_POST)
@needs("payments")
def reverse(request: DeskRequest, payment_id: UUID) -> HttpResponse:
    """The money did not stay: every item it settled is open again."""
    found = _find(request, payment_id)
    back = address(request, "payment", found.id)
    form = ReverseForm(request.POST or None, initial={"reversed_on": request.actor.today})
    if request.method == "POST" and accepted(
        form,
        lambda given: actions.reverse_payment(
            request.actor, found.id, reason=given["reason"], reversed_on=given["reversed_on"]
        ),
    ):
        messages.success(request, _("Reversed: what it had settled is open again."))
        return done(request, back)
    about = _("Every invoice it settled is open again, with the age it has, and nothing stays on account.")
    return sheet(request, form, _("Reverse the payment"), back, verb=_("Reverse"), about=about)


@require_http_methods(GET_POST)
@needs("payments")
def refund(request: DeskRequest, payment_id: UUID) -> HttpResponse:
    """Give money back out of what is on account."""
    found = _find(request, payment_id)
    back = address(request, "payment", found.id)
    initial = {"amount": formats.money(found.unapplied, found.currency), "refunded_on": request.actor.today}
    form = RefundForm(request.POST or None, initial=initial)
    if request.method == "POST" and accepted(form, lambda given: actions.refund(request.actor, found.id, **given)):
        messages.success(request, _("Recorded as given back."))
        return done(request, back)
    left = coded(found.unapplied, found.currency)
    about = _("{amount} are on account; at most that can be given back.").format(amount=left)
    return sheet(request, form, _("Give money back"), back, verb=_("Record"), about=about)
