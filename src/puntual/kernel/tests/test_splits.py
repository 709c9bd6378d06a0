"""Splits lose nothing; monthly dates stay on their day."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puntual.kernel.money import from_minor, quantum
from puntual.kernel.problems import Problem
from puntual.kernel.splits import monthly_dates, split_by_weights, split_evenly

MINOR = st.integers(-(10**15), 10**15)
CURRENCIES = st.sampled_from(["PEN", "CLP", "KWD", "CLF"])
WEIGHTS = st.lists(st.integers(0, 10**6) | st.decimals(0, 1000, places=3), min_size=1, max_size=12).filter(any)


@pytest.mark.parametrize(
    ("amount", "n", "currency", "parts"),
    [
        ("100", 3, "PEN", ["33.34", "33.33", "33.33"]),
        ("100", 3, "CLP", ["34", "33", "33"]),
        ("0.05", 3, "PEN", ["0.02", "0.02", "0.01"]),
        ("-100", 3, "PEN", ["-33.34", "-33.33", "-33.33"]),
        ("0.01", 2, "PEN", ["0.01", "0.00"]),
        ("7", 1, "USD", ["7.00"]),
    ],
)
def test_split_evenly(amount, n, currency, parts):
    assert [str(part) for part in split_evenly(Decimal(amount), n, currency)] == parts


@pytest.mark.parametrize(
    ("amount", "weights", "parts"),
    [
        ("100", [50, 30, 20], ["50.00", "30.00", "20.00"]),
        ("100", [1, 1, 1], ["33.34", "33.33", "33.33"]),
        ("0.02", [Decimal("0.2"), Decimal("0.3"), Decimal("0.5")], ["0.00", "0.01", "0.01"]),
        ("10", [0, 1, 0], ["0.00", "10.00", "0.00"]),
        ("-10", [1, 2], ["-3.33", "-6.67"]),
    ],
)
def test_split_by_weights(amount, weights, parts):
    assert [str(part) for part in split_by_weights(Decimal(amount), weights, "PEN")] == parts


@given(MINOR, st.integers(1, 120), CURRENCIES)
def test_an_even_split_loses_nothing_and_is_even(minor, n, currency):
    amount = from_minor(minor, currency)
    parts = split_evenly(amount, n, currency)
    assert len(parts) == n
    assert sum(parts) == amount
    assert max(parts) - min(parts) <= quantum(currency)
    assert [abs(part) for part in parts] == sorted((abs(part) for part in parts), reverse=True)


@given(MINOR, WEIGHTS, CURRENCIES)
def test_a_weighted_split_loses_nothing_and_stays_within_a_unit_of_the_share(minor, weights, currency):
    amount = from_minor(minor, currency)
    parts = split_by_weights(amount, weights, currency)
    assert sum(parts) == amount
    for part, weight in zip(parts, weights, strict=True):
        share = Fraction(amount) * Fraction(weight) / sum(Fraction(weight) for weight in weights)
        assert abs(Fraction(part) - share) < Fraction(quantum(currency))


def test_splits_that_make_no_sense_are_refused():
    with pytest.raises(ValueError, match="at least one"):
        split_evenly(Decimal(1), 0, "PEN")
    with pytest.raises(Problem, match="finer"):
        split_evenly(Decimal("0.001"), 2, "PEN")
    for weights in ([], [0, 0], [2, -1]):
        with pytest.raises(ValueError, match="Weights"):
            split_by_weights(Decimal(1), weights, "PEN")
    with pytest.raises(TypeError, match="float"):
        split_by_weights(Decimal(1), [0.5, 0.5], "PEN")


@pytest.mark.parametrize(
    ("first", "n", "dates"),
    [
        (date(2026, 1, 31), 4, [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]),
        (date(2024, 1, 30), 3, [date(2024, 1, 30), date(2024, 2, 29), date(2024, 3, 30)]),
        (date(2026, 11, 15), 3, [date(2026, 11, 15), date(2026, 12, 15), date(2027, 1, 15)]),
        (date(2026, 12, 31), 1, [date(2026, 12, 31)]),
        (date(2026, 12, 31), 0, []),
    ],
)
def test_monthly_dates(first, n, dates):
    assert monthly_dates(first, n) == dates


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 60))
def test_each_month_has_its_date(first, n):
    months = [day.year * 12 + day.month for day in monthly_dates(first, n)]
    assert months == list(range(months[0], months[0] + n))
