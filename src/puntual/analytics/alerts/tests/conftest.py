"""A creditor whose customers are billed weekly and pay three days late, for months."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from conftest import Cast
from puntual.analytics.alerts.actions import raise_alerts
from puntual.analytics.alerts.models import Alert
from puntual.analytics.alerts.tests.ledger import Line, write
from puntual.analytics.tests.conftest import customer
from puntual.audit.actions import Actor
from puntual.parties.actions import create_creditor
from puntual.parties.models import Creditor, Customer
from puntual.receivables.models import Installment

START = date(2026, 1, 5)
WEEK, DAY = timedelta(days=7), timedelta(days=1)
WEEKS = 22
END = START + WEEKS * WEEK
"""The first week that is not paid as ever."""


@dataclass
class Payers:
    """Who acts, the creditor, and one customer with a pattern of its own."""

    by: Callable[[date], Actor]
    creditor: Creditor
    usual: Customer
    organization_id: object

    def line(
        self, who: Customer, week: int, *, amount: str = "700.00", name: str = "", late: int | None = None
    ) -> Line:
        """An invoice of that week, due in 14 days; `late` is how many days after it was paid, without it it is open."""
        issued = START + week * WEEK
        due = issued + 14 * DAY
        paid = None if late is None else due + late * DAY
        return Line(who, f"{who.code}-{week}{name}", issued, due, Decimal(amount), paid)

    def bill(self, who: Customer, week: int, **more: Any) -> Installment:
        """One more, as `line` has it."""
        (made,) = write([self.line(who, week, **more)], date.max).values()
        made.refresh_from_db()
        return made

    def payer(self, code: str, late: int = 3) -> Customer:
        """A customer who paid every week so many days late."""
        who = customer(self.by(START), self.creditor, code, f"Payer {code}")
        write([self.line(who, week, late=late) for week in range(WEEKS)], date.max)
        return who

    def raised(self, day: date, who: Customer | None = None) -> dict[str, Alert]:
        """What is there of a customer, or of the creditor, after the day's alerts were raised."""
        raise_alerts(self.by(day))
        return {one.kind: one for one in Alert.objects.filter(customer=who, state="open")}


@pytest.fixture
def payers(acting: Cast) -> Payers:
    def by(day: date) -> Actor:
        return acting.actor(today=day, now=datetime.combine(day, time(15), UTC))

    creditor = create_creditor(by(START), code="weekly", name="Weekly", country="PE", currency="PEN", language="es")
    made = Payers(by, creditor, None, acting.id)  # type: ignore[arg-type]
    made.usual = made.payer("W")
    return made
