"""Reads of extensions. Each names its organization."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from puntual.agreements.extensions.chain import Chain
from puntual.agreements.models import Extension
from puntual.receivables.models import Installment

State = Extension.State


def extensions(organization_id: UUID, state: str = "") -> QuerySet[Extension]:
    """All of an organization's extensions, or those in a state; with customers and documents."""
    rows = Extension.objects.filter(organization_id=organization_id)
    rows = rows.select_related("customer", "installment__invoice")
    return rows.filter(state=state) if state else rows


def extensions_of(organization_id: UUID, customer_id: UUID) -> QuerySet[Extension]:
    """A customer's, the latest first."""
    return extensions(organization_id).filter(customer_id=customer_id).order_by("-recorded_at", "-id")


def extensions_of_invoice(organization_id: UUID, invoice_id: UUID) -> QuerySet[Extension]:
    """The chains of an invoice's installments, in the order in which they grew."""
    rows = extensions(organization_id).filter(installment__invoice_id=invoice_id)
    return rows.order_by("installment__position", "recorded_at", "id")


def chains(organization_id: UUID, installment_ids: Collection[UUID]) -> dict[UUID, Chain]:
    """The chain of each of these installments."""
    items = Installment.objects.filter(organization_id=organization_id, id__in=list(installment_ids))
    found = {id: Chain(due_on) for id, due_on in items.values_list("id", "due_on")}
    granted = Extension.objects.filter(
        organization_id=organization_id, installment_id__in=list(found), state=State.GRANTED
    )
    for id, to_due in granted.order_by("granted_on", "recorded_at", "id").values_list("installment_id", "to_due"):
        found[id] = Chain(found[id].due_on, (*found[id].days, to_due))
    return found
