"""The only writers of payments. Whoever allocates locks the payment first, then the installments by id."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, Sum

from puntual.audit.actions import Actor, action
from puntual.parties.models import Customer
from puntual.payments.allocate import Designation, Item, allocate
from puntual.payments.instruments.following import payment_reversed
from puntual.payments.models import Allocation, Instrument, Payment, Refund
from puntual.payments.problems import (
    AllocationEnded,
    AlreadyReversed,
    MoreThanOnAccount,
    PartlyRefunded,
    ReferenceTaken,
)
from puntual.receivables.early import give_back_early, settle_early
from puntual.receivables.models import Entry, Installment, Invoice
from puntual.receivables.postings import RECEIVABLE, WRITTEN_OFF, Posting, check_amount, check_days, lock, post
from puntual.receivables.postings import reverse as reverse_entries
from puntual.receivables.problems import NotOfThisCustomer
from puntual.receivables.settling import OpenItem

__all__ = ["Designation", "apply_on_account", "record_payment", "refund", "reverse_payment", "unallocate"]


def record_payment(
    by: Actor,
    *,
    customer_id: UUID,
    reference: str,
    received_on: date,
    currency: str,
    amount: Decimal,
    designations: Sequence[Designation] = (),
    oldest_first: bool = True,
    method: str = Payment.Method.TRANSFER,
    memo: str = "",
    batch_id: UUID | None = None,
) -> Payment:
    """Record money received and settle what it is for: what the payer designated, then the oldest open items of the customer and
    of the customers it pays for; the rest stays on account. `oldest_first=False` keeps what is not designated on account.

    It counts from `received_on`, for an item issued later from that item's issue. The same reference with the same content
    (customer, day, currency, amount) returns the first payment; with other content it raises ReferenceTaken. Raises
    Customer.DoesNotExist, Installment.DoesNotExist, NotOfThisCustomer, FutureDate, ClosedPeriod, NotPositive, Problem.
    """
    check_amount(amount, currency)
    with action(by, "payments.record_payment", reference=reference, amount=amount, currency=currency) as log:
        customer = Customer.objects.get(organization_id=by.organization_id, id=customer_id)
        payment = Payment(
            organization_id=by.organization_id,
            creditor_id=customer.creditor_id,
            customer=customer,
            reference=reference,
            received_on=received_on,
            recorded_at=by.now,
            currency=currency,
            amount=amount,
            unapplied=amount,
            method=Payment.Method(method),
            memo=memo,
            batch_id=batch_id,
        )
        first = _first_or_save(by, payment)
        log.say(repeated=first is not None)
        if first is not None:
            log.about(first)
            return first
        log.about(payment)
        made = _allocate(by, payment, designations, oldest_first, received_on)
        log.say(allocated={str(one.installment_id): str(one.amount) for one in made}, on_account=payment.unapplied)
        return payment


def _first_or_save(by: Actor, payment: Payment) -> Payment | None:
    taken = Payment.objects.filter(organization_id=by.organization_id, reference=payment.reference, withdrawn_on=None)
    first = taken.first()
    if first is None:
        check_days(by, [(payment.creditor_id, payment.received_on)])
        try:
            with transaction.atomic():
                payment.save(force_insert=True)
            return None
        except IntegrityError:  # another transaction was first
            first = taken.first()
            if first is None:
                raise
    names = ("customer_id", "received_on", "currency", "amount")
    differs = tuple(name.removesuffix("_id") for name in names if getattr(first, name) != getattr(payment, name))
    if differs:
        raise ReferenceTaken(payment.reference, differs)
    return first


def apply_on_account(
    by: Actor, payment_id: UUID, *, designations: Sequence[Designation] = (), effective_on: date | None = None
) -> list[Allocation]:
    """Set what a payment still has on account against items: the designated ones only, or the oldest where none is.

    Counts from `effective_on` (today unless given), never before the money was received. Raises Payment.DoesNotExist,
    Installment.DoesNotExist, NotOfThisCustomer, FutureDate, ClosedPeriod.
    """
    with action(by, "payments.apply_on_account") as log:
        day = effective_on or by.today
        payment = _locked(by, payment_id, day)
        log.about(payment)
        made = _allocate(by, payment, designations, not designations, max(day, payment.received_on))
        log.say(allocated={str(one.installment_id): str(one.amount) for one in made}, on_account=payment.unapplied)
        return made


def unallocate(by: Actor, allocation_id: UUID, *, why: str, effective_on: date | None = None) -> Payment:
    """Take a payment off one item: the item is open again from `effective_on` (today unless given), the money on account.

    Raises Allocation.DoesNotExist, AllocationEnded, FutureDate, ClosedPeriod.
    """
    with action(by, "payments.unallocate", why=why) as log:
        allocations = Allocation.objects.filter(organization_id=by.organization_id)
        day = effective_on or by.today
        payment = _locked(by, allocations.get(id=allocation_id).payment_id, day)
        log.about(payment)
        allocation = allocations.select_related("entry").get(id=allocation_id)
        if allocation.reversed_at:
            raise AllocationEnded
        _take_back(by, [allocation], day, why)
        payment.unapplied += allocation.amount
        payment.save(update_fields=["unapplied"])
        log.say(amount=allocation.amount, currency=payment.currency, installment=allocation.installment_id)
        return payment


def reverse_payment(by: Actor, payment_id: UUID, *, reason: str, reversed_on: date | None = None) -> Payment:
    """The money did not stay: a bounced check, a card chargeback, a payment recorded in error. Every item it settled is open
    again from `reversed_on` (today unless given) with the age it has, and nothing is left on account.

    Give the day it was received to undo a mistake as if it had never been recorded. Raises Payment.DoesNotExist, AlreadyReversed,
    PartlyRefunded, FutureDate, ClosedPeriod.
    """
    with action(by, "payments.reverse_payment", why=reason) as log:
        day = reversed_on or by.today
        payment = _locked(by, payment_id, day)
        log.about(payment)
        log.say(reference=payment.reference, amount=payment.amount, currency=payment.currency)
        refunded = Refund.objects.filter(organization_id=by.organization_id, payment=payment).aggregate(Sum("amount"))
        if refunded["amount__sum"]:
            raise PartlyRefunded(payment.reference, refunded["amount__sum"], payment.currency)
        day = max(day, payment.received_on)
        live = Allocation.objects.filter(organization_id=by.organization_id, payment=payment, reversed_at=None)
        _take_back(by, list(live.select_related("entry")), day, reason)
        payment.unapplied, payment.reversed_on, payment.reversal_reason = Decimal(0), day, reason[:200]
        payment.save(update_fields=["unapplied", "reversed_on", "reversal_reason"])
        payment_reversed(by, payment.id, payment.received_on, day, reason)
        return payment


def refund(
    by: Actor, payment_id: UUID, *, amount: Decimal, refunded_on: date, reference: str, reason: str = ""
) -> Refund:
    """Give money back out of what a payment has on account.

    The same reference with the same content returns the first refund; with other content it raises ReferenceTaken. Raises
    Payment.DoesNotExist, MoreThanOnAccount, AlreadyReversed, NotPositive, FutureDate, ClosedPeriod.
    """
    with action(by, "payments.refund", reference=reference, amount=amount, why=reason) as log:
        refunds = Refund.objects.filter(organization_id=by.organization_id, reference=reference)
        first = refunds.first()
        if first is None:
            payment = _locked(by, payment_id, refunded_on)
            check_amount(amount, payment.currency)
            made = Refund(
                organization_id=by.organization_id,
                payment=payment,
                refunded_on=max(refunded_on, payment.received_on),
                recorded_at=by.now,
                amount=amount,
                reference=reference,
                reason=reason,
            )
            try:
                with transaction.atomic():
                    made.save(force_insert=True)
            except IntegrityError:  # another transaction was first
                first = refunds.first()
                if first is None:
                    raise
        log.say(repeated=first is not None)
        if first is not None:
            log.about(first.payment)
            same = {"payment": first.payment_id == payment_id, "amount": first.amount == amount}
            if not all(same.values()):
                raise ReferenceTaken(reference, tuple(name for name, equal in same.items() if not equal))
            return first
        log.about(payment)
        if amount > payment.unapplied:
            raise MoreThanOnAccount(payment.reference, amount, payment.unapplied, payment.currency)
        payment.unapplied -= amount
        payment.save(update_fields=["unapplied"])
        return made


def payer_family(organization_id: UUID, payer: Payment | Instrument) -> set[UUID]:
    """Whose items a payment, or an instrument, may settle: its customer's, and those of the creditor's customers it pays for."""
    paid_for = Customer.objects.filter(
        organization_id=organization_id, creditor_id=payer.creditor_id, paid_by_id=payer.customer_id
    )
    return {payer.customer_id, *paid_for.values_list("id", flat=True)}


def _locked(by: Actor, payment_id: UUID, day: date) -> Payment:
    """A payment that was not reversed, locked; its creditor's period of `day` is open and stays so."""
    payments = Payment.objects.filter(organization_id=by.organization_id)
    check_days(by, [(payments.get(id=payment_id).creditor_id, day)])
    payment = payments.select_for_update(no_key=True).get(id=payment_id)
    if payment.reversed_on:
        raise AlreadyReversed(payment.reference, payment.reversed_on)
    return payment


def _allocate(
    by: Actor, payment: Payment, designations: Sequence[Designation], oldest_first: bool, day: date
) -> list[Allocation]:
    """Settle items with what the locked payment has on account."""
    items = _items(by, payment, designations, oldest_first)
    split = allocate(
        payment.unapplied, payment.currency, [_as_item(item) for item in items.values()], designations, oldest_first
    )
    entries = post(
        by,
        [
            Posting(
                items[part.item_id],
                Entry.Kind.RECOVERY if part.recovery else Entry.Kind.PAYMENT,
                -part.amount,
                WRITTEN_OFF if part.recovery else RECEIVABLE,
                payment.id,
            )
            for part in split.parts
        ],
        day,
    )
    made = Allocation.objects.bulk_create(
        Allocation(
            organization_id=by.organization_id,
            payment=payment,
            installment_id=entry.installment_id,
            entry=entry,
            amount=-entry.amount,
        )
        for entry in entries
    )
    payment.unapplied = split.rest
    payment.save(update_fields=["unapplied"])
    paid = Installment.objects.filter(organization_id=by.organization_id, id__in=[one.installment_id for one in made])
    settle_early(by, payment.id, paid, day)
    return made


def _items(
    by: Actor, payment: Payment, designations: Sequence[Designation], oldest_first: bool
) -> dict[UUID, Installment]:
    """The items this payment may settle, locked. Raises NotOfThisCustomer for a designated one it may not."""
    named = {designation.item_id for designation in designations}
    wanted = Q(id__in=named)
    if oldest_first:
        wanted |= Q(open_amount__gt=0)
    items = lock(
        Installment.objects.filter(
            wanted,
            organization_id=by.organization_id,
            customer_id__in=payer_family(by.organization_id, payment),
            currency=payment.currency,
        )
    )
    for stranger in named - items.keys():
        item = Installment.objects.select_related("invoice").get(organization_id=by.organization_id, id=stranger)
        raise NotOfThisCustomer(item.invoice.number)
    return items


def _as_item(item: Installment) -> Item:
    return Item(
        OpenItem(
            item.id,
            item.due_on,
            item.invoice.number_key,
            item.open_amount,
            item.currency,
            expected=item.expected_deduction,
            ours=item.invoice.claim_owner == Invoice.ClaimOwner.OURS,
        ),
        item.written_off,
    )


def _take_back(by: Actor, allocations: Sequence[Allocation], day: date, why: str) -> None:
    """Reverse the entries of these live allocations of one locked payment."""
    lock(
        Installment.objects.filter(
            organization_id=by.organization_id, id__in=[allocation.installment_id for allocation in allocations]
        )
    )
    installments = [allocation.installment_id for allocation in allocations]
    for payment_id in {allocation.payment_id for allocation in allocations}:
        give_back_early(by, payment_id, installments, day, why)
    reverse_entries(by, [allocation.entry for allocation in allocations], day, why)
    Allocation.objects.filter(
        organization_id=by.organization_id, id__in=[allocation.id for allocation in allocations]
    ).update(reversed_at=by.now)
