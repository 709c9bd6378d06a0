"""How entries are made. Every action of the ledger locks, checks and posts through here.

Two rules keep each item's balance between zero and its amount on *every* date, not only today:
- what lowers an item counts no earlier than the last posting that raised it (its issue, or a reversal);
- a reversal counts no earlier than what it reverses.
A date that would break one of them is moved to the first day that does not: money received before the invoice was issued is on
account until then.

Locks are taken in one order, so that no two actions wait for each other: the creditor's period, then the payment or credit note,
then installments by id.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import connection
from django.db.models import Max, QuerySet

from puntual.audit.actions import Actor
from puntual.kernel.money import quantum, to_minor
from puntual.kernel.problems import N_
from puntual.receivables.models import Entry, Installment
from puntual.receivables.problems import ClosedPeriod, FutureDate, MoreThanOpen, NotPositive, NotReversible

RECEIVABLE, WRITTEN_OFF = Entry.Account.RECEIVABLE, Entry.Account.WRITTEN_OFF


@dataclass(frozen=True, slots=True)
class Posting:
    """One entry to come. `amount` is signed: below zero lowers what is owed."""

    installment: Installment
    kind: str
    amount: Decimal
    account: str = RECEIVABLE
    source_id: UUID | None = None
    memo: str = ""


def check_amount(amount: Decimal, currency: str) -> None:
    """Raises NotPositive, or Problem where it is finer than the currency's minor unit."""
    if not amount.same_quantum(quantum(currency)):
        to_minor(amount, currency)
    if amount <= 0:
        raise NotPositive(amount)


def check_days(by: Actor, days: Collection[tuple[UUID, date]]) -> None:
    """That each (creditor, day) is not in the future and its period is open; it stays open until this transaction ends.

    Raises FutureDate, ClosedPeriod.
    """
    for _creditor, day in days:
        if day > by.today:
            raise FutureDate(day, by.today)
    closed = closed_through(by.organization_id, {creditor for creditor, _day in days})
    for creditor, day in days:
        through = closed.get(creditor)
        if through and day <= through:
            raise ClosedPeriod(day, through)


def closed_through(organization_id: UUID, creditor_ids: Collection[UUID]) -> dict[UUID, date | None]:
    """Through which day each creditor's books are closed; `close_period` waits until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, books_closed_through FROM parties_creditor "
            "WHERE organization_id = %s AND id = ANY(%s) ORDER BY id FOR KEY SHARE",
            [organization_id, list(creditor_ids)],
        )
        return dict(cursor.fetchall())


def lock(items: QuerySet[Installment]) -> dict[UUID, Installment]:
    """These installments by id, with their invoices, locked in id order until the transaction ends.

    They are read again under the lock: a condition on a balance still holds for each that is returned.
    """
    locked = items.select_related("invoice").select_for_update(of=("self",), no_key=True).order_by("id")
    return {item.id: item for item in locked}


def lock_item(organization_id: UUID, installment_id: UUID) -> Installment:
    """One installment, locked. Raises Installment.DoesNotExist."""
    found = lock(Installment.objects.filter(organization_id=organization_id, id=installment_id))
    if not found:
        raise Installment.DoesNotExist(installment_id)
    return found[installment_id]


def check_within(item: Installment, amount: Decimal, account: str = RECEIVABLE) -> None:
    """That `amount` can be taken off the item. Raises NotPositive, MoreThanOpen, Problem for a fraction of a minor unit."""
    check_amount(amount, item.currency)
    there = item.open_amount if account == RECEIVABLE else item.written_off
    if amount > there:
        raise MoreThanOpen(item.invoice.number, amount, there, item.currency)


def post(by: Actor, postings: Sequence[Posting], effective_on: date) -> list[Entry]:
    """Write the entries; the database moves the balances. The installments have to be locked and the day checked.

    `effective_on` is moved for each item as the module says.
    """
    raised = _last_raised(by.organization_id, {posting.installment.id for posting in postings})
    entries = []
    for posting in postings:
        day = effective_on
        if posting.amount < 0:
            day = max(day, raised[posting.installment.id, posting.account])
        entries.append(
            Entry(
                organization_id=by.organization_id,
                installment_id=posting.installment.id,
                account=posting.account,
                kind=posting.kind,
                amount=posting.amount,
                currency=posting.installment.currency,
                effective_on=day,
                recorded_at=by.now,
                source_id=posting.source_id,
                memo=posting.memo,
            )
        )
    return Entry.objects.bulk_create(entries)


def reverse(by: Actor, entries: Iterable[Entry], effective_on: date, memo: str = "") -> list[Entry]:
    """Post the opposite of each entry. The installments have to be locked and the day checked.

    Raises NotReversible for an entry that has been reversed, or is itself a reversal.
    """
    entries = list(entries)
    if not entries:
        return []
    check_standing(by, entries)
    raised = _last_raised(by.organization_id, {entry.installment_id for entry in entries})
    made = []
    for entry in entries:
        day = max(effective_on, entry.effective_on)
        if entry.amount > 0:
            day = max(day, raised[entry.installment_id, entry.account])
        made.append(
            Entry(
                organization_id=by.organization_id,
                installment_id=entry.installment_id,
                account=entry.account,
                kind=entry.kind,
                amount=-entry.amount,
                currency=entry.currency,
                effective_on=day,
                recorded_at=by.now,
                source_id=entry.source_id,
                reverses=entry,
                memo=memo[:200],
            )
        )
    return Entry.objects.bulk_create(made)


def check_standing(by: Actor, entries: Sequence[Entry]) -> None:
    """That none of the entries has been reversed, or is itself a reversal; what an undone import closed again is none.

    Raises NotReversible.
    """
    gone = Entry.objects.filter(organization_id=by.organization_id, reverses__in=[entry.id for entry in entries])
    closed_again = {entry.id for entry in entries if entry.kind == Entry.Kind.CLOSED_OUTSIDE and entry.amount < 0}
    if any(entry.reverses_id and entry.id not in closed_again for entry in entries) or gone.exists():
        raise NotReversible(N_("This posting has been reversed already. Post it again instead."))


def _last_raised(organization_id: UUID, installment_ids: Collection[UUID]) -> dict[tuple[UUID, str], date]:
    raised = (
        Entry.objects.filter(organization_id=organization_id, installment__in=installment_ids, amount__gt=0)
        .values_list("installment_id", "account")
        .annotate(day=Max("effective_on"))
    )
    return {(installment, account): day for installment, account, day in raised}
