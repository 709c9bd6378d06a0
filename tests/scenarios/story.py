"""A small consultancy whose days are played one after the other: run the day, approve what it proposes, send, make the calls."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from puntual.audit.actions import Actor
from puntual.daily.run import DayReport, run_day
from puntual.daily.why import Explanation, explain
from puntual.kernel.ids import uuid7
from puntual.kernel.text import fold
from puntual.organizations.models import Organization
from puntual.outreach.actions import approve_many, record_result
from puntual.outreach.models import Activity
from puntual.outreach.outbox import send_due
from puntual.parties.models import ContactPoint, Creditor, Customer, Party
from puntual.payments.actions import record_payment
from puntual.payments.models import Payment
from puntual.receivables.actions import Part, hold, issue_credit_note, issue_invoice
from puntual.receivables.models import Hold, Installment, Invoice
from puntual.strategies.actions import install_builtin
from puntual.tenancy.scope import acting_for

ZONES = {"PE": "America/Lima", "CL": "America/Santiago", "ES": "Europe/Madrid"}


@dataclass(frozen=True)
class Said:
    """One activity as the story tells it."""

    customer: str
    step: str
    tone: str
    channel: str
    demand: dict[str, str]
    items: tuple[str, ...]


class Story:
    """An organization in Lima with one creditor and the built-in manual. `day` is the last one played."""

    def __init__(self, start: date) -> None:
        self.organization = Organization.objects.create(
            slug="sembria",
            name="Sembria",
            country="PE",
            currency="PEN",
            language="es",
            time_zone="America/Lima",
            created_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
        self.day = start
        install_builtin(self.by(), "es")
        self.creditor = self.add_creditor("sembria", "PE")
        self.customers: dict[str, Customer] = {}
        self.said: list[tuple[date, Said]] = []
        self._told: set[UUID] = set()

    def by(self, hour: int = 7, day: date | None = None) -> Actor:
        """The owner at an hour of a day in Lima."""
        on = day or self.day
        now = datetime.combine(on, time(hour), ZoneInfo("America/Lima")).astimezone(UTC)
        return Actor(self.organization.id, now=now, today=on, name="Carmen")

    def inside(self):
        return acting_for(self.organization.id)

    def add_creditor(self, code: str, country: str) -> Creditor:
        with self.inside():
            return Creditor.objects.create(
                organization_id=self.organization.id,
                code=code,
                name=code.title(),
                country=country,
                currency="PEN",
                language="es",
                email=f"cobranzas@{code}.example",
                invoices_through=date(2027, 12, 31),
                bank_through=date(2027, 12, 31),
            )

    def customer(
        self,
        code: str,
        *,
        email: bool = True,
        phone: bool = True,
        country: str = "PE",
        creditor: Creditor | None = None,
        party: Party | None = None,
        zone: str = "",
    ) -> Customer:
        """A customer with an e-mail address and a phone, unless told otherwise."""
        org = self.organization.id
        with self.inside():
            owner = party or Party.objects.create(
                organization_id=org, name=code, search_name=fold(code), country=country, kind="legal"
            )
            made = Customer.objects.create(
                organization_id=org,
                creditor=creditor or self.creditor,
                party=owner,
                code=code,
                name=code,
                search_name=fold(code),
                language="es",
                time_zone=zone or ZONES[country],
                created_on=self.day,
            )
            points = [("email", f"pagos@{fold(code).replace(' ', '-')}.example")] * email + [
                ("phone", "+51987654321")
            ] * phone
            for kind, value in points:
                ContactPoint.objects.create(organization_id=org, customer=made, kind=kind, value=value)
        self.customers[code] = made
        return made

    def invoice(
        self, customer: Customer, number: str, due: date, amount: str, currency: str = "PEN", issued: date | None = None
    ) -> Invoice:
        """An invoice of one installment; issued thirty days before it is due, at the latest today."""
        issued_on = issued or min(due - timedelta(days=30), self.day)
        return issue_invoice(
            self.by(),
            customer_id=customer.id,
            number=number,
            issued_on=issued_on,
            currency=currency,
            parts=[Part(due, Decimal(amount))],
        )

    def pay(self, customer: Customer, amount: str, currency: str = "PEN", on: date | None = None) -> Payment:
        return record_payment(
            self.by(),
            customer_id=customer.id,
            reference=str(uuid7()),
            received_on=on or self.day,
            currency=currency,
            amount=Decimal(amount),
        )

    def credit(self, customer: Customer, number: str, amount: str) -> None:
        issue_credit_note(
            self.by(),
            customer_id=customer.id,
            number=number,
            issued_on=self.day,
            currency="PEN",
            amount=Decimal(amount),
        )

    def dispute(self, invoice: Invoice, until: date | None = None) -> Hold:
        return hold(self.by(), reason="dispute", invoice_id=invoice.id, until_on=until, note="Observada")

    def plan(self) -> DayReport:
        """Only run the day."""
        return run_day(self.by())

    def play(
        self, until: date | None = None, *, calls: str | None = "reached_other", approve: bool = True
    ) -> list[Said]:
        """Play this day, or every day up to `until`: run, approve everything, send in the afternoon, make the calls."""
        told: list[Said] = []
        last = until or self.day
        while True:
            self.plan()
            told += self._live(calls=calls, approve=approve)
            if self.day >= last:
                return told
            self.day += timedelta(days=1)

    def approve_all(self, hour: int) -> int:
        """Approve everything that is proposed today, at an hour; how many."""
        with self.inside():
            proposed = list(Activity.objects.filter(state="proposed").values_list("pk", flat=True))
        return approve_many(self.by(hour), ids=proposed)

    def send(self, hour: int) -> dict[str, int]:
        """What became of what was due at an hour of the day."""
        return dict(send_due(self.organization.id, self.by(hour).now).counts)

    def _live(self, *, calls: str | None, approve: bool) -> list[Said]:
        with self.inside():
            numbers = dict(
                Installment.objects.filter(organization_id=self.organization.id).values_list("id", "invoice__number")
            )
            today = Activity.objects.filter(day=self.day, direction="out").select_related("customer")
            planned = [one for one in today if one.id not in self._told]
        self._told |= {one.id for one in planned}
        said = [
            Said(
                one.customer.code,
                one.step,
                one.tone,
                one.channel,
                {currency: f"{Decimal(amount):.2f}" for currency, amount in one.demand.items()},
                tuple(numbers[item] for item in one.items),
            )
            for one in planned
        ]
        self.said += [(self.day, one) for one in said]
        if approve and planned:
            approve_many(self.by(9), ids=[one.id for one in planned])
        for hour in (10, 15):
            send_due(self.organization.id, self.by(hour).now)
        if calls:
            with self.inside():
                to_do = list(Activity.objects.filter(state="to_do"))
            for one in to_do:
                record_result(self.by(16), one, calls if one.channel == "call" else "task_done")
        return said

    def why(self, customer: Customer) -> Explanation:
        with self.inside():
            return explain(self.by(), customer)

    def steps(self, code: str) -> list[tuple[date, str]]:
        """What a customer was told, with the days."""
        return [(day, one.step) for day, one in self.said if one.customer == code]
