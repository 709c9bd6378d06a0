"""Simple interest from dated rates."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puntual.kernel.interest import Rate, simple_interest
from puntual.kernel.problems import Problem


def ecb(year: int, month: int, value: str) -> Rate:
    return Rate("EU", "ECB main refinancing rate", date(year, month, 1), Decimal(value), "Official Journal C")


RATES = (ecb(2024, 1, "4.50"), ecb(2024, 7, "4.25"), ecb(2025, 1, "3.15"), ecb(2025, 7, "2.15"))
MARGIN = Decimal(8)
DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))
PRINCIPALS = st.decimals(min_value=0, max_value=Decimal("99999999.99"), places=2)


def test_a_line_for_each_rate_in_force():
    first, second = simple_interest(Decimal("10000"), "EUR", RATES, date(2024, 6, 21), date(2024, 7, 10), MARGIN)
    assert (first.first_day, first.last_day, first.days) == (date(2024, 6, 21), date(2024, 6, 30), 10)
    assert (first.percent, first.amount) == (Decimal("12.50"), Decimal("34.25"))  # 10,000 × 12.5 % × 10/365 = 34.2466
    assert (second.first_day, second.last_day, second.days) == (date(2024, 7, 1), date(2024, 7, 10), 10)
    assert (second.percent, second.amount) == (Decimal("12.25"), Decimal("33.56"))  # 33.5616
    assert (first.rate, second.rate) == (RATES[0], RATES[1])


@pytest.mark.parametrize(
    ("principal", "currency", "days", "percent", "amount"),
    [
        ("36500", "PEN", 1, "10", "10.00"),
        ("36500", "PEN", 366, "10", "3660.00"),  # a leap year has a day more, its days are not worth less
        ("18.25", "PEN", 1, "10", "0.00"),  # 0.005 is half: to even
        ("54.75", "PEN", 1, "10", "0.02"),  # 0.015 is half: to even
        ("100000", "CLP", 30, "6", "493"),  # 493.15
        ("1000", "KWD", 30, "6", "4.932"),  # 4.93150...
        ("1000", "PEN", 30, "-3", "0.00"),
        ("0", "PEN", 30, "6", "0.00"),
    ],
)
def test_amounts(principal, currency, days, percent, amount):
    start = date(2024, 1, 1)
    rates = [Rate("PE", "legal", start, Decimal(percent), "BCRP")]
    (line,) = simple_interest(Decimal(principal), currency, rates, start, start + timedelta(days=days - 1))
    assert (line.days, str(line.amount)) == (days, amount)


def test_rates_in_any_order_and_a_rate_long_in_force():
    (line,) = simple_interest(Decimal(100), "EUR", RATES[::-1], date(2026, 5, 1), date(2026, 5, 1), MARGIN)
    assert line.rate == RATES[-1]


def test_nothing_for_an_empty_period():
    assert simple_interest(Decimal(100), "EUR", RATES, date(2025, 5, 2), date(2025, 5, 1)) == []


def test_a_day_without_a_rate_is_said_not_guessed():
    with pytest.raises(Problem, match="2023-12-31"):
        simple_interest(Decimal(100), "EUR", RATES, date(2023, 12, 31), date(2024, 3, 1))
    with pytest.raises(Problem, match="2024-03-01"):
        simple_interest(Decimal(100), "EUR", [], date(2024, 3, 1), date(2024, 3, 1))


def test_rates_that_contradict_each_other():
    with pytest.raises(Problem, match="Two interest rates"):
        simple_interest(Decimal(100), "EUR", [*RATES, ecb(2025, 1, "3.00")], date(2024, 3, 1), date(2024, 3, 2))
    other = Rate("PE", "legal", date(2024, 1, 1), Decimal(3), "BCRP")
    with pytest.raises(ValueError, match="one place"):
        simple_interest(Decimal(100), "EUR", [*RATES, other], date(2024, 3, 1), date(2024, 3, 2))


def test_a_credit_bears_no_interest():
    with pytest.raises(ValueError, match="credit"):
        simple_interest(Decimal(-1), "EUR", RATES, date(2024, 3, 1), date(2024, 3, 2))


@given(PRINCIPALS, DAYS, DAYS)
def test_the_sum_is_that_of_single_days_up_to_half_a_cent_a_line(principal, one, other):
    first, last = min(one, other), max(one, other)
    lines = simple_interest(principal, "EUR", RATES, first, last, MARGIN)
    exact = Fraction(0)
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        rate = [rate for rate in RATES if rate.valid_from <= day][-1]
        exact += Fraction(principal) * Fraction(rate.value + MARGIN) / 36500
    assert abs(Fraction(sum(line.amount for line in lines)) - exact) <= Fraction(1, 200) * len(lines)


@given(PRINCIPALS, st.tuples(DAYS, DAYS, DAYS).map(sorted))
def test_a_period_cut_in_two_bears_the_same_but_for_rounding(principal, days):
    first, cut, last = days
    whole = simple_interest(principal, "EUR", RATES, first, last, MARGIN)
    parts = simple_interest(principal, "EUR", RATES, first, cut, MARGIN)
    parts += simple_interest(principal, "EUR", RATES, cut + timedelta(days=1), last, MARGIN)
    assert sum(line.days for line in parts) == sum(line.days for line in whole) == (last - first).days + 1
    difference = sum(line.amount for line in parts) - sum(line.amount for line in whole)
    assert abs(difference) <= Decimal("0.005") * (len(parts) + len(whole))


@given(PRINCIPALS, DAYS, DAYS)
def test_lines_follow_each_other_without_a_gap(principal, one, other):
    lines = simple_interest(principal, "EUR", RATES, min(one, other), max(one, other))
    assert (lines[0].first_day, lines[-1].last_day) == (min(one, other), max(one, other))
    for before, after in pairwise(lines):
        assert after.first_day == before.last_day + timedelta(days=1)
