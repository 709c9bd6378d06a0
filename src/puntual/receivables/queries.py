"""Reads of the ledger. Each names its organization and is one set-based query, whatever the number of customers.

"As of" a day counts what took effect by then; "as known on" a day counts only what had been recorded by its end (in the
organization's time zone). Without either, balances are the present ones, read from beside the items.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Q, QuerySet

from puntual.organizations.models import Organization
from puntual.receivables.models import Entry, Hold, Installment


@dataclass(frozen=True, slots=True)
class ItemBalance:
    """One installment on a day. Amounts are in `currency`; `open` and `written_off` are never below zero."""

    installment_id: UUID
    invoice_id: UUID
    creditor_id: UUID
    customer_id: UUID
    kind: str
    number: str
    position: int
    issued_on: date
    due_on: date
    due_generation: int
    currency: str
    amount: Decimal
    open: Decimal
    written_off: Decimal
    expected_deduction: Decimal
    claim_owner: str
    expected_on: date  # the day the manual counts from: an extension's, the customer's own pay day, or the due date
    extended_to: date | None = None


@dataclass(frozen=True, slots=True)
class CustomerBalance:
    """What one customer owes in one currency on a day, and what waits in its favor.

    `overdue` is the part of `open` whose due date is past; `credits` are credit notes not yet set against an item. Money on
    account is another room's: `payments.queries.on_account`.
    """

    customer_id: UUID
    currency: str
    open: Decimal
    overdue: Decimal
    expected_deduction: Decimal
    written_off: Decimal
    credits: Decimal


# Which items are meant: {open} and {written_off} are those of the day that is asked for.
_OPEN = " AND {open} > 0"
_OWED = " AND ({open} > 0 OR {written_off} > 0)"
_ALL = " AND v.withdrawn_on IS NULL"

_COLUMNS = """
    i.id, v.id, i.creditor_id, i.customer_id, v.kind, v.number, i.position, v.issued_on, i.due_on, i.due_generation,
    i.currency, i.amount
"""

_NOW = f"""
    SELECT {_COLUMNS}, i.open_amount, i.written_off, i.expected_deduction, v.claim_owner, i.expected_on, i.extended_to
    FROM receivables_installment i
    JOIN receivables_invoice v ON v.organization_id = i.organization_id AND v.id = i.invoice_id
    WHERE i.organization_id = %(organization)s
"""

# The sums of the entries in force; a deduction is expected from its day until it is closed or given up.
_THEN = f"""
    SELECT {_COLUMNS}, b.open, b.written_off, coalesce(d.expected, 0),
           CASE WHEN v.claim_owner_since > %(as_of)s THEN 'ours' ELSE v.claim_owner END, i.expected_on, i.extended_to
    FROM receivables_installment i
    JOIN receivables_invoice v ON v.organization_id = i.organization_id AND v.id = i.invoice_id
    JOIN (
        SELECT e.installment_id,
               coalesce(sum(e.amount) FILTER (WHERE e.account = 'receivable'), 0) AS open,
               coalesce(sum(e.amount) FILTER (WHERE e.account = 'written_off'), 0) AS written_off
        FROM receivables_entry e
        WHERE e.organization_id = %(organization)s AND e.effective_on <= %(as_of)s AND e.recorded_at < %(known_before)s
          {{entries}}
        GROUP BY e.installment_id
    ) b ON b.installment_id = i.id
    LEFT JOIN (
        SELECT x.installment_id, sum(x.amount) AS expected
        FROM receivables_expecteddeduction x
        WHERE x.organization_id = %(organization)s AND x.expected_from <= %(as_of)s
          AND (x.closed_on IS NULL OR x.closed_on > %(as_of)s) AND (x.given_up_on IS NULL OR x.given_up_on > %(as_of)s)
        GROUP BY x.installment_id
    ) d ON d.installment_id = i.id
    WHERE i.organization_id = %(organization)s
"""


def items(
    organization_id: UUID,
    *,
    customer_ids: Collection[UUID] | None = None,
    as_of: date | None = None,
    known_on: date | None = None,
    settled_too: bool = False,
) -> list[ItemBalance]:
    """Installments with their balances, by due date then number: the open ones, or with `settled_too` every one issued by then.

    For `customer_ids`, or for the whole organization where None.
    """
    which = _ALL if settled_too else _OPEN
    sql, parameters = _items_query(organization_id, customer_ids, as_of, known_on, which)
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} ORDER BY i.due_on, v.number_key, i.position, i.id", parameters)
        return [ItemBalance(*row) for row in cursor.fetchall()]


def open_items(
    organization_id: UUID, customer_ids: Collection[UUID] | None = None, as_of: date | None = None
) -> list[ItemBalance]:
    """What is open, by due date then number."""
    return items(organization_id, customer_ids=customer_ids, as_of=as_of)


def balances(
    organization_id: UUID,
    on: date,
    *,
    customer_ids: Collection[UUID] | None = None,
    as_of: date | None = None,
    known_on: date | None = None,
) -> list[CustomerBalance]:
    """Each customer's balance per currency, by customer and currency; customers with nothing at all are left out.

    `on` is the day by which overdue is judged; `as_of` and `known_on` are as the module says.
    """
    sql, parameters = _items_query(organization_id, customer_ids, as_of, known_on, _OWED)
    wanted = _wanted("c.customer_id", customer_ids)
    credit = f"""
        SELECT c.customer_id, c.currency, {
        "c.unapplied"
        if as_of is None and known_on is None
        else '''c.amount + coalesce((
            SELECT sum(e.amount) FROM receivables_entry e
            WHERE e.organization_id = c.organization_id AND e.source_id = c.id AND e.kind = 'credit_note'
              AND e.effective_on <= %(as_of)s AND e.recorded_at < %(known_before)s), 0)'''
    } AS unapplied
        FROM receivables_creditnote c
        WHERE c.organization_id = %(organization)s AND c.withdrawn_on IS NULL AND c.issued_on <= %(as_of)s {wanted}
    """
    statement = f"""
        SELECT customer_id, currency, sum(open), sum(overdue), sum(expected), sum(written_off), sum(credits)
        FROM (
            SELECT customer_id, currency, open, CASE WHEN due_on < %(on)s THEN open ELSE 0 END AS overdue,
                   CASE WHEN open > 0 THEN least(expected, open) ELSE 0 END AS expected, written_off, 0 AS credits
            FROM ({sql}) AS item(id, invoice_id, creditor_id, customer_id, kind, number, position, issued_on, due_on,
                                 due_generation, currency, amount, open, written_off, expected, claim_owner, expected_on,
                                 extended_to)
            UNION ALL
            SELECT customer_id, currency, 0, 0, 0, 0, unapplied FROM ({credit}) AS credit
        ) AS line
        GROUP BY customer_id, currency
        HAVING sum(open) <> 0 OR sum(written_off) <> 0 OR sum(credits) <> 0
        ORDER BY customer_id, currency
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, {**parameters, "on": on})
        return [CustomerBalance(*row) for row in cursor.fetchall()]


def _items_query(
    organization_id: UUID,
    customer_ids: Collection[UUID] | None,
    as_of: date | None,
    known_on: date | None,
    which: str,
) -> tuple[str, dict[str, Any]]:
    parameters = {
        "organization": organization_id,
        "customers": list(customer_ids or ()),
        "as_of": as_of or date.max,
        "known_before": end_of_day(organization_id, known_on) if known_on else "infinity",
    }
    if as_of is None and known_on is None:
        now = _NOW + which.format(open="i.open_amount", written_off="i.written_off")
        return now + _wanted("i.customer_id", customer_ids), parameters
    # Without it the sums would run over everybody's entries before they meet the few that are asked for.
    only = """AND e.installment_id IN (
        SELECT n.id FROM receivables_installment n
        WHERE n.organization_id = %(organization)s AND n.customer_id = ANY(%(customers)s))"""
    then = _THEN.format(entries=only if customer_ids is not None else "")
    then += which.format(open="b.open", written_off="b.written_off")
    return then + _wanted("i.customer_id", customer_ids), parameters


def _wanted(column: str, customer_ids: Collection[UUID] | None) -> str:
    return "" if customer_ids is None else f" AND {column} = ANY(%(customers)s)"


def end_of_day(organization_id: UUID, day: date) -> datetime:
    """The moment the organization's `day` is over."""
    zone = Organization.objects.values_list("time_zone", flat=True).get(id=organization_id)
    return datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(zone))


@dataclass(frozen=True, slots=True)
class Movement:
    """One entry of an item with the balance it left on the receivable account, in the order of effect."""

    entry: Entry
    balance: Decimal


def history(organization_id: UUID, installment_id: UUID, known_on: date | None = None) -> list[Movement]:
    """The ledger of one installment: every entry with the open amount after it, in the order in which they took effect."""
    entries = Entry.objects.filter(organization_id=organization_id, installment_id=installment_id)
    if known_on:
        entries = entries.filter(recorded_at__lt=end_of_day(organization_id, known_on))
    movements, balance = [], Decimal(0)
    for entry in entries.order_by("effective_on", "recorded_at", "id"):
        if entry.account == Entry.Account.RECEIVABLE:
            balance += entry.amount
        movements.append(Movement(entry, balance))
    return movements


def active_holds(organization_id: UUID, on: date, customer_ids: Collection[UUID] | None = None) -> QuerySet[Hold]:
    """Holds in force on a day, the oldest first."""
    holds = Hold.objects.filter(
        Q(until_on__isnull=True) | Q(until_on__gte=on),
        Q(released_on__isnull=True) | Q(released_on__gt=on),
        organization_id=organization_id,
        from_on__lte=on,
    )
    if customer_ids is not None:
        holds = holds.filter(customer_id__in=list(customer_ids))
    return holds.order_by("from_on", "id")


def why_held(organization_id: UUID, installment_id: UUID, on: date) -> list[Hold]:
    """The holds that cover an installment on a day: its own, its invoice's and its customer's."""
    item = Installment.objects.get(organization_id=organization_id, id=installment_id)
    covers = Q(installment=item) | Q(invoice_id=item.invoice_id) | Q(invoice__isnull=True, installment__isnull=True)
    return list(active_holds(organization_id, on, [item.customer_id]).filter(covers))


@dataclass(frozen=True, slots=True)
class Found:
    """A document that is known by its number, with what of it is open."""

    number_key: str
    invoice_id: UUID
    installment_ids: tuple[UUID, ...]
    customer_id: UUID
    currency: str
    amount: Decimal
    open: Decimal
    due_on: date  # of the last installment


def find_invoices(organization_id: UUID, creditor_id: UUID, number_keys: Sequence[str]) -> dict[str, Found]:
    """The creditor's invoices with these numbers (`references.document_key`), by key; charges are not among them."""
    statement = """
        SELECT v.number_key, v.id, array_agg(i.id ORDER BY i.position), v.customer_id, v.currency, v.amount,
               sum(i.open_amount), max(i.due_on)
        FROM receivables_invoice v
        JOIN receivables_installment i ON i.organization_id = v.organization_id AND i.invoice_id = v.id
        WHERE v.organization_id = %s AND v.creditor_id = %s AND v.kind = 'invoice' AND v.number_key = ANY(%s)
          AND v.withdrawn_on IS NULL
        GROUP BY v.organization_id, v.id
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, [organization_id, creditor_id, list(number_keys)])
        return {row[0]: Found(row[0], row[1], tuple(row[2]), *row[3:]) for row in cursor.fetchall()}


def standing_write_offs(organization_id: UUID) -> QuerySet[Entry]:
    """Write-offs that were not undone, each by the posting that lowered what is open."""
    entries = Entry.objects.filter(organization_id=organization_id)
    undone = entries.exclude(reverses=None).values("reverses_id")
    made = entries.filter(kind=Entry.Kind.WRITE_OFF, account=Entry.Account.RECEIVABLE, reverses=None)
    return made.exclude(id__in=undone)
