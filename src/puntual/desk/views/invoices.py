"""One invoice with its installments, its ledger, what will be withheld and its pauses."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from puntual.agreements.extensions.queries import extensions_of_invoice
from puntual.desk import portfolio
from puntual.desk.forms.customers import PauseForm
from puntual.desk.forms.portfolio import InvoiceFileForm
from puntual.desk.kept_files import handed_out
from puntual.desk.pages import DeskRequest, address, needs, page
from puntual.desk.sheets import accepted, done, sheet
from puntual.disputes.queries import of_invoices
from puntual.disputes.states import LIVE
from puntual.kernel.days import as_day
from puntual.receivables import actions
from puntual.receivables.certificates import certificates_of
from puntual.receivables.early import discounts_of
from puntual.receivables.files import files_of
from puntual.receivables.grouping import OURS
from puntual.receivables.interest.queries import lines_of_charge
from puntual.receivables.models import CreditNote, ExpectedDeduction, Installment, Invoice, InvoiceFile
from puntual.receivables.queries import active_holds, standing_write_offs
from puntual.receivables.reception import reception_of

GET_POST = ("GET", "POST")


def _find(request: DeskRequest, invoice_id: UUID) -> Invoice:
    rows = Invoice.objects.select_related("customer", "creditor", "charge_for")
    return get_object_or_404(rows, organization_id=request.organization.id, id=invoice_id)


@require_GET
@needs("view")
def invoice(request: DeskRequest, invoice_id: UUID) -> HttpResponse:
    """One invoice; `?as_of=` and `?known_on=` show its ledger as it stood, or as it was known, on a day."""
    found = _find(request, invoice_id)
    org, today = request.organization.id, request.actor.today
    items = list(Installment.objects.filter(organization_id=org, invoice=found).order_by("position"))
    as_of, known_on = as_day(request.GET.get("as_of", "")), as_day(request.GET.get("known_on", ""))
    movements = portfolio.ledger(org, [item.id for item in items], as_of, known_on)
    deductions = ExpectedDeduction.objects.filter(organization_id=org, installment__in=items).order_by("expected_from")
    certificates = certificates_of(org, [one.id for one in deductions])
    holds = active_holds(org, today, [found.customer_id]).select_related("invoice", "installment__invoice")
    disputes = of_invoices(org, [found.id])
    own = {one.id for one in disputes}  # their holds are told by them
    covering = [hold for hold in holds if _covers(hold, found, items) and hold.source_id not in own]
    return page(
        request,
        "desk/invoice.html",
        found.number,
        invoice=found,
        ours=found.claim_owner == OURS,
        items=items,
        open=sum(item.open_amount for item in items),
        written_off=any(item.written_off for item in items),
        ledgers=[(item, movements.get(item.id, [])) for item in items],
        undoable=set(standing_write_offs(org).filter(installment__in=items).values_list("id", flat=True)),
        deductions=[(one, certificates.get(one.id, [])) for one in deductions],
        holds=covering,
        disputes=disputes,
        extensions=list(extensions_of_invoice(org, found.id)),
        discounts=discounts_of(org, found.id),
        reception=reception_of(org, found.id),
        disputable=not any(one.state in LIVE for one in disputes),
        files=files_of(org, [found.id]).get(found.id, []),
        notes=list(CreditNote.objects.filter(organization_id=org, invoice=found, withdrawn_on=None)),
        as_of=as_of,
        known_on=known_on,
        worked_out=lines_of_charge(org, found.id) if found.kind == Invoice.Kind.CHARGE else [],
    )


@require_http_methods(GET_POST)
@needs("import")
def attach(request: DeskRequest, invoice_id: UUID) -> HttpResponse:
    """Keep the PDF of an invoice: it goes along where a step says so."""
    found = _find(request, invoice_id)
    back = address(request, "invoice", found.id)
    form = InvoiceFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and accepted(
        form, lambda given: actions.attach_file(request.actor, found.id, given["file"].name, given["file"].read())
    ):
        messages.success(request, _("The file is kept with the invoice."))
        return done(request, back)
    about = _("It goes along with messages whose step sends the invoices.")
    title = _("The PDF of {number}").format(number=found.number)
    return sheet(request, form, title, back, verb=_("Attach"), about=about)


@require_GET
@needs("view")
def file(request: DeskRequest, file_id: UUID) -> HttpResponse:
    """A file of an invoice, to be kept: no browser opens it in our name."""
    found = get_object_or_404(InvoiceFile, organization_id=request.organization.id, id=file_id)
    return handed_out(found.name, bytes(found.content), "application/pdf")


@require_POST
@needs("import")
def remove_file(request: DeskRequest, file_id: UUID) -> HttpResponse:
    """Send it with nothing any more."""
    found = get_object_or_404(InvoiceFile.objects.defer("content"), organization_id=request.organization.id, id=file_id)
    actions.remove_file(request.actor, found.id)
    messages.success(request, _("It is not sent any more."))
    return redirect(address(request, "invoice", found.invoice_id))


def _covers(hold: Any, found: Invoice, items: list[Installment]) -> bool:
    if hold.invoice_id is None and hold.installment_id is None:
        return True
    return hold.invoice_id == found.id or hold.installment_id in {item.id for item in items}


@require_http_methods(GET_POST)
@needs("hold")
def pause(request: DeskRequest, invoice_id: UUID) -> HttpResponse:
    """Pause one invoice, or a part of it, through a day."""
    found = _find(request, invoice_id)
    back = address(request, "invoice", found.id)
    form = PauseForm(request.POST or None, part=True)
    if request.method == "POST" and accepted(
        form,
        lambda given: actions.hold(
            request.actor,
            customer_id=found.customer_id,
            invoice_id=found.id,
            reason=given["reason"],
            amount=given["amount"],
            until_on=given["until"],
            note=given["note"],
        ),
    ):
        messages.success(request, _("{number} is paused.").format(number=found.number))
        return done(request, back)
    about = _("Until then it is not asked for; the rest of what {customer} owes is.").format(
        customer=found.customer.name
    )
    return sheet(request, form, _("Pause {number}").format(number=found.number), back, verb=_("Pause"), about=about)
