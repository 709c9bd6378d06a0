"""What is taken off an invoice without money coming in: a credit note, a write-off, and the write-off undone."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from puntual.desk import formats
from puntual.desk.forms.portfolio import CreditNoteForm, UndoWriteOffForm, WriteOffForm
from puntual.desk.pages import DeskRequest, address, needs
from puntual.desk.sheets import accepted, done, sheet
from puntual.desk.standing import coded
from puntual.receivables import actions
from puntual.receivables.models import Installment, Invoice
from puntual.receivables.queries import standing_write_offs

GET_POST = ("GET", "POST")


def _open_items(request: DeskRequest, invoice_id: UUID) -> tuple[Invoice, list[Installment]]:
    rows = Invoice.objects.filter(organization_id=request.organization.id, withdrawn_on=None).select_related("customer")
    found = get_object_or_404(rows, id=invoice_id)
    items = Installment.objects.filter(organization_id=request.organization.id, invoice=found, open_amount__gt=0)
    return found, list(items.order_by("due_on", "position"))


@require_http_methods(GET_POST)
@needs("adjust")
def write_off(request: DeskRequest, invoice_id: UUID) -> HttpResponse:
    """Take what is open of an invoice, or a part of it, out of receivables; the claim stays."""
    found, items = _open_items(request, invoice_id)
    back = address(request, "invoice", found.id)
    choices = [
        (str(item.id), f"{formats.long_date(item.due_on)} · {coded(item.open_amount, found.currency)}")
        for item in items
    ]
    form = WriteOffForm(choices, request.POST or None, initial={"written_off_on": request.actor.today})

    def act(given: dict[str, Any]) -> None:
        actions.write_off(
            request.actor,
            UUID(given["item"]),
            why=given["why"],
            amount=given["amount"],
            effective_on=given["written_off_on"],
        )

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("Written off. Money that still comes in for it counts as recovered."))
        return done(request, back)
    about = _(
        "{amount} are open. What is written off leaves receivables and is not asked for any more; the claim stays, and"
        " it is on record who wrote it off and why."
    ).format(amount=coded(sum((item.open_amount for item in items), Decimal(0)), found.currency))
    title = _("Write off {number}").format(number=found.number)
    return sheet(request, form, title, back, verb=_("Write off"), about=about)


@require_http_methods(GET_POST)
@needs("adjust")
def undo_write_off(request: DeskRequest, entry_id: UUID) -> HttpResponse:
    """Bring what was written off back into receivables: it can be asked for again."""
    rows = standing_write_offs(request.organization.id).select_related("installment__invoice")
    entry = get_object_or_404(rows, id=entry_id)
    invoice = entry.installment.invoice
    back = address(request, "invoice", invoice.id)
    form = UndoWriteOffForm(request.POST or None, initial={"undone_on": request.actor.today})

    def act(given: dict[str, Any]) -> None:
        actions.reverse_entry(request.actor, entry.id, why=given["why"], effective_on=given["undone_on"])

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("The write-off is undone: it is open again."))
        return done(request, back)
    about = _(
        "{amount} come back into receivables and are asked for again. The write-off stays on record, and so does this."
    ).format(amount=coded(-entry.amount, entry.currency))
    title = _("Undo the write-off of {number}").format(number=invoice.number)
    return sheet(request, form, title, back, verb=_("Undo it"), about=about)


@require_http_methods(GET_POST)
@needs("adjust")
def credit_note(request: DeskRequest, invoice_id: UUID) -> HttpResponse:
    """Record a credit note for an invoice and set it against what is open of it."""
    found, items = _open_items(request, invoice_id)
    back = address(request, "invoice", found.id)
    form = CreditNoteForm(request.POST or None, initial={"issued_on": request.actor.today})

    def act(given: dict[str, Any]) -> None:
        note = actions.issue_credit_note(
            request.actor,
            customer_id=found.customer_id,
            number=given["number"],
            issued_on=given["issued_on"],
            currency=found.currency,
            amount=given["amount"],
            invoice_id=found.id,
            reason=given["reason"],
        )
        if items and note.unapplied:
            designations = [actions.Designation(item.id) for item in items]
            actions.apply_credit_note(
                request.actor, note.id, designations=designations, effective_on=given["issued_on"]
            )

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("Credit note recorded."))
        return done(request, back)
    about = _(
        "It is set against what is open of {number}; what is left of it waits for other invoices of the same customer."
    ).format(number=found.number)
    title = _("Credit note for {number}").format(number=found.number)
    return sheet(request, form, title, back, verb=_("Record"), about=about)
