"""The organization's own loss rates, dated, and the matrix they give: the worked case of the field's formulas."""

import json
from datetime import date
from decimal import Decimal

import pytest
from click.testing import CliRunner

from puntual.analytics import reports
from puntual.analytics.figures.catalog import behind
from puntual.analytics.figures.lines import Figure
from puntual.analytics.narrowing import of_creditor
from puntual.analytics.rates.actions import set_loss_rates
from puntual.analytics.rates.queries import loss_groups
from puntual.analytics.tables import Question
from puntual.analytics.tests.conftest import MARCH, customer, invoice
from puntual.kernel.problems import Problem
from puntual.parties.actions import create_creditor
from puntual.parties.models import Party
from puntual.strategies.models import StoredSegment

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
    found = [loss_groups(matrix.id, day) for day in (date(2026, 4, 30), date(2026, 7, 31), date(2026, 8, 1))]
    assert [[one.own and one.own.reason for one in groups] for groups in found] == [[None], ["first"], [None]]
    basis = reports.build("provision", matrix.id, date(2026, 7, 31)).basis
    assert "2026-05-01" in basis and "first" in basis


def test_a_creditors_own_go_before_those_for_all(matrix) -> None:
    by = matrix.actor(today=DAY)
    creditor = create_creditor(by, code="b", name="B", country="PE", currency="PEN", language="es")
    set_loss_rates(by, DAY, [Decimal(1)] * 5, reason="all")
    set_loss_rates(by, date(2026, 1, 1), [Decimal(2)] * 5, reason="theirs", creditor_id=creditor.id)
    (theirs,) = loss_groups(matrix.id, DAY, of_creditor(creditor.id))
    assert theirs.own.reason == "theirs"
    assert [one.own.reason for one in loss_groups(matrix.id, DAY)] == ["theirs", "all"]


def test_each_part_counts_with_the_rates_of_its_creditor_or_segment(matrix) -> None:
    """100 of another creditor, of which 40 by a customer of a segment; the rest of the worked case is under the rates for all."""
    by = matrix.actor(today=DAY)
    other = create_creditor(by, code="b", name="B", country="PE", currency="PEN", language="es")
    issued = date(2026, 6, 1)
    zoe, yago = customer(by, other, "9", "Zoe"), customer(by, other, "8", "Yago")
    for number, (who, amount) in enumerate(((zoe, "40"), (yago, "60"))):
        invoice(by, who, f"Z{number}", issued, ((DAY - issued).days - 10, amount))
    Party.objects.filter(pk=zoe.party_id).update(country="CL")
    StoredSegment.objects.create(
        organization_id=matrix.id,
        code="public",
        name="Public sector",
        conditions=[{"field": "country", "operator": "is", "value": ["CL"]}],
        position=1,
    )
    set_loss_rates(by, DAY, CASE, reason="all")
    set_loss_rates(by, DAY, [Decimal(50)] * 5, reason="theirs", creditor_id=other.id)
    set_loss_rates(by, DAY, [Decimal(1)] * 5, reason="the state pays", segment="public")
    found = reports.build("provision", matrix.id, DAY)
    losses = {row[5]: row[2:5] for row in found.rows}
    lost = Decimal(165) + Decimal("0.40") + 30
    assert losses["1-30"] == (7600, lost / 7600 * 100, lost)
    assert losses["31-60"] == (4000, Decimal("2.7"), 108)
    assert found.totals[0][2:5:2] == (29100, Decimal("460.5") + Decimal("30.40"))
    assert "Public sector" in found.basis and "theirs" in found.basis and "all" in found.basis
    assert [one["segment"] for one in found.facts["own_rates"]] == ["public", None, None]
    for bucket, (_amount, _rate, lost) in losses.items():
        rows = behind(
            "provision", Figure(matrix.id, Question(DAY), "expected_loss", {"bucket_code": bucket, "currency": "PEN"})
        )
        assert rows.total() == lost
    (theirs,) = [row for row in reports.build("provision", matrix.id, DAY, creditor=other.id).rows if row[2]]
    assert theirs[2] == 100 and theirs[4] == Decimal("30.40")
    with pytest.raises(Problem):
        set_loss_rates(by, DAY, CASE, reason="x", segment="nobody")


@pytest.mark.parametrize(
    ("percents", "reason"),
    [([Decimal(1)] * 4, "x"), ([Decimal(101), *[Decimal(1)] * 4], "x"), ([Decimal(-1)] * 5, "x"), (CASE, " ")],
)
def test_what_cannot_be_a_rate_is_refused(acting, percents, reason) -> None:
    with pytest.raises(Problem):
        set_loss_rates(acting.actor(today=DAY), DAY, percents, reason=reason)
