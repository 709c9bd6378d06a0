"""Which of two chances is better, and how sure that is."""

from datetime import date
from math import sqrt
from random import Random
from statistics import mean, stdev

import pytest

from puntual.analytics.learning.comparing import Judged, by_month, compared, t_quantile

MARCH = date(2026, 3, 1)


@pytest.mark.parametrize(("freedom", "value"), [(30, 2.042), (100, 1.984), (29, 2.045), (100_000, 1.960)])
def test_student_s_t_as_in_the_tables(freedom: int, value: float) -> None:
    assert t_quantile(freedom) == pytest.approx(value, abs=0.001)


def test_with_one_item_each_it_is_the_interval_of_a_mean() -> None:
    draw = Random(3)
    judged = [Judged(n, MARCH, int(draw.random() < 0.4), draw.random(), draw.random()) for n in range(80)]
    differences = [(one.own - one.outcome) ** 2 - (one.model - one.outcome) ** 2 for one in judged]
    half = t_quantile(79) * stdev(differences) / sqrt(80)
    found = compared(judged)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((mean(differences) - half, mean(differences) + half))


def test_items_of_one_customer_are_one_witness() -> None:
    """The same item ten times over says no more than once."""
    draw = Random(4)
    once = [Judged(n, MARCH, int(draw.random() < 0.4), 0.5, draw.random()) for n in range(50)]
    alone, repeated = compared(once), compared([one for one in once for _time in range(10)])
    assert alone is not None and repeated is not None
    assert (repeated.low, repeated.high) == pytest.approx((alone.low, alone.high))


@pytest.mark.parametrize(
    ("customers", "model", "better"),
    [(40, 0.1, True), (40, 0.5, False), (40, 0.9, False), (20, 0.1, False)],  # too few customers are never sure
)
def test_better_is_a_whole_interval_on_its_side(customers: int, model: float, better: bool) -> None:
    found = compared([Judged(n, MARCH, int(n % 10 == 0), 0.5, model) for n in range(customers) for _item in range(3)])
    assert found is not None and found.better is better


def test_nothing_is_told_of_fewer_than_two_customers() -> None:
    assert compared([]) is None and compared([Judged(1, MARCH, 1, 0.5, 0.5)]) is None


def test_how_right_it_was_in_each_month() -> None:
    april = date(2026, 4, 1)
    judged = [Judged(n, MARCH, int(n < 2), 0.5, 0.25) for n in range(8)] + [Judged(9, april, 1, 0.5, 0.6)]
    found = by_month(judged)
    assert list(found) == [MARCH, april]
    assert found[MARCH] == pytest.approx((8, 0.0, (2 * 0.75**2 + 6 * 0.25**2) / 8))
    assert found[april] == pytest.approx((1, 0.4, 0.16))
