"""Seeded ledgers whose truth is known: each customer is billed every month, and pays late by a chance that the test chooses."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from math import exp
from random import Random
from uuid import UUID

from puntual.analytics.tests.conftest import customer
from puntual.audit.actions import Actor
from puntual.parties.actions import create_creditor
from puntual.parties.models import Creditor, Customer
from puntual.receivables.models import Entry, Installment, Invoice

TODAY = date(2026, 10, 1)
TERMS = 20


@dataclass(frozen=True)
class Billed:
    """What a truth may depend on: the customer's own log-odds, the amount beside the usual one (log), and when it is due."""

    own: float
    size: float
    due_on: date


Truth = Callable[[Billed], float]


def own_rate_only(billed: Billed) -> float:
    return billed.own


def amount_and_season(billed: Billed) -> float:
    return 0.6 * billed.own + 1.8 * billed.size + (1.5 if billed.due_on.month in (1, 2, 7) else 0)


def make(by: Actor, truth: Truth, *, customers: int = 150, months: int = 34, seed: int = 7) -> None:
    """The ledger as of `TODAY`, each entry recorded on the day it takes effect."""
    draw = Random(seed)
    creditor = create_creditor(by, code="main", name="Sembria", country="PE", currency="PEN", language="es")
    invoices, items, entries = [], [], []
    for number, who in enumerate(_customers(by, creditor, customers)):
        own = draw.gauss(-0.5, 1.0)
        for month in range(months):
            issued = TODAY - timedelta(days=30 * (months - month) - draw.randrange(25) + 2)
            if issued >= TODAY:
                continue
            size = draw.gauss(0, 1)
            amount = Decimal(str(round(1000 * exp(size), 2)))
            due = issued + timedelta(days=TERMS)
            late = draw.random() < 1 / (1 + exp(-truth(Billed(own, size, due))))
            paid = due + timedelta(days=draw.randrange(1, 20) if late else -draw.randrange(0, 5))
            is_paid = paid < TODAY
            mine = {"organization_id": by.organization_id}
            whose = {**mine, "creditor_id": creditor.id, "customer_id": who.id, "currency": "PEN", "amount": amount}
            bill = Invoice(**whose, number=f"{number}-{month}", number_key=f"{number}-{month}", issued_on=issued)
            item = Installment(**whose, invoice=bill, due_on=due, open_amount=amount)
            invoices.append(bill)
            items.append(item)
            entries.append(posting(item, "issued", amount, issued))
            if is_paid:
                entries.append(posting(item, "payment", -amount, paid))
    Invoice.objects.bulk_create(invoices, batch_size=2000)
    Installment.objects.bulk_create(items, batch_size=2000)
    Entry.objects.bulk_create(entries, batch_size=4000)


def _customers(by: Actor, creditor: Creditor, number: int) -> list[Customer]:
    first = customer(by, creditor, "c0", "Payer 0")
    values = {
        field.attname: getattr(first, field.attname) for field in Customer._meta.local_fields if field.attname != "id"
    }
    others = [Customer(**{**values, "code": f"c{n}", "name": f"Payer {n}"}) for n in range(1, number)]
    return [first, *Customer.objects.bulk_create(others)]


def posting(item: Installment, kind: str, amount: Decimal, day: date, recorded: date | None = None) -> Entry:
    return Entry(
        organization_id=item.organization_id,
        installment_id=item.id,
        kind=kind,
        amount=amount,
        currency=item.currency,
        effective_on=day,
        recorded_at=datetime.combine(recorded or day, time(15), UTC),
    )


def settled_item(organization_id: UUID) -> Installment:
    """One that was settled some time ago."""
    items = Installment.objects.filter(organization_id=organization_id, settled_on__lt=TODAY - timedelta(days=60))
    return items.order_by("-settled_on", "id")[0]
