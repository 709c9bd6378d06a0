"""The bank takes a credit back: what it had paid is open again, at its own age, from the day of the reversal."""

from collections import Counter
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.payments.actions import reverse_payment
from puntual.payments.models import BankLine, LineSettlement, Payment
from puntual.payments.reconciling.adjusting import take_back_adjustments

State = BankLine.State
_WITHIN: Final = timedelta(days=120)
"""So many days after a credit the bank may take it back; what comes later waits for a person."""
_MOST: Final = 20


def take_back(by: Actor, creditor_id: UUID) -> Counter[str]:
    """Reverse the payments of what the bank took back, where one credit and only one is meant; the others wait for a person.

    A credit is meant by the bank's own key or by a reference that both carry, with the same amount into the same account.
    """
    states: Counter[str] = Counter()
    with action(by, "payments.take_back_lines", creditor=creditor_id) as log:
        rows = BankLine.objects.filter(organization_id=by.organization_id, creditor_id=creditor_id, kind="posted")
        waiting = rows.filter(reverses=True, amount__lt=0, parts=0, state=State.NEW)
        for line in waiting.order_by("booked_on", "id").select_for_update(skip_locked=True, no_key=True):
            meant = _meant(line)
            if len(meant) == 1:
                _reverse(by, meant[0], line)
            line.state = State.MATCHED if len(meant) == 1 else State.UNMATCHED
            line.save(update_fields=["state"])
            states[line.state] += 1
        log.say(**states)
    return states


def _meant(line: BankLine) -> list[BankLine]:
    """The credits that the line may take back."""
    same = BankLine.objects.filter(
        organization_id=line.organization_id,
        account_id=line.account_id,
        amount=-line.amount,
        currency=line.currency,
        state__in=(State.MATCHED, State.PARTLY_MATCHED),
        reverses=False,
        booked_on__range=(line.booked_on - _WITHIN, line.booked_on),
    )
    told = _told(line)
    return [one for one in same.select_for_update(no_key=True) if told & _told(one)]


def _told(line: BankLine) -> set[tuple[str, str]]:
    keys = {("key", line.bank_key)} if line.bank_key else set()
    return keys | {(str(scheme), str(value)) for scheme, value in line.references if value}


def _reverse(by: Actor, credit: BankLine, line: BankLine) -> None:
    why = line.text[:200] or line.code or "reversal"
    settlements = LineSettlement.objects.filter(organization_id=by.organization_id, line=credit, undone_at=None)
    for settlement in settlements:
        take_back_adjustments(by, settlement.payment_id, line.booked_on, why)
        reverse_payment(by, settlement.payment_id, reason=why, reversed_on=line.booked_on)
    credit.state = State.REVERSED
    credit.save(update_fields=["state"])


class NotThisOne(Problem):
    """What was chosen cannot be what the bank took back."""

    def __init__(self) -> None:
        super().__init__(
            N_("This is not of the amount the bank took back, or was taken back already. Reload the page.")
        )


def reversals_waiting(organization_id: UUID) -> QuerySet[BankLine]:
    """What the bank took back where no single credit is named, in no order: a person says which it was."""
    rows = BankLine.objects.filter(organization_id=organization_id, kind="posted", reverses=True, parts=0, amount__lt=0)
    return rows.filter(state=State.UNMATCHED).select_related("account").defer("raw")


def taken_back_maybe(organization_id: UUID, line: BankLine) -> list[Payment]:
    """The payments a reversal may mean, the latest first: of its amount and currency, received in the months before."""
    rows = Payment.objects.filter(
        organization_id=organization_id,
        creditor_id=line.creditor_id,
        currency=line.currency,
        amount=-line.amount,
        reversed_on=None,
        withdrawn_on=None,
        received_on__range=(line.booked_on - _WITHIN, line.booked_on),
    )
    return list(rows.select_related("customer").order_by("-received_on", "-id")[:_MOST])


def take_back_payment(by: Actor, line_id: UUID, payment_id: UUID) -> BankLine:
    """A person says which payment the bank took back: it is reversed as of the line's day, with what stood beside it.

    Raises BankLine.DoesNotExist, NotThisOne, and what `reverse_payment` raises.
    """
    with action(by, "payments.take_back_payment") as log:
        line = _waiting(by, line_id)
        log.about(line)
        payment = next((one for one in taken_back_maybe(by.organization_id, line) if one.id == payment_id), None)
        if payment is None:
            raise NotThisOne
        why = line.text[:200] or line.code or "reversal"
        take_back_adjustments(by, payment.id, line.booked_on, why)
        reverse_payment(by, payment.id, reason=why, reversed_on=line.booked_on)
        of_line = LineSettlement.objects.filter(organization_id=by.organization_id, payment=payment, undone_at=None)
        BankLine.objects.filter(organization_id=by.organization_id, id__in=of_line.values("line_id")).update(
            state=State.REVERSED
        )
        line.state, line.reason = State.MATCHED, ""
        line.save(update_fields=["state", "reason"])
        log.say(payment=str(payment.id))
        return line


def ignore_reversal(by: Actor, line_id: UUID, *, reason: str) -> BankLine:
    """No customer's payment was taken back: the bank corrected itself. Raises BankLine.DoesNotExist, Problem without a reason."""
    if not reason.strip():
        raise Problem(N_("Say why nobody's payment was taken back by this."))
    with action(by, "payments.ignore_line", why=reason) as log:
        line = _waiting(by, line_id)
        log.about(line)
        line.state, line.reason = State.IGNORED, reason.strip()[:200]
        line.save(update_fields=["state", "reason"])
        return line


def _waiting(by: Actor, line_id: UUID) -> BankLine:
    rows = BankLine.objects.filter(organization_id=by.organization_id, reverses=True, amount__lt=0, parts=0)
    line = rows.select_for_update(no_key=True).get(id=line_id)
    if line.state != State.UNMATCHED:
        raise NotThisOne
    return line
