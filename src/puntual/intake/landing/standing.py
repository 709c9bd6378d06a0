"""What the ledger has of the documents a chunk names, in one read."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from puntual.intake.deciding import ZERO, Item, Standing

# The last condition is for the planner: of a creditor it has never seen it expects one row whichever index it takes, and may take
# one that leads through everything a checked import left there and rolled back.
_INVOICES = """
    SELECT w.number_key, v.id, v.customer_id, v.currency, v.issued_on, v.amount, v.batch_id,
           i.ids, i.due_dates, i.balances, i.outside, h.id, h.source_id IS NOT NULL
    FROM unnest(%(keys)s::text[]) AS w(number_key)
    CROSS JOIN LATERAL (
        SELECT * FROM receivables_invoice
        WHERE organization_id = %(organization)s AND creditor_id = %(creditor)s AND kind = 'invoice'
          AND number_key = w.number_key AND withdrawn_on IS NULL
        LIMIT 1
    ) v
    CROSS JOIN LATERAL (
        SELECT array_agg(i.id ORDER BY i.position) AS ids, array_agg(i.due_on ORDER BY i.position) AS due_dates,
               array_agg(i.open_amount ORDER BY i.position) AS balances, sum(e.outside) AS outside
        FROM receivables_installment i
        CROSS JOIN LATERAL (
            SELECT -sum(amount) FILTER (WHERE kind = 'closed_outside') AS outside FROM receivables_entry
            WHERE organization_id = %(organization)s AND installment_id = i.id
        ) e
        WHERE i.organization_id = %(organization)s AND i.invoice_id = v.id
    ) i
    LEFT JOIN LATERAL (
        SELECT id, source_id FROM receivables_hold
        WHERE %(disputes)s AND organization_id = %(organization)s AND customer_id = v.customer_id AND reason = 'dispute'
          AND released_on IS NULL AND (invoice_id = v.id OR installment_id = ANY(i.ids))
        ORDER BY source_id IS NOT NULL LIMIT 1
    ) h ON true
    WHERE EXISTS (SELECT FROM receivables_invoice WHERE organization_id = %(organization)s AND creditor_id = %(creditor)s)
"""
_CREDIT_NOTES = """
    SELECT w.number_key, c.id, c.customer_id, c.currency, c.amount, c.unapplied
    FROM unnest(%(keys)s::text[]) AS w(number_key)
    CROSS JOIN LATERAL (
        SELECT * FROM receivables_creditnote
        WHERE organization_id = %(organization)s AND creditor_id = %(creditor)s AND number_key = w.number_key
          AND withdrawn_on IS NULL
        LIMIT 1
    ) c
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
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(_INVOICES, {**_asked(organization_id, creditor_id, keys), "disputes": disputes})
        for key, id, customer, currency, issued, amount, batch, *more in cursor.fetchall():
            ids, due_dates, balances, outside, hold, by_file = more
            found[key] = Standing(
                invoice_id=id,
                customer_id=customer,
                currency=currency,
                issued_on=issued,
                amount=amount,
                items=tuple(map(Item, ids, due_dates, balances)),
                settled_outside=outside or ZERO,
                disputed=hold is not None,
                dispute=hold if by_file else None,
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
