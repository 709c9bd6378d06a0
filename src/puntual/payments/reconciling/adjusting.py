"""Named differences between what was open and what came in, posted beside the payment."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from uuid import UUID

from puntual.audit.actions import Actor
from puntual.kernel.money import from_minor
from puntual.payments.matching.adjusting import BY_LAW, Adjustment, Kind
from puntual.receivables.actions import expect_deduction, give_up_deduction, reverse_entry, take_adjustment
from puntual.receivables.early import took_early
from puntual.receivables.models import Entry, ExpectedDeduction

_ENTRIES = {
    Kind.ROUNDING: Entry.Kind.ADJUSTMENT,
    Kind.FEE: Entry.Kind.ADJUSTMENT,
    Kind.DISCOUNT: Entry.Kind.DISCOUNT,
}
_EXPECTED = {
    Kind.WITHHOLDING: ExpectedDeduction.Kind.WITHHOLDING,
    Kind.DETRACTION: ExpectedDeduction.Kind.DETRACTION,
}


def adjust_for(by: Actor, payment_id: UUID, day: date, adjustments: Iterable[Adjustment], currency: str) -> None:
    """Post what a payment leaves open by its name: rounding, fee, discount. What the law deducts is expected from now on."""
    for one in adjustments:
        amount = from_minor(one.amount, currency)
        if amount <= 0:  # more came in: that stays on account
            continue
        if one.kind == Kind.DISCOUNT and took_early(by.organization_id, payment_id, one.item_id):
            continue  # as agreed, when the payment was recorded
        if one.kind in BY_LAW:
            kind = _EXPECTED[one.kind]
            expect_deduction(by, one.item_id, kind=kind, amount=amount, expected_from=day, source_id=payment_id)
        else:
            take_adjustment(
                by,
                one.item_id,
                kind=_ENTRIES[one.kind],
                amount=amount,
                effective_on=day,
                memo=str(one.kind),
                source_id=payment_id,
            )


def take_back_adjustments(by: Actor, payment_id: UUID, day: date, why: str) -> Decimal:
    """Reverse what was posted beside a payment, and expect no more what it had been net of; how much was reversed."""
    expected = ExpectedDeduction.objects.filter(
        organization_id=by.organization_id, source_id=payment_id, closed_on=None, given_up_on=None
    )
    for one in expected.order_by("id"):
        give_up_deduction(by, one.id, why=why)
    posted = Entry.objects.filter(
        organization_id=by.organization_id,
        source_id=payment_id,
        kind__in=(Entry.Kind.ADJUSTMENT, Entry.Kind.DISCOUNT),
        amount__lt=0,
    )
    reversed_ones = Entry.objects.filter(organization_id=by.organization_id, reverses__isnull=False)
    standing = posted.exclude(id__in=reversed_ones.filter(source_id=payment_id).values("reverses_id"))
    total = Decimal(0)
    for entry in standing.order_by("id"):
        reverse_entry(by, entry.id, why=why, effective_on=max(day, entry.effective_on))
        total -= entry.amount
    return total
