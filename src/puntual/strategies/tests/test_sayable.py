"""A channel that takes only approved texts is passed where none says what the step says: tables."""

from dataclasses import replace
from datetime import timedelta

import pytest

from puntual.conduct.gate import Subject
from puntual.strategies.manual import Manual
from puntual.strategies.outcomes import Do, Nothing
from puntual.strategies.tests.build import MANUAL, item, outcome, rules
from puntual.strategies.words import sentence

BOTH = frozenset({"whatsapp", "email"})
COMPANY, CONSUMER = ("friendly", "company", "es"), ("friendly", "consumer", "es")
PERSON = Subject(natural=True, consumer=True, country="", time_zone="America/Lima")


def _manual(*channels: str) -> Manual:
    steps = tuple(replace(step, channels=channels) if step.code == "friendly" else step for step in MANUAL.steps)
    return replace(MANUAL, steps=steps)


def _decided(*channels: str, approved: frozenset | None, **values: object) -> Do | Nothing:
    given = replace(rules(channels=BOTH), approved=approved)
    return outcome(item(6, "100"), manual=_manual(*channels), given=given, reachable=BOTH, language="es", **values)


@pytest.mark.parametrize(
    ("approved", "values", "channel"),
    [
        (None, {}, "whatsapp"),  # nothing has to be approved
        (frozenset({COMPANY}), {}, "whatsapp"),
        (frozenset(), {}, "email"),
        (frozenset({CONSUMER}), {}, "email"),
        (frozenset({CONSUMER}), {"subject": PERSON}, "whatsapp"),
        (frozenset({COMPANY}), {"subject": PERSON}, "email"),  # a company's text never reaches a person
        (frozenset({("firm", "company", "es"), ("friendly", "company", "pt")}), {}, "email"),
    ],
)
def test_by_which_channel_the_step_goes(approved, values, channel) -> None:
    found = _decided("whatsapp", "email", approved=approved, **values)
    assert isinstance(found, Do) and found.channel == channel
    assert ("passed" in found.why.params) == (channel == "email")
    assert ("WhatsApp" in sentence(*found.why)) == (channel == "email")


@pytest.mark.parametrize(("minutes", "channel"), [(1, "whatsapp"), (0, "email"), (-60, "email")])
def test_whoever_wrote_may_be_answered_freely_until_the_window_shuts(minutes, channel) -> None:
    free = _decided("whatsapp", approved=None)
    assert isinstance(free, Do)
    shuts = free.not_before + timedelta(minutes=minutes)
    found = _decided("whatsapp", "email", approved=frozenset(), free_until=shuts)
    assert isinstance(found, Do) and found.channel == channel


def test_without_another_channel_it_says_what_is_missing() -> None:
    found = _decided("whatsapp", approved=frozenset())
    assert isinstance(found, Nothing)
    assert (found.reason, found.why.code) == ("no_usable_point", "no_approved_text")
    assert sentence(*found.why)
