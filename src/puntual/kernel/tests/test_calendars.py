"""Business calendars: official, added and removed days, and counting by them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puntual.kernel.calendars import OWN_DAY_OFF, BusinessCalendar

PERU = BusinessCalendar("PE")
DAYS = st.dates(date(2020, 1, 1), date(2032, 12, 31))
CALENDARS = st.sampled_from(
    [
        PERU,
        BusinessCalendar("CL", "AP"),
        BusinessCalendar("XX"),
        BusinessCalendar("ES", "ES-MD", weekend=frozenset({6})),
        BusinessCalendar("MX", added=frozenset({date(2026, 3, 3)}), removed=frozenset({date(2026, 5, 1)})),
    ]
)


@pytest.mark.parametrize(
    ("country", "day", "name"),
    [
        ("PE", date(2026, 7, 28), "Día de la Independencia"),
        ("CL", date(2026, 9, 18), "Día de la Independencia"),
        ("CO", date(2026, 1, 12), "Día de los Reyes Magos (observado)"),
        ("MX", date(2026, 2, 2), "Día de la Constitución"),
        ("AR", date(2026, 7, 9), "Día de la Independencia"),
        ("BR", date(2026, 9, 7), "Independência do Brasil"),
        ("EC", date(2026, 8, 10), "Primer Grito de Independencia"),
        ("DO", date(2026, 2, 27), "Día de la Independencia Nacional"),
        ("US", date(2026, 11, 26), "Thanksgiving Day"),
        ("ES", date(2026, 10, 12), "Fiesta Nacional de España"),
        ("PE", date(2026, 7, 27), None),
        ("XX", date(2026, 12, 25), None),
    ],
)
def test_holidays_are_named_in_the_language_of_the_country(country: str, day: date, name: str | None) -> None:
    assert BusinessCalendar(country).holiday(day) == name


def test_a_subdivision_has_days_of_its_own_and_an_unknown_one_is_the_country() -> None:
    morro = date(2026, 6, 7)  # Asalto y Toma del Morro de Arica
    assert BusinessCalendar("CL").holiday(morro) is None
    assert BusinessCalendar("CL", "AP").holiday(morro) == BusinessCalendar("CL", "CL-AP").holiday(morro)
    assert BusinessCalendar("CL", "AP").holiday(morro) is not None
    assert BusinessCalendar("CL", "??").holiday(date(2026, 12, 25)) == "Navidad"


def test_an_organization_adds_and_removes_days() -> None:
    bridge, mayday = date(2026, 7, 27), date(2026, 5, 1)
    ours = BusinessCalendar("PE", added=frozenset({bridge}), removed=frozenset({mayday}))
    assert ours.holiday(bridge) == OWN_DAY_OFF
    assert not ours.is_business_day(bridge)
    assert ours.holiday(mayday) is None
    assert ours.is_business_day(mayday)
    both = BusinessCalendar("PE", added=frozenset({mayday}), removed=frozenset({mayday}))
    assert not both.is_business_day(mayday)


def test_counting_over_the_peruvian_july() -> None:
    monday = date(2026, 7, 27)
    assert PERU.add_business_days(monday, 1) == date(2026, 7, 30)
    assert PERU.add_business_days(date(2026, 7, 30), -1) == monday
    assert PERU.add_business_days(date(2026, 7, 25), 0) == date(2026, 7, 25)
    assert PERU.next_business_day(date(2026, 7, 28)) == date(2026, 7, 30)
    assert PERU.previous_business_day(date(2026, 7, 29)) == monday
    assert PERU.business_days_between(date(2026, 7, 24), date(2026, 7, 31)) == 3
    assert PERU.business_days_between(date(2026, 7, 31), date(2026, 7, 24)) == -3


def test_a_week_without_a_working_day_is_refused() -> None:
    with pytest.raises(ValueError, match="working day"):
        BusinessCalendar("PE", weekend=frozenset(range(7)))


def test_calendars_are_values() -> None:
    assert len({BusinessCalendar("PE"), BusinessCalendar("PE"), BusinessCalendar("CL")}) == 2


@given(CALENDARS, DAYS, st.integers(-40, 40))
def test_adding_and_counting_undo_each_other(calendar: BusinessCalendar, day: date, days: int) -> None:
    there = calendar.add_business_days(day, days)
    assert calendar.business_days_between(day, there) == days
    assert not days or calendar.is_business_day(there)


@given(CALENDARS, DAYS)
def test_the_next_business_day_is_the_nearest(calendar: BusinessCalendar, day: date) -> None:
    after, before = calendar.next_business_day(day), calendar.previous_business_day(day)
    assert before <= day <= after
    assert calendar.is_business_day(after) and calendar.is_business_day(before)
    skipped = [day + timedelta(days=n) for n in range((before - day).days + 1, (after - day).days)]
    assert not any(calendar.is_business_day(one) for one in skipped)
