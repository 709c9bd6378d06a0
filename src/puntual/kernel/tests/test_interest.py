"""Simple interest from dated rates."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puntual.kernel.interest import Change, Pause, Rate, accrued, known_through, simple_interest
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


def test_what_was_paid_stops_and_what_had_accrued_stays():
    """10,000 due on 10 June 2024, 4,000 paid on 20 June, the rest on 10 July: Ley 3/2004 art. 5, ECB rate + 8."""
    changes = [
        Change(date(2024, 5, 1), Decimal(10000)),
        Change(date(2024, 6, 20), Decimal(-4000)),
        Change(date(2024, 7, 10), Decimal(-6000)),
    ]
    lines = accrued(changes, "EUR", RATES, date(2024, 6, 11), date(2024, 9, 30), MARGIN)
    assert [(line.first_day.day, line.last_day.day, line.days, line.principal, line.percent) for line in lines] == [
        (11, 20, 10, 10000, Decimal("12.50")),
        (21, 30, 10, 6000, Decimal("12.50")),
        (1, 10, 10, 6000, Decimal("12.25")),
    ]
    assert [str(line.amount) for line in lines] == ["34.25", "20.55", "20.14"]


def test_a_pause_stops_interest_on_all_or_on_a_part():
    changes = [Change(date(2024, 1, 1), Decimal(1000))]
    part = Pause(date(2024, 2, 11), date(2024, 2, 20), Decimal(400))
    whole = Pause(date(2024, 2, 16), date(2024, 2, 18))
    lines = accrued(changes, "EUR", RATES, date(2024, 2, 1), date(2024, 2, 29), pauses=[part, whole])
    assert [(line.first_day.day, line.last_day.day, line.principal) for line in lines] == [
        (1, 10, 1000),
        (11, 15, 600),
        (19, 20, 600),
        (21, 29, 1000),
    ]


def test_a_cap_is_kept_from_the_day_it_is_in_force():
    agreed = [Rate("PE", "agreed", date(2024, 1, 1), Decimal(60), "Contract, clause 4")]
    caps = [
        Rate("PE", "maximum", date(2024, 1, 1), Decimal("100"), "BCRP"),
        Rate("PE", "maximum", date(2024, 2, 1), Decimal("50"), "BCRP"),
    ]
    lines = simple_interest(Decimal(36500), "PEN", agreed, date(2024, 1, 31), date(2024, 2, 1), caps=caps)
    assert [(line.percent, str(line.amount), line.cap) for line in lines] == [
        (60, "60.00", None),
        (50, "50.00", caps[1]),
    ]


def test_a_rate_fixed_for_a_half_year_says_nothing_of_the_next():
    fixed = Rate("EU", "ECB", date(2025, 7, 1), Decimal("2.15"), "OJ C", valid_to=date(2025, 12, 31))
    assert known_through([fixed], date(2026, 3, 1)) == date(2025, 12, 31)
    assert known_through([fixed], date(2025, 6, 30)) is None
    with pytest.raises(Problem, match="2026-01-01"):
        simple_interest(Decimal(100), "EUR", [fixed], date(2025, 12, 1), date(2026, 1, 5))


@given(
    st.lists(st.tuples(st.integers(0, 200), st.integers(1, 100000)), min_size=1, max_size=5),
    st.integers(0, 199),
    st.integers(1, 200),
)
def test_splitting_a_period_changes_no_more_than_the_rounding_of_its_lines(payments, cut, days):
    """Charging by the month or all at once is the same interest, but for half a cent of each line."""
    start = date(2024, 5, 1)
    total = sum(amount for _on, amount in payments)
    changes = [Change(start - timedelta(days=9), Decimal(total) / 100)]
    changes += [Change(start + timedelta(days=on), -Decimal(amount) / 100) for on, amount in payments]
    middle, end = start + timedelta(days=min(cut, days)), start + timedelta(days=days)
    whole = accrued(changes, "EUR", RATES, start, end, MARGIN)
    parts = accrued(changes, "EUR", RATES, start, middle, MARGIN)
    parts += accrued(changes, "EUR", RATES, middle + timedelta(days=1), end, MARGIN)
    difference = sum(line.amount for line in whole) - sum(line.amount for line in parts)
    assert abs(difference) <= Decimal("0.005") * (len(whole) + len(parts))
    assert sum(line.days for line in whole) == sum(line.days for line in parts)
