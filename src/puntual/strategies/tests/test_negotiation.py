"""The negotiation desk's words: complete in every language, fair, and legal where asking for reasons is not."""

import string
from decimal import Decimal

import pytest

from puntual.agreements.guardrails import Allowance, Situation, Within
from puntual.agreements.profiles.findings import Procedure
from puntual.conduct.packs import packs
from puntual.strategies.negotiation import ORDER, PLACES, SITUATIONS, UNKNOWN, Script, options, script
from puntual.strategies.proofreading import asked_by, faults_in_words
from puntual.strategies.steps import LANGUAGES, LIMITS
from puntual.strategies.texts import Place

EVERY = [(situation, language) for situation in SITUATIONS for language in LANGUAGES]
HERE = Situation("PEN", Decimal(900), 40)


def spoken(one: Script) -> list[str]:
    return [*one.opening, *(question.text for question in one.questions), *(each.answer for each in one.objections)]


@pytest.mark.parametrize(("situation", "language"), EVERY)
def test_each_situation_is_complete(situation: str, language: str) -> None:
    found, other = script(situation, language), script(situation, "es")
    assert found.goal and found.opening and found.steps and found.notes
    assert len(found.objections) >= 3 and len(found.allowed_questions(why=False)) >= 2
    assert [question.why for question in found.questions] == [question.why for question in other.questions]
    assert len(found.objections) == len(other.objections)


@pytest.mark.parametrize(("situation", "language"), EVERY)
def test_nothing_that_must_not_be_said(situation: str, language: str) -> None:
    found = script(situation, language)
    for words in (found.goal, *spoken(found), *found.steps, *found.notes):
        assert faults_in_words(words, language) == (), words


@pytest.mark.parametrize(("situation", "language"), EVERY)
def test_only_what_says_so_asks_for_reasons(situation: str, language: str) -> None:
    """Where the law forbids asking why (Colombia, Ley 2300 of 2023), what is left asks for nothing of the kind."""
    found = script(situation, language)
    left = [*found.opening, *(each.answer for each in found.objections)]
    left += [question.text for question in found.allowed_questions(why=False)]
    for words in left:
        assert faults_in_words(words, language, {"no_question_why"}) == (), words
    for question in found.questions:
        if question.why:
            assert faults_in_words(question.text, language, {"no_question_why"}), question.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_known_places_are_left_open(language: str) -> None:
    for situation in SITUATIONS:
        for words in spoken(script(situation, language)):
            assert {name for _text, name, *_rest in string.Formatter().parse(words) if name} <= set(PLACES)


def test_colombia_knows_the_duty_and_peru_does_not() -> None:
    assert {"CO", "PE"} <= set(packs())
    call = Place("", "call", "consumer")
    assert "no_question_why" in asked_by(frozenset({"CO"}), call)
    assert "no_question_why" not in asked_by(frozenset({"PE"}), call)


def offer(kind: str, role: str, code: str) -> Within:
    return Within(Allowance(kind, role, code), "collector", HERE)


def test_options_are_ranked_by_situation_then_by_who_may_grant_them() -> None:
    allowed = [
        offer("extension", "collector", "week"),
        offer("plan", "manager", "long"),
        offer("plan", "collector", "short"),
        offer("discount", "owner", "less"),
    ]

    def ranked(situation: str) -> list[str]:
        return [one.within.allowance.offer if one.within else one.kind for one in options(situation, allowed)]

    assert ranked(UNKNOWN) == ["pay", "promise", "week", "short", "long", "less", "dispute"]
    assert ranked(Procedure.WANTS_BUT_CANNOT) == ["promise", "short", "long", "week", "less", "dispute"]
    assert ranked(Procedure.CAN_BUT_DOES_NOT_WANT) == ["dispute", "pay", "promise", "less", "short", "long"]
    assert ranked(Procedure.NEITHER) == ["less", "short", "long", "promise", "dispute"]
    assert [one.alone for one in options(Procedure.NEITHER, allowed)] == [False, True, False, True, True]


def test_every_kind_of_offer_has_its_place() -> None:
    assert set(ORDER[UNKNOWN]) == {*LIMITS, "pay", "promise", "dispute"}
    assert all(set(kinds) <= set(ORDER[UNKNOWN]) for kinds in ORDER.values())


def test_languages_nobody_wrote_in_are_read_in_english() -> None:
    assert script(UNKNOWN, "fr") == script(UNKNOWN, "en") and script(UNKNOWN, "es-PE") == script(UNKNOWN, "es")
