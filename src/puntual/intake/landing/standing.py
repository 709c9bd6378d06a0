"""What the ledger has of the documents a chunk names, in one read."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from puntual.disputes.bulk import standing as standing_disputes
from puntual.intake.deciding import ZERO, Item, Standing

# Each statement looks for a list of keys in one table. A join would be planned by how many rows the planner believes the
# organization to have; of one it has not met yet it expects a single row, and goes through all of them for every key.
_INVOICES = """
    SELECT number_key, id, customer_id, currency, issued_on, amount, batch_id FROM receivables_invoice
    WHERE organization_id = %(organization)s AND creditor_id = %(creditor)s AND kind = 'invoice'
      AND number_key = ANY(%(keys)s) AND withdrawn_on IS NULL
"""
_ITEMS = """
    SELECT invoice_id, id, due_on, open_amount FROM receivables_installment
    WHERE organization_id = %(organization)s AND invoice_id = ANY(%(invoices)s) ORDER BY position
"""
_OUTSIDE = """
    SELECT installment_id, -sum(amount) FROM receivables_entry
    WHERE organization_id = %(organization)s AND installment_id = ANY(%(items)s) AND kind = 'closed_outside'
    GROUP BY installment_id
"""
_CREDIT_NOTES = """
    SELECT number_key, id, customer_id, currency, amount, unapplied FROM receivables_creditnote
    WHERE organization_id = %(organization)s AND creditor_id = %(creditor)s AND number_key = ANY(%(keys)s)
      AND withdrawn_on IS NULL
"""


def standings(
    organization_id: UUID,
    creditor_id: UUID,
    keys: Collection[str],
    *,
    job_id: UUID | None = None,
    seen: Collection[str] = (),
    disputes: bool = False,
) -> dict[str, Standing]:
    """A creditor's invoices with these document keys, by key.

    `seen` are the keys of rows that came before; what the job itself has made was seen as well.
    """
    asked = _asked(organization_id, creditor_id, keys)
    with connection.cursor() as cursor:
        cursor.execute(_INVOICES, asked)
        invoices = cursor.fetchall()
        if not invoices:
            return {}
        cursor.execute(_ITEMS, {**asked, "invoices": [invoice for _key, invoice, *_ in invoices]})
        items: dict[UUID, list[Item]] = {}
        for invoice, *item in cursor.fetchall():
            items.setdefault(invoice, []).append(Item(*item))
        own = {item.id: invoice for invoice, its in items.items() for item in its}
        cursor.execute(_OUTSIDE, {**asked, "items": list(own)})
        outside: dict[UUID, Decimal] = {}
        for item_id, amount in cursor.fetchall():
            outside[own[item_id]] = outside.get(own[item_id], ZERO) + amount
    disputed = standing_disputes(organization_id, list(items)) if disputes else {}
    found = {}
    for key, id, customer, currency, issued, amount, batch in invoices:
        dispute, by_file = disputed.get(id, (None, False))
        found[key] = Standing(
            invoice_id=id,
            customer_id=customer,
            currency=currency,
            issued_on=issued,
            amount=amount,
            items=tuple(items[id]),
            settled_outside=outside.get(id, ZERO),
            disputed=dispute is not None,
            dispute=dispute if by_file else None,
            seen=(batch is not None and batch == job_id) or key in seen,
        )
    return found


class StandingNote(NamedTuple):
    """A credit note as the ledger has it."""

    id: UUID
    customer_id: UUID
    currency: str
    amount: Decimal
    unapplied: Decimal


def standing_notes(organization_id: UUID, creditor_id: UUID, keys: Collection[str]) -> dict[str, StandingNote]:
    """A creditor's credit notes with these document keys, by key."""
    with connection.cursor() as cursor:
        cursor.execute(_CREDIT_NOTES, _asked(organization_id, creditor_id, keys))
        return {key: StandingNote(*own) for key, *own in cursor.fetchall()}


def _asked(organization_id: UUID, creditor_id: UUID, keys: Collection[str]) -> dict[str, Any]:
    return {"organization": organization_id, "creditor": creditor_id, "keys": list(keys)}
