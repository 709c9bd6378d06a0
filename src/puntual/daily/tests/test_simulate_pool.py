"""Whom a replay lets wait without asking again: only who would be decided on in the same way tomorrow."""

import pytest

from puntual.daily.simulate_pool import would_wait
from puntual.strategies.decide import decide
from puntual.strategies.outcomes import Do
from puntual.strategies.tests.build import DAY, MANUAL, facts, item, rules


@pytest.mark.parametrize(
    ("prefers", "reachable", "ways"),
    [
        ((), ("email", "call"), ["email", "call"]),
        (("call",), ("email", "call"), ["call", "email"]),
        (("call",), ("email",), ["email"]),
        (("whatsapp",), ("email", "call"), ["email", "call"]),
    ],
)
def test_the_ways_stand_in_the_order_in_which_they_are_decided(
    prefers: tuple[str, ...], reachable: tuple[str, ...], ways: list[str]
) -> None:
    known = facts(item(10), prefers=frozenset(prefers), reachable=frozenset(reachable))
    found = decide(known, MANUAL, DAY, rules())
    assert isinstance(found, Do) and found.channel == ways[0]
    waiting = would_wait(known, found, MANUAL, rules(), DAY)
    assert waiting is not None and [channel for channel, _authorized in waiting.ways] == ways


def test_who_is_reached_another_way_today_than_preferred_is_asked_again() -> None:
    """The preferred channel may be open tomorrow: what waits must not keep to the other."""
    known = facts(item(10), prefers=frozenset({"call"}))
    second_best = decide(facts(item(10)), MANUAL, DAY, rules())
    assert isinstance(second_best, Do) and second_best.channel == "email"
    assert would_wait(known, second_best, MANUAL, rules(), DAY) is None
