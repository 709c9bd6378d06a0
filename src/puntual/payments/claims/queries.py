"""Reads of claimed payments. Each names its organization and leaves the receipt where it is."""

from collections.abc import Collection
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from puntual.payments.models import Payment, PaymentClaim, PaymentClaimItem

_AROUND: Final = timedelta(days=10)


def claims(organization_id: UUID, states: Collection[str] = ()) -> QuerySet[PaymentClaim]:
    """What customers say they paid, in no order."""
    found = PaymentClaim.objects.filter(organization_id=organization_id).select_related("customer").defer("receipt")
    return found.filter(state__in=list(states)) if states else found


def claims_of(organization_id: UUID, customer_id: UUID) -> QuerySet[PaymentClaim]:
    """A customer's, the latest first."""
    return claims(organization_id).filter(customer=customer_id).order_by("-recorded_at", "-id")


def items_of(claim: PaymentClaim) -> QuerySet[PaymentClaimItem]:
    """What a claimed payment is for."""
    items = PaymentClaimItem.objects.filter(organization_id=claim.organization_id, claim=claim)
    return items.select_related("installment__invoice").order_by("installment__due_on", "id")


def likely_payments(claim: PaymentClaim) -> QuerySet[Payment]:
    """Payments of the customer or of who pays for it, in the currency, around the day it names: the same amount first."""
    payers = [claim.customer_id] + ([claim.customer.paid_by_id] if claim.customer.paid_by_id else [])
    found = Payment.objects.filter(
        organization_id=claim.organization_id,
        customer__in=payers,
        currency=claim.currency,
        received_on__gte=claim.paid_on - _AROUND,
        reversed_on=None,
        withdrawn_on=None,
    )
    return found.extra(select={"same": "amount = %s"}, select_params=[claim.amount]).order_by("-same", "-received_on")
