"""A bank's line that is the payment of an instrument: by its number and amount, or its amount alone; a person says so."""

from uuid import UUID

from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.payments.instruments.actions import designations_of, note_paid
from puntual.payments.instruments.models import Instrument
from puntual.payments.instruments.states import UNDER_WAY, Verb, after
from puntual.payments.matching.words import Found, find_numbers, number_keys
from puntual.payments.models import BankLine, Payment
from puntual.payments.reconciling.actions import Share, settle_line
from puntual.payments.reconciling.running import paid

_MOST = 5


def instruments_for(organization_id: UUID, line: BankLine) -> list[tuple[Instrument, bool]]:
    """The instruments under way that a credit may pay, and whether its text names them: those first, then by maturity."""
    rows = Instrument.objects.filter(
        organization_id=organization_id,
        creditor_id=line.creditor_id,
        currency=line.currency,
        amount=paid(line),
        state__in=UNDER_WAY,
        received_on__lte=line.booked_on,
    )
    told = find_numbers((line.text, *(str(value) for _scheme, value in line.references)))
    found = [(one, _named(one, told)) for one in rows.select_related("customer").order_by("expected_on", "id")]
    return sorted(found, key=lambda one: not one[1])[:_MOST]


def _named(instrument: Instrument, told: Found) -> bool:
    keys = number_keys(instrument.number_key)
    return bool(keys.full & told.full) or keys.tail in told.tails


def pay_by_line(by: Actor, line_id: UUID, instrument_id: UUID) -> Payment:
    """A credit is the payment of an instrument: its items are settled by it, the instrument is paid.

    The account it came from is the bank's, and teaches nothing. Raises BankLine.DoesNotExist, LineDone, Instrument.DoesNotExist,
    NotNow, Problem where the amounts differ, FutureDate, ClosedPeriod.
    """
    with action(by, "payments.pay_instrument_by_line") as log:
        rows = Instrument.objects.filter(organization_id=by.organization_id)
        instrument = rows.select_for_update(no_key=True).get(id=instrument_id)
        log.about(instrument)
        after(instrument.state, Verb.PAY, instrument.number)
        line = BankLine.objects.get(organization_id=by.organization_id, id=line_id)
        if (line.currency, paid(line), line.creditor_id) != (
            instrument.currency,
            instrument.amount,
            instrument.creditor_id,
        ):
            raise Problem(N_("{number} is of another amount or currency than what came in."), number=instrument.number)
        share = Share(instrument.customer_id, instrument.amount, tuple(designations_of(instrument)))
        payment = settle_line(by, line_id, [share], learn=False)[0]
        note_paid(by, instrument, payment, line.booked_on)
        return payment
