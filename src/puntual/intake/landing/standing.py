"""What the ledger has of the documents a chunk names, in one read."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from puntual.intake.deciding import ZERO, Item, Standing

Key = tuple[UUID, str]
"""Creditor and document key."""

_INVOICES = """
    SELECT w.creditor_id, w.number_key, v.id, v.customer_id, v.currency, v.issued_on, v.amount, v.batch_id,
           i.ids, i.due_dates, i.balances, e.outside, h.id, h.source_id IS NOT NULL
    FROM unnest(%(creditors)s::uuid[], %(keys)s::text[]) AS w(creditor_id, number_key)
    CROSS JOIN LATERAL (
        SELECT * FROM receivables_invoice
        WHERE organization_id = %(organization)s AND creditor_id = w.creditor_id AND kind = 'invoice'
          AND number_key = w.number_key AND withdrawn_on IS NULL
        LIMIT 1
    ) v
    CROSS JOIN LATERAL (
        SELECT array_agg(id ORDER BY position) AS ids, array_agg(due_on ORDER BY position) AS due_dates,
               array_agg(open_amount ORDER BY position) AS balances
        FROM receivables_installment WHERE organization_id = %(organization)s AND invoice_id = v.id
    ) i
    CROSS JOIN LATERAL (
        SELECT -sum(amount) AS outside FROM receivables_entry
        WHERE organization_id = %(organization)s AND installment_id = ANY(i.ids) AND kind = 'closed_outside'
    ) e
    LEFT JOIN LATERAL (
        SELECT id, source_id FROM receivables_hold
        WHERE %(disputes)s AND organization_id = %(organization)s AND customer_id = v.customer_id AND reason = 'dispute'
          AND released_on IS NULL AND (invoice_id = v.id OR installment_id = ANY(i.ids))
        ORDER BY source_id IS NOT NULL LIMIT 1
    ) h ON true
"""
_CREDIT_NOTES = """
    SELECT w.creditor_id, w.number_key, c.id, c.customer_id, c.currency, c.amount, c.unapplied
    FROM unnest(%(creditors)s::uuid[], %(keys)s::text[]) AS w(creditor_id, number_key)
    CROSS JOIN LATERAL (
        SELECT * FROM receivables_creditnote
        WHERE organization_id = %(organization)s AND creditor_id = w.creditor_id AND number_key = w.number_key
          AND withdrawn_on IS NULL
        LIMIT 1
    ) c
"""


def standings(
    organization_id: UUID, keys: Collection[Key], *, job_id: UUID, seen: Collection[Key], disputes: bool
) -> dict[Key, Standing]:
    """The invoices that are there. `seen` are the keys of rows that came before; an invoice of the job itself is one as well."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(_INVOICES, {**_asked(organization_id, keys), "disputes": disputes})
        for creditor, key, id, customer, currency, issued, amount, batch, *more in cursor.fetchall():
            ids, due_dates, balances, outside, hold, by_file = more
            found[creditor, key] = Standing(
                invoice_id=id,
                customer_id=customer,
                currency=currency,
                issued_on=issued,
                amount=amount,
                items=tuple(map(Item, ids, due_dates, balances)),
                settled_outside=outside or ZERO,
                disputed=hold is not None,
                dispute=hold if by_file else None,
                seen=batch == job_id or (creditor, key) in seen,
            )
    return found


class StandingNote(NamedTuple):
    """A credit note as the ledger has it."""

    id: UUID
    customer_id: UUID
    currency: str
    amount: Decimal
    unapplied: Decimal


def standing_notes(organization_id: UUID, keys: Collection[Key]) -> dict[Key, StandingNote]:
    """The credit notes that are there."""
    with connection.cursor() as cursor:
        cursor.execute(_CREDIT_NOTES, _asked(organization_id, keys))
        return {(creditor, key): StandingNote(*own) for creditor, key, *own in cursor.fetchall()}


def _asked(organization_id: UUID, keys: Collection[Key]) -> dict[str, Any]:
    return {
        "organization": organization_id,
        "creditors": [creditor for creditor, _key in keys],
        "keys": [key for _creditor, key in keys],
    }
