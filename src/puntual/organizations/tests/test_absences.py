"""Absences: who does whose work on which day, and what is refused."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import TODAY, Cast, make_member
from puntual.kernel.problems import Problem
from puntual.organizations.absences.actions import end_absence, set_absence
from puntual.organizations.absences.queries import absences_of, acting_as, away_on, stand_ins
from puntual.organizations.absences.standing_in import final_stand_ins
from puntual.organizations.models import Absence

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("away", "meant"),
    [
        ({"a": "b"}, {"a": "b"}),
        ({"a": "b", "b": "c"}, {"a": "c", "b": "c"}),
        ({"a": "b", "b": "a"}, {}),  # each other, and both are away
        ({"a": "b", "b": "a", "c": "a", "d": "e"}, {"d": "e"}),
    ],
)
def test_who_stands_in_for_whom(away: dict[str, str], meant: dict[str, str]) -> None:
    assert final_stand_ins(away) == meant


@given(st.dictionaries(st.integers(0, 6), st.integers(0, 6)))
def test_work_never_comes_to_somebody_away_nor_back_to_oneself(away: dict[int, int]) -> None:
    for absent, substitute in final_stand_ins(away).items():
        assert substitute not in away and substitute != absent


def test_an_absence_lasts_from_its_first_day_through_its_last(acting: Cast) -> None:
    by, away, other = acting.actor(), acting.colleague.id, acting.owner.id
    found = set_absence(by, away, other, starts_on=TODAY + DAY, ends_on=TODAY + 2 * DAY, note="Vacaciones")
    org = acting.id
    assert [bool(away_on(org, TODAY + n * DAY)) for n in range(4)] == [False, True, True, False]
    assert acting_as(org, other, TODAY + DAY) == {away, other}
    assert acting_as(org, other, TODAY) == {other}
    assert absences_of(org, TODAY) == [found] and absences_of(org, TODAY + 3 * DAY) == []


def test_coming_back_early_and_not_leaving_at_all(acting: Cast) -> None:
    by, away, other = acting.actor(), acting.colleague.id, acting.owner.id
    running = set_absence(by, away, other, starts_on=TODAY - DAY)
    end_absence(by, running.id)
    running.refresh_from_db()
    assert running.ends_on == TODAY - DAY and stand_ins(acting.id, TODAY) == {}
    to_come = set_absence(by, away, other, starts_on=TODAY + DAY, ends_on=TODAY + DAY)
    end_absence(by, to_come.id)
    assert not Absence.objects.filter(pk=to_come.pk).exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ends_on": TODAY - DAY}, "in this order"),
        ({"starts_on": TODAY - 3 * DAY, "ends_on": TODAY - DAY}, "in this order"),
        ({"substitute": "colleague"}, "somebody else"),
        ({"substitute": "outsider"}, "no longer a member"),
        ({"substitute": "auditor"}, "may not contact"),
        ({"starts_on": TODAY + 5 * DAY}, "another absence"),
    ],
)
def test_what_is_no_absence(acting: Cast, changes: dict[str, Any], words: str) -> None:
    people = {"owner": acting.owner, "colleague": acting.colleague, "outsider": acting.outsider}
    people["auditor"] = make_member(acting.organization, "auditor", "auditor@sembria.example")
    by, colleague = acting.actor(), acting.colleague.id
    set_absence(by, colleague, acting.owner.id, starts_on=TODAY + 4 * DAY, ends_on=TODAY + 9 * DAY)
    values = {
        "substitute": "owner",
        "starts_on": TODAY,
        "ends_on": None if "starts_on" in changes else TODAY,
        **changes,
    }
    with pytest.raises(Problem, match=words):
        set_absence(
            by, colleague, people[values["substitute"]].id, starts_on=values["starts_on"], ends_on=values["ends_on"]
        )
