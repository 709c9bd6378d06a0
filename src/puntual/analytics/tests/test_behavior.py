"""What the last settled items say of a customer."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from puntual.analytics.behavior import Behavior, Settled, Trend, behavior

DUE = date(2026, 1, 5)  # a Monday


def settled(days_late: list[int], every: int = 140) -> list[Settled]:
    """One item every 20 weeks, each so many days late."""
    found = []
    for number, days in enumerate(days_late):
        due = DUE + timedelta(days=number * every)
        found.append(Settled(UUID(int=number), f"F-{number:02}", "PEN", Decimal(10), due, due + timedelta(days=days)))
    return found


def test_nothing_settled_says_nothing() -> None:
    assert behavior([]) == Behavior(())


@pytest.mark.parametrize(
    ("days", "mean", "on_time", "trend"),
    [
        ([5], 5, 0, None),
        ([-2, 0, 4], 1, 2, None),
        ([0, 0, 1, 2], 1, 2, Trend.STEADY),
        ([2, 4, 12, 20], 10, 0, Trend.LATER),
        ([30, 20, 9, 1], 15, 0, Trend.SOONER),
        ([0, 0, 9, 3, 3], 3, 2, Trend.LATER),  # the one in the middle counts for neither half
    ],
)
def test_what_the_days_say(days: list[int], mean: int, on_time: int, trend: Trend | None) -> None:
    found = behavior(settled(days))
    assert (found.days, found.mean_days, found.on_time, found.trend) == (days, mean, on_time, trend)


def test_only_the_last_twelve_count_in_any_order() -> None:
    items = settled([90] * 5 + list(range(12)))
    found = behavior(list(reversed(items)))
    assert found.days == list(range(12))


def test_a_weekday_is_a_habit_when_half_of_them_fall_on_it() -> None:
    assert behavior(settled([1, 1, 3, 4])).weekday == 1
    assert behavior(settled([1, 1, 2, 4, 5])).weekday is None
    assert behavior(settled([1, 1])).weekday is None
