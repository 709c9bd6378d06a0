"""Reads of late interest: what would be charged as of a day, on which terms, and what was charged."""

from collections.abc import Collection, Iterator
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from puntual.receivables.interest.facts import late_items, rates_of
from puntual.receivables.interest.laws import laws
from puntual.receivables.interest.models import InterestCharge, InterestTerms
from puntual.receivables.interest.statement import KeptLine, from_data
from puntual.receivables.interest.working import Accrual, work_out


def accruals(
    organization_id: UUID,
    as_of: date,
    *,
    creditor_id: UUID | None = None,
    customer_id: UUID | None = None,
    invoice_id: UUID | None = None,
) -> Iterator[Accrual]:
    """What each late item bears and was not charged yet, through `as_of`; items of creditors that do not charge are none."""
    known, rates = laws(), rates_of(organization_id)
    chunks = late_items(organization_id, as_of, creditor_id=creditor_id, customer_id=customer_id, invoice_id=invoice_id)
    for chunk in chunks:
        for item in chunk:
            yield work_out(item, known.get(item.country), rates, as_of)


def standing_terms(organization_id: UUID, creditor_id: UUID, customer_id: UUID | None = None) -> InterestTerms | None:
    """The terms in force for a creditor, or for one of its customers alone."""
    standing = InterestTerms.objects.filter(organization_id=organization_id, creditor_id=creditor_id, ended_at=None)
    whose = Q(customer=None) if customer_id is None else Q(customer_id=customer_id)
    return standing.filter(whose).first()


def charges_of(organization_id: UUID, invoice_ids: Collection[UUID]) -> QuerySet[InterestCharge]:
    """What was charged for these invoices, the latest first, with the charge."""
    return (
        InterestCharge.objects.filter(organization_id=organization_id, installment__invoice_id__in=list(invoice_ids))
        .select_related("charge", "installment__invoice")
        .order_by("-last_day", "-id")
    )


def charges_to(organization_id: UUID, customer_id: UUID) -> QuerySet[InterestCharge]:
    """What was charged to a customer, the latest first, with the charge."""
    return (
        InterestCharge.objects.filter(organization_id=organization_id, charge__customer_id=customer_id)
        .select_related("charge", "installment__invoice")
        .order_by("-last_day", "-id")
    )


def lines_of_charge(organization_id: UUID, charge_id: UUID) -> list[KeptLine]:
    """How a charge was worked out; nothing for one that came from elsewhere."""
    found = InterestCharge.objects.filter(organization_id=organization_id, charge_id=charge_id).first()
    return [from_data(line) for line in found.lines] if found else []
