"""What a customer says of an invoice before it is due: whether it was received, whether it is approved, what is missing."""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.receivables.models import Invoice, Reception
from puntual.receivables.problems import FutureDate

MISSING: Mapping[str, str] = {
    "invoice": N_("the invoice itself"),
    "order": N_("the purchase order's number"),
    "portal": N_("the upload to their portal"),
    "documents": N_("a document that goes with it"),
    "delivery": N_("the proof of delivery"),
    "approval": N_("somebody's approval on their side"),
    "other": N_("something else"),
}
"""What may keep a customer from approving an invoice, by code, in the order in which it is offered."""


def record_reception(
    by: Actor,
    invoice_id: UUID,
    *,
    approved: bool,
    missing: Collection[str] = (),
    said_by: str = "",
    said_on: date | None = None,
    note: str = "",
) -> Reception:
    """Write down what a customer said of an invoice: approved, or what is `missing` (codes of MISSING) until it is.

    Raises Invoice.DoesNotExist, FutureDate; Problem for an unknown code, or where it is neither approved nor missing anything.
    """
    wanted = [code for code in MISSING if code in missing]
    if set(missing) - set(wanted):
        raise Problem(N_("Choose what is missing from the list."))
    if approved == bool(wanted):
        raise Problem(N_("Either it is approved, or say what is missing."))
    day = said_on or by.today
    with action(by, "receivables.record_reception", approved=approved, missing=wanted, why=note) as log:
        invoice = Invoice.objects.get(organization_id=by.organization_id, id=invoice_id)
        log.about(invoice)
        if day > by.today:
            raise FutureDate(day, by.today)
        return Reception.objects.create(
            organization_id=by.organization_id,
            invoice=invoice,
            received="invoice" not in wanted,
            approved=approved,
            missing=wanted,
            note=note.strip(),
            said_by=said_by.strip(),
            said_on=day,
            recorded_at=by.now,
            recorded_by=by.name,
        )


def reception_of(organization_id: UUID, invoice_id: UUID) -> Reception | None:
    """What was said last."""
    rows = Reception.objects.filter(organization_id=organization_id, invoice_id=invoice_id)
    return rows.order_by("-recorded_at", "-id").first()
