"""The only writers of instruments. Whoever changes one locks it first, then the payment, then the installments.

The day of an instrument is not the day of money: it holds its items (`receivables.actions.hold`) while it is under way, and only
its payment, or what the bank says, settles them.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, Sum

from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.kernel.references import document_key
from puntual.parties.models import Customer
from puntual.payments.actions import payer_family, record_payment, reverse_payment
from puntual.payments.instruments.following import hold_items, release
from puntual.payments.instruments.models import Instrument, InstrumentItem
from puntual.payments.instruments.states import HELD_DAYS, UNDER_WAY, State, Verb, after
from puntual.payments.models import Payment
from puntual.receivables.actions import Designation, Part, issue_invoice
from puntual.receivables.models import Installment, Invoice
from puntual.receivables.postings import check_amount, lock
from puntual.receivables.problems import FutureDate, MoreThanOpen, NotOfThisCustomer
from puntual.receivables.settling import OpenItem, spread
from puntual.tenancy.scope import acting_for

__all__ = ["Designation", "deposit", "give_back", "mature", "pay", "receive", "renew", "return_it"]

_METHODS = {"check": Payment.Method.CHECK, "debit": Payment.Method.DEBIT}


class InstrumentDiffers(Problem):
    """The number is taken by an instrument of the customer with other content."""

    def __init__(self, number: str) -> None:
        super().__init__(
            N_("{number} is already there with another amount or maturity. Check the number and the bank."),
            number=number,
        )


def receive(
    by: Actor,
    *,
    customer_id: UUID,
    kind: str,
    number: str,
    currency: str,
    amount: Decimal,
    matures_on: date,
    items: Sequence[Designation] = (),
    bank: str = "",
    drawer: str = "",
    received_on: date | None = None,
    held_days: int | None = None,
    renews: Instrument | None = None,
) -> Instrument:
    """Take in an instrument for a customer: over the designated items, or over its oldest (and those of whom it pays for).

    Items already promised by another instrument are left to that one. The same number of the same bank with the same content
    returns the first; with other content it raises InstrumentDiffers. Raises Customer.DoesNotExist, Installment.DoesNotExist,
    NotOfThisCustomer, MoreThanOpen, NotPositive, FutureDate, Problem where it matures before it is received, or covers nothing.
    """
    check_amount(amount, currency)
    day = received_on or by.today
    with action(by, "payments.receive_instrument", kind=kind, number=number, amount=amount, currency=currency) as log:
        customer = Customer.objects.get(organization_id=by.organization_id, id=customer_id)
        if day > by.today:
            raise FutureDate(day, by.today)
        if matures_on < day:
            raise Problem(
                N_("It would mature on {matures}, before it was received on {received}. Check the two days."),
                matures=matures_on,
                received=day,
            )
        instrument = Instrument(
            organization_id=by.organization_id,
            creditor_id=customer.creditor_id,
            customer=customer,
            kind=Instrument.Kind(kind),
            number=number.strip(),
            number_key=document_key(number)[:60],
            bank=bank.strip(),
            drawer=drawer.strip(),
            currency=currency,
            amount=amount,
            received_on=day,
            matures_on=matures_on,
            expected_on=matures_on,
            held_days=HELD_DAYS[kind] if held_days is None else held_days,
            renews=renews,
            recorded_at=by.now,
            recorded_by=by.name,
        )
        first = _first_or_save(instrument)
        log.about(first or instrument)
        log.say(repeated=first is not None)
        if first is not None:
            return first
        parts = _cover(by, instrument, items)
        log.say(items={str(item): str(part) for item, part in parts})
        hold_items(by, instrument)
        return instrument


def _first_or_save(instrument: Instrument) -> Instrument | None:
    """The one that is there already; or None once this one is saved. Raises InstrumentDiffers."""
    names = ("organization_id", "customer_id", "kind", "bank", "number_key")
    taken = Instrument.objects.exclude(state=State.GIVEN_BACK).filter(
        **{name: getattr(instrument, name) for name in names}
    )
    first = taken.first()
    if first is None:
        try:
            with transaction.atomic():
                instrument.save(force_insert=True)
            return None
        except IntegrityError:  # another transaction was first
            first = taken.first()
            if first is None:
                raise
    if (first.currency, first.amount, first.matures_on) != (
        instrument.currency,
        instrument.amount,
        instrument.matures_on,
    ):
        raise InstrumentDiffers(instrument.number)
    return first


def _cover(by: Actor, instrument: Instrument, wanted: Sequence[Designation]) -> list[tuple[UUID, Decimal]]:
    """Say which items it is for, each for at most what nobody else has promised; they are locked."""
    family = payer_family(by.organization_id, instrument)
    named = {one.item_id for one in wanted}
    which = Q(id__in=named) if wanted else Q(open_amount__gt=0, invoice__claim_owner="ours")
    locked = lock(
        Installment.objects.filter(
            which, organization_id=by.organization_id, customer_id__in=family, currency=instrument.currency
        )
    )
    for stranger in named - locked.keys():
        item = Installment.objects.select_related("invoice").get(organization_id=by.organization_id, id=stranger)
        raise NotOfThisCustomer(item.invoice.number)
    promised = promised_on(by.organization_id, locked)
    free = {id: max(Decimal(0), item.open_amount - promised.get(id, Decimal(0))) for id, item in locked.items()}
    for one in wanted:
        if (one.amount or 0) > free[one.item_id] or not free[one.item_id]:
            item = locked[one.item_id]
            raise MoreThanOpen(item.invoice.number, one.amount or item.open_amount, free[one.item_id], item.currency)
    found = spread(
        instrument.amount,
        instrument.currency,
        [
            OpenItem(id, item.due_on, item.invoice.number_key, free[id], item.currency, item.expected_deduction)
            for id, item in locked.items()
        ],
        wanted,
        oldest_first=not wanted,
    )
    if not found.parts:
        raise Problem(N_("Nothing is open that {number} could be for. Choose its invoices."), number=instrument.number)
    InstrumentItem.objects.bulk_create(
        InstrumentItem(organization_id=by.organization_id, instrument=instrument, installment_id=id, amount=part)
        for id, part in found.parts
    )
    return list(found.parts)


def promised_on(organization_id: UUID, installment_ids: Iterable[UUID]) -> dict[UUID, Decimal]:
    """How much of each of these items an instrument under way promises."""
    rows = InstrumentItem.objects.filter(
        organization_id=organization_id,
        installment_id__in=list(installment_ids),
        instrument__state__in=UNDER_WAY,
    )
    return dict(rows.order_by().values_list("installment_id").annotate(total=Sum("amount")))


def deposit(
    by: Actor, instrument_id: UUID, *, deposited_on: date | None = None, expected_on: date | None = None
) -> Instrument:
    """Take it to a bank: deposited, or handed in for collection. One that was returned is presented again, for `expected_on`.

    Raises Instrument.DoesNotExist, NotNow, FutureDate.
    """
    with action(by, "payments.deposit_instrument") as log:
        instrument = _locked(by, instrument_id)
        log.about(instrument)
        again = instrument.state == State.RETURNED
        instrument.state = after(instrument.state, Verb.DEPOSIT, instrument.number)
        day = _past(by, deposited_on)
        instrument.deposited_on, instrument.ended_on, instrument.why = day, None, ""
        if expected_on or again:
            instrument.expected_on = max(instrument.matures_on, expected_on or day)
        instrument.asked_on = None
        instrument.save()
        log.say(number=instrument.number, again=again)
        release(by, instrument)
        hold_items(by, instrument)
        return instrument


def pay(by: Actor, instrument_id: UUID, *, paid_on: date | None = None) -> Payment:
    """The money is there: a payment of its amount settles its items; what they no longer need stays on account.

    Money that a bank's statement brings is recorded from its line instead (`instruments.lines.pay_by_line`): once, not twice.
    Raises Instrument.DoesNotExist, NotNow, FutureDate, ClosedPeriod.
    """
    with action(by, "payments.pay_instrument") as log:
        instrument = _locked(by, instrument_id)
        log.about(instrument)
        after(instrument.state, Verb.PAY, instrument.number)
        day = _past(by, paid_on)
        before = Payment.objects.filter(
            organization_id=by.organization_id, reference__startswith=f"instrument:{instrument.id}"
        ).count()
        payment = record_payment(
            by,
            customer_id=instrument.customer_id,
            reference=f"instrument:{instrument.id}" + (f":{before}" if before else ""),
            received_on=day,
            currency=instrument.currency,
            amount=instrument.amount,
            designations=designations_of(instrument),
            oldest_first=False,
            method=_METHODS.get(instrument.kind, Payment.Method.OTHER),
            memo=instrument.number,
        )
        note_paid(by, instrument, payment, day)
        return payment


def designations_of(instrument: Instrument) -> list[Designation]:
    """What its payment is for."""
    rows = InstrumentItem.objects.filter(organization_id=instrument.organization_id, instrument=instrument)
    return [Designation(one.installment_id, one.amount) for one in rows.order_by("installment__due_on", "id")]


def note_paid(by: Actor, instrument: Instrument, payment: Payment, day: date) -> None:
    """Part of the action that records its payment: a locked instrument is paid by it."""
    instrument.state = after(instrument.state, Verb.PAY, instrument.number)
    instrument.payment, instrument.ended_on, instrument.why = payment, day, ""
    instrument.save()
    release(by, instrument)


def return_it(
    by: Actor, instrument_id: UUID, *, why: str, returned_on: date | None = None, fee: Decimal | None = None
) -> Instrument:
    """The bank did not pay it, or took the money back: a bounced check, a protested letra, a refused debit.

    A payment that was posted is reversed as of `returned_on`, its items are open again with the age they have, and nothing holds
    them any more. What the bank took for it (`fee`, in the instrument's currency) becomes a charge to the customer, due that day.
    Raises Instrument.DoesNotExist, NotNow, Problem without a reason, FutureDate, ClosedPeriod, NotPositive, PartlyRefunded.
    """
    if not why.strip():
        raise Problem(N_("Say why it came back: no funds, signature, account closed."))
    with action(by, "payments.return_instrument", why=why) as log:
        instrument = _locked(by, instrument_id)
        log.about(instrument)
        then = after(instrument.state, Verb.RETURN, instrument.number)
        day = _past(by, returned_on)
        if instrument.state == State.PAID and instrument.payment_id:
            reverse_payment(by, instrument.payment_id, reason=why, reversed_on=day)
        instrument.refresh_from_db()
        _end(by, instrument, then, max(day, instrument.received_on), why)
        if fee:
            charge_fee(by, instrument, fee, day)
        log.say(number=instrument.number, fee=fee)
        return instrument


def charge_fee(by: Actor, instrument: Instrument, fee: Decimal, day: date) -> Invoice:
    """Bill the customer what the bank took for a return, as a charge of its own; the same return is billed once."""
    first = InstrumentItem.objects.filter(organization_id=by.organization_id, instrument=instrument)
    item = first.select_related("installment").order_by("installment__due_on", "id").first()
    charge: Invoice = issue_invoice(
        by,
        customer_id=instrument.customer_id,
        number=f"DEV-{instrument.number}-{day:%Y%m%d}"[:80],
        issued_on=day,
        currency=instrument.currency,
        parts=[Part(day, fee)],
        kind=Invoice.Kind.CHARGE,
        charge_for_id=item.installment.invoice_id if item else None,
        description=instrument.why,
    )
    instrument.fee = charge
    instrument.save(update_fields=["fee"])
    return charge


def give_back(by: Actor, instrument_id: UUID, *, why: str, given_on: date | None = None) -> Instrument:
    """Hand it back to the customer, or withdraw it: its items are asked for as before.

    Raises Instrument.DoesNotExist, NotNow, Problem without a reason, FutureDate.
    """
    if not why.strip():
        raise Problem(N_("Say why it is given back: paid otherwise, replaced, recorded in error."))
    with action(by, "payments.give_back_instrument", why=why) as log:
        instrument = _locked(by, instrument_id)
        log.about(instrument)
        _end(by, instrument, after(instrument.state, Verb.GIVE_BACK, instrument.number), _past(by, given_on), why)
        return instrument


def renew(
    by: Actor,
    instrument_id: UUID,
    *,
    number: str,
    amount: Decimal,
    matures_on: date,
    why: str = "",
    bank: str = "",
    renewed_on: date | None = None,
) -> Instrument:
    """Another instrument takes its place, over what is still open of the same items; the new one.

    Raises Instrument.DoesNotExist, NotNow, and what `receive` raises.
    """
    with action(by, "payments.renew_instrument", why=why) as log:
        old = _locked(by, instrument_id)
        log.about(old)
        day = _past(by, renewed_on)
        _end(by, old, after(old.state, Verb.RENEW, old.number), day, why or number)
        rows = InstrumentItem.objects.filter(organization_id=by.organization_id, instrument=old)
        left = [
            Designation(one.installment_id, min(one.amount, one.installment.open_amount))
            for one in rows.select_related("installment").order_by("installment__due_on", "id")
            if one.installment.open_amount
        ]
        if not left:
            raise Problem(N_("Nothing is open any more of what {number} was for."), number=old.number)
        made = receive(
            by,
            customer_id=old.customer_id,
            kind=old.kind,
            number=number,
            currency=old.currency,
            amount=amount,
            matures_on=matures_on,
            items=left,
            bank=bank or old.bank,
            drawer=old.drawer,
            received_on=day,
            held_days=old.held_days,
            renews=old,
        )
        log.say(by=made.number)
        return made


def mature(by: Actor) -> list[Instrument]:
    """What is past its maturity and its days without a word: from today it holds nothing and asks for a task, once.

    Set-based, for the day run; running a day twice changes nothing. Those found today, with their customers.
    """
    under_way = Instrument.objects.filter(organization_id=by.organization_id, state__in=UNDER_WAY, asked_on=None)
    past = under_way.filter(expected_on__lt=by.today).select_related("customer").order_by("expected_on", "id")
    with acting_for(by.organization_id):
        late = [one for one in past if one.held_until < by.today]
    if late:
        with action(by, "payments.mature_instruments", found=len(late)):
            under_way.filter(id__in=[one.id for one in late]).update(asked_on=by.today)
    return late


def _locked(by: Actor, instrument_id: UUID) -> Instrument:
    rows = Instrument.objects.filter(organization_id=by.organization_id)
    return rows.select_for_update(no_key=True).get(id=instrument_id)


def _past(by: Actor, day: date | None) -> date:
    """The day given, or today. Raises FutureDate."""
    if day and day > by.today:
        raise FutureDate(day, by.today)
    return day or by.today


def _end(by: Actor, instrument: Instrument, state: State, day: date, why: str) -> None:
    instrument.state, instrument.ended_on, instrument.why = state, day, why.strip()[:200]
    instrument.payment = None if state == State.RETURNED else instrument.payment
    instrument.save()
    release(by, instrument)
