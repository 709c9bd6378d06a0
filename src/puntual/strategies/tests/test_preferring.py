"""What a customer prefers, in a decision: an order among what the step allows, and a sentence that says so."""

from dataclasses import replace

import pytest
from django.utils.translation import override

from puntual.strategies.manual import check
from puntual.strategies.outcomes import Do
from puntual.strategies.tests.build import COMPANY, MANUAL, item, outcome, rules
from puntual.strategies.words import sentence

ALL = frozenset({"email", "whatsapp", "sms", "call", "letter"})
WAYS = replace(
    MANUAL,
    steps=tuple(
        replace(step, channels=("email", "whatsapp", "call")) if step.code == "friendly" else step
        for step in MANUAL.steps
    ),
)


@pytest.mark.parametrize(
    ("prefers", "channel"),
    [((), "email"), (("whatsapp",), "whatsapp"), (("call", "whatsapp"), "whatsapp"), (("sms", "letter"), "email")],
)
def test_the_preferred_of_the_channels_a_step_allows_goes_first(prefers: tuple[str, ...], channel: str) -> None:
    check(WAYS)
    given = rules(channels=ALL)
    found = outcome(item(3), manual=WAYS, given=given, reachable=ALL, prefers=frozenset(prefers))
    assert isinstance(found, Do) and found.channel == channel
    with override("en"):
        said = sentence(found.why.code, found.why.params)
    assert ("the customer prefers this one" in said) == (channel != "email")


def test_where_the_preferred_one_cannot_be_used_the_next_does() -> None:
    found = outcome(item(3), manual=WAYS, given=rules(channels=frozenset({"email"})), prefers=frozenset({"whatsapp"}))
    assert isinstance(found, Do) and found.channel == "email" and "prefers" not in found.why.params


def test_preferred_hours_stand_in_the_reason_and_in_the_moments() -> None:
    found = outcome(item(3), subject=replace(COMPANY, prefers_hours=(9, 12)))
    assert isinstance(found, Do) and found.not_after is not None
    assert (found.not_before.hour, found.not_after.hour) == (9, 12)
    with override("en"):
        assert "between 9:00 and 12:00" in sentence(found.why.code, found.why.params)
