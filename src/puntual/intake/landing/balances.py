"""Lists that say no more than what each customer owes: one opening item per customer and currency, brought up to each list.

Less than before was settled outside, the oldest first. More than before cannot be older than the list that says so: the
difference is an item of its own, dated that day. A balance in the customer's favor is a credit note.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import connection

from puntual.intake.deciding import ZERO, Item, balances_to
from puntual.intake.landing.base import Arrival, Foreseen, Landed, Landing
from puntual.intake.landing.moves import move_due
from puntual.intake.reading.rows import BalanceRow
from puntual.kernel.problems import N_, Problem
from puntual.kernel.references import document_key
from puntual.parties.models import Creditor, Customer
from puntual.receivables.actions import apply_credit_note
from puntual.receivables.bulk import (
    NewCreditNote,
    NewInvoice,
    OpenBalance,
    Outcome,
    issue_credit_notes_many,
    issue_many,
    update_open,
)
from puntual.receivables.problems import FutureDate

_WORDS: Final = {"es": "SALDO", "pt": "SALDO", "en": "BALANCE"}
_OPENING = tuple(f"{word} %" for word in sorted(set(_WORDS.values())))

_ITEMS = """
    SELECT v.customer_id, v.currency, i.id, i.due_on, i.open_amount
    FROM receivables_invoice v
    JOIN receivables_installment i ON i.organization_id = v.organization_id AND i.invoice_id = v.id
    WHERE v.organization_id = %s AND v.customer_id = ANY(%s) AND v.kind = 'invoice' AND v.withdrawn_on IS NULL
      AND v.number_key LIKE ANY(%s)
"""
_CREDITS = """
    SELECT customer_id, currency, id, unapplied FROM receivables_creditnote
    WHERE organization_id = %s AND customer_id = ANY(%s) AND withdrawn_on IS NULL AND number_key LIKE ANY(%s)
"""

Account = tuple[UUID, str]
"""Customer and currency."""


@dataclass(slots=True)
class Opening:
    """What earlier lists made of one customer's balance in one currency."""

    items: list[Item] = field(default_factory=list)
    credits: list[tuple[UUID, Decimal]] = field(default_factory=list)

    @property
    def open(self) -> Decimal:
        """What is open on the items."""
        return sum((item.open for item in self.items), ZERO)

    @property
    def credit(self) -> Decimal:
        """What is left of the credit notes."""
        return sum((left for _id, left in self.credits), ZERO)


@dataclass(slots=True)
class Case:
    """One row on its way."""

    row: BalanceRow
    creditor: Creditor
    account: Account
    opening: Opening
    on: date
    problem: Problem | None = None
    changed: bool = False


class BalanceLanding(Landing):
    """Rows of a list of balances."""

    makes_customers = True

    def __init__(self, arrival: Arrival) -> None:
        super().__init__(arrival)
        self.codes: dict[UUID, str] = {}

    @staticmethod
    def amount(row: BalanceRow) -> tuple[str, Decimal]:
        """What is owed; below zero in the customer's favor."""
        return row.currency, row.open_amount

    def land(self, rows: Sequence[BalanceRow], foreseen: Foreseen) -> list[Landed]:
        """Answer each row. A second row for the same customer and currency is refused."""
        answers: dict[int, Landed] = {}
        cases: dict[int, Case] = {}
        owners = self.whose.owners(foreseen)
        customer_ids = {owner.customer_id for owner in owners if owner.customer_id}
        openings = _openings(self.by.organization_id, customer_ids)
        customers = Customer.objects.filter(organization_id=self.by.organization_id, id__in=customer_ids)
        self.codes = dict(customers.values_list("id", "code"))
        taken: set[Account] = set()
        for place, (row, owner) in enumerate(zip(rows, owners, strict=True)):
            on = row.as_of or self.by.today
            if owner.creditor is None or owner.customer_id is None:
                answers[place] = Landed(row, "refused", problem=owner.problem, field=owner.field)
            elif on > self.by.today:
                answers[place] = Landed(row, "refused", problem=FutureDate(on, self.by.today), field="date")
            elif (account := (owner.customer_id, row.currency)) in taken:
                answers[place] = Landed(row, "refused", problem=_twice(row.currency), field="open_amount")
            else:
                taken.add(account)
                opening = openings.get(account, Opening())
                cases[place] = Case(row, owner.creditor, account, opening, on)
        self._bring_up(list(cases.values()))
        for place, case in cases.items():
            new = not (case.opening.items or case.opening.credits)
            state = "unchanged" if not case.changed else "created" if new else "updated"
            state = "refused" if case.problem else state
            answers[place] = Landed(case.row, state, case.account[0], case.problem, "open_amount")
        return [answers[place] for place in range(len(rows))]

    def _bring_up(self, cases: Sequence[Case]) -> None:
        more, less, credit = [], [], []
        for case in cases:
            opening = case.opening
            difference = case.row.open_amount - (opening.open - opening.credit)
            case.changed = bool(difference)
            if difference > 0:
                more.append((case, difference))
            elif difference:
                less.append((case, max(opening.open + difference, ZERO)))
                if opening.open + difference < 0:
                    credit.append((case, -opening.open - difference))
        self._owe_less(less)
        self._owe_more(more)
        self._credit(credit)
        self._move_due([case for case in cases if case.row.due_date and len(case.opening.items) == 1])
        for case, _amount in more:
            for id, left in case.opening.credits if case.problem is None else ():
                if left:
                    apply_credit_note(self.by, id)

    def _owe_more(self, cases: Sequence[tuple[Case, Decimal]]) -> None:
        rows = []
        for case, amount in cases:
            number = self._number(case, len(case.opening.items))
            first = not case.opening.items
            due = case.row.due_date if first and case.row.due_date else case.on
            rows.append(
                NewInvoice(
                    case.creditor.id,
                    case.account[0],
                    number,
                    document_key(number),
                    min(due, case.on),
                    due,
                    case.row.currency,
                    amount,
                    case.row.description,
                )
            )
        if rows:
            self._answer([case for case, _amount in cases], issue_many(self.by, rows, batch_id=self.arrival.job.id))

    def _owe_less(self, cases: Sequence[tuple[Case, Decimal]]) -> None:
        rows = [
            OpenBalance(*one)
            for case, open_to in cases
            for one in (balances_to(case.opening.items, open_to) if case.opening.open else ())
        ]
        if rows:
            update_open(
                self.by,
                rows,
                effective_on=self.by.today,
                batch_id=self.arrival.job.id,
                memo=self.arrival.job.file_name,
            )

    def _credit(self, cases: Sequence[tuple[Case, Decimal]]) -> None:
        rows = []
        for case, amount in cases:
            number = self._number(case, len(case.opening.credits))
            rows.append(
                NewCreditNote(
                    case.creditor.id,
                    case.account[0],
                    number,
                    document_key(number),
                    case.on,
                    case.row.currency,
                    amount,
                    case.row.description[:200],
                )
            )
        if rows:
            outcomes = issue_credit_notes_many(self.by, rows, batch_id=self.arrival.job.id)
            self._answer([case for case, _amount in cases], outcomes)

    def _move_due(self, cases: Sequence[Case]) -> None:
        days = {
            case.opening.items[0].id: case.row.due_date
            for case in cases
            if case.row.due_date and case.opening.items[0].due_on != case.row.due_date
        }
        if days:
            moved = move_due(self.arrival, days)
            for case in cases:
                case.changed = case.changed or case.opening.items[0].id in moved

    def _number(self, case: Case, before: int) -> str:
        """The number of a customer's next opening item, in the creditor's language: “SALDO C-1 PEN”, “SALDO C-1 PEN 2”."""
        base = f"{_WORDS.get(case.creditor.language, 'BALANCE')} {self.codes[case.account[0]]} {case.row.currency}"
        return f"{base} {before + 1}" if before else base

    @staticmethod
    def _answer(cases: Sequence[Case], outcomes: Sequence[Outcome]) -> None:
        for case, outcome in zip(cases, outcomes, strict=True):
            case.problem = outcome.problem


def _twice(currency: str) -> Problem:
    return Problem(N_("The file has another balance of this customer in {currency}. Add them up."), currency=currency)


def _openings(organization_id: UUID, customer_ids: Collection[UUID]) -> dict[Account, Opening]:
    found: dict[Account, Opening] = {}
    parameters: list[Any] = [organization_id, list(customer_ids), list(_OPENING)]
    with connection.cursor() as cursor:
        cursor.execute(_ITEMS, parameters)
        for customer_id, currency, *item in cursor.fetchall():
            found.setdefault((customer_id, currency), Opening()).items.append(Item(*item))
        cursor.execute(_CREDITS, parameters)
        for customer_id, currency, id, left in cursor.fetchall():
            found.setdefault((customer_id, currency), Opening()).credits.append((id, left))
    return found
