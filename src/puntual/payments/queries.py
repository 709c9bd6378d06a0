"""Reads of payments. Each names its organization and is one set-based query."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet, Sum

from puntual.payments.models import Allocation, Payment


@dataclass(frozen=True, slots=True)
class OnAccount:
    """Money of a customer, in one currency, that no item has taken."""

    customer_id: UUID
    currency: str
    amount: Decimal


def on_account(
    organization_id: UUID, customer_ids: Collection[UUID] | None = None, as_of: date | None = None
) -> list[OnAccount]:
    """What each customer has on account per currency, now or as of a day; customers with nothing are left out."""
    wanted = "" if customer_ids is None else " AND p.customer_id = ANY(%(customers)s)"
    if as_of is None:
        rest, when = "p.unapplied", " AND p.unapplied > 0"
    else:
        rest = """p.amount + coalesce((
                SELECT sum(e.amount) FROM receivables_entry e
                WHERE e.organization_id = p.organization_id AND e.source_id = p.id AND e.effective_on <= %(as_of)s), 0)
            - coalesce((
                SELECT sum(r.amount) FROM payments_refund r
                WHERE r.organization_id = p.organization_id AND r.payment_id = p.id AND r.refunded_on <= %(as_of)s), 0)"""
        when = " AND p.received_on <= %(as_of)s AND (p.reversed_on IS NULL OR p.reversed_on > %(as_of)s)"
    statement = f"""
        SELECT customer_id, currency, sum(rest)
        FROM (SELECT p.customer_id, p.currency, {rest} AS rest FROM payments_payment p
              WHERE p.organization_id = %(organization)s{when}{wanted}) AS payment
        GROUP BY customer_id, currency
        HAVING sum(rest) <> 0
        ORDER BY customer_id, currency
    """
    with connection.cursor() as cursor:
        cursor.execute(
            statement, {"organization": organization_id, "customers": list(customer_ids or ()), "as_of": as_of}
        )
        return [OnAccount(*row) for row in cursor.fetchall()]


def payments_of(organization_id: UUID, customer_id: UUID) -> QuerySet[Payment]:
    """A customer's payments, the latest first; an import that was undone leaves none."""
    return Payment.objects.filter(organization_id=organization_id, customer_id=customer_id, withdrawn_on=None).order_by(
        "-received_on", "-id"
    )


def allocations_of(organization_id: UUID, payment_ids: Collection[UUID]) -> QuerySet[Allocation]:
    """Which items these payments settle now, with installment and invoice."""
    return (
        Allocation.objects.filter(organization_id=organization_id, payment_id__in=list(payment_ids), reversed_at=None)
        .select_related("installment__invoice", "entry")
        .order_by("payment_id", "installment__due_on", "id")
    )


def received_since(
    organization_id: UUID, since: date, customer_ids: Collection[UUID] | None = None
) -> dict[tuple[UUID, str], Decimal]:
    """Money received on or after a day and not reversed, by (customer, currency)."""
    payments = Payment.objects.filter(organization_id=organization_id, received_on__gte=since, reversed_on=None)
    if customer_ids is not None:
        payments = payments.filter(customer_id__in=list(customer_ids))
    rows = payments.values_list("customer_id", "currency").annotate(total=Sum("amount"))
    return {(customer, currency): total for customer, currency, total in rows}
