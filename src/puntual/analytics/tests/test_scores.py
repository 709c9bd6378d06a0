"""Chances of paying late: the formula, what is known when, and how right it was on a world whose truth is known."""

from datetime import date, timedelta
from random import Random

import pytest
from django.utils import translation

from puntual.analytics import reports
from puntual.analytics.scores import calibrations, scores
from puntual.analytics.scoring import Slice, calibration, shrunk
from puntual.analytics.tests.conftest import customer, invoice, pay
from puntual.parties.actions import create_creditor

START = date(2026, 1, 5)


@pytest.mark.parametrize(
    ("late", "settled", "portfolio", "chance"),
    [(0, 0, 0.4, 0.4), (5, 5, 0.4, 0.7), (0, 45, 0.4, 0.04), (95, 95, 0.4, 0.97)],
)
def test_a_chance_is_drawn_to_the_portfolio_s_by_five_items(late, settled, portfolio, chance) -> None:
    assert shrunk(late, settled, portfolio) == pytest.approx(chance)


def test_how_right_chances_were() -> None:
    found = calibration([Slice(10, 0.2, 2), Slice(10, 0.8, 6)], 3.6, 20, 8)
    assert found is not None
    assert (found.error, found.brier, found.naive) == pytest.approx((0.1, 0.18, 0.24))
    assert calibration([], 0, 0, 0) is None


def test_the_shrunk_rate_is_right_within_five_points_on_a_known_world() -> None:
    """Three hundred customers, each late by a chance of its own; each item judged by what was known before it."""
    draw = Random(5)
    slices: dict[int, list[tuple[float, int]]] = {}
    seen_all = late_all = 0
    for _customer in range(300):
        truth = draw.betavariate(1.2, 2.2)
        late = settled = 0
        for _item in range(24):
            portfolio = late_all / seen_all if seen_all else 0.35
            chance = shrunk(late, settled, portfolio)
            outcome = int(draw.random() < truth)
            slices.setdefault(int(chance * 10), []).append((chance, outcome))
            late, settled = late + outcome, settled + 1
            late_all, seen_all = late_all + outcome, seen_all + 1
    made = [Slice(len(each), sum(c for c, _ in each) / len(each), sum(o for _, o in each)) for each in slices.values()]
    squares = sum((c - o) ** 2 for each in slices.values() for c, o in each)
    found = calibration(made, squares, seen_all, late_all)
    assert found is not None and found.error < 0.05 and found.brier < found.naive


@pytest.fixture
def two(portfolio):
    """One who always pays a week late and one who never does, ten weeks each, in a currency of their own."""
    creditor = create_creditor(
        portfolio.by(START), code="weekly", name="Weekly", country="PE", currency="PEN", language="es"
    )
    for code, late in (("slow", 7), ("quick", -1)):
        who = customer(portfolio.by(START), creditor, code, f"Payer {code}")
        for week in range(10):
            issued = START + timedelta(days=7 * week)
            invoice(portfolio.by(issued), who, f"{code}{week}", issued, (14, "100.00"), currency="BOB")
            paid = issued + timedelta(days=14 + late)
            pay(portfolio.by(paid), who, f"{code}{week}", paid, "100.00", "BOB")
        issued = date(2026, 4, 6)
        invoice(portfolio.by(issued), who, f"{code}-open", issued, (14, "1000.00"), currency="BOB")
    return portfolio, creditor


def test_each_is_scored_by_its_own_past(two) -> None:
    portfolio, creditor = two
    found = {one.code: one for one in scores(portfolio.organization_id, date(2026, 4, 8), creditor.id)}
    assert list(found) == ["slow", "quick"], "the greatest value at risk first"
    slow, quick = found["slow"], found["quick"]
    assert (slow.settled, slow.late, slow.days) == (10, 10, 7) and (quick.late, quick.days) == (0, -1)
    assert (slow.chance, quick.chance) == pytest.approx((12.5 / 15, 2.5 / 15)), (
        "ten of twenty in the portfolio are late"
    )
    assert float(slow.at_risk) == pytest.approx(1000 * slow.chance, abs=1)
    after = {one.code: one for one in scores(portfolio.organization_id, date(2026, 5, 1), creditor.id)}
    assert after["quick"].at_risk == 1000, "what is overdue is at risk whole"


def test_past_chances_know_nothing_of_what_came_later(two) -> None:
    portfolio, creditor = two
    found = calibrations(portfolio.organization_id, date(2026, 5, 1), creditor.id)
    assert list(found) == [date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1)][-len(found) :]
    assert sum(one.items for one in found.values()) >= 14
    march = found[date(2026, 3, 1)]
    assert march.late * 2 == march.items and march.brier < march.naive
    first = min(found)
    assert found[first].error > march.error, "little was known at first"


def test_as_reports(two) -> None:
    portfolio, creditor = two
    with translation.override("en"):
        behavior = reports.build("behavior", portfolio.organization_id, date(2026, 4, 8), creditor=creditor.id)
        rows = {row[1]: row for row in behavior.rows}
        assert rows["slow"][4:9] == (10, 7, 7, 7, 100)
        assert list(
            reports.build("calibration", portfolio.organization_id, date(2026, 5, 1), creditor=creditor.id).rows
        )
        scored = list(reports.build("scores", portfolio.organization_id, date(2026, 4, 8), creditor=creditor.id).rows)
    assert [row[1] for row in scored] == ["slow", "quick"]
