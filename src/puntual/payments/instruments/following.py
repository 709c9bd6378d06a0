"""What follows for an instrument from what happens to its payment, and the holds it has. Lies below whoever records payments."""

from datetime import date
from uuid import UUID

from puntual.audit.actions import Actor, action
from puntual.payments.instruments.models import Instrument, InstrumentItem
from puntual.payments.instruments.states import State
from puntual.receivables.actions import hold, release_holds
from puntual.receivables.models import Hold


def hold_items(by: Actor, instrument: Instrument) -> None:
    """Hold the items of an instrument under way through its last day, each for the part that is promised.

    Where that day is over there is nothing to hold.
    """
    if instrument.held_until < by.today:
        return
    rows = InstrumentItem.objects.filter(organization_id=by.organization_id, instrument=instrument)
    for one in rows.select_related("installment").order_by("id"):
        hold(
            by,
            reason=Hold.Reason.INSTRUMENT,
            installment_id=one.installment_id,
            amount=None if one.amount >= one.installment.open_amount else one.amount,
            until_on=instrument.held_until,
            note=instrument.number,
            source_id=instrument.id,
        )


def release(by: Actor, instrument: Instrument) -> None:
    """End what the instrument holds."""
    release_holds(by, [instrument.id], reason=Hold.Reason.INSTRUMENT)


def payment_reversed(by: Actor, payment_id: UUID, received_on: date, reversed_on: date, why: str) -> None:
    """A payment did not stay: an instrument it was of was returned; or, as of the day it came in, had not been paid at all.

    Part of the action that reverses the payment.
    """
    rows = Instrument.objects.filter(organization_id=by.organization_id, payment_id=payment_id, state=State.PAID)
    instrument = rows.select_for_update(no_key=True).first()
    if instrument is None:
        return
    with action(by, "payments.instrument_unpaid", why=why) as log:
        log.about(instrument)
        instrument.payment = None
        if reversed_on <= received_on:
            instrument.state = State.DEPOSITED if instrument.deposited_on else State.RECEIVED
            instrument.ended_on, instrument.why, instrument.asked_on = None, "", None
        else:
            instrument.state, instrument.ended_on, instrument.why = State.RETURNED, reversed_on, why[:200]
        instrument.save()
        if instrument.state != State.RETURNED:
            hold_items(by, instrument)
