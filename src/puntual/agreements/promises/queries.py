"""Reads of promises. Each names its organization."""

from uuid import UUID

from django.db.models import QuerySet

from puntual.agreements.models import Promise

State = Promise.State


def promises(organization_id: UUID, state: str = "") -> QuerySet[Promise]:
    """All of an organization's promises, or those in a state; with their customers."""
    found = Promise.objects.filter(organization_id=organization_id).select_related("customer", "creditor")
    return found.filter(state=state) if state else found


def promises_of(organization_id: UUID, customer_id: UUID) -> QuerySet[Promise]:
    """A customer's, the latest first."""
    mine = Promise.objects.filter(organization_id=organization_id, customer_id=customer_id)
    return mine.order_by("-promised_for", "-id")
