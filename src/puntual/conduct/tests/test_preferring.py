"""Preferred hours: they narrow what conduct opens, never widen it, and never come to silence."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from puntual.conduct.gate import Allowed, Refused, Subject, first_moment, may_contact
from puntual.conduct.packs import pack_for
from puntual.conduct.rules import NO_POLICY, Pack
from puntual.conduct.words import refusal

LIMA = ZoneInfo("America/Lima")
PERSON = Subject(natural=True, consumer=True, country="PE", time_zone="America/Lima")
TUESDAY = date(2026, 11, 24)


def at(hour: int, minute: int = 0, day: date = TUESDAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=LIMA)


def opens(hours: tuple[int, int] | None, channel: str = "email", day: date = TUESDAY, pack: Pack | None = None):
    subject = replace(PERSON, prefers_hours=hours)
    return first_moment(pack or pack_for("PE"), subject, channel, day, at(0, day=day))


@pytest.mark.parametrize(
    ("hours", "first", "last"),
    [(None, 7, 20), ((9, 12), 9, 12), ((5, 9), 7, 9), ((18, 23), 18, 20), ((0, 24), 7, 20)],
)
def test_what_is_left_of_a_day(hours: tuple[int, int] | None, first: int, last: int) -> None:
    found = opens(hours)
    assert isinstance(found, Allowed)
    assert (found.not_before, found.until) == (at(first), at(last))


def test_outside_them_the_answer_says_whose_hours_they_are_and_from_when_on() -> None:
    subject = replace(PERSON, prefers_hours=(9, 12))
    early, late = (may_contact(pack_for("PE"), subject, "email", at(hour)) for hour in (8, 13))
    assert isinstance(early, Refused) and (early.code, early.again_from) == ("preferred_before_hours", at(9))
    assert isinstance(late, Refused) and not late.law
    assert late.again_from == at(9, day=TUESDAY + timedelta(days=1))
    with override("en"):
        said = refusal(late.code, late.params, law=late.law)
    assert said == "The customer prefers to be reached before 12:00."


def test_a_letter_has_no_hour_and_hours_in_which_nothing_is_ever_open_are_no_silence() -> None:
    assert opens((9, 12), "letter") == opens(None, "letter")
    assert opens((21, 23)) == opens(None)
    saturday = date(2026, 11, 28)
    assert isinstance(opens((15, 18), day=saturday), Refused), "another day has these hours"


@given(
    st.sampled_from(["PE", "CL", "CO", "MX", ""]),
    st.sampled_from(["call", "visit", "email", "whatsapp", "sms", "letter"]),
    st.tuples(st.integers(0, 22), st.integers(2, 24)).filter(lambda hours: hours[0] < hours[1]),
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)),  # noqa: DTZ001 - a wall clock
)
def test_nothing_is_opened_by_them(country: str, channel: str, hours: tuple[int, int], moment: datetime) -> None:
    when = moment.replace(tzinfo=LIMA)
    plain = may_contact(pack_for(country), PERSON, channel, when, policy=NO_POLICY)
    narrowed = may_contact(pack_for(country), replace(PERSON, prefers_hours=hours), channel, when)
    assert not isinstance(narrowed, Allowed) or isinstance(plain, Allowed)
