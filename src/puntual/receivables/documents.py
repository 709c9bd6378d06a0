"""Actions on invoices and charges. Callers import them from `actions`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Model

from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.kernel.references import document_key
from puntual.parties.models import Customer
from puntual.receivables.early import early_by_terms
from puntual.receivables.expecting import expect_by_rules
from puntual.receivables.models import CreditNote, Entry, ExpectedDeduction, Installment, Invoice
from puntual.receivables.postings import Posting, check_amount, check_days, lock, lock_item, post
from puntual.receivables.problems import DocumentDiffers, FutureDate, MoreThanOpen, NotACharge, NothingOpen
from puntual.receivables.settling import OpenItem, spread

Document = TypeVar("Document", Invoice, CreditNote)


@dataclass(frozen=True, slots=True)
class Deduction:
    """A part of an installment that the customer will withhold or deposit elsewhere; `kind` as in ExpectedDeduction."""

    kind: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Part:
    """One installment of an invoice to come."""

    due_on: date
    amount: Decimal
    deductions: tuple[Deduction, ...] = ()


def issue_invoice(
    by: Actor,
    *,
    customer_id: UUID,
    number: str,
    issued_on: date,
    currency: str,
    parts: Sequence[Part],
    kind: str = Invoice.Kind.INVOICE,
    charge_for_id: UUID | None = None,
    description: str = "",
    batch_id: UUID | None = None,
) -> Invoice:
    """Record an invoice, or a charge, with its installments; its amount is the sum of them.

    The same number with the same content (customer, currency, issue date, due dates and amounts) returns the first one; with
    other content it raises DocumentDiffers. Raises Customer.DoesNotExist, FutureDate, ClosedPeriod, NotPositive, Problem.
    """
    _check_parts(parts, currency)
    with action(by, "receivables.issue_invoice", number=number, currency=currency) as log:
        customer = Customer.objects.get(organization_id=by.organization_id, id=customer_id)
        invoice = Invoice(
            organization_id=by.organization_id,
            creditor_id=customer.creditor_id,
            customer=customer,
            kind=kind,
            number=number,
            number_key=document_key(number),
            issued_on=issued_on,
            currency=currency,
            amount=sum(part.amount for part in parts),
            description=description,
            charge_for_id=charge_for_id,
            batch_id=batch_id,
        )
        first = first_or_save(by, invoice, issued_on, ("kind", "number_key"))
        if first is None:
            _add_parts(by, invoice, parts)
        else:
            _same_invoice(first, invoice, parts)
            invoice = first
        log.about(invoice)
        log.say(amount=invoice.amount, repeated=first is not None)
        return invoice


def _check_parts(parts: Sequence[Part], currency: str) -> None:
    if not parts:
        raise Problem(N_("An invoice has at least one due date with an amount. Add one."))
    for part in parts:
        check_amount(part.amount, currency)
        for deduction in part.deductions:
            check_amount(deduction.amount, currency)
        if sum(deduction.amount for deduction in part.deductions) > part.amount:
            raise Problem(N_("More is expected to be withheld than the installment amounts to. Check the amounts."))


def first_or_save(by: Actor, document: Document, issued_on: date, key: tuple[str, ...]) -> Document | None:
    """The document that already has this key, or None once `document` itself is saved (its day is checked then)."""
    same_key = {name: getattr(document, name) for name in ("organization_id", "creditor_id", *key)}
    taken = type(document)._default_manager.filter(**same_key, withdrawn_on=None)
    first = taken.first()
    if first is None:
        check_days(by, [(same_key["creditor_id"], issued_on)])
        try:
            with transaction.atomic():
                document.save(force_insert=True)
        except IntegrityError:  # another transaction was first
            first = taken.first()
            if first is None:
                raise
    return first


def differences(first: Model, again: Model, names: Sequence[str]) -> list[str]:
    """Which of the named fields two documents do not share, for people: without the technical ending."""
    return [name.removesuffix("_id") for name in names if getattr(first, name) != getattr(again, name)]


def _same_invoice(first: Invoice, again: Invoice, parts: Sequence[Part]) -> None:
    differs = differences(first, again, ("customer_id", "currency", "issued_on", "amount", "charge_for_id"))
    stored = Installment.objects.filter(organization_id=first.organization_id, invoice=first).order_by("position")
    if [(item.due_on, item.amount) for item in stored] != [(part.due_on, part.amount) for part in parts]:
        differs.append("installments")
    if differs:
        raise DocumentDiffers(first.number, tuple(differs))


def _add_parts(by: Actor, invoice: Invoice, parts: Sequence[Part]) -> None:
    items = Installment.objects.bulk_create(
        Installment(
            organization_id=by.organization_id,
            invoice=invoice,
            creditor_id=invoice.creditor_id,
            customer_id=invoice.customer_id,
            position=position,
            due_on=part.due_on,
            currency=invoice.currency,
            amount=part.amount,
            open_amount=part.amount,
            expected_deduction=sum((deduction.amount for deduction in part.deductions), Decimal(0)),
        )
        for position, part in enumerate(parts, start=1)
    )
    post(by, [Posting(item, Entry.Kind.ISSUED, item.amount) for item in items], invoice.issued_on)
    ExpectedDeduction.objects.bulk_create(
        ExpectedDeduction(
            organization_id=by.organization_id,
            installment=item,
            kind=deduction.kind,
            amount=deduction.amount,
            expected_from=invoice.issued_on,
        )
        for item, part in zip(items, parts, strict=True)
        for deduction in part.deductions
    )
    if invoice.kind == Invoice.Kind.INVOICE:
        expect_by_rules(by, [invoice.customer_id])
        early_by_terms(by, [item.id for item in items], [invoice.customer_id])


def cancel_invoice(by: Actor, invoice_id: UUID, *, why: str, effective_on: date | None = None) -> Invoice:
    """Annul an invoice: what is open of it is owed no more. Parts already paid stay paid; take the payments off first
    where they should come back.

    Raises Invoice.DoesNotExist, NothingOpen, FutureDate, ClosedPeriod.
    """
    with action(by, "receivables.cancel_invoice", why=why) as log:
        invoice = Invoice.objects.get(organization_id=by.organization_id, id=invoice_id)
        log.about(invoice)
        taken = _take_off(by, invoice, Entry.Kind.CANCELLATION, effective_on or by.today, why)
        log.say(number=invoice.number, amount=taken, currency=invoice.currency)
        return invoice


def waive_charge(
    by: Actor, invoice_id: UUID, *, why: str, amount: Decimal | None = None, effective_on: date | None = None
) -> Invoice:
    """Let go of interest or a fee, whole (what is open of it) or `amount`; who did it and why is on record.

    Raises Invoice.DoesNotExist, NotACharge, NothingOpen, MoreThanOpen, NotPositive, FutureDate, ClosedPeriod.
    """
    with action(by, "receivables.waive_charge", why=why) as log:
        charge = Invoice.objects.get(organization_id=by.organization_id, id=invoice_id)
        if charge.kind != Invoice.Kind.CHARGE:
            raise NotACharge(charge.number)
        log.about(charge)
        taken = _take_off(by, charge, Entry.Kind.WAIVER, effective_on or by.today, why, amount)
        log.say(number=charge.number, amount=taken, currency=charge.currency)
        return charge


def _take_off(
    by: Actor, invoice: Invoice, kind: str, effective_on: date, why: str, amount: Decimal | None = None
) -> Decimal:
    """Lower the open installments of a document by `amount` (all of it where None), first the earliest due."""
    check_days(by, [(invoice.creditor_id, effective_on)])
    items = lock(
        Installment.objects.filter(organization_id=by.organization_id, invoice_id=invoice.id, open_amount__gt=0)
    ).values()
    if not items:
        raise NothingOpen(invoice.number)
    total = sum((item.open_amount for item in items), Decimal(0))
    if amount is None:
        amount = total
    check_amount(amount, invoice.currency)
    if amount > total:
        raise MoreThanOpen(invoice.number, amount, total, invoice.currency)
    named = [OpenItem(item.id, item.due_on, str(item.position), item.open_amount, item.currency) for item in items]
    parts = dict(spread(amount, invoice.currency, named).parts)
    post(by, [Posting(item, kind, -parts[item.id], memo=why[:200]) for item in items if item.id in parts], effective_on)
    return amount


def change_due_date(by: Actor, installment_id: UUID, due_on: date, *, why: str) -> Installment:
    """Move the day an installment is due; the manual starts afresh for the new date. The same date changes nothing.

    Raises Installment.DoesNotExist.
    """
    with action(by, "receivables.change_due_date", why=why) as log:
        item = lock_item(by.organization_id, installment_id)
        log.about(item)
        log.say(number=item.invoice.number, before=item.due_on, after=due_on)
        if item.due_on != due_on:
            item.due_on = due_on
            item.due_generation += 1
            item.save(update_fields=["due_on", "due_generation"])
            expect_by_rules(by, [item.customer_id])
        return item


def set_claim_owner(by: Actor, invoice_id: UUID, owner: str, since: date, *, why: str = "") -> Invoice:
    """Say whose claim an invoice is from a day on: ours, factored or sold. Only our own claims are collected.

    Raises Invoice.DoesNotExist, FutureDate.
    """
    with action(by, "receivables.set_claim_owner", why=why, owner=owner, since=since) as log:
        invoices = Invoice.objects.filter(organization_id=by.organization_id)
        invoice = invoices.select_for_update(no_key=True).get(id=invoice_id)
        log.about(invoice)
        if since > by.today:
            raise FutureDate(since, by.today)
        invoice.claim_owner, invoice.claim_owner_since = Invoice.ClaimOwner(owner), since
        invoice.save(update_fields=["claim_owner", "claim_owner_since"])
        return invoice
