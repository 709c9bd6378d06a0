"""A small portfolio in Lima for the tests of this room: customers who owe, people who answer for them, and a plan."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from puntual.audit.actions import Actor
from puntual.kernel.text import fold
from puntual.outreach.models import Activity
from puntual.outreach.plan import PlannedActivity, plan_many
from puntual.parties.actions import declare_sender, verify_sender
from puntual.parties.models import ContactPoint, Creditor, CreditorAccount, Customer, Party, Person
from puntual.receivables.actions import issue_invoice
from puntual.receivables.documents import Part
from puntual.receivables.models import Installment
from puntual.strategies.actions import install_builtin

FROM_NINE = timedelta(hours=9)


@dataclass
class World:
    """One creditor, its customers, and who acts."""

    by: Actor
    creditor: Creditor
    version: UUID
    customers: list[Customer] = field(default_factory=list)

    def customer(self, name: str, *, kind: str = "legal", email: str | None = "", **fields: object) -> Customer:
        """A customer with a person for billing and a mailbox (none if `email` is None)."""
        org = self.by.organization_id
        party = Party.objects.create(organization_id=org, kind=kind, name=name, search_name=fold(name), country="PE")
        values = {"language": "es", "time_zone": "America/Lima", "created_on": date(2025, 1, 1), **fields}
        customer = Customer.objects.create(
            organization_id=org,
            creditor=self.creditor,
            party=party,
            code=f"C-{len(self.customers) + 1:04}",
            name=name,
            search_name=fold(name),
            **values,
        )
        self.customers.append(customer)
        if email is not None:
            person = Person.objects.create(
                organization_id=org, customer=customer, name="Elvira Montalván", roles=["billing"]
            )
            self.point(customer, "email", email or f"pagos@c{len(self.customers)}.example", person=person)
        return customer

    def point(self, customer: Customer, kind: str, value: str, **fields: object) -> ContactPoint:
        return ContactPoint.objects.create(
            organization_id=self.by.organization_id, customer=customer, kind=kind, value=value, **fields
        )

    def invoice(self, customer: Customer, number: str, late: int, amount: str = "4720.00", currency: str = "PEN"):
        """An invoice that is `late` days late (not yet due if negative); gives its installment."""
        due = self.by.today - timedelta(days=late)
        invoice = issue_invoice(
            self.by,
            customer_id=customer.id,
            number=number,
            issued_on=min(due, self.by.today) - timedelta(days=30),
            currency=currency,
            parts=[Part(due, Decimal(amount))],
        )
        return Installment.objects.get(organization_id=self.by.organization_id, invoice=invoice)

    def row(
        self, customer: Customer, items: Sequence[Installment], *, step: str = "friendly", **changes: object
    ) -> PlannedActivity:
        """What a day run would plan: the friendly e-mail about these items, the first leading, waiting for nothing."""
        lead = items[0]
        demand = sum((item.open_amount for item in items), Decimal(0))
        row = PlannedActivity(
            customer_id=customer.id,
            channel="email",
            tone="friendly",
            state="queued",
            version_id=self.version,
            step=step,
            template=step,
            lead_id=lead.id,
            lead_days=(self.by.today - lead.due_on).days,
            due_generation=lead.due_generation,
            point_id=None,
            not_before=self.by.now,
            not_after=None,
            lapses_at=None,
            demand=f'{{"{lead.currency}": "{demand}"}}',
            value=demand,
            items=[item.id for item in items],
            item_steps=[step] * len(items),
            why='{"code": "entry", "params": {"days": 10, "step": "x"}}',
        )
        return row._replace(**changes)

    def plan(self, customer: Customer, items: Sequence[Installment], **changes: object) -> Activity:
        """One activity, planned and read back."""
        plan_many(self.by, [self.row(customer, items, **changes)])
        return Activity.objects.select_related("customer__party", "customer__creditor").latest("id")


def verified(by: Actor, creditor: Creditor) -> None:
    """The creditor may write from its own e-mail address."""
    sender = declare_sender(by, creditor.id, "email", address=creditor.email)
    verify_sender(by, sender.id, "code")


def make_world(by: Actor) -> World:
    """Inside `acting_for`: a creditor with an account in soles and one in dollars, and the Spanish manual in force."""
    org = by.organization_id
    creditor = Creditor.objects.create(
        organization_id=org,
        code="sembria",
        name="Sembria Talento S.A.C.",
        tax_id="20512333797",
        country="PE",
        currency="PEN",
        language="es",
        email="cobranzas@sembria.example",
        phone="+51 1 555 0100",
        signs_as="Carmen Ríos",
        invoices_through=by.today,
        bank_through=by.today,
    )
    verified(by, creditor)
    for currency, number in (("PEN", "194-111"), ("USD", "194-222")):
        CreditorAccount.objects.create(
            organization_id=org, creditor=creditor, currency=currency, bank="Banco Lumbre", number=number
        )
    return World(by, creditor, install_builtin(by, "es").id)
