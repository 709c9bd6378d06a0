"""Many invoices at once. Callers import from `bulk`."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from puntual.audit.actions import Actor, action
from puntual.kernel.ids import uuid7_batch
from puntual.kernel.problems import Problem
from puntual.receivables.early import early_by_terms
from puntual.receivables.expecting import expect_by_rules
from puntual.receivables.postings import check_amount, closed_through
from puntual.receivables.problems import ClosedPeriod, DocumentDiffers, FutureDate
from puntual.receivables.staging import Parameters, keep_statistics, staged


class NewInvoice(NamedTuple):
    """One invoice with a single due date. `number_key` is `references.document_key(number)`."""

    creditor_id: UUID
    customer_id: UUID
    number: str
    number_key: str
    issued_on: date
    due_on: date
    currency: str
    amount: Decimal
    description: str = ""


class Outcome(NamedTuple):
    """What became of one row.

    `state` is "created", "unchanged" (the same document was there) or "refused", with the `problem`. The ids are the document's,
    also of one that is there with other content: then `problem.differs` names what is not the same.
    """

    state: str
    document_id: UUID | None = None
    installment_id: UUID | None = None
    problem: Problem | None = None


_TABLES = ("receivables_invoice", "receivables_installment", "receivables_entry")

_INCOMING = {
    "line": "int",
    "invoice_id": "uuid",
    "installment_id": "uuid",
    "entry_id": "uuid",
    "creditor_id": "uuid",
    "customer_id": "uuid",
    "number": "text",
    "number_key": "text",
    "issued_on": "date",
    "due_on": "date",
    "currency": "text",
    "amount": "numeric",
    "description": "text",
}

_INVOICES = """
    INSERT INTO receivables_invoice (
        id, organization_id, creditor_id, customer_id, kind, number, number_key, issued_on, currency, amount, description,
        claim_owner, batch_id)
    SELECT invoice_id, %(organization)s, creditor_id, customer_id, 'invoice', number, number_key, issued_on, currency, amount,
           description, 'ours', %(batch)s
    FROM receivables_incoming
    ON CONFLICT (organization_id, creditor_id, kind, number_key) WHERE withdrawn_on IS NULL DO NOTHING
"""
_CREATED = "SELECT id FROM receivables_invoice WHERE organization_id = %(organization)s AND id = ANY(%(ids)s)"
_INSTALLMENTS = """
    INSERT INTO receivables_installment (
        id, organization_id, invoice_id, creditor_id, customer_id, position, due_on, due_generation, currency, amount,
        open_amount, written_off, expected_deduction)
    SELECT installment_id, %(organization)s, invoice_id, creditor_id, customer_id, 1, due_on, 1, currency, amount, amount, 0, 0
    FROM receivables_incoming
"""
_ENTRIES = """
    INSERT INTO receivables_entry (
        id, organization_id, installment_id, account, kind, amount, currency, effective_on, recorded_at, memo)
    SELECT entry_id, %(organization)s, installment_id, 'receivable', 'issued', amount, currency, issued_on, %(now)s, ''
    FROM receivables_incoming
"""
_THERE = """
    SELECT s.line, v.id, v.number, v.customer_id, v.currency, v.issued_on, v.amount, i.ids, i.due_dates
    FROM unnest(%(lines)s::int[], %(creditors)s::uuid[], %(keys)s::text[]) AS s(line, creditor_id, number_key)
    CROSS JOIN LATERAL (
        SELECT * FROM receivables_invoice
        WHERE organization_id = %(organization)s AND creditor_id = s.creditor_id AND kind = 'invoice'
          AND number_key = s.number_key AND withdrawn_on IS NULL LIMIT 1
    ) v
    CROSS JOIN LATERAL (
        SELECT array_agg(id ORDER BY position) AS ids, array_agg(due_on ORDER BY position) AS due_dates
        FROM receivables_installment WHERE organization_id = %(organization)s AND invoice_id = v.id
    ) i
"""


KEYS = 3
"""How many keys each invoice takes."""


def issue_many(
    by: Actor, rows: Sequence[NewInvoice], *, batch_id: UUID | None = None, keys: Iterator[UUID] | None = None
) -> list[Outcome]:
    """Record invoices. A number that is there with the same customer, currency, dates and amount is "unchanged"; with other
    content it is refused with DocumentDiffers, as is its second row in one call. Other rows are refused with NotPositive,
    FutureDate, ClosedPeriod or Problem (an amount finer than the currency, an unknown currency).

    `keys` are rising ids that were made ahead, KEYS for each row.
    """
    with action(by, "receivables.issue_many", batch=batch_id, rows=len(rows)) as log:
        closed = closed_through(by.organization_id, {row.creditor_id for row in rows})
        outcomes: list[Outcome | None] = [_refusal(by, row, closed) for row in rows]
        good = [line for line, outcome in enumerate(outcomes) if outcome is None]
        good.sort(key=lambda line: (rows[line].creditor_id, rows[line].number_key))
        keys = keys or iter(uuid7_batch(KEYS * len(good)))
        incoming = [_incoming(line, rows[line], next(keys), next(keys), next(keys)) for line in good]
        parameters: Parameters = {"organization": by.organization_id, "batch": batch_id, "now": by.now, "name": by.name}
        with staged("receivables_incoming", _INCOMING, incoming) as cursor:
            there = _land(cursor, parameters, incoming)
            landed = dict.fromkeys(_TABLES, len(incoming) - len(there))
            landed["parties_customer"] = len({row.customer_id for row in rows})
            keep_statistics(cursor, by.organization_id, landed)
            for line, invoice_id, installment_id, *_ in incoming:
                outcomes[line] = Outcome("created", invoice_id, installment_id)
            _compare(cursor, parameters, rows, there, outcomes)
        _follow_terms(by, rows, outcomes)
        answered = [outcome for outcome in outcomes if outcome is not None]
        states = [outcome.state for outcome in answered]
        log.say(**{state: states.count(state) for state in ("created", "unchanged", "refused")})
        return answered


def _follow_terms(by: Actor, rows: Sequence[NewInvoice], outcomes: Sequence[Outcome | None]) -> None:
    """What the customers' own terms make of what was issued: the day it is expected, and a discount for paying early."""
    made = {
        outcome.installment_id: row.customer_id
        for row, outcome in zip(rows, outcomes, strict=True)
        if outcome and outcome.state == "created" and outcome.installment_id
    }
    if made:
        customers = set(made.values())
        expect_by_rules(by, customers)
        early_by_terms(by, made, customers)


def _refusal(by: Actor, row: NewInvoice, closed: dict[UUID, date | None]) -> Outcome | None:
    try:
        check_amount(row.amount, row.currency)
        if row.issued_on > by.today:
            raise FutureDate(row.issued_on, by.today)
        through = closed[row.creditor_id]
        if through and row.issued_on <= through:
            raise ClosedPeriod(row.issued_on, through)
    except Problem as problem:
        return Outcome("refused", problem=problem)
    return None


def _incoming(line: int, row: NewInvoice, invoice_id: UUID, installment_id: UUID, entry_id: UUID) -> tuple[Any, ...]:
    return (
        line,
        invoice_id,
        installment_id,
        entry_id,
        row.creditor_id,
        row.customer_id,
        row.number,
        row.number_key,
        row.issued_on,
        row.due_on,
        row.currency,
        row.amount,
        row.description,
    )


def _land(cursor: CursorWrapper, parameters: Parameters, incoming: Sequence[tuple[Any, ...]]) -> list[int]:
    """Insert what is new; the lines whose number was taken come back."""
    cursor.execute(_INVOICES, parameters)
    there: list[int] = []
    if cursor.rowcount < len(incoming):
        cursor.execute(_CREATED, {**parameters, "ids": [invoice_id for _line, invoice_id, *_ in incoming]})
        created = {invoice_id for (invoice_id,) in cursor.fetchall()}
        there = [line for line, invoice_id, *_ in incoming if invoice_id not in created]
        if created:
            cursor.execute("DELETE FROM receivables_incoming WHERE line = ANY(%s)", [there])
    if len(there) < len(incoming):
        cursor.execute(_INSTALLMENTS, parameters)
        cursor.execute(_ENTRIES, parameters)
    return there


def _compare(
    cursor: CursorWrapper,
    parameters: Parameters,
    rows: Sequence[NewInvoice],
    there: Sequence[int],
    outcomes: list[Outcome | None],
) -> None:
    """Answer the rows whose number was taken: the same document, or another."""
    if not there:
        return
    cursor.execute(
        _THERE,
        {
            **parameters,
            "lines": list(there),
            "creditors": [rows[line].creditor_id for line in there],
            "keys": [rows[line].number_key for line in there],
        },
    )
    for (
        line,
        invoice_id,
        number,
        customer_id,
        currency,
        issued_on,
        amount,
        installments,
        due_dates,
    ) in cursor.fetchall():
        row = rows[line]
        same = {
            "customer": customer_id == row.customer_id,
            "currency": currency == row.currency,
            "issued_on": issued_on == row.issued_on,
            "due_on": due_dates == [row.due_on],
            "amount": amount == row.amount,
        }
        differs = tuple(name for name, equal in same.items() if not equal)
        problem = DocumentDiffers(number, differs) if differs else None
        outcomes[line] = Outcome("refused" if differs else "unchanged", invoice_id, installments[0], problem)
