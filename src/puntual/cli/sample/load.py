"""Bring the sample organization to life: its past is played day by day through the same actions that people use."""

import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from puntual.analytics.subscriptions.actions import Wanted, subscribe
from puntual.analytics.subscriptions.schedule import Schedule
from puntual.analytics.work.ranking import rank_work
from puntual.audit.actions import Actor
from puntual.cli.sample import bank, history
from puntual.cli.sample.alarms import watch
from puntual.cli.sample.bargaining import find_out_and_ask
from puntual.cli.sample.credit import grant_some_credit
from puntual.cli.sample.losses import set_some_loss_rates
from puntual.cli.sample.objections import decide_one, object_to_something
from puntual.cli.sample.papers import take_in_papers
from puntual.cli.sample.plans import agree_on_parts, pay_parts
from puntual.cli.sample.team import aim, share_the_work
from puntual.cli.sample.terms import change_some, know_their_ways
from puntual.cli.sample.under_way import agree_on_hours, leave_under_way
from puntual.cli.words import gettext as _
from puntual.conduct.gate import Allowed
from puntual.daily.run import run_day
from puntual.database import home
from puntual.kernel.calendars import BusinessCalendar
from puntual.kernel.references import document_key
from puntual.organizations.actions import add_member, create_organization
from puntual.organizations.models import Organization, User
from puntual.outreach.actions import approve_many, record_result
from puntual.outreach.models import Activity
from puntual.outreach.outbox import send_due
from puntual.outreach.prepare import prepare
from puntual.outreach.promising import Word
from puntual.parties.actions import create_creditor, declare_sender, verify_sender
from puntual.parties.bulk import Incoming, upsert_customers
from puntual.parties.models import Creditor, CreditorAccount
from puntual.payments.bulk import NewPayment, record_many
from puntual.payments.reconciling.running import match_lines
from puntual.payments.statements.actions import import_statement
from puntual.payments.statements.reading.camt import read_camt
from puntual.receivables.actions import expect_deduction
from puntual.receivables.bulk import NewInvoice, issue_many
from puntual.receivables.models import Installment
from puntual.receivables.settling import Designation
from puntual.strategies.actions import install_builtin
from puntual.tenancy.scope import acting_for

SLUG = "sembria"
REPLAYED_DAYS = 75
OWNER = "carmen@sembria.example"
JULIO = "julio@sembria.example"
_COLLEAGUES = (
    (JULIO, "Julio Zegarra", "collector"),
    ("rosa@sembria.example", "Rosa Huertas", "accountant"),
)
_ACCOUNTS = (
    ("PEN", "Banco del Litoral", "194-0000000-0-00", "00219400000000000090"),
    ("USD", "Banco del Litoral", "194-0000001-1-00", "00219400000111000094"),
    ("EUR", "Caja del Norte", "ES00 0000 0000 0000 0000", ""),
)


@dataclass(frozen=True, slots=True)
class Login:
    """How to sign in to the sample."""

    email: str
    password: str


def ensure_sample(now: datetime, progress: Callable[[str], None] = lambda _line: None) -> Login:
    """The sample organization, made on first use as if `now` were the end of its two years; afterwards only its login."""
    kept = home() / "demo-password"
    if Organization.objects.filter(slug=SLUG).exists() and kept.exists():
        return Login(OWNER, kept.read_text())
    password = secrets.token_urlsafe(9)
    _Sample(now, password, progress).make()
    kept.touch(mode=0o600)
    kept.write_text(password)
    return Login(OWNER, password)


class _Sample:
    def __init__(self, now: datetime, password: str, progress: Callable[[str], None]) -> None:
        self.now, self.password, self.progress = now, password, progress
        self.today = now.astimezone(ZoneInfo("America/Lima")).date()
        self.random = Random(history.SEED)
        self.calendar = BusinessCalendar("PE")

    def make(self) -> None:
        first_replayed = self.today - timedelta(days=REPLAYED_DAYS)
        self._found()
        customers = self._customers()
        self.progress(_("Sample: two years of invoices …"))
        issued: dict[date, list[history.SampleInvoice]] = defaultdict(list)
        paid: dict[date, list[tuple[history.SampleInvoice, history.SamplePayment]]] = defaultdict(list)
        for invoice in history.invoices(self.today):
            issued[invoice.issued_on].append(invoice)
            for payment in invoice.payments:
                paid[max(payment.paid_on, invoice.issued_on)].append((invoice, payment))
        self.items: dict[str, UUID] = {}
        month: list[date] = []
        days = sorted({*issued, *paid})
        for day in days:
            if day >= first_replayed:
                break
            month.append(day)
            if len(month) >= 21:
                self._post(month, issued, paid, customers)
                month = []
        self._post(month, issued, paid, customers)
        know_their_ways(self._by(first_replayed), list(customers.values()))
        julio = User.objects.get(email=JULIO).id
        share_the_work(self._by(first_replayed), julio)
        day = first_replayed
        while day <= self.today:
            self._post([day], issued, paid, customers)
            if self.calendar.is_business_day(day):
                self._live(day)
            day += timedelta(days=1)
            if day.day % 10 == 0:
                self.progress(_("Sample: the days up to {day} …").format(day=day.isoformat()))
        last = self.calendar.previous_business_day(self.today - timedelta(days=1))
        find_out_and_ask(self._by(last, time(16), JULIO), self._by(last, time(17)))
        change_some(self._by(last, time(17, 30)), list(customers.values()))
        grant_some_credit(self._by(last, time(17, 40)), list(customers.values()))
        set_some_loss_rates(self._by(last, time(17, 50)))
        next_day = self.calendar.next_business_day(self.today)
        aim(self._by(last), julio)
        leave_under_way(self._by, last, next_day, collector=JULIO)
        self._bank()
        by = self._by(self.today)
        subscribe(by, Wanted("letter", "pdf", Schedule("month", 3), (by.person,)))
        take_in_papers(self._by(self.today), self._by)
        self._data_through(self.today)
        # What waits for approval: today's or, on a day off, what the next working day will bring.
        coming = Actor(self.organization.id, self.now, next_day, name="Puntual")
        run_day(coming)
        rank_work(coming)

    def _by(self, day: date, at: time = time(7, 0), email: str = OWNER) -> Actor:
        moment = datetime.combine(day, at, ZoneInfo("America/Lima")).astimezone(UTC)
        user = self.owner if email == OWNER else User.objects.get(email=email)
        return Actor(self.organization.id, now=moment, today=day, user_id=user.id, name=str(user))

    def _found(self) -> None:
        self.organization = create_organization(
            self.now, slug=SLUG, name="Sembria Talento", country="PE", currency="PEN", language="es"
        )
        start = Actor(self.organization.id, now=self.now, today=self.today)
        add_member(start, OWNER, "owner", password=self.password, name="Carmen Ríos", language="es")
        self.owner = User.objects.get(email=OWNER)
        for email, name, role in _COLLEAGUES:
            add_member(start, email, role, password=self.password, name=name, language="es")
        long_ago = self.now - timedelta(days=31 * history.MONTHS)
        install_builtin(start.on(long_ago.date(), long_ago), "es")
        self.creditor = create_creditor(
            start,
            code=SLUG,
            name="Sembria Talento S.A.C.",
            country="PE",
            currency="PEN",
            language="es",
            tax_id="20990000000",
            email="cobranzas@sembria.example",
            phone="+5115550100",
            address="Av. Las Camelias 790, San Isidro, Lima",
            signs_as="Carmen Ríos",
        )
        mailbox = declare_sender(start, self.creditor.id, "email", address=self.creditor.email)
        verify_sender(start, mailbox.id, "operator")  # the sample's own, on this machine
        with acting_for(self.organization.id):
            for currency, bank, number, interbank in _ACCOUNTS:
                CreditorAccount.objects.create(
                    organization_id=self.organization.id,
                    creditor=self.creditor,
                    currency=currency,
                    bank=bank,
                    number=number,
                    interbank_number=interbank,
                    holder=self.creditor.name,
                )

    def _customers(self) -> dict[str, UUID]:
        self.progress(_("Sample: customers …"))
        people = history.customers()
        rows = [
            Incoming(
                creditor_id=self.creditor.id,
                code=one.code,
                name=one.name,
                tax_id=one.tax_id,
                country=one.country,
                emails=(one.contact.email,) if one.contact else (),
                phone=one.contact.phone if one.contact else "",
                terms_days=one.terms_days,
                contact_name=one.contact.name if one.contact else "",
            )
            for one in people
        ]
        answers = upsert_customers(self._by(self.today - timedelta(days=31 * history.MONTHS)), rows)
        return {one.code: answer.customer_id for one, answer in zip(people, answers, strict=True) if answer.customer_id}

    def _post(
        self,
        days: list[date],
        issued: dict[date, list[history.SampleInvoice]],
        paid: dict[date, list[tuple[history.SampleInvoice, history.SamplePayment]]],
        customers: dict[str, UUID],
    ) -> None:
        if not days:
            return
        by = self._by(days[-1])
        invoices = [invoice for day in days for invoice in issued[day]]
        outcomes = issue_many(by, [self._new_invoice(one, customers) for one in invoices])
        for invoice, outcome in zip(invoices, outcomes, strict=True):
            if outcome.installment_id:
                self.items[invoice.number] = outcome.installment_id
                if invoice.deduction and not invoice.payments:
                    expect_deduction(by, outcome.installment_id, kind="detraction", amount=invoice.deduction)
        payments = [one for day in days for one in paid[day]]
        record_many(by, [self._new_payment(*one, customers) for one in payments if one[0].number in self.items])

    def _new_invoice(self, one: history.SampleInvoice, customers: dict[str, UUID]) -> NewInvoice:
        return NewInvoice(
            creditor_id=self.creditor.id,
            customer_id=customers[one.customer.code],
            number=one.number,
            number_key=document_key(one.number),
            issued_on=one.issued_on,
            due_on=one.due_on,
            currency=one.customer.currency,
            amount=one.amount,
            description=one.description,
        )

    def _new_payment(
        self, invoice: history.SampleInvoice, payment: history.SamplePayment, customers: dict[str, UUID]
    ) -> NewPayment:
        return NewPayment(
            creditor_id=self.creditor.id,
            customer_id=customers[invoice.customer.code],
            reference=f"{invoice.number}/{payment.paid_on:%Y%m%d}",
            received_on=max(payment.paid_on, invoice.issued_on),
            currency=invoice.customer.currency,
            amount=payment.amount,
            designations=(Designation(self.items[invoice.number]),),
            memo=f"Pago {invoice.number}",
        )

    def _bank(self) -> None:
        """The statement of the last working day: most of it is recognized, the rest waits to be reconciled."""
        self.progress(_("Sample: the bank's statement …"))
        day = self.calendar.previous_business_day(self.today - timedelta(days=1))
        with acting_for(self.organization.id):
            rows = Installment.objects.filter(currency="PEN", open_amount__gt=0, invoice__issued_on__lt=day)
            chosen = rows.select_related("invoice", "customer").order_by("due_on", "id")[:200]
            invoices = [
                bank.Open(one.invoice.number, one.customer.name, one.open_amount - one.expected_deduction)
                for one in chosen
            ]
        text = bank.statement(day, invoices, self.random)
        name = f"extracto-{day:%Y%m%d}.xml"
        import_statement(self._by(self.today), read_camt(text.encode()), file_name=name, creditor=self.creditor)
        match_lines(self._by(self.today), self.creditor.id)

    def _data_through(self, day: date) -> None:
        with acting_for(self.organization.id):
            Creditor.objects.filter(id=self.creditor.id).update(invoices_through=day, bank_through=day)

    def _live(self, day: date) -> None:
        """One working day of the team: run it, approve, send, call, listen."""
        self._data_through(day)
        if day.weekday() == 0 or day == self.today:
            watch(self._by(day), self.random)
        if day == self.today:
            return
        run_day(self._by(day))
        with acting_for(self.organization.id):
            proposed = list(Activity.objects.filter(state="proposed").values_list("id", flat=True))
        if proposed:
            approve_many(self._by(day, time(9, 5)), ids=proposed)
        for hour in (10, 12, 15):
            send_due(self.organization.id, self._by(day, time(hour, 30)).now)
        with acting_for(self.organization.id):
            ours = Activity.objects.select_related("customer__party", "customer__creditor")
            to_do = list(ours.filter(state="to_do").order_by("-value")[:14])
        if self.calendar.next_business_day(day + timedelta(days=1)) >= self.today:
            to_do = agree_on_hours(
                self._by(day, time(9, 50), JULIO), to_do, self.calendar.next_business_day(self.today)
            )
        self._call(day, to_do)
        decide_one(self._by(day, time(15)), self.random)
        object_to_something(self._by(day, time(16)), self.random)
        agree_on_parts(self._by(day, time(16, 30)), self.random)
        pay_parts(self._by(day, time(17)), self.random)

    def _call(self, day: date, to_do: Iterable[Activity]) -> None:
        results = (
            "reached_promises",
            "reached_asks_time",
            "no_answer",
            "no_answer",
            "reached_other",
            "left_message",
            "reached_paid",
        )
        for place, activity in enumerate(to_do):
            by = self._by(day, time(10 + place // 3, 10 + 15 * (place % 3)), JULIO)
            if activity.channel == "call" and not self._may_call(activity, by.now):
                continue
            result = self.random.choice(results) if activity.channel == "call" else "task_done"
            record_result(by, activity, result, word=self._word(day) if result == "reached_promises" else None)

    def _word(self, day: date) -> Word:
        """In a few days, on a working day."""
        return Word(self.calendar.next_business_day(day + timedelta(days=self.random.randint(2, 9))))

    def _may_call(self, activity: Activity, at: datetime) -> bool:
        """What the page of a call asks before anybody dials."""
        with acting_for(self.organization.id):
            prepared = prepare(self.organization, activity, at)
        return not prepared.stop and isinstance(prepared.answer, Allowed)
