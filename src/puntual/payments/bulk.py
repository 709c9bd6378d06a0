"""The fast way in for payments of a file: whole batches as set-based statements, one audit entry per call."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorWrapper

from puntual.audit.actions import Actor, action
from puntual.kernel.ids import uuid7_batch
from puntual.kernel.problems import Problem
from puntual.parties.models import Customer
from puntual.payments.allocate import Designation, Item, Part, allocate
from puntual.payments.models import Payment
from puntual.payments.problems import ReferenceTaken
from puntual.payments.undo import undo_batch
from puntual.receivables.bulk_invoices import Outcome
from puntual.receivables.bulk_postings import LockedItem, NewEntry, lock_many, post_many
from puntual.receivables.early import settle_early, with_discount
from puntual.receivables.models import Entry, Installment
from puntual.receivables.postings import RECEIVABLE, WRITTEN_OFF, check_amount, closed_through
from puntual.receivables.problems import ClosedPeriod, FutureDate, NotOfThisCustomer
from puntual.receivables.settling import OpenItem
from puntual.receivables.staging import Parameters, keep_statistics, staged

__all__ = ["NewPayment", "Outcome", "record_many", "undo_batch"]


@dataclass(frozen=True, slots=True)
class NewPayment:
    """One payment of a file; the fields mean what they mean in `actions.record_payment`."""

    creditor_id: UUID
    customer_id: UUID
    reference: str
    received_on: date
    currency: str
    amount: Decimal
    designations: tuple[Designation, ...] = ()
    oldest_first: bool = True
    method: str = Payment.Method.TRANSFER
    memo: str = ""


_INCOMING = {
    "line": "int",
    "id": "uuid",
    "creditor_id": "uuid",
    "customer_id": "uuid",
    "reference": "text",
    "received_on": "date",
    "currency": "text",
    "amount": "numeric",
    "unapplied": "numeric",
    "method": "text",
    "memo": "text",
}
_LAND = """
    INSERT INTO payments_payment (
        id, organization_id, creditor_id, customer_id, reference, received_on, recorded_at, currency, amount, unapplied,
        method, memo, reversal_reason, batch_id)
    SELECT id, %(organization)s, creditor_id, customer_id, reference, received_on, %(now)s, currency, amount, unapplied,
           method, memo, '', %(batch)s
    FROM payments_incoming
    ON CONFLICT (organization_id, reference) WHERE withdrawn_on IS NULL DO NOTHING
    RETURNING id
"""
_THERE = """
    SELECT s.line, p.id, p.customer_id, p.received_on, p.currency, p.amount
    FROM unnest(%(lines)s::int[], %(references)s::text[]) AS s(line, reference)
    CROSS JOIN LATERAL (
        SELECT * FROM payments_payment
        WHERE organization_id = %(organization)s AND reference = s.reference AND withdrawn_on IS NULL LIMIT 1
    ) p
"""
_ALLOCATED = {
    "id": "uuid",
    "payment_id": "uuid",
    "installment_id": "uuid",
    "entry_id": "uuid",
    "amount": "numeric",
}
_ALLOCATIONS = """
    INSERT INTO payments_allocation (id, organization_id, payment_id, installment_id, entry_id, amount)
    SELECT id, %(organization)s, payment_id, installment_id, entry_id, amount FROM payments_allocated
"""
_LEFT_OVER = """
    UPDATE payments_payment p SET unapplied = s.rest
    FROM unnest(%(ids)s::uuid[], %(rests)s::numeric[]) AS s(id, rest)
    WHERE p.organization_id = %(organization)s AND p.id = s.id
"""


class Allocated(NamedTuple):
    """One allocation to come, with what its entry needs."""

    payment_id: UUID
    part: Part
    item: LockedItem
    effective_on: date


def record_many(by: Actor, rows: Sequence[NewPayment], *, batch_id: UUID | None = None) -> list[Outcome]:
    """Record payments and settle items, in the order in which the money came in; each as `actions.record_payment` would.

    Every row is answered in order: "created", "unchanged" (the same reference with the same content) or "refused" with
    ReferenceTaken, NotOfThisCustomer, NotPositive, FutureDate, ClosedPeriod or Problem.
    """
    with action(by, "payments.record_many", batch=batch_id, rows=len(rows)) as log:
        families = _families(by.organization_id, {row.customer_id for row in rows})
        outcomes = _refusals(by, rows, families)
        good = sorted((line for line in range(len(rows)) if line not in outcomes), key=lambda n: (rows[n].reference, n))
        ids = dict(zip(good, uuid7_batch(len(good)), strict=True))
        created = _land(by, rows, ids, batch_id, outcomes)
        created.sort(key=lambda line: (rows[line].received_on, line))
        new = {ids[line]: rows[line] for line in created}
        allocated = _allocate(by.organization_id, new, families)
        _post(by, new, allocated)
        _settle_early(by, new, allocated)
        with connection.cursor() as cursor:
            landed = {"payments_payment": len(created), "payments_allocation": len(allocated)}
            keep_statistics(cursor, by.organization_id, {**landed, "receivables_entry": len(allocated)})
        states = [outcome.state for outcome in outcomes.values()]
        log.say(**{state: states.count(state) for state in ("created", "unchanged", "refused")})
        return [outcomes[line] for line in range(len(rows))]


def _families(organization_id: UUID, customer_ids: set[UUID]) -> dict[UUID, set[UUID]]:
    """Whose items each customer's money may settle: its own and those of the customers it pays for."""
    families = {customer_id: {customer_id} for customer_id in customer_ids}
    paid_for = Customer.objects.filter(organization_id=organization_id, paid_by_id__in=list(customer_ids))
    for payer, customer_id in paid_for.values_list("paid_by_id", "id"):
        families[payer].add(customer_id)
    return families


def _refusals(by: Actor, rows: Sequence[NewPayment], families: dict[UUID, set[UUID]]) -> dict[int, Outcome]:
    closed = closed_through(by.organization_id, {row.creditor_id for row in rows})
    named = _owners(by.organization_id, {one.item_id for row in rows for one in row.designations})
    outcomes = {}
    for line, row in enumerate(rows):
        problem = _unfit(by, row, closed[row.creditor_id])
        for designation in row.designations:
            customer_id, currency, number = named[designation.item_id]
            if customer_id not in families[row.customer_id] or currency != row.currency:
                problem = NotOfThisCustomer(number)
        if problem:
            outcomes[line] = Outcome("refused", problem=problem)
    return outcomes


def _unfit(by: Actor, row: NewPayment, through: date | None) -> Problem | None:
    try:
        check_amount(row.amount, row.currency)
    except Problem as problem:
        return problem
    if row.received_on > by.today:
        return FutureDate(row.received_on, by.today)
    if through and row.received_on <= through:
        return ClosedPeriod(row.received_on, through)
    return None


def _owners(organization_id: UUID, installment_ids: set[UUID]) -> dict[UUID, tuple[UUID, str, str]]:
    """Customer, currency and number of each designated item."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT i.id, i.customer_id, i.currency, v.number
            FROM (SELECT * FROM receivables_installment WHERE organization_id = %s AND id = ANY(%s)) i
            JOIN receivables_invoice v ON v.organization_id = %s AND v.id = i.invoice_id
            """,
            [organization_id, list(installment_ids), organization_id],
        )
        return {id: (customer_id, currency, number) for id, customer_id, currency, number in cursor.fetchall()}


def _land(
    by: Actor, rows: Sequence[NewPayment], ids: dict[int, UUID], batch_id: UUID | None, outcomes: dict[int, Outcome]
) -> list[int]:
    """Insert the payments, with what will probably be left over of each; the lines of those that were new."""
    incoming = [
        (
            line,
            id,
            row.creditor_id,
            row.customer_id,
            row.reference,
            row.received_on,
            row.currency,
            row.amount,
            _probable_rest(row),
            row.method,
            row.memo,
        )
        for line, id, row in ((line, id, rows[line]) for line, id in ids.items())
    ]
    parameters: Parameters = {"organization": by.organization_id, "now": by.now, "batch": batch_id}
    with staged("payments_incoming", _INCOMING, incoming) as cursor:
        cursor.execute(_LAND, parameters)
        new = {id for (id,) in cursor.fetchall()}
        created = [line for line, id in ids.items() if id in new]
        outcomes.update({line: Outcome("created", ids[line]) for line in created})
        _compare(cursor, parameters, rows, [line for line, id in ids.items() if id not in new], outcomes)
    return created


def _probable_rest(row: NewPayment) -> Decimal:
    """What most payments of a file leave on account: nothing, or what was not designated. `_post` corrects the others."""
    designated = [one.amount for one in row.designations]
    if row.oldest_first or None in designated:
        return Decimal(0)
    return max(row.amount - sum(filter(None, designated)), Decimal(0))


def _compare(
    cursor: CursorWrapper,
    parameters: Parameters,
    rows: Sequence[NewPayment],
    there: Sequence[int],
    outcomes: dict[int, Outcome],
) -> None:
    if not there:
        return
    cursor.execute(_THERE, {**parameters, "lines": list(there), "references": [rows[line].reference for line in there]})
    for line, id, *found in cursor.fetchall():
        row = rows[line]
        given = (row.customer_id, row.received_on, row.currency, row.amount)
        names = ("customer", "received_on", "currency", "amount")
        differs = tuple(name for name, one, other in zip(names, found, given, strict=True) if one != other)
        problem = ReferenceTaken(row.reference, differs) if differs else None
        outcomes[line] = Outcome("refused" if differs else "unchanged", id, problem=problem)


def _allocate(
    organization_id: UUID, payments: dict[UUID, NewPayment], families: dict[UUID, set[UUID]]
) -> list[Allocated]:
    """Which items the payments settle, one after the other; the items stay locked."""
    named = {one.item_id for row in payments.values() for one in row.designations}
    oldest = {id for row in payments.values() if row.oldest_first for id in families[row.customer_id]}
    locked = lock_many(organization_id, named, oldest)
    now = {item.id: _as_item(item) for item in locked.values()}
    open_of: dict[UUID, set[UUID]] = {}
    for item in locked.values():
        if item.open:
            open_of.setdefault(item.customer_id, set()).add(item.id)
    allocated = []
    for payment_id, row in payments.items():
        candidates = {one.item_id for one in row.designations}
        if row.oldest_first:
            candidates = candidates.union(*(open_of.get(id, ()) for id in families[row.customer_id]))
        items = [now[id] for id in candidates]
        split = allocate(row.amount, row.currency, items, row.designations, row.oldest_first)
        for part in split.parts:
            locked_item = locked[part.item_id]
            floor = locked_item.written_off_on if part.recovery else locked_item.raised_on
            day = max(row.received_on, floor or row.received_on)
            allocated.append(Allocated(payment_id, part, locked_item, day))
            now[part.item_id] = left = _less(now[part.item_id], part)
            if not left.open.open:
                open_of.get(locked_item.customer_id, set()).discard(part.item_id)
    return allocated


def _as_item(item: LockedItem) -> Item:
    open_item = OpenItem(item.id, item.due_on, item.number, item.open, item.currency, item.expected, item.ours)
    return Item(open_item, item.written_off)


def _less(item: Item, part: Part) -> Item:
    if part.recovery:
        return replace(item, written_off=item.written_off - part.amount)
    return replace(item, open=replace(item.open, open=item.open.open - part.amount))


def _post(by: Actor, payments: dict[UUID, NewPayment], allocated: Sequence[Allocated]) -> None:
    """Write entries and allocations, and what each payment has left where it is not what was supposed."""
    rests = {id: row.amount for id, row in payments.items()}
    for one in allocated:
        rests[one.payment_id] -= one.part.amount
    unexpected = {id: rest for id, rest in rests.items() if rest != _probable_rest(payments[id])}
    entry_ids, ids = uuid7_batch(len(allocated)), uuid7_batch(len(allocated))
    post_many(by, (_entry(id, one) for id, one in zip(entry_ids, allocated, strict=True)))
    rows = (
        (id, one.payment_id, one.item.id, entry_id, one.part.amount)
        for id, entry_id, one in zip(ids, entry_ids, allocated, strict=True)
    )
    with staged("payments_allocated", _ALLOCATED, rows) as cursor:
        parameters: Parameters = {"organization": by.organization_id}
        cursor.execute(_ALLOCATIONS, parameters)
        cursor.execute(_LEFT_OVER, {**parameters, "ids": list(unexpected), "rests": list(unexpected.values())})


def _settle_early(by: Actor, payments: dict[UUID, NewPayment], allocated: Sequence[Allocated]) -> None:
    """Discounts for paying early, of the few items that have one."""
    agreed = with_discount(by.organization_id, {one.item.id for one in allocated})
    paid: dict[UUID, list[UUID]] = {}
    for one in allocated if agreed else ():
        if one.item.id in agreed:
            paid.setdefault(one.payment_id, []).append(one.item.id)
    for payment_id, items in paid.items():
        found = Installment.objects.filter(organization_id=by.organization_id, id__in=items)
        settle_early(by, payment_id, found, payments[payment_id].received_on)


def _entry(id: UUID, one: Allocated) -> NewEntry:
    kind, account = (Entry.Kind.RECOVERY, WRITTEN_OFF) if one.part.recovery else (Entry.Kind.PAYMENT, RECEIVABLE)
    amount, currency = -one.part.amount, one.item.currency
    return NewEntry(id, one.item.id, account, kind, amount, currency, one.effective_on, one.payment_id, "")
