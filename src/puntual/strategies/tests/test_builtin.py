"""The manuals that come with Puntual: each in three languages, each one sound."""

from dataclasses import replace
from datetime import date
from importlib import resources

import pytest

from puntual.conduct.rules import CHANNELS
from puntual.kernel.problems import Problem
from puntual.strategies.builtin import KINDS, builtin
from puntual.strategies.facts import TONES
from puntual.strategies.manual import LANGUAGES, RANK, from_toml, to_toml
from puntual.strategies.tests.build import DAY, Replay, item

CODES = [kind.code for kind in KINDS]
FOLDER = resources.files("puntual.strategies") / "builtin"
EVERY = [(kind, language) for kind in CODES for language in LANGUAGES]


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_each_is_written_as_an_export_writes_it(kind: str, language: str) -> None:
    source = FOLDER.joinpath(f"{kind}-{language}.toml").read_text("utf-8")
    manual = from_toml(source)
    assert to_toml(manual) == source
    assert (manual.code, manual.language) == (f"{kind}-{language}", language)
    assert manual == builtin(language, kind)


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_languages_differ_in_names_alone(kind: str, language: str) -> None:
    def bare(language: str) -> list[object]:
        return [replace(step, name="", proof=bool(step.proof)) for step in builtin(language, kind).steps]

    assert bare(language) == bare("es")


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_what_may_be_offered_is_the_same_in_each_language(kind: str, language: str) -> None:
    def bare(language: str) -> list[object]:
        return [replace(offer, name="", words="") for offer in builtin(language, kind).offers]

    assert bare(language) == bare("es")
    plans = [offer.granted_by for offer in builtin(language, kind).offers if offer.kind == "plan"]
    assert len(plans) == len(set(plans)) >= 2, "what one may grant alone, and what a role above may"


def test_the_standard_keeps_its_steps() -> None:
    assert [(step.code, step.day) for step in builtin("es").steps] == [
        ("courtesy", -5),
        ("due_today", 0),
        ("friendly", 3),
        ("firm", 15),
        ("call", 22),
        ("formal", 35),
        ("final", 60),
        ("decision", 75),
    ]


def test_everything_is_approved_at_first() -> None:
    assert {step.approval for kind, language in EVERY for step in builtin(language, kind).steps} == {"approve"}


def test_languages_and_kinds_that_are_not_there() -> None:
    assert builtin("es-PE") == builtin("es") and builtin("fr", "agency") == builtin("en", "agency")
    with pytest.raises(Problem, match="no built-in manual"):
        builtin("es", "../standard")


def climbed(kind: str, amount: str, late: int, days: int) -> list[tuple[int, str]]:
    """The steps one unpaid item hears, each with its age, when a customer can be reached by every channel."""
    manual = builtin("es", kind)
    everywhere = {"channels": CHANNELS}
    replay = Replay([item(late, amount, manual=manual)], manual, {"reachable": CHANNELS}, everywhere)
    return replay.run(DAY, days).steps()


CLIMBS = {
    "standard": ["courtesy", "due_today", "friendly", "firm", "call", "formal", "final", "decision"],
    "subscriptions": [
        *("welcome", "courtesy", "due_today", "card_failed", "friendly", "firm", "call", "formal", "pause", "final"),
        "decision",
    ],
    "schools": ["welcome", "courtesy", "due_today", "fee", "firm", "call", "formal", "final", "decision"],
    "agency": ["first", "reminder", "call", "formal", "final", "decision"],
}


@pytest.mark.parametrize("kind", CODES)
def test_an_item_nobody_pays_climbs_every_step_on_its_day(kind: str) -> None:
    steps = climbed(kind, "500", -25, 140)
    assert [code for _, code in steps] == CLIMBS[kind]
    manual = builtin("es", kind)
    assert all(age == step.day for age, code in steps if (step := manual.step(code)))


@pytest.mark.parametrize("kind", CODES)
def test_an_old_item_starts_at_the_entry_and_hears_every_tone_in_turn(kind: str) -> None:
    manual = builtin("es", kind)
    steps = [manual.step(code) for _, code in climbed(kind, "500", 200, 200)]
    assert steps[0] and steps[0].entry and steps[-1] and steps[-1].internal == "decision"
    ranks = [RANK[step.tone] for step in steps if step and step.tone]
    assert ranks == sorted(ranks) and set(ranks) == set(range(ranks[0], RANK["final"] + 1))


@pytest.mark.parametrize("kind", ["subscriptions", "schools", "agency"])
def test_a_small_amount_is_decided_on_without_hard_words(kind: str) -> None:
    """Below the minimum nobody hears the hardest tone; it still ends in a decision."""
    codes = [code for _, code in climbed(kind, "20", -25, 160)]
    assert "final" not in codes and codes[-1] == "decision"


@pytest.mark.parametrize("kind", ["subscriptions", "schools"])
def test_who_pays_on_time_is_welcomed_once(kind: str) -> None:
    """Every month an item that is paid on its day: the terms are told in the first, then there are short notices only."""
    manual = builtin("es", kind)

    def month(replay: Replay, day: date) -> None:
        replay.items = [one for one in replay.items if one.due_on >= day]
        if (day - DAY).days % 30 == 0:
            replay.items.append(item(-25, day=day, manual=manual, id=day.isoformat()))

    replay = Replay([], manual, {"reachable": CHANNELS}, {"channels": CHANNELS}).run(DAY, 180, month)
    codes = [code for _, code in replay.steps()]
    assert codes[:3] == ["welcome", "courtesy", "due_today"]
    assert codes.count("welcome") == 1 and set(codes) == {"welcome", "courtesy", "due_today"}


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_each_says_its_terms_and_who_grants_what(kind: str, language: str) -> None:
    manual = builtin(language, kind)
    assert [policy for policy in manual.policies if not policy.team_only]
    assert [policy for policy in manual.policies if policy.team_only]
    used = {step.offer for step in manual.steps if step.offer}
    assert used and used <= {offer.code for offer in manual.offers}
    tones = {step.tone for step in manual.steps if step.tone}
    assert tones == set(TONES)


def test_an_agency_says_first_who_it_is_and_proves_its_request() -> None:
    manual = builtin("es", "agency")
    first, *_rest = manual.steps
    assert first.entry and first.template == "agency_first"
    assert all(step.template.startswith("agency_") for step in manual.steps if step.tone)
    assert all((step.gap_days or 0) >= 7 for step in manual.steps[1:] if step.tone)
    assert [step.code for step in manual.steps if step.required and step.proof] == ["formal"]
