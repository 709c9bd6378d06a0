"""The organization's own loss rates, dated, and the matrix they give: the worked case of the field's formulas."""

import json
from datetime import date
from decimal import Decimal

import pytest
from click.testing import CliRunner

from puntual.analytics import reports
from puntual.analytics.rates.actions import set_loss_rates
from puntual.analytics.rates.queries import own_loss_rates
from puntual.analytics.tests.conftest import MARCH, customer, invoice
from puntual.kernel.problems import Problem
from puntual.parties.actions import create_creditor

DAY = date(2026, 9, 30)
CASE = [Decimal("0.5"), Decimal("2.2"), Decimal("2.7"), Decimal("4.5"), Decimal(10)]


@pytest.fixture
def matrix(acting):
    """15,000 not due, 7,500 up to 30 days late, 4,000 up to 60, 2,500 up to 90."""
    by = acting.actor(today=MARCH)
    main = create_creditor(by, code="main", name="Sembria", country="PE", currency="PEN", language="es")
    who = customer(by, main, "1", "Ana")
    later = acting.actor(today=DAY)
    for number, (amount, days) in enumerate((("15000", 30), ("7500", -10), ("4000", -45), ("2500", -75))):
        invoice(later, who, f"F{number}", date(2026, 6, 1), ((DAY - date(2026, 6, 1)).days + days, amount))
    return acting


def test_the_worked_case_by_the_command_itself(matrix, monkeypatch) -> None:
    set_loss_rates(matrix.actor(today=DAY), date(2026, 9, 1), CASE, reason="IFRS 9, policy of 2026")
    from puntual.cli import reports as command

    monkeypatch.setattr(command, "start", lambda: None)
    asked = ["provision", "--org", matrix.organization.slug, "--as-of", DAY.isoformat(), "--format", "json"]
    done = CliRunner().invoke(command.report, asked, catch_exceptions=False)
    found = json.loads(done.stdout)
    assert [row["expected_loss"] for row in found["buckets"]] == ["75.00", "165.00", "108.00", "112.50", "0.00"]
    assert [row["loss_rate"] for row in found["buckets"]] == ["0.50", "2.20", "2.70", "4.50", "10.00"]
    assert found["rates_from"] == "2026-09-01"


def test_they_count_from_their_day_until_others_do(matrix) -> None:
    by = matrix.actor(today=DAY)
    set_loss_rates(by, date(2026, 5, 1), [Decimal(1)] * 5, reason="first")
    set_loss_rates(by, date(2026, 8, 1), None, reason="measured from now on")
    found = {day: own_loss_rates(matrix.id, day) for day in (date(2026, 4, 30), date(2026, 7, 31), date(2026, 8, 1))}
    assert [one and one.reason for one in found.values()] == [None, "first", None]
    basis = reports.build("provision", matrix.id, date(2026, 7, 31)).basis
    assert "2026-05-01" in basis and "first" in basis


def test_a_creditors_own_go_before_those_for_all(matrix) -> None:
    by = matrix.actor(today=DAY)
    creditor = create_creditor(by, code="b", name="B", country="PE", currency="PEN", language="es")
    set_loss_rates(by, DAY, [Decimal(1)] * 5, reason="all")
    set_loss_rates(by, date(2026, 1, 1), [Decimal(2)] * 5, reason="theirs", creditor_id=creditor.id)
    assert own_loss_rates(matrix.id, DAY, creditor.id).reason == "theirs"
    assert own_loss_rates(matrix.id, DAY).reason == "all"


@pytest.mark.parametrize(
    ("percents", "reason"),
    [([Decimal(1)] * 4, "x"), ([Decimal(101), *[Decimal(1)] * 4], "x"), ([Decimal(-1)] * 5, "x"), (CASE, " ")],
)
def test_what_cannot_be_a_rate_is_refused(acting, percents, reason) -> None:
    with pytest.raises(Problem):
        set_loss_rates(acting.actor(today=DAY), DAY, percents, reason=reason)
