"""Actions on what a customer will not pay: what the law has it withhold or deposit elsewhere, and discounts granted after
invoicing whose credit note is still to come. Callers import them from `actions`.

In Peru: detracción (D. Leg. 940, deposited in the supplier's account at the Banco de la Nación) and retención del IGV
(R.S. 037-2002/SUNAT, proven by a comprobante de retención). Both settle the invoice; neither is paid to the creditor's bank.
"""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet

from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.receivables.models import CreditNote, Entry, ExpectedDeduction, Installment
from puntual.receivables.postings import Posting, check_amount, check_days, check_within, lock_item, post
from puntual.receivables.problems import MoreThanOpen


class DeductionEnded(Problem):
    """The deduction was closed or given up before."""

    def __init__(self) -> None:
        super().__init__(N_("This deduction has already been closed or given up. Reload the page to see how."))


def expect_deduction(
    by: Actor,
    installment_id: UUID,
    *,
    kind: str,
    amount: Decimal,
    expected_from: date | None = None,
    source_id: UUID | None = None,
) -> ExpectedDeduction:
    """Ask for the net only: from `expected_from` (today unless given) `amount` is expected to be withheld or deposited.

    `source_id` is the payment that came in net of it. Raises Installment.DoesNotExist, MoreThanOpen (with what is expected
    already), NotPositive.
    """
    with action(by, "receivables.expect_deduction", kind=kind, amount=amount) as log:
        item = lock_item(by.organization_id, installment_id)
        check_amount(amount, item.currency)
        room = item.open_amount - item.expected_deduction
        if amount > room:
            raise MoreThanOpen(item.invoice.number, amount, max(room, Decimal(0)), item.currency)
        deduction = ExpectedDeduction.objects.create(
            organization_id=by.organization_id,
            installment=item,
            kind=ExpectedDeduction.Kind(kind),
            amount=amount,
            expected_from=expected_from or by.today,
            source_id=source_id,
        )
        log.about(deduction)
        _expect(item, amount)
        return deduction


def grant_discount(by: Actor, installment_id: UUID, *, amount: Decimal, why: str) -> ExpectedDeduction:
    """Let a customer keep a part of an invoice that was issued already: from today it is not asked for, and its credit note is
    expected.

    It is no posting: the books know of the discount once the document exists. Raises Installment.DoesNotExist, MoreThanOpen (with
    what is expected already), NotPositive, Problem without a reason.
    """
    if not why.strip():
        raise Problem(N_("Say why the discount is granted: whoever makes the credit note needs to know."))
    with action(by, "receivables.grant_discount", why=why) as log:
        deduction = expect_deduction(
            by, installment_id, kind=ExpectedDeduction.Kind.CREDIT_NOTE, amount=amount, expected_from=by.today
        )
        deduction.reason = why.strip()[:200]
        deduction.save(update_fields=["reason"])
        log.about(deduction)
        return deduction


def credited(by: Actor, note: CreditNote, parts: Mapping[UUID, Decimal]) -> None:
    """Part of the action that sets a credit note against locked items: discounts that it covers are closed by it, the first
    granted first. A credit note for less leaves them expected.
    """
    rows = ExpectedDeduction.objects.filter(
        organization_id=by.organization_id,
        installment__in=parts,
        kind=ExpectedDeduction.Kind.CREDIT_NOTE,
        closed_on=None,
        given_up_on=None,
    )
    left = dict(parts)
    for one in rows.select_related("installment").order_by("expected_from", "id"):
        if one.amount <= left[one.installment_id]:
            left[one.installment_id] -= one.amount
            _close_by(by, one, note)


def credit_reversed(by: Actor, note: CreditNote, item: Installment) -> None:
    """Part of the action that takes a credit note off a locked item: the discounts it had closed are expected again."""
    rows = ExpectedDeduction.objects.filter(organization_id=by.organization_id, installment=item, credit_note=note)
    for one in rows:
        one.closed_on, one.certificate, one.credit_note = None, "", None
        one.save(update_fields=["closed_on", "certificate", "credit_note"])
        _expect(item, one.amount)


def pending_credits(organization_id: UUID, customer_ids: Collection[UUID] | None = None) -> QuerySet[ExpectedDeduction]:
    """Discounts whose credit note is still to come, with invoice and customer; those granted first come first."""
    rows = ExpectedDeduction.objects.filter(
        organization_id=organization_id,
        kind=ExpectedDeduction.Kind.CREDIT_NOTE,
        closed_on=None,
        given_up_on=None,
    )
    if customer_ids is not None:
        rows = rows.filter(installment__customer__in=list(customer_ids))
    return rows.select_related("installment__invoice", "installment__customer").order_by("expected_from", "id")


def discount_of(note: CreditNote) -> ExpectedDeduction | None:
    """The one discount a credit note that waits is for: of its customer and currency, on the invoice it names if it names one,
    and of exactly its amount. None where there is none, or where it may be one of several.
    """
    rows = pending_credits(note.organization_id, [note.customer_id]).filter(
        installment__currency=note.currency, amount=note.unapplied, installment__open_amount__gte=note.unapplied
    )
    if note.invoice_id:
        rows = rows.filter(installment__invoice=note.invoice_id)
    found = list(rows[:2])
    return found[0] if len(found) == 1 else None


def _close_by(by: Actor, deduction: ExpectedDeduction, note: CreditNote) -> None:
    item = Installment.objects.get(organization_id=by.organization_id, id=deduction.installment_id)
    deduction.certificate, deduction.credit_note, deduction.closed_on = note.number[:100], note, by.today
    deduction.save(update_fields=["certificate", "credit_note", "closed_on"])
    _expect(item, -deduction.amount)


def close_deduction(
    by: Actor, deduction_id: UUID, *, certificate: str, amount: Decimal | None = None, closed_on: date | None = None
) -> Entry:
    """The certificate or the deposit came: it settles that much of the item, `amount` where it differs from what was expected.

    Where it is less, the difference is asked for again. Raises ExpectedDeduction.DoesNotExist, DeductionEnded, MoreThanOpen
    (record what is too much as a payment), NotPositive, FutureDate, ClosedPeriod.
    """
    day = closed_on or by.today
    with action(by, "receivables.close_deduction", certificate=certificate) as log:
        deduction, item = _live(by, deduction_id)
        if deduction.kind == ExpectedDeduction.Kind.CREDIT_NOTE:
            raise Problem(N_("A discount is closed by its credit note. Record the credit note of the invoice."))
        check_days(by, [(item.creditor_id, day)])
        amount = deduction.amount if amount is None else amount
        check_within(item, amount)
        log.about(deduction)
        log.say(amount=amount, currency=item.currency, number=item.invoice.number)
        deduction.certificate, deduction.closed_on = certificate, day
        deduction.save(update_fields=["certificate", "closed_on"])
        _expect(item, -deduction.amount)
        posting = Posting(item, Entry.Kind.DEDUCTION, -amount, source_id=deduction.id, memo=certificate)
        return post(by, [posting], day)[0]


def give_up_deduction(by: Actor, deduction_id: UUID, *, why: str) -> ExpectedDeduction:
    """The certificate or deposit did not come: from today its amount is asked for again.

    Raises ExpectedDeduction.DoesNotExist, DeductionEnded.
    """
    with action(by, "receivables.give_up_deduction", why=why) as log:
        deduction, item = _live(by, deduction_id)
        log.about(deduction)
        log.say(amount=deduction.amount, currency=item.currency, number=item.invoice.number)
        deduction.given_up_on = by.today
        deduction.save(update_fields=["given_up_on"])
        _expect(item, -deduction.amount)
        return deduction


def _live(by: Actor, deduction_id: UUID) -> tuple[ExpectedDeduction, Installment]:
    """A deduction still expected, with its installment, locked."""
    deductions = ExpectedDeduction.objects.filter(organization_id=by.organization_id)
    item = lock_item(by.organization_id, deductions.get(id=deduction_id).installment_id)
    deduction = deductions.get(id=deduction_id)  # again, now that nobody else can end it
    if deduction.closed_on or deduction.given_up_on:
        raise DeductionEnded
    return deduction, item


def _expect(item: Installment, change: Decimal) -> None:
    item.expected_deduction += change
    item.save(update_fields=["expected_deduction"])
