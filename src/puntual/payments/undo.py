"""A whole import of payments taken back. Callers import from `bulk`."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from puntual.audit.actions import Actor, action
from puntual.parties.models import Creditor
from puntual.payments.models import Payment
from puntual.payments.problems import PartlyRefunded
from puntual.receivables.early import give_back_early, with_discount_taken
from puntual.receivables.postings import closed_through

_LOCK = """
    SELECT count(*) FROM (
        SELECT FROM receivables_installment i
        WHERE i.organization_id = %(organization)s AND i.id IN (
            SELECT a.installment_id FROM payments_allocation a
            JOIN payments_payment p ON p.organization_id = a.organization_id AND p.id = a.payment_id
            WHERE p.organization_id = %(organization)s AND p.batch_id = %(batch)s AND p.withdrawn_on IS NULL)
        ORDER BY i.id FOR NO KEY UPDATE
    ) AS locked
"""
_REFUNDED = """
    SELECT p.reference, sum(r.amount), p.currency FROM payments_refund r
    JOIN payments_payment p ON p.organization_id = r.organization_id AND p.id = r.payment_id
    WHERE r.organization_id = %(organization)s AND p.batch_id = %(batch)s AND p.withdrawn_on IS NULL
    GROUP BY p.organization_id, p.id ORDER BY p.reference LIMIT 1
"""
# Undone as of the day it counted from, so that no other past changes; in a period closed since, from the first day after it.
_REVERSE = """
    INSERT INTO receivables_entry (
        id, organization_id, installment_id, account, kind, amount, currency, effective_on, recorded_at, source_id, reverses_id,
        memo)
    SELECT puntual_uuid7(), e.organization_id, e.installment_id, e.account, e.kind, -e.amount, e.currency,
           greatest(e.effective_on, c.books_closed_through + 1), %(now)s, e.source_id, e.id, %(why)s
    FROM payments_payment p
    JOIN payments_allocation a ON a.organization_id = p.organization_id AND a.payment_id = p.id
    JOIN receivables_entry e ON e.organization_id = a.organization_id AND e.id = a.entry_id
    JOIN parties_creditor c ON c.organization_id = p.organization_id AND c.id = p.creditor_id
    WHERE p.organization_id = %(organization)s AND p.batch_id = %(batch)s AND p.withdrawn_on IS NULL AND a.reversed_at IS NULL
"""
_TAKE_BACK = """
    UPDATE payments_allocation a SET reversed_at = %(now)s
    FROM payments_payment p
    WHERE p.organization_id = %(organization)s AND p.batch_id = %(batch)s AND p.withdrawn_on IS NULL
      AND a.organization_id = p.organization_id AND a.payment_id = p.id AND a.reversed_at IS NULL
"""
_WITHDRAW = """
    UPDATE payments_payment p SET unapplied = 0, withdrawn_on = %(today)s,
           reversed_on = coalesce(p.reversed_on, greatest(p.received_on, c.books_closed_through + 1)),
           reversal_reason = CASE WHEN p.reversed_on IS NULL THEN %(why)s ELSE p.reversal_reason END
    FROM parties_creditor c
    WHERE p.organization_id = %(organization)s AND p.batch_id = %(batch)s AND p.withdrawn_on IS NULL
      AND c.organization_id = p.organization_id AND c.id = p.creditor_id
"""


def undo_batch(by: Actor, batch_id: UUID, *, why: str) -> int:
    """Take back every payment an import brought, as if it had never been: reversed as of the day it was received, its reference
    free again. All of it, or nothing.

    How many payments were withdrawn. Take back the import's documents afterwards (`receivables.bulk.undo_batch`). Raises
    PartlyRefunded where money of it was given back since.
    """
    with action(by, "payments.undo_batch", why=why, batch=batch_id) as log, connection.cursor() as cursor:
        creditors = Creditor.objects.filter(organization_id=by.organization_id).values_list("id", flat=True)
        closed = closed_through(by.organization_id, list(creditors))  # so that no period closes meanwhile
        parameters: dict[str, Any] = {
            "organization": by.organization_id,
            "batch": batch_id,
            "now": by.now,
            "today": by.today,
            "why": why[:200],
        }
        mine = Payment.objects.filter(organization_id=by.organization_id, batch_id=batch_id, withdrawn_on=None)
        list(mine.order_by("id").select_for_update(no_key=True).values_list("id"))
        cursor.execute(_LOCK, parameters)
        cursor.execute(_REFUNDED, parameters)
        refunded = cursor.fetchone()
        if refunded:
            raise PartlyRefunded(*refunded)
        _give_back_early(by, mine, closed, why)
        cursor.execute(_REVERSE, parameters)
        cursor.execute(_TAKE_BACK, parameters)
        cursor.execute(_WITHDRAW, parameters)
        withdrawn: int = cursor.rowcount
        log.say(withdrawn=withdrawn)
        return withdrawn


def _give_back_early(by: Actor, payments: QuerySet[Payment], closed: Mapping[UUID, date | None], why: str) -> None:
    """What was kept for paying early with these payments is owed again, from the same day as the rest."""
    taken = with_discount_taken(by.organization_id, payments.values("id"))
    for payment in payments.filter(id__in=list(taken)).order_by("id"):
        through = closed.get(payment.creditor_id)
        day = max(payment.received_on, through + timedelta(days=1)) if through else payment.received_on
        give_back_early(by, payment.id, taken[payment.id], day, why)
