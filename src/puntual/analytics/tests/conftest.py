"""A small portfolio with a past: everything that can move a balance has happened, some of it recorded late."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from puntual.audit.actions import Actor
from puntual.kernel.text import fold
from puntual.parties.actions import create_creditor
from puntual.parties.models import Creditor, Customer, Party
from puntual.payments.actions import Designation, apply_on_account, record_payment, refund, reverse_payment, unallocate
from puntual.payments.models import Allocation
from puntual.receivables.actions import (
    Part,
    apply_credit_note,
    issue_credit_note,
    issue_invoice,
    reverse_entry,
    write_off,
)
from puntual.receivables.models import Entry, Installment, Invoice

MARCH = date(2026, 3, 2)


@dataclass
class Portfolio:
    """What the tests ask about."""

    organization_id: UUID
    main: Creditor
    other: Creditor
    by: Callable[[date], Actor]


def customer(by: Actor, creditor: Creditor, code: str, name: str) -> Customer:
    party = Party.objects.create(
        organization_id=by.organization_id, name=name, search_name=fold(name), country=creditor.country
    )
    return Customer.objects.create(
        organization_id=by.organization_id,
        creditor=creditor,
        party=party,
        code=code,
        name=name,
        search_name=fold(name),
        language="es",
        time_zone="America/Lima",
        created_on=MARCH,
    )


def invoice(
    by: Actor, customer: Customer, number: str, issued_on: date, *dues: tuple[int, str], currency: str = "PEN"
) -> Invoice:
    parts = [Part(issued_on + timedelta(days=days), Decimal(amount)) for days, amount in dues]
    return issue_invoice(
        by, customer_id=customer.id, number=number, issued_on=issued_on, currency=currency, parts=parts
    )


@pytest.fixture
def portfolio(acting) -> Portfolio:
    def by(day: date) -> Actor:
        # Half past nine in the evening in Lima, when it is the next day in UTC.
        now = datetime.combine(day + timedelta(days=1), time(2, 30), UTC)
        return acting.actor(today=day, now=now)

    main = create_creditor(by(MARCH), code="main", name="Sembria", country="PE", currency="PEN", language="es")
    other = create_creditor(by(MARCH), code="other", name="Sembria Chile", country="CL", currency="CLP", language="es")
    made = Portfolio(acting.id, main, other, by)
    _history(made)
    return made


def _history(made: Portfolio) -> None:
    def on(month: int, day: int) -> Actor:
        return made.by(date(2026, month, day))

    ana = customer(on(3, 2), made.main, "001", "Ñandú Textiles S.A.C.")
    beto = customer(on(3, 2), made.main, "002", "Bodegas del Sur")
    carla = customer(on(3, 2), made.other, "001", "Aguas Claras")
    invoice(on(3, 2), ana, "F1", date(2026, 3, 2), (30, "100.00"), (60, "100.00"), (90, "50.50"))
    invoice(on(3, 20), ana, "F2", date(2026, 3, 10), (15, "900.00"), currency="USD")
    invoice(on(4, 1), beto, "F3", date(2026, 4, 1), (0, "70.10"))
    invoice(on(4, 1), beto, "F4", date(2026, 4, 1), (200, "1000.00"))
    invoice(on(4, 5), carla, "F1", date(2026, 4, 5), (30, "250000"), currency="CLP")
    # Money before the invoice, money recorded two weeks late, money in excess, and given back.
    early = pay(on(4, 3), beto, "P1", date(2026, 3, 28), "30.10")
    pay(on(5, 15), ana, "P2", date(2026, 5, 1), "120.00")
    excess = pay(on(5, 20), carla, "P3", date(2026, 5, 20), "300000", "CLP")
    refund(on(6, 2), excess.id, amount=Decimal(20000), refunded_on=date(2026, 6, 1), reference="R1")
    # A check that bounced, and money that was set against the wrong item.
    bounced = pay(on(6, 5), ana, "P4", date(2026, 6, 5), "900.00", "USD")
    reverse_payment(on(6, 20), bounced.id, reason="bounced", reversed_on=date(2026, 6, 12))
    allocation = Allocation.objects.get(payment=early, reversed_at=None)
    unallocate(on(6, 25), allocation.id, why="wrong item", effective_on=date(2026, 6, 24))
    apply_on_account(on(7, 1), early.id)
    note = issue_credit_note(
        on(7, 2),
        customer_id=beto.id,
        number="NC1",
        issued_on=date(2026, 6, 30),
        currency="PEN",
        amount=Decimal("60.00"),
    )
    apply_credit_note(on(7, 10), note.id)
    taken = Entry.objects.get(source_id=note.id, amount=Decimal("-40.00"))
    reverse_entry(on(7, 12), taken.id, why="another invoice was meant")
    last = Installment.objects.get(invoice__number="F1", customer=ana, position=3)
    write_off(on(8, 1), last.id, why="not worth it")
    recovered = pay(on(8, 20), ana, "P5", date(2026, 8, 18), "500.00", designated=(last.id, "50.50"))
    reverse_payment(on(9, 1), recovered.id, reason="charged back", reversed_on=date(2026, 8, 28))
    pay(on(9, 2), ana, "P6", date(2026, 9, 2), "80.00", "EUR")


def pay(
    by: Actor,
    customer: Customer,
    reference: str,
    received_on: date,
    amount: str,
    currency: str = "PEN",
    designated: tuple[UUID, str] | None = None,
):
    return record_payment(
        by,
        customer_id=customer.id,
        reference=reference,
        received_on=received_on,
        currency=currency,
        amount=Decimal(amount),
        designations=[Designation(designated[0], Decimal(designated[1]))] if designated else (),
        oldest_first=designated is None,
    )
