"""What leads to a notice, for the tests of this room and of those above it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from puntual.agreements.models import Plan
from puntual.agreements.plans.actions import Yes, agree_plan
from puntual.agreements.plans.schedule import Wish
from puntual.audit.actions import Actor
from puntual.outreach.models import Activity
from puntual.outreach.tests.build import World
from puntual.parties.models import Creditor, Customer
from puntual.payments.actions import record_payment
from puntual.payments.models import Payment
from puntual.receivables.models import Installment

DAY = timedelta(days=1)


def reminded(world: World, customer: Customer, item: Installment, days_ago: int = 5) -> None:
    """A reminder that left some days ago."""
    done = world.plan(customer, [item])
    at = world.by.now - timedelta(days=days_ago)
    Activity.objects.filter(pk=done.pk).update(state="sent", day=at.date(), settled_at=at)


def pay(by: Actor, customer: Customer, amount: str, reference: str = "r", *, on_account: bool = False) -> Payment:
    """Money of today."""
    return record_payment(
        by,
        customer_id=customer.id,
        reference=reference,
        received_on=by.today,
        currency="PEN",
        amount=Decimal(amount),
        oldest_first=not on_account,
    )


def on(world: World, days: int, hour: int = 14) -> Actor:
    """The same person so many days later; the bank is known through the day before."""
    day = world.by.today + days * DAY
    Creditor.objects.update(bank_through=day - DAY, invoices_through=day)
    now = datetime(day.year, day.month, day.day, hour, 12, tzinfo=UTC)
    return Actor(world.by.organization_id, now, day, world.by.user_id, "x")


def plan_of(world: World, customer: Customer, item: Installment, parts: int = 3) -> Plan:
    """A plan accepted by phone: the first part in ten days."""
    wish = Wish(parts, world.by.today + 10 * DAY, world.by.today, rule="as_is")
    return agree_plan(world.by, customer.id, [item.id], wish, yes=Yes("by_phone", "Elvira", "llamada"))
