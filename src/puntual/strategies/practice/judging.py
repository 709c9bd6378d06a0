"""How well a talk was held: outcome, respect, conduct and listening, each of 100, and for each point why. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from puntual.strategies.practice.acts import Act
from puntual.strategies.practice.characters import CHARACTERS, Case
from puntual.strategies.practice.talking import State

DIMENSIONS = ("outcome", "respect", "conduct", "listening")
_BASE: Mapping[str, int] = {"respect": 60, "conduct": 100, "listening": 20}
MARKS: Mapping[str, tuple[tuple[str, int], ...]] = {
    "named": (("respect", 10),),
    "nameless": (("conduct", -15), ("respect", -5)),
    "eased": (("respect", 15),),
    "by_rote": (("respect", -5),),
    "repeated": (("listening", 20),),
    "nothing_to_repeat": (("listening", -5),),
    "asked_received": (("listening", 10),),
    "asked_openly": (("listening", 10),),
    "learned_reason": (("listening", 20),),
    "asked_why": (("conduct", -30),),
    "asked_twice": (("listening", -10),),
    "asked_what_is_possible": (("listening", 10),),
    "learned_capacity": (("listening", 20),),
    "asked_who": (("listening", 15),),
    "made_it_easy": (("respect", 5), ("listening", 10)),
    "took_claim": (("respect", 10), ("listening", 15)),
    "no_claim_there": (("listening", -5),),
    "claim_unheard": (("listening", -15),),
    "proposed_early": (("listening", -10),),
    "beyond": (("conduct", -40),),
    "committed": (),
    "summarized": (("respect", 10), ("listening", 10)),
    "pressed": (("respect", -20), ("conduct", -10)),
    "argued": (("respect", -15), ("listening", -15)),
    "shamed": (("respect", -40), ("conduct", -30)),
    "others": (("conduct", -50), ("respect", -20)),
    "threatened": (("conduct", -50), ("respect", -30)),
}
"""What each thing that was noticed gives or takes, by dimension."""


@dataclass(frozen=True, slots=True)
class Judgment:
    """The scores, and `came` of it: what the customer did afterwards, one of `CAME`."""

    outcome: int
    respect: int
    conduct: int
    listening: int
    came: str

    @property
    def whole(self) -> int:
        """All four together; whoever threatened or promised what nobody granted did not do well, whatever came of it."""
        mean = round((self.outcome + self.respect + self.conduct + self.listening) / 4)
        return min(mean, 40) if self.conduct <= 60 else mean


CAME: Mapping[str, int] = {
    "kept": 100,
    "kept_unwritten": 85,
    "kept_given_away": 65,
    "forgot": 45,
    "broke": 25,
    "beyond": 30,
    "callback_ready": 60,
    "callback": 40,
    "claim": 45,
    "nothing": 10,
    "hung_up": 0,
}
"""What came of the talk in the days after it, and what that is worth."""


def judged(case: Case, states: Sequence[State]) -> Judgment:
    """The talk as it stands, in all its states."""
    points = dict(_BASE)
    for state in states:
        for mark in state.marks:
            for dimension, value in MARKS[mark]:
                points[dimension] += value
    respect, conduct, listening = (max(0, min(100, points[name])) for name in ("respect", "conduct", "listening"))
    came = _came(case, states[-1])
    return Judgment(CAME[came], respect, conduct, listening, came)


def _came(case: Case, last: State) -> str:
    if last.end == "hung_up":
        return "hung_up"
    if last.deal:
        return _kept(case, last)
    if last.end == "callback":
        return "callback_ready" if "who" in last.told or "capacity" in last.told else "callback"
    return "claim" if last.end == "claim" else "nothing"


def _kept(case: Case, last: State) -> str:
    who = CHARACTERS[case.character]
    if last.deal == "beyond":
        return "beyond"
    if not last.sure:
        return "broke"
    if last.deal == "parts" and who.pays_whole:
        return "kept_given_away"
    if Act.SUMMARIZE in last.done:
        return "kept"
    return "forgot" if who.reason == "forgotten" else "kept_unwritten"
