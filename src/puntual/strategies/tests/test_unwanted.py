"""Who wants no messages is reached another way; what is required still goes by letter, unless the law bars it: a table."""

from dataclasses import replace

import pytest

from puntual.conduct.rules import ForbiddenChannel, Pack, Rule
from puntual.strategies.manual import Manual
from puntual.strategies.outcomes import Do, Nothing, Reason
from puntual.strategies.tests.build import MANUAL, NO_LAW, item, outcome, rules

ALL = frozenset({"email", "letter", "call"})
_LETTERS = frozenset({"letter"})
NO_LETTERS = {
    country: Pack(
        country,
        (Rule("no_letters", ForbiddenChannel(), _LETTERS, frozenset(), frozenset(), "art. 1", "a law", "H", None),),
    )
    for country in ("", "PE")
}


def _manual(channels: tuple[str, ...], required: bool) -> Manual:
    changed = {"channels": channels, "required": required, "proof": "acuse" if required else ""}
    steps = tuple(replace(step, **changed) if step.code == "friendly" else step for step in MANUAL.steps)
    return replace(MANUAL, steps=steps)


def _decided(
    channels: tuple[str, ...], unwanted: set[str], *, required: bool, law: dict[str, Pack] = NO_LAW
) -> Do | Nothing:
    unusable = dict.fromkeys(unwanted, "withdrawn")
    given = rules(channels=ALL, packs=law)
    return outcome(
        item(6), manual=_manual(channels, required), given=given, reachable=ALL - unwanted, unusable=unusable
    )


@pytest.mark.parametrize(
    ("channels", "unwanted", "required", "channel"),
    [
        (("email", "letter"), set(), False, "email"),
        (("email", "letter"), {"email"}, False, "letter"),  # the step's next channel
        (("email", "call"), {"email"}, False, "call"),
        (("email", "letter"), {"email", "letter"}, False, "internal"),  # nobody is left: find another way
        (("email",), {"email"}, False, "internal"),
        (("email", "letter"), {"email", "letter"}, True, "letter"),
        (("email",), {"email", "letter"}, True, "letter"),  # also where the manual forgot it
        (("email",), {"email"}, True, "letter"),
        (("email",), set(), True, "email"),
    ],
)
def test_where_it_goes(channels: tuple[str, ...], unwanted: set[str], required: bool, channel: str) -> None:
    found = _decided(channels, unwanted, required=required)
    assert isinstance(found, Do) and found.channel == channel


def test_where_the_law_bars_letters_none_goes() -> None:
    found = _decided(("email", "letter"), {"email", "letter"}, required=True, law=NO_LETTERS)
    assert isinstance(found, Nothing) and found.reason == Reason.CONDUCT


def test_a_letter_that_came_back_goes_nowhere() -> None:
    found = outcome(
        item(6),
        manual=_manual(("letter",), required=True),
        given=rules(channels=ALL),
        reachable=frozenset({"email"}),
        unusable={"letter": "bounced"},
    )
    assert isinstance(found, Do) and found.step == "find_contact"
