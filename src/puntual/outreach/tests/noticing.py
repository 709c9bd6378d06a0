"""What leads to a notice, for the tests of this room and of those above it."""

from datetime import timedelta
from decimal import Decimal

from puntual.audit.actions import Actor
from puntual.outreach.models import Activity
from puntual.outreach.tests.build import World
from puntual.parties.models import Customer
from puntual.payments.actions import record_payment
from puntual.payments.models import Payment
from puntual.receivables.models import Installment


def reminded(world: World, customer: Customer, item: Installment, days_ago: int = 5) -> None:
    """A reminder that left some days ago."""
    done = world.plan(customer, [item])
    at = world.by.now - timedelta(days=days_ago)
    Activity.objects.filter(pk=done.pk).update(state="sent", day=at.date(), settled_at=at)


def pay(by: Actor, customer: Customer, amount: str, reference: str = "r") -> Payment:
    """Money of today."""
    return record_payment(
        by,
        customer_id=customer.id,
        reference=reference,
        received_on=by.today,
        currency="PEN",
        amount=Decimal(amount),
    )
