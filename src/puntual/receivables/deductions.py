"""Actions on what the law has a customer withhold or deposit elsewhere. Callers import them from `actions`.

In Peru: detracción (D. Leg. 940, deposited in the supplier's account at the Banco de la Nación) and retención del IGV
(R.S. 037-2002/SUNAT, proven by a comprobante de retención). Both settle the invoice; neither is paid to the creditor's bank.
"""

from datetime import date
from decimal import Decimal
from uuid import UUID

from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.receivables.models import Entry, ExpectedDeduction, Installment
from puntual.receivables.postings import Posting, check_amount, check_days, check_within, lock_item, post
from puntual.receivables.problems import MoreThanOpen


class DeductionEnded(Problem):
    """The deduction was closed or given up before."""

    def __init__(self) -> None:
        super().__init__(N_("This deduction has already been closed or given up. Reload the page to see how."))


def expect_deduction(
    by: Actor, installment_id: UUID, *, kind: str, amount: Decimal, expected_from: date | None = None
) -> ExpectedDeduction:
    """Ask for the net only: from `expected_from` (today unless given) `amount` is expected to be withheld or deposited.

    Raises Installment.DoesNotExist, MoreThanOpen (with what is expected already), NotPositive.
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
        )
        log.about(deduction)
        _expect(item, amount)
        return deduction


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
