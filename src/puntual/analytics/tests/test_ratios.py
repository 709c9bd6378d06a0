"""The ratios, by worked cases."""

from decimal import Decimal as D

import pytest

from puntual.analytics.ratios import (
    Countback,
    MonthSales,
    average_days_delinquent,
    best_possible_dso,
    dso,
    dso_countback,
    effectiveness,
    expected_loss,
    share,
)


@pytest.mark.parametrize(
    ("receivables", "sales", "days", "found"),
    [("150", "300", 30, "15"), ("300", "300", 30, "30"), ("0", "300", 31, "0"), ("100", "0", 30, None)],
)
def test_dso_is_receivables_by_the_sales_of_the_period_times_its_days(receivables, sales, days, found) -> None:
    assert dso(D(receivables), D(sales), days) == (found and D(found))


def test_counting_back_takes_off_the_latest_months_first() -> None:
    """450: all of November (30 days) and of October (31), then 50 of September's 200."""
    months = [MonthSales(D(100), 30), MonthSales(D(300), 31), MonthSales(D(200), 30)]
    assert dso_countback(D(450), months) == Countback(D("68.5"))
    assert dso_countback(D(0), months) == Countback(D(0))
    assert dso_countback(D(600), months) == Countback(D(91))
    assert dso_countback(D(601), months).beyond, "it stands for more than all that was looked at"


def test_a_month_that_only_gave_back_adds_its_days_and_takes_nothing_off() -> None:
    assert dso_countback(D(50), [MonthSales(D(-20), 30), MonthSales(D(100), 30)]) == Countback(D(45))


def test_lateness_is_what_lies_between_dso_and_the_best_possible() -> None:
    actual, best = dso(D(200), D(300), 30), best_possible_dso(D(150), D(300), 30)
    assert (actual, best, average_days_delinquent(actual, best)) == (20, 15, 5)
    assert average_days_delinquent(None, best) is None


@pytest.mark.parametrize(
    ("begin", "sales", "end", "not_due", "found"),
    [
        ("100", "200", "120", "120", "100"),  # nothing overdue is left: all that could be collected was
        ("100", "200", "150", "50", "60"),
        ("0", "0", "0", "0", None),
        ("0", "200", "200", "200", None),  # nothing could be collected yet
    ],
)
def test_effectiveness_is_of_what_could_be_collected(begin, sales, end, not_due, found) -> None:
    assert effectiveness(D(begin), D(sales), D(end), D(not_due)) == (found and D(found))


def test_the_provision_matrix_gives_its_worked_case() -> None:
    """IFRS 9, illustrative example 12: 15,000 at 0.5 % and so on."""
    balances = [D(15_000), D(7_500), D(4_000), D(2_500)]
    assert expected_loss(balances, [D("0.5"), D("2.2"), D("2.7"), D("4.5")]) == [D(75), D(165), D(108), D("112.5")]


def test_a_share_of_nothing_does_not_exist() -> None:
    assert share(3, 12) == 25
    assert share(0, 0) is None
