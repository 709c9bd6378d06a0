"""The trainer: characters answer by rule, good talks score well and bad ones badly, and every word is fit to be heard."""

import re
from collections import Counter
from datetime import date
from random import Random
from string import Formatter

import pytest

from puntual.strategies.negotiation import script
from puntual.strategies.practice.acts import FAULTS, Act
from puntual.strategies.practice.characters import CHARACTERS, Case, Limits, draw
from puntual.strategies.practice.choosing import offered
from puntual.strategies.practice.judging import CAME, MARKS, judged
from puntual.strategies.practice.reading import understood
from puntual.strategies.practice.scripts import PLACES, words_in
from puntual.strategies.practice.talking import State, answered, beginning, replayed
from puntual.strategies.practice.words import _MARKS
from puntual.strategies.proofreading import faults_in_words
from puntual.strategies.steps import LANGUAGES

DAY = date(2026, 11, 23)
LIMITS = Limits(3, 30)
GOOD: dict[str, list[Act]] = {
    "forgetful": [Act.GREET, Act.ASK_RECEIVED, Act.REFLECT, Act.SEND_COPY, Act.ASK_CAPACITY, Act.COMMIT, Act.SUMMARIZE],
    "short_of_cash": [
        Act.GREET,
        Act.ASK_REASON,
        Act.EMPATHIZE,
        Act.REFLECT,
        Act.ASK_CAPACITY,
        Act.PROPOSE_PARTS,
        Act.COMMIT,
        Act.SUMMARIZE,
    ],
    "angry": [
        Act.GREET,
        Act.ASK_RECEIVED,
        Act.EMPATHIZE,
        Act.TAKE_CLAIM,
        Act.ASK_CAPACITY,
        Act.PROPOSE_FULL,
        Act.COMMIT,
        Act.SUMMARIZE,
    ],
    "evasive": [Act.GREET, Act.EMPATHIZE, Act.ASK_REASON, Act.REFLECT, Act.ASK_CAPACITY, Act.COMMIT, Act.SUMMARIZE],
    "slow": [
        Act.GREET,
        Act.ASK_REASON,
        Act.ASK_WHO,
        Act.SEND_COPY,
        Act.REFLECT,
        Act.ASK_CAPACITY,
        Act.COMMIT,
        Act.SUMMARIZE,
    ],
}


def case(code: str, seed: int = 1, limits: Limits = LIMITS, why: bool = True) -> Case:
    return draw(code, seed, DAY, "PEN", limits, may_ask_why=why)


def talk(of: Case, *acts: Act) -> list[State]:
    return replayed(of, [[act] for act in acts])


@pytest.mark.parametrize("code", CHARACTERS)
def test_who_listens_and_commits_gets_what_can_be_kept(code: str) -> None:
    for seed in range(5):
        states = talk(case(code, seed), *GOOD[code], Act.BYE)
        result = judged(case(code, seed), states)
        assert (states[-1].end, result.came) == ("deal", "kept")
        assert result.whole >= 85, (code, result)
        assert result.conduct == 100


@pytest.mark.parametrize("code", CHARACTERS)
def test_who_presses_and_threatens_gets_nothing_that_lasts(code: str) -> None:
    states = talk(case(code), Act.GREET, Act.PRESS, Act.ARGUE, Act.THREATEN, Act.PROPOSE_FULL, Act.COMMIT, Act.BYE)
    states = states[: next(place for place, one in enumerate(states) if one.end) + 1]
    assert judged(case(code), states).whole < 40


@pytest.mark.parametrize(
    ("code", "acts", "came", "mark"),
    [
        ("forgetful", [Act.GREET, Act.ASK_RECEIVED, Act.PROPOSE_FULL, Act.COMMIT, Act.BYE], "forgot", "committed"),
        ("short_of_cash", [Act.GREET, Act.PRESS, Act.PROPOSE_FULL, Act.COMMIT, Act.BYE], "broke", "pressed"),
        ("short_of_cash", [Act.GREET, Act.PROPOSE_FULL, Act.BYE], "nothing", "proposed_early"),
        ("angry", [Act.GREET, Act.ASK_RECEIVED, Act.TAKE_CLAIM, Act.BYE], "claim", "took_claim"),
        ("angry", [Act.GREET, Act.PROPOSE_FULL, Act.ARGUE, Act.BYE], "hung_up", "argued"),
        ("evasive", [Act.GREET, Act.PROPOSE_FULL, Act.COMMIT, Act.BYE], "nothing", "proposed_early"),
        ("slow", [Act.GREET, Act.ASK_REASON, Act.ASK_WHO, Act.CALL_BACK, Act.BYE], "callback_ready", "asked_who"),
        ("slow", [Act.GREET, Act.PROPOSE_BEYOND, Act.SEND_COPY, Act.ASK_WHO, Act.COMMIT, Act.BYE], "beyond", "beyond"),
        ("forgetful", [Act.ASK_REASON, Act.BYE], "nothing", "nameless"),
    ],
)
def test_what_comes_of_it(code: str, acts: list[Act], came: str, mark: str) -> None:
    states = talk(case(code), *acts)
    assert judged(case(code), states).came == came
    assert mark in [one for state in states for one in state.marks]


def test_where_the_law_does_not_let_one_ask_why() -> None:
    asked = talk(case("forgetful", why=False), Act.GREET, Act.ASK_REASON)
    assert "asked_why" in asked[-1].marks
    assert judged(case("forgetful", why=False), asked).conduct == 70
    helped = talk(case("forgetful", why=False), Act.GREET, Act.ASK_HELP)
    assert "reason" in helped[-1].told and "asked_why" not in helped[-1].marks


def test_a_talk_ends_and_always_offers_something_that_fits() -> None:
    """Whatever is chosen, at random, over many talks: it ends within its patience, and the choices never run dry."""
    ends: Counter[str] = Counter()
    for seed in range(60):
        for code, who in CHARACTERS.items():
            of, random = case(code, seed), Random(seed)
            state = beginning(of)
            while not state.end:
                choices = offered(of, state)
                assert 2 <= len(choices) <= 6 and set(choices) - FAULTS
                assert choices == offered(of, state), "the same every time"
                state = answered(of, state, [random.choice(choices)])
            assert state.turn <= who.patience and state.said
            assert not offered(of, state)
            ends[state.end] += 1
    assert set(ends) == {"deal", "callback", "claim", "nothing", "hung_up"}


def test_the_case_follows_from_its_seed_and_the_manual() -> None:
    of = case("angry", 7)
    assert of == case("angry", 7) != case("angry", 8)
    assert Case.from_json(of.as_json()) == of
    assert 0 < of.disputed < of.amount and of.pay_on > of.soon_on > DAY
    assert of.pay_on.weekday() < 5
    assert case("short_of_cash", limits=Limits()).parts == 2, "two promises need nobody's leave"
    assert case("short_of_cash", limits=Limits(2)).parts == 2
    assert draw("slow", 7, DAY, "CLP", Limits(), may_ask_why=True).amount > 1_000_000


def said_in(language: str) -> list[tuple[str, str]]:
    """Every sentence of a language with where it stands."""
    words = words_in(language)
    found = [(f"phrases.{act}", one) for act, some in words.phrases.items() for one in some]
    found += [(f"common.{key}", one) for key, some in words.common.items() for one in some]
    found += [(f"came.{key}", one) for key, one in words.came.items()]
    for code, cast in words.characters.items():
        found += [(f"{code}.{key}", one) for key, some in cast.says.items() for one in some]
        found.append((f"{code}.about", cast.about))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_all_the_words(language: str) -> None:
    words, spanish = words_in(language), words_in("es")
    assert set(words.phrases) == set(Act) == set(words.reads) | {Act.COMMIT}
    assert set(words.common) == set(spanish.common) and set(words.came) == set(CAME)
    for code, cast in words.characters.items():
        assert set(cast.says) == set(spanish.characters[code].says), code
        assert set(cast.says) <= set(words.common), code
    for where, sentence in said_in(language):
        assert {name for _text, name, _spec, _conversion in Formatter().parse(sentence) if name} <= set(PLACES), where
        assert "  " not in sentence and sentence == sentence.strip(), where


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_what_must_never_be_said_is_a_fault(language: str) -> None:
    for where, sentence in said_in(language):
        faults = {fault.code for fault in faults_in_words(sentence, language)}
        if where.startswith("phrases.") and where.removeprefix("phrases.") in FAULTS:
            assert understood(sentence, language), (where, sentence)
        elif where.startswith("phrases."):
            assert not faults & {"threat", "shame", "third_party", "court", "bureau"}, (where, sentence, faults)


@pytest.mark.parametrize("language", LANGUAGES)
def test_typed_as_it_is_offered_it_is_understood_as_it_is_meant(language: str) -> None:
    """The phrases, filled in, read as what they are; more may be heard in them, but nothing that must not be said."""
    filled = dict.fromkeys(PLACES, "500") | {
        "parts": "3",
        "when": "viernes 4",
        "day": "viernes 4",
        "offer": "500, viernes 4",
    }
    missed = []
    for act, some in words_in(language).phrases.items():
        for sentence in some:
            heard = understood(sentence.format(**filled), language)
            if act not in heard:
                missed.append((act, sentence, heard))
            if act not in FAULTS:
                assert not set(heard) & FAULTS, (act, sentence, heard)
    assert not missed


@pytest.mark.parametrize(
    ("words", "language", "acts"),
    [
        ("Buenas tardes, soy Ana de Sembria. ¿Por qué no han podido pagar?", "es", [Act.GREET, Act.ASK_REASON]),
        ("¿Me puede pagar 500 el viernes?", "es", [Act.COMMIT]),
        ("Si no paga lo vamos a embargar", "es", [Act.THREATEN]),
        ("Hablaré con su familia", "es", [Act.OTHERS]),
        ("I am sorry. How much could you pay?", "en", [Act.EMPATHIZE, Act.ASK_CAPACITY]),
        ("Entendo. Quem aprova o pagamento?", "pt", [Act.EMPATHIZE, Act.ASK_WHO]),
        ("mmm", "es", []),
        ("x" * 5000, "fr", []),
    ],
)
def test_what_somebody_types(words: str, language: str, acts: list[Act]) -> None:
    assert list(understood(words, language)) == acts


def test_what_nobody_understood_is_asked_again() -> None:
    state = answered(case("slow"), beginning(case("slow")), [])
    assert state.said == ("pardon",) and not state.marks


def test_every_mark_has_its_sentence_and_every_character_a_procedure() -> None:
    assert set(_MARKS) == set(MARKS)
    for who in CHARACTERS.values():
        assert script(who.procedure, "es").steps
    assert len({who.procedure for who in CHARACTERS.values()}) == 3
    assert all(re.fullmatch(r"[A-Z].*[.!]", one, re.DOTALL) for one in _MARKS.values())
