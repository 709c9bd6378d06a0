"""Aging buckets and their edges."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puntual.kernel.aging import Buckets, days_past_due


@pytest.mark.parametrize(
    ("days", "name"),
    [
        (-400, "current"),
        (-1, "current"),
        (0, "current"),
        (1, "1-30"),
        (30, "1-30"),
        (31, "31-60"),
        (60, "31-60"),
        (61, "61-90"),
        (90, "61-90"),
        (91, "91+"),
        (4000, "91+"),
    ],
)
def test_the_usual_buckets(days, name):
    assert Buckets().name(days) == name
    assert Buckets().names[Buckets().index(days)] == name


def test_an_organization_may_add_buckets():
    assert Buckets((30, 60, 90, 180, 360)).names == ("current", "1-30", "31-60", "61-90", "91-180", "181-360", "361+")


@pytest.mark.parametrize("edges", [(), (0,), (-5, 30), (30, 30), (60, 30)])
def test_edges_that_make_no_sense_are_refused(edges):
    with pytest.raises(ValueError, match="edges"):
        Buckets(edges)


@given(
    st.sets(st.integers(1, 2000), min_size=1, max_size=8).map(lambda days: tuple(sorted(days))), st.integers(1, 2500)
)
def test_each_late_day_falls_into_the_one_bucket_that_names_it(edges, days):
    first, _, last = Buckets(edges).name(days).partition("-")
    assert int(first.rstrip("+")) <= days
    assert last == "" or days <= int(last)


def test_days_past_due_count_calendar_days():
    due = date(2024, 2, 28)
    assert days_past_due(due, date(2024, 2, 27)) == -1
    assert days_past_due(due, due) == 0
    assert days_past_due(due, date(2024, 3, 1)) == 2
