"""Two years of a consultancy's invoices and of how its customers paid them. Pure: everything follows from the seed and a date."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from puntual.cli.sample.names import PHONES, CompanyName, company, person, tax_id
from puntual.kernel.calendars import BusinessCalendar
from puntual.kernel.money import round_money

SEED = 2026
CUSTOMERS = 400
MONTHS = 24
COUNTRIES = (("PE", 58), ("CL", 14), ("CO", 12), ("MX", 9), ("ES", 7))
ZONES = {
    "PE": "America/Lima",
    "CL": "America/Santiago",
    "CO": "America/Bogota",
    "MX": "America/Mexico_City",
    "ES": "Europe/Madrid",
}
SERVICES = ("Planilla mensual", "Selección de personal", "Capacitación", "Evaluación de desempeño", "Clima laboral")


@dataclass(frozen=True, slots=True)
class Payer:
    """A way of paying: its share of the customers, and the days after the due date it takes for the month `age` (0 = oldest)."""

    name: str
    share: int
    delay: Callable[[Random, int], int]
    pays: float = 1.0  # chance that an invoice of the last months is paid at all


PAYERS = (
    Payer("punctual", 44, lambda random, age: random.randint(-6, 1)),
    Payer("a bit late", 24, lambda random, age: random.randint(3, 12)),
    Payer("slow", 14, lambda random, age: random.randint(16, 38)),
    Payer("slipping", 8, lambda random, age: max(0, (age - 10) * 3) + random.randint(0, 8)),
    Payer("in parts", 4, lambda random, age: random.randint(5, 25)),
    Payer("very late", 4, lambda random, age: random.randint(50, 110), 0.9),
    Payer("silent", 2, lambda random, age: random.randint(10, 30), 0.25),
)


@dataclass(frozen=True, slots=True)
class SampleContact:
    name: str
    title: str
    email: str
    phone: str


@dataclass(frozen=True, slots=True)
class SampleCustomer:
    """One customer with its way of paying."""

    code: str
    name: str
    tax_id: str
    country: str
    time_zone: str
    currency: str
    terms_days: int
    payer: Payer
    contact: SampleContact | None  # some cannot be reached yet
    seed: int


@dataclass(frozen=True, slots=True)
class SamplePayment:
    """Money for one invoice, on a business day."""

    paid_on: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class SampleInvoice:
    """One invoice with what came in for it by today; `deduction` is the detracción a Peruvian customer deposits elsewhere."""

    customer: SampleCustomer
    number: str
    issued_on: date
    due_on: date
    amount: Decimal
    description: str
    payments: tuple[SamplePayment, ...]
    deduction: Decimal


def customers() -> list[SampleCustomer]:
    """The same 400 every time."""
    random = Random(SEED)
    taken: set[str] = set()
    found = []
    for number in range(1, CUSTOMERS + 1):
        country = random.choices([code for code, _ in COUNTRIES], [share for _, share in COUNTRIES])[0]
        payer = random.choices(PAYERS, [payer.share for payer in PAYERS])[0]
        name = company(random, country, taken)
        currency = "EUR" if country == "ES" else "PEN" if country == "PE" and random.random() < 0.86 else "USD"
        found.append(
            SampleCustomer(
                code=f"C-{number:04d}",
                name=name.legal,
                tax_id=tax_id(country, number),
                country=country,
                time_zone=ZONES[country],
                currency=currency,
                terms_days=random.choice((15, 30, 30, 30, 45)),
                payer=payer,
                contact=_contact(random, name, country, number),
                seed=random.getrandbits(32),
            )
        )
    return found


def _contact(random: Random, name: CompanyName, country: str, number: int) -> SampleContact | None:
    full, title = person(random)
    if random.random() < 0.03:
        return None
    mailbox = random.choice(("pagos", "tesoreria", "facturas", "administracion"))
    return SampleContact(full, title, f"{mailbox}@{name.domain}", PHONES[country].format(number * 37 % 100_000))


def invoices(today: date) -> Iterator[SampleInvoice]:
    """Every invoice issued in the two years before `today`, oldest first, with the payments received by then."""
    calendar = BusinessCalendar("PE")
    found = [invoice for customer in customers() for invoice in _of(customer, today, calendar)]
    found.sort(key=lambda invoice: (invoice.issued_on, invoice.customer.code))
    for number, invoice in enumerate(found, start=1):
        yield SampleInvoice(
            invoice.customer,
            f"F001-{number:06d}",
            invoice.issued_on,
            invoice.due_on,
            invoice.amount,
            invoice.description,
            invoice.payments,
            invoice.deduction,
        )


def _of(customer: SampleCustomer, today: date, calendar: BusinessCalendar) -> Iterator[SampleInvoice]:
    random = Random(customer.seed)
    started = random.randint(0, MONTHS - 6) if random.random() < 0.4 else 0
    every = random.choice((1, 1, 2, 3))
    fee = Decimal(random.randint(12, 180)) * 100
    day = random.randint(1, 27)
    for age in range(started, MONTHS, every):
        first = _months_before(today, MONTHS - 1 - age)
        issued_on = first.replace(day=day)
        if issued_on > today:
            continue
        amount = round_money(fee * Decimal(random.choice(("1", "1", "1.18", "0.85", "2.4"))), customer.currency)
        due_on = issued_on + timedelta(days=customer.terms_days)
        deduction = Decimal(0)
        if customer.country == "PE" and customer.currency == "PEN" and amount > 700 and random.random() < 0.5:
            # SPOT: 12 % for business services above S/ 700, deposited in the supplier's account at the Banco de la Nación.
            deduction = (amount * Decimal("0.12")).quantize(Decimal(1))
        yield SampleInvoice(
            customer,
            "",
            issued_on,
            due_on,
            amount,
            random.choice(SERVICES),
            tuple(_paid(customer, random, age, due_on, amount, today, calendar)),
            deduction,
        )


def _paid(
    customer: SampleCustomer,
    random: Random,
    age: int,
    due_on: date,
    amount: Decimal,
    today: date,
    calendar: BusinessCalendar,
) -> Iterator[SamplePayment]:
    payer = customer.payer
    delay = payer.delay(random, age)
    recent = age >= MONTHS - 7
    if recent and random.random() > payer.pays:
        return
    days = calendar.next_business_day(due_on + timedelta(days=delay))
    parts = [amount]
    if payer.name == "in parts" and random.random() < 0.7:
        half = round_money(amount / 2, customer.currency)
        parts = [half, amount - half]
    for part in parts:
        if days > today:
            return
        yield SamplePayment(days, part)
        days = calendar.next_business_day(days + timedelta(days=random.randint(10, 40)))


def _months_before(day: date, months: int) -> date:
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(years, month + 1, 1)
