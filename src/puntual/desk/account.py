"""A customer's account as the page shows it: what may be asked for, what stands apart, and what is in its favor."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, QuerySet

from puntual.audit.actions import Actor
from puntual.parties.models import Customer
from puntual.payments.models import Payment
from puntual.receivables.models import CreditNote, Hold, Installment, Invoice
from puntual.receivables.queries import ItemBalance, active_holds

OURS = Invoice.ClaimOwner.OURS


@dataclass(frozen=True, slots=True)
class Line:
    """An open item with the pauses that stop it being asked for. `held` is the part of it that they cover."""

    item: ItemBalance
    holds: tuple[Hold, ...] = ()
    held: Decimal = Decimal(0)


@dataclass(slots=True)
class Group:
    """Lines of one sort with their sums by currency."""

    name: str
    lines: list[Line] = field(default_factory=list)

    @property
    def totals(self) -> list[tuple[str, Decimal]]:
        sums: dict[str, Decimal] = {}
        for line in self.lines:
            sums[line.item.currency] = sums.get(line.item.currency, Decimal(0)) + line.item.open
        return sorted(sums.items())


def grouped(items: Sequence[ItemBalance], holds: Sequence[Hold], today: date) -> list[Group]:
    """Open items as they are dealt with: overdue, paused, still to come, not ours; groups with nothing are left out.

    What is paused or to come is listed apart and never totaled into what is asked for.
    """
    groups = {name: Group(name) for name in ("overdue", "held", "to_come", "not_ours")}
    for item in items:
        line = _line(item, holds)
        if item.claim_owner != OURS:
            name = "not_ours"
        elif line.held >= item.open:
            name = "held"
        else:
            name = "overdue" if item.due_on < today else "to_come"
        groups[name].lines.append(line)
    return [group for group in groups.values() if group.lines]


def _line(item: ItemBalance, holds: Sequence[Hold]) -> Line:
    covering = tuple(
        hold
        for hold in holds
        if hold.stops_chasing
        and (
            hold.installment_id == item.installment_id
            or hold.invoice_id == item.invoice_id
            or (hold.installment_id is None and hold.invoice_id is None)
        )
    )
    held = sum((item.open if hold.amount is None else hold.amount for hold in covering), Decimal(0))
    return Line(item, covering, min(held, item.open))


def holds_now(by: Actor, customer: Customer) -> list[Hold]:
    """The pauses in force, with what they are on."""
    found = active_holds(by.organization_id, by.today, [customer.id])
    return list(found.select_related("invoice", "installment__invoice"))


def other_holds(by: Actor, customer: Customer, limit: int = 20) -> tuple[list[Hold], list[Hold]]:
    """The pauses still to begin, and the last ones that are over."""
    mine = Hold.objects.filter(organization_id=by.organization_id, customer=customer)
    mine = mine.select_related("invoice", "installment__invoice")
    over = Q(released_on__lte=by.today) | Q(until_on__lt=by.today)
    ahead = mine.filter(from_on__gt=by.today).exclude(over).order_by("from_on", "id")
    return list(ahead), list(mine.filter(over).order_by("-from_on", "-id")[:limit])


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
