"""The forecast from the ledger: what is expected when, what is not, what is kept and what came."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from puntual.analytics import reports
from puntual.analytics.forecasts import forecast_of, keep_forecast
from puntual.analytics.models import ForecastWeek
from puntual.analytics.tests.conftest import customer, invoice, pay
from puntual.parties.actions import create_creditor
from puntual.receivables.actions import hold
from puntual.receivables.models import Installment

START = date(2026, 1, 5)


@pytest.fixture
def usual(acting, portfolio):
    """A customer of a creditor of its own, billed every week at 14 days, who paid ten times three days late."""
    creditor = create_creditor(
        portfolio.by(START), code="weekly", name="Weekly", country="PE", currency="PEN", language="es"
    )
    who = customer(portfolio.by(START), creditor, "W", "Weekly payer")
    for week in range(10):
        issued = START + timedelta(days=7 * week)
        invoice(portfolio.by(issued), who, f"W{week}", issued, (14, "700.00"), currency="BOB")
        paid = issued + timedelta(days=17)
        pay(portfolio.by(paid), who, f"W{week}", paid, "700.00", "BOB")
    return portfolio, who


def bolivianos(portfolio, day: date) -> list[int]:
    return [round(week.expected) for week in forecast_of(portfolio.organization_id, day).get("BOB", [])][:3]


def test_what_is_open_is_expected_when_such_amounts_came(usual) -> None:
    portfolio, who = usual
    issued = date(2026, 4, 6)
    invoice(portfolio.by(issued), who, "open", issued, (14, "1000.00"), currency="BOB")
    first, second, third = bolivianos(portfolio, date(2026, 4, 7))
    assert first < 100 and second < 100 and third > 800, "due on the 20th, paid on the 23rd"


def test_by_day_it_is_expected_on_the_day_such_amounts_came(usual) -> None:
    portfolio, who = usual
    issued = date(2026, 4, 6)
    invoice(portfolio.by(issued), who, "open", issued, (14, "1000.00"), currency="BOB")
    with translation.override("en"):
        found = reports.build("forecast-days", portfolio.organization_id, date(2026, 4, 17))
        rows = {row[0]: row[2] for row in found.rows if row[1] == "BOB"}
    assert len(rows) == 10 and min(rows) == "2026-04-20", "a Monday, after the weekend"
    assert max(rows, key=lambda day: rows[day]) == "2026-04-23" and rows["2026-04-23"] > 800
    assert "10 bank days" in found.basis


def test_what_is_disputed_is_not_expected(usual) -> None:
    portfolio, who = usual
    issued = date(2026, 4, 6)
    owed = invoice(portfolio.by(issued), who, "open", issued, (14, "1000.00"), currency="BOB")
    item = Installment.objects.get(invoice=owed)
    whole = sum(bolivianos(portfolio, date(2026, 4, 7)))
    made = hold(portfolio.by(date(2026, 4, 7)), reason="dispute", installment_id=item.id, amount=Decimal(400))
    assert sum(bolivianos(portfolio, date(2026, 4, 7))) == pytest.approx(0.6 * whole, abs=2)
    made.amount = None
    made.save()
    assert sum(bolivianos(portfolio, date(2026, 4, 7))) == 0


def test_past_forecasts_are_kept_and_compared(usual) -> None:
    portfolio, who = usual
    issued = date(2026, 4, 6)
    invoice(portfolio.by(issued), who, "open", issued, (14, "1000.00"), currency="BOB")
    assert keep_forecast(portfolio.by(date(2026, 4, 20))) > 1, "and those of the months before, as they would have been"
    assert keep_forecast(portfolio.by(date(2026, 4, 21))) == 0, "one a week"
    pay(portfolio.by(date(2026, 4, 23)), who, "paid", date(2026, 4, 23), "990.00", "BOB")
    assert keep_forecast(portfolio.by(date(2026, 4, 27))) == 1
    week = ForecastWeek.objects.get(made_on=date(2026, 4, 19), currency="BOB", first=date(2026, 4, 20))
    assert week.came == Decimal("990.00") and week.low <= week.expected <= week.high
    assert not ForecastWeek.objects.filter(came=None, last__lt=date(2026, 4, 27)).exists()
    with translation.override("en"):
        found = reports.build("forecast", portfolio.organization_id, date(2026, 4, 27))
        rows = [row for row in found.rows if row[1] == "BOB"]
    assert ("2026-04-20", Decimal("990.00")) in {(row[0], row[5]) for row in rows}
    assert "it held" in found.basis


def test_nothing_is_expected_where_nothing_was_billed(acting) -> None:
    assert keep_forecast(acting.actor()) == 0
    assert forecast_of(acting.id, START) == {}
