"""A small portfolio for the pages about customers and money, written through the rooms' own actions."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from conftest import NOW, TODAY, Cast
from puntual.audit.actions import Actor
from puntual.kernel.text import fold
from puntual.outreach.models import Activity
from puntual.parties.actions import add_contact_point, add_person, create_creditor
from puntual.parties.models import Creditor, Customer, Party
from puntual.payments.actions import Designation, record_payment
from puntual.payments.models import Payment
from puntual.receivables.actions import Deduction, Part, issue_invoice
from puntual.receivables.models import Installment, Invoice
from puntual.strategies.actions import install_builtin
from puntual.strategies.models import Version
from puntual.tenancy.scope import acting_for


@dataclass
class Book:
    """The cast's organization with a creditor and a manual; `day` counts from today, negative before it."""

    cast: Cast
    creditor: Creditor
    version: Version

    def by(self, day: int = 0) -> Actor:
        return self.cast.actor().on(TODAY + timedelta(days=day), NOW + timedelta(days=day))

    @contextmanager
    def inside(self) -> Iterator[None]:
        with acting_for(self.cast.id):
            yield

    def customer(
        self, name: str, *, reachable: bool = True, creditor: Creditor | None = None, **fields: object
    ) -> Customer:
        with self.inside():
            number = Customer.objects.filter(organization_id=self.cast.id).count() + 1
            country = str(fields.pop("country", "PE"))
            party = Party.objects.create(
                organization_id=self.cast.id,
                name=name,
                search_name=fold(name),
                country=country,
                tax_id=str(fields.pop("tax_id", "")),
            )
            values: dict[str, object] = {"language": "es", "time_zone": "America/Lima", "created_on": TODAY, **fields}
            made = Customer.objects.create(
                organization_id=self.cast.id,
                creditor=creditor or self.creditor,
                party=party,
                code=f"C-{number:03}",
                name=name,
                search_name=fold(name),
                **values,
            )
            if reachable:
                person = add_person(self.by(), made.id, name="Ana Ruiz", title="Tesorería", roles=["billing"])
                add_contact_point(self.by(), made.id, kind="email", value=f"ana@c{number}.example", person_id=person.id)
                add_contact_point(self.by(), made.id, kind="phone", value=f"+51 1 {7000000 + number}")
            return made

    def invoice(
        self,
        customer: Customer,
        number: str,
        amount: str = "100.00",
        *,
        due: int,
        terms: int = 30,
        currency: str = "PEN",
        deduction: str = "",
    ) -> Installment:
        """An invoice due on a day counted from today, issued `terms` days before."""
        issued = min(due - terms, 0)
        deductions = (Deduction("detraction", Decimal(deduction)),) if deduction else ()
        part = Part(TODAY + timedelta(days=due), Decimal(amount), deductions)
        with self.inside():
            made: Invoice = issue_invoice(
                self.by(issued),
                customer_id=customer.id,
                number=number,
                issued_on=TODAY + timedelta(days=issued),
                currency=currency,
                parts=[part],
            )
            return Installment.objects.get(organization_id=self.cast.id, invoice=made)

    def payment(
        self, customer: Customer, amount: str, *, day: int = 0, to: Installment | None = None, currency: str = "PEN"
    ) -> Payment:
        with self.inside():
            return record_payment(
                self.by(day),
                customer_id=customer.id,
                reference=f"OP-{Payment.objects.filter(organization_id=self.cast.id).count() + 1}",
                received_on=TODAY + timedelta(days=day),
                currency=currency,
                amount=Decimal(amount),
                designations=[Designation(to.id, None)] if to else [],
                oldest_first=to is None,
            )

    def activity(self, customer: Customer, lead: Installment, state: str = "proposed", **fields: object) -> Activity:
        """Something the manual planned for today, or did on another day."""
        values: dict[str, object] = {
            "day": TODAY,
            "channel": "email",
            "tone": "firm",
            "step": "firm",
            "why": {"code": "step_due", "params": {"days": 18, "day": 15, "tone": "firm"}},
            "demand": {lead.currency: str(lead.amount)},
            "created_at": NOW,
            **fields,
        }
        with self.inside():
            return Activity.objects.create(
                organization_id=self.cast.id,
                customer=customer,
                state=state,
                version_id=self.version.id,
                lead_id=lead.id,
                items=[lead.id],
                **values,
            )


def open_book(cast: Cast) -> Book:
    """The organization with its creditor, whose data is fresh, and the manual that comes with the house."""
    with acting_for(cast.id):
        by = cast.actor()
        creditor = create_creditor(
            by,
            code="SEM",
            name="Sembria Talento",
            country="PE",
            currency="PEN",
            language="es",
            email="c@sembria.example",
        )
        Creditor.objects.filter(organization_id=cast.id, id=creditor.id).update(
            invoices_through=TODAY, bank_through=TODAY
        )
        return Book(cast, creditor, install_builtin(by, "es"))


def at(day: date, hour: int) -> datetime:
    """That hour of a day, in UTC."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=NOW.tzinfo)
