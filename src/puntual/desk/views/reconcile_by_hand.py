"""What no rule can tell of the bank's lines: what it took back, and what came into an account for deductions."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from puntual.desk.forms.customers import WhyForm
from puntual.desk.keyset import paginate
from puntual.desk.pages import DeskRequest, address, needs, page
from puntual.desk.sheets import accepted, done, sheet
from puntual.desk.standing import coded
from puntual.kernel.problems import N_, Problem
from puntual.kernel.references import document_key
from puntual.payments.models import BankAccount, BankLine, Payment
from puntual.payments.reconciling import deposits as depositing
from puntual.payments.reconciling import reversals
from puntual.payments.statements.actions import restrict_account
from puntual.receivables.models import ExpectedDeduction, Installment

GET_POST = ("GET", "POST")


@require_GET
@needs("view")
def taken_back(request: DeskRequest) -> HttpResponse:
    """What the bank took back without naming one credit, each with the payments it may be."""
    organization_id = request.organization.id
    rows = paginate(reversals.reversals_waiting(organization_id), request, by=("booked_on", "id"), descending=True)
    return page(
        request,
        "desk/reconcile_taken_back.html",
        _("What the bank took back"),
        rows=rows,
        found=[(line, -line.amount, reversals.taken_back_maybe(organization_id, line)) for line in rows.items],
    )


@require_POST
@needs("payments")
def take_back_payment(request: DeskRequest, line_id: UUID, payment_id: UUID) -> HttpResponse:
    """It was this payment."""
    line = _line(request, line_id)
    payment = get_object_or_404(Payment, organization_id=request.organization.id, id=payment_id)
    reversals.take_back_payment(request.actor, line.id, payment.id)
    said = _("{amount} are taken back: what they had paid is open again.")
    messages.success(request, said.format(amount=coded(payment.amount, payment.currency)))
    return redirect(address(request, "reconcile_taken_back"))


@require_http_methods(GET_POST)
@needs("payments")
def ignore_reversal(request: DeskRequest, line_id: UUID) -> HttpResponse:
    """It was nobody's payment."""
    line = _line(request, line_id)
    back = address(request, "reconcile_taken_back")
    form = WhyForm(request.POST or None)
    if request.method == "POST" and accepted(
        form, lambda given: reversals.ignore_reversal(request.actor, line.id, reason=given["why"])
    ):
        messages.success(request, _("Set aside."))
        return done(request, back)
    about = _("The bank corrected itself, or it was no customer's money.")
    return sheet(request, form, _("No payment was taken back"), back, verb=_("Set aside"), about=about)


@require_GET
@needs("view")
def deposits(request: DeskRequest) -> HttpResponse:
    """What came into accounts for deductions and is not explained, each with the deductions it may be."""
    organization_id = request.organization.id
    rows = paginate(depositing.deposits_waiting(organization_id), request, by=("booked_on", "id"), descending=True)
    maybe = depositing.candidates(organization_id, rows.items)
    return page(
        request,
        "desk/reconcile_deposits.html",
        _("Deposits of detracciones"),
        rows=rows,
        found=[(line, maybe[line.id]) for line in rows.items],
    )


@require_POST
@needs("adjust")
def settle_deposit(request: DeskRequest, line_id: UUID, deduction_id: UUID) -> HttpResponse:
    """It is the deposit of this deduction."""
    line = _line(request, line_id)
    rows = ExpectedDeduction.objects.select_related("installment__invoice")
    deduction = get_object_or_404(rows, organization_id=request.organization.id, id=deduction_id)
    depositing.settle_deposit(request.actor, line.id, deduction.id)
    messages.success(request, _said(line, deduction.installment))
    return redirect(address(request, "reconcile_deposits"))


class InvoiceForm(forms.Form):
    """The invoice a deposit is for."""

    number = forms.CharField(label=gettext_lazy("Number of the invoice"), max_length=80)


@require_http_methods(GET_POST)
@needs("adjust")
def deposit_of_invoice(request: DeskRequest, line_id: UUID) -> HttpResponse:
    """Nobody had said that it would come: it is for this invoice."""
    line = _line(request, line_id)
    back = address(request, "reconcile_deposits")
    form = InvoiceForm(request.POST or None)

    def act(given: dict[str, Any]) -> None:
        item = _open_item(line, given["number"])
        depositing.settle_unexpected(request.actor, line.id, item.id)
        messages.success(request, _said(line, item))

    if request.method == "POST" and accepted(form, act):
        return done(request, back)
    about = _("{amount} will be settled on it as a detracción.").format(amount=coded(line.amount, line.currency))
    return sheet(request, form, _("For which invoice is it?"), back, verb=_("Settle"), about=about)


def _open_item(line: BankLine, number: str) -> Installment:
    """The oldest open installment of the invoice with that number. Raises Problem where there is none."""
    rows = Installment.objects.filter(
        organization_id=line.organization_id,
        creditor=line.creditor_id,
        currency=line.currency,
        open_amount__gte=line.amount,
        invoice__number_key=document_key(number),
        invoice__withdrawn_on=None,
    )
    item = rows.select_related("invoice").order_by("due_on", "position").first()
    if item is None:
        raise Problem(
            N_("No invoice “{number}” has that much open. Look at its number and what is open of it."), number=number
        )
    return item


def _said(line: BankLine, item: Installment) -> str:
    said = _("{amount} are settled on {number}.")
    return said.format(amount=coded(line.amount, line.currency), number=item.invoice.number)


@require_POST
@needs("settings")
def restrict(request: DeskRequest, account_id: UUID) -> HttpResponse:
    """Say that an account takes in detracciones alone, or payments as the others do."""
    found = get_object_or_404(BankAccount, organization_id=request.organization.id, id=account_id)
    restricted = request.POST.get("restricted") == "1"
    restrict_account(request.actor, found.id, restricted=restricted)
    said = (
        _("From now on what comes in there closes detracciones and is no payment.")
        if restricted
        else _("From now on what comes in there is a payment.")
    )
    messages.success(request, said)
    return redirect(address(request, "reconcile_statements"))


def _line(request: DeskRequest, line_id: UUID) -> BankLine:
    return get_object_or_404(BankLine, organization_id=request.organization.id, id=line_id)
