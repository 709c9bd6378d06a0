"""Reads of promises. Each names its organization."""

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from puntual.agreements.models import Promise, PromiseItem
from puntual.agreements.promises.models import PromiseJudgment
from puntual.receivables.models import Hold, Installment, Invoice
from puntual.receivables.queries import active_holds
from puntual.receivables.settling import OpenItem

State = Promise.State
JUDGED = (State.KEPT, State.PARTLY_KEPT, State.BROKEN)
_OF_OTHERS = (
    Hold.Reason.PERSON,
    Hold.Reason.REPLY,
    Hold.Reason.PROMISE,
    Hold.Reason.PAYMENT_CLAIMED,
    Hold.Reason.MISSING,
)
"""Pauses that do not keep an item from being promised: nothing was agreed about it."""


def promises(organization_id: UUID, state: str = "") -> QuerySet[Promise]:
    """All of an organization's promises, or those in a state; with their customers."""
    found = Promise.objects.filter(organization_id=organization_id).select_related("customer", "creditor")
    return found.filter(state=state) if state else found


def promises_of(organization_id: UUID, customer_id: UUID) -> QuerySet[Promise]:
    """A customer's, the latest first."""
    mine = Promise.objects.filter(organization_id=organization_id, customer_id=customer_id)
    return mine.order_by("-promised_for", "-id")


def items_of(organization_id: UUID, promise_ids: Iterable[UUID]) -> dict[UUID, list[PromiseItem]]:
    """What each promise covers, with installments and invoices, the oldest first."""
    rows = PromiseItem.objects.filter(organization_id=organization_id, promise_id__in=list(promise_ids))
    found: dict[UUID, list[PromiseItem]] = {}
    for row in rows.select_related("installment__invoice").order_by("installment__due_on", "installment_id"):
        found.setdefault(row.promise_id, []).append(row)
    return found


def judgments_of(organization_id: UUID, promise_id: UUID) -> QuerySet[PromiseJudgment]:
    """What a promise was judged to be before, the first first; what stands is the promise's own."""
    return PromiseJudgment.objects.filter(organization_id=organization_id, promise_id=promise_id).order_by("at", "id")


def kept_of(organization_id: UUID, customer_id: UUID) -> tuple[int, int]:
    """How many of a customer's promises were kept, and how many were judged."""
    mine = Promise.objects.filter(organization_id=organization_id, customer_id=customer_id)
    counted = dict(mine.filter(state__in=JUDGED).values_list("state").annotate(count=Count("id")))
    return counted.get(State.KEPT, 0), sum(counted.values())


def coverable(organization_id: UUID, customer_id: UUID, currency: str, day: date) -> list[OpenItem]:
    """What a customer can promise in a currency: open and ours, not agreed or disputed otherwise; the oldest first."""
    rows = Installment.objects.filter(
        organization_id=organization_id, customer_id=customer_id, currency=currency, open_amount__gt=0
    )
    ours = rows.filter(Q(invoice__claim_owner=Invoice.ClaimOwner.OURS) | Q(invoice__claim_owner_since__gt=day))
    items = list(ours.select_related("invoice").order_by("due_on", "invoice__number_key", "position", "id"))
    elsewhere = list(active_holds(organization_id, day, [customer_id]).exclude(reason__in=_OF_OTHERS))
    found = []
    for item in items:
        held = [
            one.amount
            for one in elsewhere
            if one.installment_id == item.id
            or (one.installment_id is None and one.invoice_id in (None, item.invoice_id))
        ]
        if None in held:
            continue
        left = item.open_amount - sum((amount for amount in held if amount), Decimal(0))
        if left > 0:
            found.append(
                OpenItem(item.id, item.due_on, item.invoice.number, left, currency, min(item.expected_deduction, left))
            )
    return found


def held_by(organization_id: UUID, installment_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Which open promise holds each of these items, for those that one does."""
    holds = Hold.objects.filter(
        organization_id=organization_id,
        installment_id__in=list(installment_ids),
        reason=Hold.Reason.PROMISE,
        source_id__isnull=False,
        released_on=None,
    )
    held = dict(holds.values_list("installment_id", "source_id"))
    ours = Promise.objects.filter(organization_id=organization_id, id__in=set(held.values()), state=State.OPEN)
    known = set(ours.values_list("id", flat=True))
    return {item: source for item, source in held.items() if source in known}
