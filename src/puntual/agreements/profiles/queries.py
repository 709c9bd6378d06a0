"""Findings about a customer. Everything runs inside `acting_for` and names its organization."""

from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from puntual.agreements.profiles.models import Finding


def findings(organization_id: UUID, customer_id: UUID) -> QuerySet[Finding]:
    """All of them, the one that counts first."""
    rows = Finding.objects.filter(organization_id=organization_id, customer=customer_id)
    return rows.order_by("-found_on", "-recorded_at", "-id")


def current(organization_id: UUID, customer_id: UUID, as_of: date | None = None) -> Finding | None:
    """The one that counts, or counted on `as_of`."""
    rows = findings(organization_id, customer_id)
    return (rows.filter(found_on__lte=as_of) if as_of else rows).first()
