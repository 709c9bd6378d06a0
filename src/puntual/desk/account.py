"""A customer's account as the page shows it: what may be asked for, what stands apart, and what is in its favor."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, QuerySet

from puntual.audit.actions import Actor
from puntual.kernel.remembering import remembered
from puntual.parties.models import Customer
from puntual.payments.models import Payment
from puntual.receivables.models import CreditNote, Hold, Installment


def holds_now(by: Actor, customer: Customer) -> list[Hold]:
    """The pauses in force, with what they are on."""
    return [hold for hold in _still(by.organization_id, customer.id, by.today) if hold.from_on <= by.today]


def other_holds(by: Actor, customer: Customer, limit: int = 20) -> tuple[list[Hold], list[Hold]]:
    """The pauses still to begin, and the last ones that are over."""
    ahead = [hold for hold in _still(by.organization_id, customer.id, by.today) if hold.from_on > by.today]
    mine = Hold.objects.filter(_over(by.today), organization_id=by.organization_id, customer=customer)
    return ahead, list(mine.select_related("invoice", "installment__invoice").order_by("-from_on", "-id")[:limit])


@remembered
def _still(organization_id: UUID, customer_id: UUID, today: date) -> list[Hold]:
    """The pauses that are not over, in force or still to begin, the oldest first."""
    mine = Hold.objects.filter(~_over(today), organization_id=organization_id, customer=customer_id)
    return list(mine.select_related("invoice", "installment__invoice").order_by("from_on", "id"))


def _over(today: date) -> Q:
    return Q(released_on__lte=today) | Q(until_on__lt=today)


@dataclass(frozen=True, slots=True)
class Credit:
    """Something in the customer's favor that no item has taken: a credit note, or money on account."""

    currency: str
    amount: Decimal
    on: date
    note: CreditNote | None = None
    payment: Payment | None = None


def credits(by: Actor, customer: Customer) -> list[Credit]:
    """What waits in the customer's favor, the oldest first."""
    mine = {"organization_id": by.organization_id, "customer": customer, "unapplied__gt": 0}
    found = [
        Credit(note.currency, note.unapplied, note.issued_on, note=note)
        for note in CreditNote.objects.filter(**mine, withdrawn_on=None)
    ]
    found += [
        Credit(payment.currency, payment.unapplied, payment.received_on, payment=payment)
        for payment in Payment.objects.filter(**mine, withdrawn_on=None)
    ]
    return sorted(found, key=lambda credit: credit.on)


def settled(organization_id: UUID, customer_id: UUID) -> QuerySet[Installment]:
    """A customer's closed installments with their invoices, by ("settled_on", "id")."""
    return Installment.objects.filter(
        organization_id=organization_id, customer_id=customer_id, settled_on__isnull=False
    ).select_related("invoice")
