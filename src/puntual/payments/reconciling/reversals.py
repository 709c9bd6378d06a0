"""The bank takes a credit back: what it had paid is open again, at its own age, from the day of the reversal."""

from collections import Counter
from datetime import timedelta
from typing import Final
from uuid import UUID

from puntual.audit.actions import Actor, action
from puntual.payments.actions import reverse_payment
from puntual.payments.models import BankLine, LineSettlement
from puntual.payments.reconciling.adjusting import take_back_adjustments

State = BankLine.State
_WITHIN: Final = timedelta(days=120)
"""So many days after a credit the bank may take it back; what comes later waits for a person."""


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
