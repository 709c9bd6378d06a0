"""A whole import of documents and balances taken back. Callers import from `bulk`."""

from uuid import UUID

from django.db import connection

from puntual.audit.actions import Actor, action
from puntual.parties.models import Creditor
from puntual.receivables.models import CreditNote, Hold, Invoice
from puntual.receivables.postings import closed_through
from puntual.receivables.problems import BatchInUse
from puntual.receivables.staging import Parameters

_LOCK = """
    SELECT count(*) FROM (
        SELECT FROM receivables_installment i
        WHERE i.organization_id = %(organization)s AND (
            i.invoice_id IN (SELECT v.id FROM receivables_invoice v
                             WHERE v.organization_id = %(organization)s AND v.batch_id = %(batch)s AND v.withdrawn_on IS NULL)
            OR i.id IN (SELECT e.installment_id FROM receivables_entry e
                        WHERE e.organization_id = %(organization)s AND e.source_id = %(batch)s))
        ORDER BY i.id FOR NO KEY UPDATE
    ) AS locked
"""
# What the import closed outside or reopened, and nobody reversed since; `o` is what a reopening reversed. Where that was the
# import's own, the two make nothing.
_STANDING = """
    e.organization_id = %(organization)s AND e.source_id = %(batch)s AND e.kind = 'closed_outside'
    AND o.source_id IS DISTINCT FROM e.source_id
    AND NOT EXISTS (SELECT FROM receivables_entry x WHERE x.organization_id = e.organization_id AND x.reverses_id = e.id)
"""
# Undone as of the day it counted from, so that no other past changes; in a period closed since, from the first day after it.
# What the import had reopened is closed again, in the name of the import that had closed it.
_REVERSE = f"""
    INSERT INTO receivables_entry (
        id, organization_id, installment_id, account, kind, amount, currency, effective_on, recorded_at, source_id, reverses_id,
        memo)
    SELECT puntual_uuid7(), e.organization_id, e.installment_id, e.account, e.kind, -e.amount, e.currency,
           greatest(e.effective_on, c.books_closed_through + 1, CASE WHEN e.amount > 0 THEN (
               SELECT max(r.effective_on) FROM receivables_entry r
               WHERE r.organization_id = e.organization_id AND r.installment_id = e.installment_id
                 AND r.account = e.account AND r.amount > 0) END),
           %(now)s, o.source_id, e.id, %(why)s
    FROM receivables_entry e
    LEFT JOIN receivables_entry o ON o.organization_id = e.organization_id AND o.id = e.reverses_id
    JOIN receivables_installment i ON i.organization_id = e.organization_id AND i.id = e.installment_id
    JOIN parties_creditor c ON c.organization_id = i.organization_id AND c.id = i.creditor_id
    WHERE {_STANDING}
"""
# What of the import has been used since: what it closed outside is taken off in thought.
_IN_USE = f"""
    WITH closed AS (
        SELECT e.installment_id, sum(e.amount) AS amount FROM receivables_entry e
        LEFT JOIN receivables_entry o ON o.organization_id = e.organization_id AND o.id = e.reverses_id
        WHERE {_STANDING}
        GROUP BY e.installment_id
    ), item AS (
        SELECT i.id, true AS issued FROM receivables_invoice v
        JOIN receivables_installment i ON i.organization_id = v.organization_id AND i.invoice_id = v.id
        WHERE v.organization_id = %(organization)s AND v.batch_id = %(batch)s AND v.withdrawn_on IS NULL
        UNION ALL SELECT installment_id, false FROM closed
    )
    SELECT DISTINCT v.number FROM item
    JOIN receivables_installment i ON i.organization_id = %(organization)s AND i.id = item.id
    JOIN receivables_invoice v ON v.organization_id = i.organization_id AND v.id = i.invoice_id
    LEFT JOIN closed ON closed.installment_id = i.id
    WHERE CASE WHEN item.issued THEN i.open_amount - coalesce(closed.amount, 0) <> i.amount OR i.written_off <> 0
               ELSE i.open_amount - closed.amount NOT BETWEEN 0 AND i.amount END
    UNION ALL
    SELECT c.number FROM receivables_creditnote c
    WHERE c.organization_id = %(organization)s AND c.batch_id = %(batch)s AND c.withdrawn_on IS NULL AND c.unapplied <> c.amount
    ORDER BY 1 LIMIT 5
"""
_CANCEL = """
    INSERT INTO receivables_entry (
        id, organization_id, installment_id, account, kind, amount, currency, effective_on, recorded_at, source_id, memo)
    SELECT puntual_uuid7(), i.organization_id, i.id, 'receivable', 'cancellation', -i.open_amount, i.currency,
           greatest(e.raised_on, c.books_closed_through + 1), %(now)s, %(batch)s, %(why)s
    FROM receivables_invoice v
    JOIN receivables_installment i ON i.organization_id = v.organization_id AND i.invoice_id = v.id
    JOIN parties_creditor c ON c.organization_id = v.organization_id AND c.id = v.creditor_id
    CROSS JOIN LATERAL (
        SELECT max(effective_on) AS raised_on FROM receivables_entry
        WHERE organization_id = i.organization_id AND installment_id = i.id AND account = 'receivable' AND amount > 0
    ) e
    WHERE v.organization_id = %(organization)s AND v.batch_id = %(batch)s AND v.withdrawn_on IS NULL
"""


def undo_batch(by: Actor, batch_id: UUID, *, why: str) -> int:
    """Take back everything an import brought here, as if it had never been: its invoices and credit notes are withdrawn (their
    numbers are free again), what it closed outside is open again, its holds end. All of it, or nothing.

    How many documents were withdrawn. Take back its payments first (`payments.bulk.undo_batch`). Raises BatchInUse where
    something of it was paid, credited or written off since.
    """
    with action(by, "receivables.undo_batch", why=why, batch=batch_id) as log, connection.cursor() as cursor:
        parameters: Parameters = {
            "organization": by.organization_id,
            "batch": batch_id,
            "now": by.now,
            "why": why[:200],
        }
        creditors = Creditor.objects.filter(organization_id=by.organization_id).values_list("id", flat=True)
        closed_through(by.organization_id, list(creditors))  # so that no period closes meanwhile
        mine = {"organization_id": by.organization_id, "batch_id": batch_id, "withdrawn_on": None}
        list(CreditNote.objects.filter(**mine).order_by("id").select_for_update(no_key=True).values_list("id"))
        cursor.execute(_LOCK, parameters)
        cursor.execute(_IN_USE, parameters)
        in_use = [number for (number,) in cursor.fetchall()]
        if in_use:
            raise BatchInUse(in_use)
        cursor.execute(_REVERSE, parameters)
        cursor.execute(_CANCEL, parameters)
        withdrawn = Invoice.objects.filter(**mine).update(withdrawn_on=by.today)
        withdrawn += CreditNote.objects.filter(**mine).update(withdrawn_on=by.today, unapplied=0)
        Hold.objects.filter(organization_id=by.organization_id, source_id=batch_id, released_on=None).update(
            released_on=by.today, released_by=by.name
        )
        log.say(withdrawn=withdrawn)
        return withdrawn
