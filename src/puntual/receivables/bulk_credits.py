"""Many credit notes at once. Callers import from `bulk`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from puntual.audit.actions import Actor, action
from puntual.kernel.ids import uuid7_batch
from puntual.kernel.problems import Problem
from puntual.receivables.bulk_invoices import Outcome
from puntual.receivables.credits import settle_discounts
from puntual.receivables.deductions import pending_credits
from puntual.receivables.models import CreditNote
from puntual.receivables.postings import check_amount, closed_through
from puntual.receivables.problems import ClosedPeriod, DocumentDiffers, FutureDate
from puntual.receivables.staging import Parameters, keep_statistics, staged


@dataclass(frozen=True, slots=True)
class NewCreditNote:
    """One credit note; `amount` is above zero, `number_key` is `references.document_key(number)`."""

    creditor_id: UUID
    customer_id: UUID
    number: str
    number_key: str
    issued_on: date
    currency: str
    amount: Decimal
    reason: str = ""


_INCOMING = {
    "line": "int",
    "id": "uuid",
    "creditor_id": "uuid",
    "customer_id": "uuid",
    "number": "text",
    "number_key": "text",
    "issued_on": "date",
    "currency": "text",
    "amount": "numeric",
    "reason": "text",
}
_LAND = """
    INSERT INTO receivables_creditnote (
        id, organization_id, creditor_id, customer_id, number, number_key, issued_on, currency, amount, unapplied, reason,
        batch_id)
    SELECT id, %(organization)s, creditor_id, customer_id, number, number_key, issued_on, currency, amount, amount, reason,
           %(batch)s
    FROM receivables_incoming
    ON CONFLICT (organization_id, creditor_id, number_key) WHERE withdrawn_on IS NULL DO NOTHING
    RETURNING id
"""
_THERE = """
    SELECT s.line, c.id, c.number, c.customer_id, c.currency, c.issued_on, c.amount
    FROM unnest(%(lines)s::int[], %(creditors)s::uuid[], %(keys)s::text[]) AS s(line, creditor_id, number_key)
    CROSS JOIN LATERAL (
        SELECT * FROM receivables_creditnote
        WHERE organization_id = %(organization)s AND creditor_id = s.creditor_id AND number_key = s.number_key
          AND withdrawn_on IS NULL LIMIT 1
    ) c
"""


def issue_credit_notes_many(by: Actor, rows: Sequence[NewCreditNote], *, batch_id: UUID | None = None) -> list[Outcome]:
    """Record credit notes, unapplied; `actions.apply_credit_note` sets them against items. Answers as `issue_many` does."""
    with action(by, "receivables.issue_credit_notes_many", batch=batch_id, rows=len(rows)) as log:
        closed = closed_through(by.organization_id, {row.creditor_id for row in rows})
        outcomes: dict[int, Outcome] = {}
        good = []
        for line, row in enumerate(rows):
            problem = _unfit(by, row, closed[row.creditor_id])
            if problem:
                outcomes[line] = Outcome("refused", problem=problem)
            else:
                good.append(line)
        good.sort(key=lambda line: (rows[line].creditor_id, rows[line].number_key))
        ids = uuid7_batch(len(good))
        incoming = [_incoming(line, id, rows[line]) for line, id in zip(good, ids, strict=True)]
        parameters: Parameters = {"organization": by.organization_id, "batch": batch_id}
        with staged("receivables_incoming", _INCOMING, incoming) as cursor:
            cursor.execute(_LAND, parameters)
            created = {id for (id,) in cursor.fetchall()}
            outcomes.update({line: Outcome("created", id) for line, id, *_ in incoming if id in created})
            _compare(cursor, parameters, rows, [line for line, id, *_ in incoming if id not in created], outcomes)
            keep_statistics(cursor, by.organization_id, {"receivables_creditnote": len(created)})
        _settle_discounts(by, created)
        states = [outcome.state for outcome in outcomes.values()]
        log.say(**{state: states.count(state) for state in ("created", "unchanged", "refused")})
        return [outcomes[line] for line in range(len(rows))]


def _settle_discounts(by: Actor, created: Collection[UUID]) -> None:
    """The few of them that a customer was promised."""
    notes = CreditNote.objects.filter(organization_id=by.organization_id, id__in=created)
    awaited = pending_credits(by.organization_id).values("installment__customer")
    settle_discounts(by, notes.filter(customer__in=awaited).order_by("issued_on", "id"))


def _incoming(line: int, id: UUID, row: NewCreditNote) -> tuple[Any, ...]:
    return (
        line,
        id,
        row.creditor_id,
        row.customer_id,
        row.number,
        row.number_key,
        row.issued_on,
        row.currency,
        row.amount,
        row.reason,
    )


def _unfit(by: Actor, row: NewCreditNote, through: date | None) -> Problem | None:
    try:
        check_amount(row.amount, row.currency)
    except Problem as problem:
        return problem
    if row.issued_on > by.today:
        return FutureDate(row.issued_on, by.today)
    if through and row.issued_on <= through:
        return ClosedPeriod(row.issued_on, through)
    return None


def _compare(
    cursor: CursorWrapper,
    parameters: Parameters,
    rows: Sequence[NewCreditNote],
    there: Sequence[int],
    outcomes: dict[int, Outcome],
) -> None:
    if not there:
        return
    creditors, keys = [rows[line].creditor_id for line in there], [rows[line].number_key for line in there]
    cursor.execute(_THERE, {**parameters, "lines": list(there), "creditors": creditors, "keys": keys})
    for line, id, number, *found in cursor.fetchall():
        row = rows[line]
        named = zip(
            ("customer", "currency", "issued_on", "amount"),
            found,
            (row.customer_id, row.currency, row.issued_on, row.amount),
            strict=True,
        )
        differs = tuple(name for name, stored, given in named if stored != given)
        problem = DocumentDiffers(number, differs) if differs else None
        outcomes[line] = Outcome("refused" if differs else "unchanged", id, problem=problem)
