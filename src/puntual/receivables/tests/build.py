"""A creditor, its customers and their documents, for the tests of the ledger and of payments."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from uuid import UUID

from puntual.audit.actions import Actor
from puntual.parties.models import Creditor, Customer, Party
from puntual.receivables import actions
from puntual.receivables.models import Entry, Installment, Invoice


@dataclass
class Books:
    """One creditor's books and who writes in them."""

    by: Actor
    creditor: Creditor
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    @property
    def org(self) -> UUID:
        return self.by.organization_id

    def on(self, today: date) -> Actor:
        """The same actor on another day, at the same hour."""
        return replace(self.by, today=today, now=self.by.now + (today - self.by.today))

    def ago(self, days: int) -> date:
        return self.by.today - timedelta(days=days)

    def customer(self, name: str = "Textiles Andinos", **fields: object) -> Customer:
        party = Party.objects.create(organization_id=self.org, name=name, search_name=name.lower(), country="PE")
        values = {"language": "es", "time_zone": "America/Lima", "created_on": date(2025, 1, 1), **fields}
        return Customer.objects.create(
            organization_id=self.org,
            creditor=self.creditor,
            party=party,
            code=f"C-{next(self.numbers):04}",
            name=name,
            search_name=name.lower(),
            **values,
        )

    def item(
        self, customer: Customer, amount: str = "100", *, late: int = 10, issued: int | None = None, **more
    ) -> Installment:
        """An invoice with one due date, `late` days ago; issued `issued` days ago, 30 days before it is due unless given."""
        due_on = self.ago(late)
        issued_on = min(due_on - timedelta(days=30), self.by.today) if issued is None else self.ago(issued)
        invoice = actions.issue_invoice(
            self.by,
            customer_id=customer.id,
            number=more.pop("number", f"F001-{next(self.numbers)}"),
            issued_on=issued_on,
            currency=more.pop("currency", "PEN"),
            parts=[actions.Part(due_on, Decimal(amount), more.pop("deductions", ()))],
            **more,
        )
        return self.item_of(invoice)

    def item_of(self, invoice: Invoice) -> Installment:
        return Installment.objects.get(organization_id=self.org, invoice=invoice)

    def again(self, item: Installment) -> Installment:
        return Installment.objects.get(organization_id=self.org, id=item.id)

    def open(self, *items: Installment) -> list[Decimal]:
        """What is open of each now."""
        return [self.again(item).open_amount for item in items]

    def entries(self, item: Installment, kind: str) -> list[Entry]:
        return list(
            Entry.objects.filter(organization_id=self.org, installment=item, kind=kind).order_by("recorded_at", "id")
        )


def books_for(by: Actor) -> Books:
    creditor = Creditor.objects.create(
        organization_id=by.organization_id,
        code="SEM",
        name="Sembria S.A.C.",
        country="PE",
        currency="PEN",
        language="es",
    )
    return Books(by, creditor)
