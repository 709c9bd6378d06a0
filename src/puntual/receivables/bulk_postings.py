"""Many postings at once: balances as a file states them, and items gone from the creditor's books. Callers import from `bulk`."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from puntual.audit.actions import Actor, action
from puntual.kernel.ids import uuid7, uuid7_batch
from puntual.kernel.money import round_money, to_minor
from puntual.kernel.problems import N_, Problem
from puntual.receivables.bulk_invoices import Outcome
from puntual.receivables.models import Entry
from puntual.receivables.postings import check_days
from puntual.receivables.problems import NotPositive
from puntual.receivables.staging import Parameters, staged


class MoreOpenThanKnown(Problem):
    """A file says more is open on an item than the ledger can explain."""

    def __init__(self, stated: Decimal, known: Decimal, currency: str) -> None:
        super().__init__(
            N_(
                "The file says {stated} {currency} are open, but here only {known} {currency} are: the rest was paid, "
                "credited or canceled. Reverse that first if the file is right."
            ),
            stated=round_money(stated, currency),
            known=round_money(known, currency),
            currency=currency,
        )


class LockedItem(NamedTuple):
    """An installment under lock. `raised_on`, `written_off_on`: when its accounts were last raised, the floor for postings."""

    id: UUID
    creditor_id: UUID
    customer_id: UUID
    number: str
    due_on: date
    currency: str
    amount: Decimal
    open: Decimal
    written_off: Decimal
    expected: Decimal
    ours: bool
    raised_on: date
    written_off_on: date | None


_LOCK = """
    SELECT count(*) FROM (
        SELECT FROM receivables_installment WHERE organization_id = %(organization)s AND ({which}) ORDER BY id FOR NO KEY UPDATE
    ) AS locked
"""
_READ = """
    SELECT i.id, i.creditor_id, i.customer_id, v.number_key, i.due_on, i.currency, i.amount, i.open_amount, i.written_off,
           i.expected_deduction, v.claim_owner = 'ours', e.raised_on, e.written_off_on
    FROM (SELECT * FROM receivables_installment WHERE organization_id = %(organization)s AND ({which})) i
    JOIN receivables_invoice v ON v.organization_id = %(organization)s AND v.id = i.invoice_id
    CROSS JOIN LATERAL (
        SELECT max(effective_on) FILTER (WHERE account = 'receivable') AS raised_on,
               max(effective_on) FILTER (WHERE account = 'written_off') AS written_off_on
        FROM receivables_entry WHERE organization_id = %(organization)s AND installment_id = i.id AND amount > 0
    ) e
"""


def lock_many(
    organization_id: UUID, installment_ids: Collection[UUID], open_of_customers: Collection[UUID] = ()
) -> dict[UUID, LockedItem]:
    """These installments, and the open ones of these customers, locked in id order and then read, by id."""
    which = "id = ANY(%(ids)s)"
    if open_of_customers:
        which += " OR (customer_id = ANY(%(customers)s) AND open_amount > 0)"
    parameters: Parameters = {
        "organization": organization_id,
        "ids": list(installment_ids),
        "customers": list(open_of_customers),
    }
    with connection.cursor() as cursor:
        cursor.execute(_LOCK.format(which=which), parameters)
        cursor.execute(_READ.format(which=which), parameters)
        return {row[0]: LockedItem(*row) for row in cursor.fetchall()}


class NewEntry(NamedTuple):
    """One row of receivables_entry to come."""

    id: UUID
    installment_id: UUID
    account: str
    kind: str
    amount: Decimal
    currency: str
    effective_on: date
    source_id: UUID | None
    memo: str
    reverses_id: UUID | None = None


_ENTRY = {
    "id": "uuid",
    "installment_id": "uuid",
    "account": "text",
    "kind": "text",
    "amount": "numeric",
    "currency": "text",
    "effective_on": "date",
    "source_id": "uuid",
    "memo": "text",
    "reverses_id": "uuid",
}
_POST = """
    INSERT INTO receivables_entry (
        id, organization_id, installment_id, account, kind, amount, currency, effective_on, recorded_at, source_id, memo,
        reverses_id)
    SELECT id, %s, installment_id, account, kind, amount, currency, effective_on, %s, source_id, memo, reverses_id
    FROM receivables_postings
"""


def post_many(by: Actor, entries: Iterable[NewEntry]) -> None:
    """Write the entries in one statement; the items have to be locked and the days checked."""
    with staged("receivables_postings", _ENTRY, entries) as cursor:
        cursor.execute(_POST, [by.organization_id, by.now])


@dataclass(frozen=True, slots=True)
class OpenBalance:
    """What a file says is open on an installment."""

    installment_id: UUID
    open_amount: Decimal


def update_open(
    by: Actor, rows: Sequence[OpenBalance], *, effective_on: date, batch_id: UUID | None = None, memo: str = ""
) -> list[Outcome]:
    """Bring items to the balances a file states. Less than is open here is closed outside (nobody knows how it was settled); more
    reverses what had been closed outside before, the latest first, and is otherwise refused with MoreOpenThanKnown.

    Answers every row in order: "updated", "unchanged" or "refused". An installment may stand in one row only. Raises FutureDate
    and ClosedPeriod for the whole call.
    """
    with action(by, "receivables.update_open", effective_on=effective_on, batch=batch_id, rows=len(rows)) as log:
        items = lock_many(by.organization_id, [row.installment_id for row in rows])
        check_days(by, [(creditor, effective_on) for creditor in {item.creditor_id for item in items.values()}])
        higher = [row.installment_id for row in rows if row.open_amount > items[row.installment_id].open]
        closures = _closures(by.organization_id, higher)
        outcomes: list[Outcome] = []
        entries: list[NewEntry] = []
        stamp = _Stamp(effective_on, batch_id, memo[:200])
        for row in rows:
            item = items[row.installment_id]
            change = row.open_amount - item.open
            problem = _unfit(row, item, change, closures)
            if problem:
                outcomes.append(Outcome("refused", installment_id=item.id, problem=problem))
                continue
            outcomes.append(Outcome("updated" if change else "unchanged", installment_id=item.id))
            if change < 0:
                entries.append(_closed(item, change, item.raised_on, stamp))
            elif change > 0:
                entries += _reopened(item, change, closures[item.id], stamp)
        post_many(by, entries)
        states = [outcome.state for outcome in outcomes]
        log.say(**{state: states.count(state) for state in ("updated", "unchanged", "refused")})
        return outcomes


class _Stamp(NamedTuple):
    """What all postings of one call share."""

    effective_on: date
    batch_id: UUID | None
    memo: str


class _Closure(NamedTuple):
    """One posting that closed an item outside and stands; `amount` is below zero."""

    id: UUID
    amount: Decimal
    effective_on: date


def _closed(item: LockedItem, amount: Decimal, floor: date, stamp: _Stamp) -> NewEntry:
    day = max(stamp.effective_on, floor)
    kind = Entry.Kind.CLOSED_OUTSIDE
    return NewEntry(uuid7(), item.id, "receivable", kind, amount, item.currency, day, stamp.batch_id, stamp.memo)


def _reopened(item: LockedItem, change: Decimal, closures: Sequence[_Closure], stamp: _Stamp) -> Iterable[NewEntry]:
    """Reverse closures until `change` is open again; what the last one closed beyond that is closed anew."""
    floor = item.raised_on
    for closure in closures:
        day = max(stamp.effective_on, closure.effective_on)
        floor = max(floor, day)
        yield _closed(item, -closure.amount, day, stamp)._replace(reverses_id=closure.id)
        change += closure.amount
        if change <= 0:
            break
    if change < 0:
        yield _closed(item, change, floor, stamp)


def _unfit(row: OpenBalance, item: LockedItem, change: Decimal, closures: dict[UUID, list[_Closure]]) -> Problem | None:
    try:
        to_minor(row.open_amount, item.currency)
    except Problem as problem:
        return problem
    if row.open_amount < 0:
        return NotPositive(row.open_amount)
    if change > 0 and change > -sum(closure.amount for closure in closures.get(item.id, ())):
        return MoreOpenThanKnown(row.open_amount, item.open, item.currency)
    return None


def _closures(organization_id: UUID, installment_ids: Sequence[UUID]) -> dict[UUID, list[_Closure]]:
    """What of each item was closed outside and stands, the latest first."""
    closures: dict[UUID, list[_Closure]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT e.installment_id, e.id, e.amount, e.effective_on FROM receivables_entry e
            LEFT JOIN receivables_entry r ON r.organization_id = %(organization)s AND r.reverses_id = e.id
            WHERE e.organization_id = %(organization)s AND e.installment_id = ANY(%(ids)s)
              AND e.kind = 'closed_outside' AND e.amount < 0 AND r.id IS NULL
            ORDER BY e.effective_on DESC, e.amount, e.id
            """,
            {"organization": organization_id, "ids": list(installment_ids)},
        )
        for installment_id, *closure in cursor.fetchall():
            closures.setdefault(installment_id, []).append(_Closure(*closure))
    return closures


def close_outside_many(
    by: Actor, installment_ids: Collection[UUID], *, effective_on: date, why: str, batch_id: UUID | None = None
) -> int:
    """Close what is open of these items as gone from the creditor's books; how many were open. See `actions.close_outside`.

    Raises FutureDate, ClosedPeriod.
    """
    with action(by, "receivables.close_outside_many", why=why, effective_on=effective_on, batch=batch_id) as log:
        items = [item for item in lock_many(by.organization_id, installment_ids).values() if item.open]
        check_days(by, [(creditor, effective_on) for creditor in {item.creditor_id for item in items}])
        post_many(
            by,
            (
                NewEntry(
                    entry_id,
                    item.id,
                    "receivable",
                    Entry.Kind.CLOSED_OUTSIDE,
                    -item.open,
                    item.currency,
                    max(effective_on, item.raised_on),
                    batch_id,
                    why[:200],
                )
                for item, entry_id in zip(items, uuid7_batch(len(items)), strict=True)
            ),
        )
        log.say(closed=len(items))
        return len(items)
