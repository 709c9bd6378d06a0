"""On which days reports go out."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puntual.analytics.subscriptions.schedule import Schedule
from puntual.kernel.calendars import BusinessCalendar

PERU = BusinessCalendar("PE")


@pytest.mark.parametrize(
    ("every", "on", "today", "latest", "following"),
    [
        ("day", None, "2026-11-23", "2026-11-23", "2026-11-24"),
        ("day", None, "2026-11-22", "2026-11-20", "2026-11-23"),  # a Sunday
        ("week", 1, "2026-11-23", "2026-11-23", "2026-11-30"),
        ("week", 5, "2026-11-23", "2026-11-20", "2026-11-27"),
        ("week", 2, "2026-12-08", "2026-12-01", "2026-12-10"),  # two holidays: it comes on Thursday
        ("week", 2, "2026-12-10", "2026-12-10", "2026-12-15"),
        ("month", 1, "2026-11-01", "2026-10-01", "2026-11-02"),  # a Sunday, and All Saints'
        ("month", 1, "2026-11-02", "2026-11-02", "2026-12-01"),
        ("month", 3, "2027-01-05", "2026-12-03", "2027-01-06"),  # 1 January and a weekend
        ("month", 15, "2026-12-31", "2026-12-23", "2027-01-22"),
    ],
)
def test_the_latest_day_and_the_next(every: str, on: int | None, today: str, latest: str, following: str) -> None:
    schedule, day = Schedule(every, on), date.fromisoformat(today)
    assert schedule.latest(day, PERU).isoformat() == latest
    assert schedule.next(day, PERU).isoformat() == following


@given(
    st.one_of(
        st.just(Schedule("day")),
        st.builds(Schedule, st.just("week"), st.integers(1, 7)),
        st.builds(Schedule, st.just("month"), st.integers(1, 15)),
    ),
    st.integers(0, 2500).map(lambda days: date(2024, 1, 1) + timedelta(days=days)),
)
def test_it_comes_on_working_days_and_no_day_is_passed_over(schedule: Schedule, today: date) -> None:
    latest, following = schedule.latest(today, PERU), schedule.next(today, PERU)
    assert latest <= today < following
    assert PERU.is_business_day(latest) and PERU.is_business_day(following)
    assert schedule.latest(following, PERU) == following
    assert schedule.next(latest, PERU) == following
    assert schedule.latest(following - timedelta(days=1), PERU) == latest
    since, as_of = schedule.about(following)
    assert as_of < following and (since is None or since <= as_of)


@pytest.mark.parametrize(("every", "on"), [("day", 1), ("week", None), ("week", 8), ("month", 16), ("year", 1)])
def test_what_is_no_schedule(every: str, on: int | None) -> None:
    with pytest.raises(ValueError, match="no schedule"):
        Schedule(every, on)


def test_a_monthly_one_is_about_the_month_before() -> None:
    assert Schedule("month", 2).about(date(2026, 12, 2)) == (date(2026, 11, 1), date(2026, 11, 30))
    assert Schedule("day").about(date(2026, 12, 2)) == (None, date(2026, 12, 1))
