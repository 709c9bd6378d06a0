"""Actions on credit notes. Callers import them from `actions`."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from puntual.audit.actions import Actor, action
from puntual.kernel.references import document_key
from puntual.parties.models import Customer
from puntual.receivables.deductions import credited, discount_of
from puntual.receivables.documents import differences, first_or_save
from puntual.receivables.models import CreditNote, Entry, Installment, Invoice
from puntual.receivables.postings import Posting, check_amount, check_days, check_within, lock, post
from puntual.receivables.problems import DocumentDiffers, NotOfThisCustomer
from puntual.receivables.settling import Designation, OpenItem, spread


def issue_credit_note(
    by: Actor,
    *,
    customer_id: UUID,
    number: str,
    issued_on: date,
    currency: str,
    amount: Decimal,
    invoice_id: UUID | None = None,
    reason: str = "",
    batch_id: UUID | None = None,
) -> CreditNote:
    """Record a document in the customer's favor; it waits unapplied until `apply_credit_note`.

    The same number with the same content returns the first one; with other content it raises DocumentDiffers. Raises
    Customer.DoesNotExist, Invoice.DoesNotExist, NotOfThisCustomer, FutureDate, ClosedPeriod, NotPositive, Problem.
    """
    check_amount(amount, currency)
    with action(by, "receivables.issue_credit_note", number=number, amount=amount, currency=currency) as log:
        customer = Customer.objects.get(organization_id=by.organization_id, id=customer_id)
        if invoice_id is not None:
            invoice = Invoice.objects.get(organization_id=by.organization_id, id=invoice_id)
            if (invoice.customer_id, invoice.currency) != (customer.id, currency):
                raise NotOfThisCustomer(invoice.number)
        note = CreditNote(
            organization_id=by.organization_id,
            creditor_id=customer.creditor_id,
            customer=customer,
            number=number,
            number_key=document_key(number),
            issued_on=issued_on,
            currency=currency,
            amount=amount,
            unapplied=amount,
            invoice_id=invoice_id,
            reason=reason,
            batch_id=batch_id,
        )
        first = first_or_save(by, note, issued_on, ("number_key",))
        log.say(repeated=first is not None)
        if first is not None:
            differs = differences(first, note, ("customer_id", "currency", "issued_on", "amount", "invoice_id"))
            if differs:
                raise DocumentDiffers(first.number, tuple(differs))
            note = first
        log.about(note)
        settle_discounts(by, [note])
        return note


def settle_discounts(by: Actor, notes: Iterable[CreditNote]) -> None:
    """Set new credit notes against the discounts they were awaited for, where one and only one is meant."""
    for note in notes:
        discount = discount_of(note) if note.unapplied else None
        if discount is not None:
            part = Designation(discount.installment_id, discount.amount)
            apply_credit_note(by, note.id, designations=[part], effective_on=by.today)
            note.refresh_from_db()


def apply_credit_note(
    by: Actor, credit_note_id: UUID, *, designations: Sequence[Designation] = (), effective_on: date | None = None
) -> CreditNote:
    """Set a credit note against open items of its customer and currency: what is designated, else the oldest.

    With designations only those are settled; a designation without an amount takes as much as is open. What finds no item stays
    unapplied. Counts from `effective_on` (today unless given), never before the note was issued. Safe beside other allocators.
    Raises CreditNote.DoesNotExist, NotOfThisCustomer, MoreThanOpen, NotPositive, FutureDate, ClosedPeriod.
    """
    with action(by, "receivables.apply_credit_note") as log:
        notes = CreditNote.objects.filter(organization_id=by.organization_id)
        creditor_id = notes.get(id=credit_note_id).creditor_id
        day = effective_on or by.today
        check_days(by, [(creditor_id, day)])
        note = notes.select_for_update(no_key=True).get(id=credit_note_id)
        candidates = Installment.objects.filter(
            organization_id=by.organization_id, customer_id=note.customer_id, currency=note.currency
        )
        if designations:
            items = lock(candidates.filter(id__in=[designation.item_id for designation in designations]))
            _check_designations(by, designations, items)
        else:
            items = lock(candidates.filter(open_amount__gt=0))
        found = spread(
            note.unapplied,
            note.currency,
            [
                OpenItem(item.id, item.due_on, item.invoice.number_key, item.open_amount, item.currency)
                for item in items.values()
            ],
            designations,
            oldest_first=not designations,
        )
        post(
            by,
            [Posting(items[id], Entry.Kind.CREDIT_NOTE, -part, source_id=note.id) for id, part in found.parts],
            max(day, note.issued_on),
        )
        note.unapplied = found.rest
        note.save(update_fields=["unapplied"])
        credited(by, note, dict(found.parts))
        log.about(note)
        log.say(number=note.number, currency=note.currency, applied={str(id): str(part) for id, part in found.parts})
        return note


def _check_designations(by: Actor, designations: Sequence[Designation], items: dict[UUID, Installment]) -> None:
    for designation in designations:
        item = items.get(designation.item_id)
        if item is None:
            named = Installment.objects.select_related("invoice")
            stranger = named.get(organization_id=by.organization_id, id=designation.item_id)
            raise NotOfThisCustomer(stranger.invoice.number)
        if designation.amount is not None:
            check_within(item, designation.amount)
