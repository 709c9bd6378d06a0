"""Limits as they are written, and how long to wait before another try."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puntual.kernel.problems import Problem
from puntual.outreach.providers.backoff import MOST_TRIES, before_next_try, before_next_use, growing
from puntual.outreach.providers.limits import NONE, USUAL, Limits, read_limits


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", dict(USUAL)),
        ("email=14/s,50000/d sms=1/s", {**USUAL, "email": Limits(14, None, 50_000), "sms": Limits(1)}),
        ("whatsapp=300/m", {"whatsapp": Limits(None, 300)}),
    ],
)
def test_limits_are_read_as_they_are_written(text: str, expected: dict[str, Limits]) -> None:
    assert read_limits(text) == expected


@pytest.mark.parametrize(
    "text", ["email", "email=", "email=14", "email=14/h", "email=0/s", "email=1/s,2/s", "=1/s", "e mail=1/s"]
)
def test_what_cannot_be_read_says_where(text: str) -> None:
    with pytest.raises(Problem, match="PUNTUAL_LIMITS"):
        read_limits(text)


@pytest.mark.parametrize(
    ("limits", "spacing"),
    [
        (NONE, 0),
        (Limits(10), 0.1),
        (Limits(None, 30), 2),
        (Limits(10, 30), 2),
        (Limits(1, 6000), 1),
        (Limits(per_day=5), 0),
    ],
)
def test_the_tighter_limit_spaces_the_messages(limits: Limits, spacing: float) -> None:
    assert limits.spacing == pytest.approx(spacing)


@given(times=st.integers(1, 10_000), luck=st.floats(0, 1))
def test_waits_grow_and_stay_within_bounds(times: int, luck: float) -> None:
    first, most = timedelta(seconds=10), timedelta(hours=1)
    wait = growing(times, first=first, most=most, luck=luck)
    assert 0.75 * first <= wait <= 1.25 * most
    assert wait <= growing(times + 1, first=first, most=most, luck=luck)


def test_a_message_is_tried_for_hours_and_a_server_asked_again_soon() -> None:
    waits = [before_next_try(tries, 0.5) for tries in range(1, MOST_TRIES)]
    assert waits[0] == timedelta(minutes=5) and sum(waits, timedelta()) > timedelta(hours=2)
    assert before_next_use(1, "unreachable", 0.5) == timedelta(seconds=5)
    assert before_next_use(50, "unreachable", 0.5) == timedelta(minutes=15)
    assert before_next_use(50, "interrupted", 0.5) == timedelta(hours=1)
