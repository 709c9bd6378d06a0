"""What a row of a file of invoices asks of the ledger, given what the ledger has. Pure: no clock, no database.

The file is the creditor's book, with limits: it never adds to what is owed on a known invoice, and a document is not exchanged
for another of the same number. What a file says is paid without saying when was settled outside; with its date it is a payment.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, NamedTuple
from uuid import UUID

from puntual.intake.reading.rows import InvoiceRow
from puntual.kernel.problems import N_, Problem
from puntual.receivables.bulk_postings import MoreOpenThanKnown
from puntual.receivables.problems import ClosedPeriod, DocumentDiffers, FutureDate

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Says:
    """Which facts the columns of a file state; what they do not state is not compared."""

    amount: bool = True
    open_amount: bool = False
    disputed: bool = False


class Item(NamedTuple):
    """An installment of a known invoice."""

    id: UUID
    due_on: date
    open: Decimal


@dataclass(frozen=True, slots=True)
class Standing:
    """An invoice as the ledger has it.

    `settled_outside` is what was closed of it without a payment; `dispute` is the dispute in force that a file made, `disputed`
    tells that there is one. `seen`: this very file has already spoken of the invoice, on another row.
    """

    invoice_id: UUID
    customer_id: UUID
    currency: str
    issued_on: date
    amount: Decimal
    items: tuple[Item, ...]
    settled_outside: Decimal = ZERO
    disputed: bool = False
    dispute: UUID | None = None
    seen: bool = False

    @property
    def open(self) -> Decimal:
        """What is open on it."""
        return sum((item.open for item in self.items), ZERO)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a decision depends on beside row and invoice."""

    today: date
    closed_through: date | None
    says: Says


class Steps(NamedTuple):
    """What to do about a row, in this order. `problem` refuses it, because of `field`; then there is nothing to do.

    The two balances are what is to be open: `reopen_to` before the payment, `open_to` after it.
    """

    problem: Problem | None = None
    field: str = ""
    issue_on: date | None = None  # a new invoice
    move_due: bool = False
    reopen_to: Decimal | None = None
    pay: Decimal = ZERO
    open_to: Decimal | None = None
    dispute: bool | None = None  # begin (True) or end (False) a dispute

    @property
    def corrects(self) -> bool:
        """Whether the row says otherwise than the ledger, beside a payment."""
        return self.move_due or self.reopen_to is not None or self.open_to is not None


NOTHING: Final = Steps()


class SaidTwice(Problem):
    """Two rows of one file contradict each other."""

    def __init__(self, number: str) -> None:
        super().__init__(
            N_(
                "The file names {number} more than once, with other content here. Give each document one row, or each"
                " installment a number of its own."
            ),
            number=number,
        )


def decide(
    row: InvoiceRow, standing: Standing | None, customer_id: UUID, paid_before: bool, about: Circumstances
) -> Steps:
    """What `row` asks for. `paid_before` tells that its payment was recorded by an earlier import."""
    if row.paid_on:
        if row.paid_on > about.today:
            return Steps(FutureDate(row.paid_on, about.today), "paid_on")
        if about.closed_through and row.paid_on <= about.closed_through and not paid_before:
            return Steps(ClosedPeriod(row.paid_on, about.closed_through), "paid_on")
    if standing is None:
        return _new(row, about)
    return _known(row, standing, customer_id, paid_before, about.says)


def _new(row: InvoiceRow, about: Circumstances) -> Steps:
    paid = row.paid_amount or ZERO if row.paid_on else ZERO
    rest = max(row.amount - paid, ZERO)
    if row.open_amount > rest:
        return Steps(MoreOpenThanKnown(row.open_amount, rest, row.currency), "open_amount")
    return Steps(
        issue_on=row.issue_date or issue_date(row, about.today),
        pay=paid,
        open_to=row.open_amount if row.open_amount < rest else None,
        dispute=True if row.disputed and row.open_amount else None,
    )


def issue_date(row: InvoiceRow, today: date) -> date:
    """When an invoice without an issue date was issued: its terms before it fell due, and before anything of it was paid."""
    assumed = row.due_date - timedelta(days=row.terms_days or 0)
    return min(assumed, today, row.paid_on or today)


def _known(row: InvoiceRow, standing: Standing, customer_id: UUID, paid_before: bool, says: Says) -> Steps:
    same = {
        "customer": standing.customer_id == customer_id,
        "currency": standing.currency == row.currency,
        "issued_on": row.issue_date in (None, standing.issued_on),
        "amount": standing.amount == row.amount or not says.amount,
    }
    differs = tuple(name for name, equal in same.items() if not equal)
    if differs:
        return Steps(DocumentDiffers(row.number, differs), "number")
    single = len(standing.items) == 1
    ours, outside = standing.open, standing.settled_outside if single else ZERO
    reopen_to = None
    paid = row.paid_amount or ZERO if row.paid_on and not paid_before else ZERO
    if paid and outside:  # what was closed without a date has one now
        ours = reopen_to = ours + min(paid, outside)
        outside -= min(paid, outside)
    # A payment somebody recorded before is not recorded twice: the file's takes no more than what is open.
    pay = min(paid, ours)
    open_to = row.open_amount if says.open_amount or (row.paid_amount and not row.paid_on) else None
    ours -= pay
    if open_to == ours:
        open_to = None
    elif open_to is not None and open_to > ours + outside:
        return Steps(MoreOpenThanKnown(open_to, ours, row.currency), "open_amount")
    # What only the customer's terms told of a due date does not move one that is known.
    move_due = single and row.due_by != "customer" and standing.items[0].due_on != row.due_date
    still_open = ours if open_to is None else open_to
    return Steps(
        move_due=move_due,
        reopen_to=reopen_to,
        pay=pay,
        open_to=open_to,
        dispute=_dispute(row, standing, still_open) if says.disputed else None,
    )


def _dispute(row: InvoiceRow, standing: Standing, still_open: Decimal) -> bool | None:
    if row.disputed:
        return True if still_open and not standing.disputed else None
    return False if standing.dispute else None


def balances_to(items: Sequence[Item], open_to: Decimal) -> list[tuple[UUID, Decimal]]:
    """What is to be open on each installment of one invoice so that `open_to` is open in all: the earliest due close first."""
    excess = sum((item.open for item in items), ZERO) - open_to
    wanted = []
    for item in sorted(items, key=lambda item: (item.due_on, item.id)):
        part = min(excess, item.open)
        wanted.append((item.id, item.open - part))
        excess -= part
    return wanted
