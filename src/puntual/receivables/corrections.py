"""Actions that correct or end items: write-off and recovery, closing outside, reversal. Callers import them from `actions`."""

from datetime import date
from decimal import Decimal
from typing import cast
from uuid import UUID

from puntual.audit.actions import Actor, action
from puntual.kernel.ids import uuid7
from puntual.kernel.problems import N_
from puntual.receivables.deductions import credit_reversed
from puntual.receivables.models import CreditNote, Entry, ExpectedDeduction, Installment
from puntual.receivables.postings import (
    RECEIVABLE,
    WRITTEN_OFF,
    Posting,
    check_days,
    check_standing,
    check_within,
    lock_item,
    post,
)
from puntual.receivables.postings import reverse as reverse_entries
from puntual.receivables.problems import NothingOpen, NotReversible


def write_off(
    by: Actor, installment_id: UUID, *, why: str, amount: Decimal | None = None, effective_on: date | None = None
) -> Installment:
    """Take what is open (or `amount` of it) out of receivables; the claim itself stays, on the written-off account.

    Raises Installment.DoesNotExist, NothingOpen, MoreThanOpen, NotPositive, FutureDate, ClosedPeriod.
    """
    with action(by, "receivables.write_off", why=why) as log:
        item, amount = _open_part(by, installment_id, amount, effective_on or by.today)
        log.about(item)
        log.say(number=item.invoice.number, amount=amount, currency=item.currency)
        pair = uuid7()  # what binds the two entries, so that they are reversed together
        memo = why[:200]
        lowered = post(
            by, [Posting(item, Entry.Kind.WRITE_OFF, -amount, RECEIVABLE, pair, memo)], effective_on or by.today
        )
        post(by, [Posting(item, Entry.Kind.WRITE_OFF, amount, WRITTEN_OFF, pair, memo)], lowered[0].effective_on)
        item.refresh_from_db()
        return item


def record_recovery(
    by: Actor, installment_id: UUID, *, amount: Decimal, effective_on: date | None = None, memo: str = ""
) -> Entry:
    """Record money that came in on a written-off item, where it is not a payment of its own (an agency's remittance, say).

    Money from the customer is a payment designated to the item (`payments.actions.record_payment`), which posts the same entry.
    Raises Installment.DoesNotExist, MoreThanOpen, NotPositive, FutureDate, ClosedPeriod.
    """
    day = effective_on or by.today
    with action(by, "receivables.record_recovery", amount=amount) as log:
        _check_day(by, installment_id, day)
        item = lock_item(by.organization_id, installment_id)
        check_within(item, amount, WRITTEN_OFF)
        log.about(item)
        log.say(number=item.invoice.number, currency=item.currency)
        return post(by, [Posting(item, Entry.Kind.RECOVERY, -amount, WRITTEN_OFF, memo=memo[:200])], day)[0]


def close_outside(
    by: Actor,
    installment_id: UUID,
    *,
    why: str,
    effective_on: date | None = None,
    amount: Decimal | None = None,
    source_id: UUID | None = None,
) -> Installment:
    """Close an item (or `amount` of it) that is gone from the creditor's own books, nobody knows how: it counts neither as a
    dated payment nor as a kept promise.

    Raises Installment.DoesNotExist, NothingOpen, MoreThanOpen, NotPositive, FutureDate, ClosedPeriod.
    """
    day = effective_on or by.today
    with action(by, "receivables.close_outside", why=why) as log:
        item, amount = _open_part(by, installment_id, amount, day)
        log.about(item)
        log.say(number=item.invoice.number, amount=amount, currency=item.currency)
        post(by, [Posting(item, Entry.Kind.CLOSED_OUTSIDE, -amount, source_id=source_id, memo=why[:200])], day)
        item.refresh_from_db()
        return item


def take_adjustment(
    by: Actor,
    installment_id: UUID,
    *,
    kind: str,
    amount: Decimal,
    effective_on: date | None = None,
    memo: str = "",
    source_id: UUID | None = None,
) -> Entry:
    """Lower what is open by a difference that has a name: a rounding, a bank's fee, a discount for paying early.

    `kind` is ADJUSTMENT, which `memo` names, or DISCOUNT; `source_id` the payment it stands beside. Raises ValueError for another
    kind, Installment.DoesNotExist, MoreThanOpen, NotPositive, FutureDate, ClosedPeriod.
    """
    if kind not in (Entry.Kind.ADJUSTMENT, Entry.Kind.DISCOUNT):
        raise ValueError(f"no adjustment: {kind}")
    day = effective_on or by.today
    with action(by, "receivables.take_adjustment", kind=kind, amount=amount) as log:
        _check_day(by, installment_id, day)
        item = lock_item(by.organization_id, installment_id)
        check_within(item, amount)
        log.about(item)
        log.say(number=item.invoice.number, currency=item.currency)
        return post(by, [Posting(item, kind, -amount, source_id=source_id, memo=memo[:200])], day)[0]


def reverse_entry(by: Actor, entry_id: UUID, *, why: str, effective_on: date | None = None) -> list[Entry]:
    """Undo one posting by its opposite, dated `effective_on` (today unless given) and never before the posting itself.

    What stood behind it comes back: a credit note is unapplied again, a deduction expected again, and both sides of a write-off
    are reversed together. A payment's postings are undone through the payment, an issue by `cancel_invoice`: NotReversible. So is
    what was reversed already. Raises Entry.DoesNotExist, MoreThanOpen, FutureDate, ClosedPeriod.
    """
    with action(by, "receivables.reverse_entry", why=why) as log:
        entries = Entry.objects.filter(organization_id=by.organization_id)
        entry = entries.get(id=entry_id)
        log.about(entry)
        log.say(kind=entry.kind, amount=entry.amount, currency=entry.currency)
        _check_reversible(entry)
        day = effective_on or by.today
        _check_day(by, entry.installment_id, day)
        if entry.kind == Entry.Kind.CREDIT_NOTE:
            return [_reverse_credit(by, entry, day, why)]
        item = lock_item(by.organization_id, entry.installment_id)
        if item.invoice.withdrawn_on:
            raise NotReversible(N_("The import that brought this document was undone. Import it again instead."))
        if entry.kind == Entry.Kind.WRITE_OFF:
            return _reverse_write_off(by, entry, item, day, why)
        made = reverse_entries(by, [entry], day, why)
        if entry.kind == Entry.Kind.DEDUCTION:
            _expect_again(by, entry, item)
        return made


def _check_reversible(entry: Entry) -> None:
    if entry.kind in (Entry.Kind.PAYMENT, Entry.Kind.RECOVERY) and entry.source_id:
        raise NotReversible(
            N_("This posting belongs to a payment. Take the payment off the item, or reverse the payment.")
        )
    if entry.kind == Entry.Kind.ISSUED:
        raise NotReversible(N_("An issued invoice is not reversed. Cancel it, or issue a credit note."))


def _reverse_credit(by: Actor, entry: Entry, day: date, why: str) -> Entry:
    note = CreditNote.objects.select_for_update(no_key=True).get(
        organization_id=by.organization_id, id=cast(UUID, entry.source_id)
    )
    item = lock_item(by.organization_id, entry.installment_id)
    made = reverse_entries(by, [entry], day, why)[0]
    note.unapplied -= entry.amount
    note.save(update_fields=["unapplied"])
    credit_reversed(by, note, item)
    return made


def _expect_again(by: Actor, entry: Entry, item: Installment) -> None:
    deduction = ExpectedDeduction.objects.get(organization_id=by.organization_id, id=cast(UUID, entry.source_id))
    deduction.closed_on, deduction.certificate = None, ""
    deduction.save(update_fields=["closed_on", "certificate"])
    item.expected_deduction += deduction.amount
    item.save(update_fields=["expected_deduction"])


def _reverse_write_off(by: Actor, entry: Entry, item: Installment, day: date, why: str) -> list[Entry]:
    pair = list(
        Entry.objects.filter(
            organization_id=by.organization_id, installment=item, source_id=entry.source_id, reverses=None
        ).order_by("account")
    )
    check_standing(by, [entry])
    amount = max(one.amount for one in pair)
    check_within(item, amount, WRITTEN_OFF)
    # The side that is lowered may have to count later (after a reversed recovery); the other one goes with it.
    lowering = reverse_entries(by, [one for one in pair if one.account == WRITTEN_OFF], day, why)
    return lowering + reverse_entries(
        by, [one for one in pair if one.account == RECEIVABLE], lowering[0].effective_on, why
    )


def _check_day(by: Actor, installment_id: UUID, day: date) -> None:
    creditors = Installment.objects.filter(organization_id=by.organization_id).values_list("creditor_id", flat=True)
    check_days(by, [(creditors.get(id=installment_id), day)])


def _open_part(by: Actor, installment_id: UUID, amount: Decimal | None, day: date) -> tuple[Installment, Decimal]:
    _check_day(by, installment_id, day)
    item = lock_item(by.organization_id, installment_id)
    if not item.open_amount:
        raise NothingOpen(item.invoice.number)
    amount = item.open_amount if amount is None else amount
    check_within(item, amount)
    return item, amount
