"""What the tests of plans share: books in which days go by."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import count

from puntual.agreements.models import Plan, PlanItem, PlanPart
from puntual.agreements.plans.actions import Yes, agree_plan, value
from puntual.agreements.plans.schedule import Wish
from puntual.agreements.plans.valuing import PlansValued
from puntual.audit.actions import Actor
from puntual.parties.models import Creditor, Customer
from puntual.payments.actions import Designation, record_payment
from puntual.payments.models import Payment
from puntual.receivables.models import Hold, Installment
from puntual.receivables.queries import active_holds
from puntual.receivables.tests.build import Books

BY_PHONE = Yes("by_phone", "Ana Ruiz", "Call of today")


@dataclass
class Planned:
    """Books in which time passes; the bank is known through yesterday unless told otherwise."""

    books: Books
    by: Actor = field(init=False)
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.by = self.books.by
        self.bank(self.by.today - timedelta(days=1))

    def bank(self, through: date | None) -> None:
        Creditor.objects.filter(id=self.books.creditor.id).update(bank_through=through)

    def to(self, day: date, *, bank: date | None = None) -> None:
        self.by = self.books.on(day)
        self.bank(bank or day - timedelta(days=1))

    def day(self, days: int) -> date:
        """A day counted from the first one."""
        return self.books.by.today + timedelta(days=days)

    def wish(self, parts: int = 3, first: int = 30, **more: object) -> Wish:
        given = {name: Decimal(value) if isinstance(value, int) else value for name, value in more.items()}
        return Wish(parts, self.day(first), self.by.today, **{"rule": "as_is", **given})

    def active(self, items: Sequence[Installment], wish: Wish, **more: object) -> Plan:
        """A plan the customer accepted by phone."""
        return agree_plan(self.by, items[0].customer_id, [item.id for item in items], wish, yes=BY_PHONE, **more)

    def pay(self, customer: Customer, amount: str, *items: Installment, on: date | None = None) -> Payment:
        return record_payment(
            self.by,
            customer_id=customer.id,
            reference=f"T-{next(self.numbers)}",
            received_on=on or self.by.today,
            currency="PEN",
            amount=Decimal(amount),
            designations=[Designation(item.id) for item in items],
        )

    def value(self) -> PlansValued:
        return value(self.by)

    def again(self, plan: Plan) -> Plan:
        return Plan.objects.get(organization_id=self.books.org, id=plan.id)

    def parts(self, plan: Plan) -> list[PlanPart]:
        return list(PlanPart.objects.filter(organization_id=self.books.org, plan=plan).order_by("position"))

    def states(self, plan: Plan) -> list[str]:
        return [part.state for part in self.parts(plan)]

    def held(self, *items: Installment) -> list[bool]:
        """Whether each is paused today, by exactly one pause of a plan."""
        holds = [hold.installment_id for hold in active_holds(self.books.org, self.by.today) if hold.reason == "plan"]
        return [holds.count(item.id) == 1 for item in items]

    def charges(self, plan: Plan) -> list[Installment]:
        documents = [part.charge_id for part in self.parts(plan) if part.charge_id]
        return list(
            Installment.objects.filter(organization_id=self.books.org, invoice_id__in=documents).order_by("due_on")
        )

    def check(self) -> None:
        """What always holds of plans and of what they cover."""
        for plan in Plan.objects.filter(organization_id=self.books.org):
            items = PlanItem.objects.filter(organization_id=self.books.org, plan=plan)
            parts = self.parts(plan)
            assert sum(item.principal for item in items) == plan.principal == sum(part.principal for part in parts)
            assert sum(part.amount for part in parts) == plan.principal + plan.interest - plan.discount
            held = Hold.objects.filter(organization_id=self.books.org, source_id=plan.id, released_on=None)
            if plan.state == Plan.State.ACTIVE:
                assert {hold.installment_id for hold in held} >= {item.installment_id for item in items}
                assert all(hold.until_on for hold in held)
            else:
                assert not held.exists()
            assert all(item.held == (plan.state == Plan.State.ACTIVE) for item in items)
