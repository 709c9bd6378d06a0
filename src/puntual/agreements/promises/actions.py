"""Actions on promises: make one, make another in its place, withdraw it. Judging them is the clock's: `valuing`."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from puntual.agreements.models import Promise, PromiseItem
from puntual.agreements.promises.covering import cover
from puntual.agreements.promises.judging import GRACE
from puntual.agreements.promises.problems import DayOutside, MoreThanOwed, NothingToPromise, NotOpen
from puntual.agreements.promises.queries import coverable, held_by
from puntual.audit.actions import Actor, action
from puntual.kernel.problems import N_, Problem
from puntual.organizations.calendars import calendar_of
from puntual.parties.models import Creditor, Customer, Person
from puntual.receivables.actions import hold, release_holds
from puntual.receivables.models import Hold, Installment
from puntual.receivables.postings import check_amount
from puntual.receivables.settling import OpenItem

__all__ = ["give_way", "promise", "replace", "withdraw"]

MOST_DAYS = 60
"""So far away a promised day may be: what takes longer is an extension or a plan, which have limits and an approval."""
_BACK = timedelta(days=30)
State = Promise.State


def promise(
    by: Actor,
    customer_id: UUID,
    *,
    currency: str,
    promised_for: date,
    amount: Decimal | None = None,
    item_ids: Sequence[UUID] = (),
    made_on: date | None = None,
    person_id: UUID | None = None,
    made_by: str = "",
    note: str = "",
    source_id: UUID | None = None,
) -> Promise:
    """Write down that `amount` was promised for a day, and stop chasing what it covers until it is judged.

    It covers the installments `item_ids`, or the oldest ones up to the amount; without an amount the whole of what was named.
    `person_id` or `made_by` says who promised, `source_id` the call, meeting or answer it was said in. Other promises for the
    same items give way. Raises Customer.DoesNotExist, DayOutside, NotPositive, NothingToPromise, MoreThanOwed, and Problem for
    an item that is not the customer's or a person who is not theirs.
    """
    with action(by, "agreements.promise", currency=currency, amount=amount, promised_for=promised_for, why=note) as log:
        customer = _locked(by, customer_id)
        said_on = made_on or by.today
        _check_day(by, said_on, promised_for)
        items = coverable(by.organization_id, customer.id, currency, by.today)
        holding = held_by(by.organization_id, [item.id for item in items])
        found = _cover(amount, currency, items, item_ids, holding)
        parts = [(key, part) for key, part in found if part > 0]
        replaced = _give_way(by, {holding[key] for key, _part in parts if key in holding})
        who = _person(by, customer, person_id)
        made = Promise.objects.create(
            organization_id=by.organization_id,
            creditor_id=customer.creditor_id,
            customer=customer,
            currency=currency,
            amount=sum((part for _key, part in parts), Decimal(0)),
            promised_for=promised_for,
            made_on=said_on,
            person=who,
            made_by=made_by.strip() or (who.name if who else ""),
            named=bool(item_ids),
            source_id=source_id,
            note=note.strip(),
            recorded_at=by.now,
            recorded_by=by.name,
        )
        PromiseItem.objects.bulk_create(
            PromiseItem(organization_id=by.organization_id, promise=made, installment_id=key, amount=part)
            for key, part in parts
        )
        _hold(by, made, parts)
        log.about(made)
        log.say(items=parts, replaced=replaced)
    return made


def replace(
    by: Actor,
    promise_id: UUID,
    *,
    promised_for: date,
    amount: Decimal | None = None,
    person_id: UUID | None = None,
    made_by: str = "",
    note: str = "",
    source_id: UUID | None = None,
) -> Promise:
    """Take another day or amount in the place of an open promise, for the items it was about.

    Without an amount it is what is left of it. Before its day the older one is replaced; from its day on it is judged all the
    same, it only holds nothing any more. Raises Promise.DoesNotExist, NotOpen and what `promise` raises.
    """
    with action(by, "agreements.replace_promise", promised_for=promised_for) as log:
        older = _open(by, promise_id)
        log.about(older)
        covered = PromiseItem.objects.filter(organization_id=by.organization_id, promise=older)
        left = {
            item: min(part, open_amount)
            for item, part, open_amount in covered.values_list("installment_id", "amount", "installment__open_amount")
            if open_amount
        }
        _give_way(by, {older.id})
        return promise(
            by,
            older.customer_id,
            currency=older.currency,
            promised_for=promised_for,
            amount=amount or sum(left.values(), Decimal(0)),
            item_ids=list(left) if older.named else (),
            person_id=person_id,
            made_by=made_by,
            note=note,
            source_id=source_id,
        )


def withdraw(by: Actor, promise_id: UUID, *, why: str) -> Promise:
    """Take an open promise back: it was recorded by mistake. What it held is chased again.

    Raises Promise.DoesNotExist, NotOpen, Problem without a reason.
    """
    with action(by, "agreements.withdraw_promise", why=why) as log:
        found = _open(by, promise_id)
        log.about(found)
        if not why.strip():
            raise Problem(N_("Say why it is taken back: it stays on record."))
        _end(by, found, State.WITHDRAWN)
    return found


def give_way(by: Actor, installment_ids: Collection[UUID], *, why: str = "") -> int:
    """Another agreement takes these items over: the promises that hold them give way; how many those are.

    One whose day has not come is replaced; any other is judged all the same, it only holds nothing any more.
    """
    holding = held_by(by.organization_id, installment_ids)
    if not holding:
        return 0
    with action(by, "agreements.promises_give_way", why=why) as log:
        given = _give_way(by, set(holding.values()))
        log.say(promises=given)
    return len(given)


def _locked(by: Actor, customer_id: UUID) -> Customer:
    """The customer; two promises of one customer wait for each other, so that no item is held twice."""
    mine = Customer.objects.select_for_update(no_key=True, of=("self",)).filter(organization_id=by.organization_id)
    return mine.get(id=customer_id)


def _open(by: Actor, promise_id: UUID) -> Promise:
    customer_id = Promise.objects.values_list("customer_id", flat=True).get(
        organization_id=by.organization_id, id=promise_id
    )
    _locked(by, customer_id)
    found = Promise.objects.select_for_update(no_key=True).get(organization_id=by.organization_id, id=promise_id)
    if found.state != State.OPEN:
        raise NotOpen
    return found


def _check_day(by: Actor, made_on: date, promised_for: date) -> None:
    if not by.today - _BACK <= made_on <= by.today:
        raise Problem(N_("It was promised today or in the last 30 days. Check the day it was said."), day=made_on)
    last = by.today + timedelta(days=MOST_DAYS)
    if not by.today <= promised_for <= last:
        raise DayOutside(promised_for, by.today, last)


def _cover(
    amount: Decimal | None,
    currency: str,
    items: Sequence[OpenItem],
    named: Sequence[UUID],
    holding: Collection[UUID],
) -> tuple[tuple[UUID, Decimal], ...]:
    if missing := set(named) - {item.id for item in items}:
        raise Problem(
            N_(
                "Of what was chosen {n} can no longer be promised: paid meanwhile, in a plan, or not theirs. Choose again."
            ),
            n=len(missing),
        )
    mine = [item for item in items if item.id in named] if named else items
    most = sum((item.open - (Decimal(0) if named else item.expected) for item in mine), Decimal(0))
    if amount is None:
        if not named:
            raise Problem(N_("Say how much was promised, or which invoices."))
        amount = sum((item.open - item.expected for item in mine), Decimal(0))
    else:
        check_amount(amount, currency)
    if most <= 0:
        raise NothingToPromise(currency)
    if amount > most:
        raise MoreThanOwed(amount, most, currency)
    return cover(amount, currency, items, named, holding).parts


def _hold(by: Actor, made: Promise, parts: Sequence[tuple[UUID, Decimal]]) -> None:
    creditor = Creditor.objects.get(organization_id=by.organization_id, id=made.creditor_id)
    until = calendar_of(by.organization_id, creditor.country).add_business_days(made.promised_for, GRACE)
    rows = Installment.objects.filter(organization_id=by.organization_id, id__in=[key for key, _part in parts])
    nets = {row.id: row.open_amount - row.expected_deduction for row in rows}
    for key, part in parts:
        hold(
            by,
            reason=Hold.Reason.PROMISE,
            installment_id=key,
            amount=None if part >= nets[key] else part,
            until_on=until,
            note=made.note,
            source_id=made.id,
        )


def _give_way(by: Actor, promise_ids: Collection[UUID]) -> list[UUID]:
    """End, or only release, those that are open; their ids in order."""
    rows = Promise.objects.select_for_update(no_key=True).filter(
        organization_id=by.organization_id, id__in=list(promise_ids), state=State.OPEN
    )
    given = list(rows.order_by("id"))
    for one in given:
        if one.promised_for > by.today:
            _end(by, one, State.REPLACED)
        else:
            release_holds(by, [one.id], reason=Hold.Reason.PROMISE)
    return [one.id for one in given]


def _end(by: Actor, found: Promise, state: str) -> None:
    found.state, found.ended_on = state, by.today
    found.save(update_fields=["state", "ended_on"])
    release_holds(by, [found.id], reason=Hold.Reason.PROMISE)


def _person(by: Actor, customer: Customer, person_id: UUID | None) -> Person | None:
    if person_id is None:
        return None
    found = Person.objects.filter(organization_id=by.organization_id, customer=customer, id=person_id).first()
    if found is None:
        raise Problem(
            N_("Whoever promised is not among this customer's people. Choose one of them, or write the name.")
        )
    return found
