"""Currencies are put together only where somebody asks for it, by rates that say their day and source."""

from datetime import date
from decimal import Decimal

import pytest

from puntual.analytics import reports
from puntual.analytics.rates.actions import Given, record_exchange_rates
from puntual.analytics.rates.queries import Into
from puntual.analytics.tests.conftest import MARCH, customer, invoice
from puntual.kernel.problems import Problem
from puntual.parties.actions import create_creditor

DAY = date(2026, 9, 30)


@pytest.fixture
def two(acting):
    """Ana owes 100 soles and 10 dollars, Beto 50 dollars."""
    by = acting.actor(today=MARCH)
    main = create_creditor(by, code="main", name="Sembria", country="PE", currency="PEN", language="es")
    ana, beto = customer(by, main, "1", "Ana"), customer(by, main, "2", "Beto")
    later = acting.actor(today=DAY)
    invoice(later, ana, "F1", date(2026, 9, 1), (5, "100"))
    invoice(later, ana, "F2", date(2026, 9, 1), (60, "10"), currency="USD")
    invoice(later, beto, "F3", date(2026, 9, 1), (5, "50"), currency="USD")
    return acting


def enter(acting, on: date, base: str, quote: str, rate: str, source: str = "SBS") -> None:
    record_exchange_rates(acting.actor(today=DAY), [Given(on, base, quote, Decimal(rate), source)])


def test_together_only_when_asked_with_day_and_source(two) -> None:
    enter(two, date(2026, 9, 28), "USD", "PEN", "3.70")
    enter(two, date(2026, 9, 29), "USD", "PEN", "9.99", "typed wrongly")
    enter(two, date(2026, 9, 29), "USD", "PEN", "3.75")
    apart = reports.build("aging", two.id, DAY)
    assert [row[3] for row in apart.rows] == ["PEN", "USD", "USD"] and not apart.asked
    found = reports.build("aging", two.id, DAY, into="PEN")
    assert [(row[2], row[3], row[9]) for row in found.rows] == [
        ("Ana", "PEN", Decimal("137.50")),
        ("Beto", "PEN", Decimal("187.50")),
    ]
    assert [total[9] for total in found.totals] == [Decimal("325.00")]
    assert found.facts["in"] == {
        "currency": "PEN",
        "rates": {"USD": {"rate": "3.7500000000", "on": "2026-09-29", "source": "SBS"}},
    }
    assert any("3.75" in value and "2026-09-29" in value and "SBS" in value for _label, value in found.asked)
    share = list(reports.build("top-customers", two.id, DAY, into="PEN").rows)
    assert [row[2] for row in share] == ["2", "1"] and share[1][-1] == 100


def test_the_other_way_round_and_what_is_missing(two) -> None:
    enter(two, date(2026, 9, 1), "PEN", "USD", "0.25")
    assert Into(two.id, "PEN", DAY).rate("USD") == 4
    with pytest.raises(Problem, match="USD"):
        Into(two.id, "PEN", date(2026, 8, 31)).rate("USD")
    with pytest.raises(Problem, match="cure-rate"):
        reports.build("cure-rate", two.id, DAY, into="PEN")


@pytest.mark.parametrize(
    ("on", "base", "rate", "source"),
    [
        (DAY, "USD", "0", "SBS"),
        (DAY, "PEN", "1", "SBS"),
        (DAY, "usd", "3", "SBS"),
        (DAY, "USD", "3", " "),
        (date(2026, 10, 1), "USD", "3", "SBS"),
    ],
)
def test_what_is_no_rate_is_refused(acting, on, base, rate, source) -> None:
    with pytest.raises(Problem):
        enter(acting, on, base, "PEN", rate, source)
