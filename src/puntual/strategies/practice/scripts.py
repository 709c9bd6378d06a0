"""The words of the trainer in a language: who the customers are, what can be said, what they answer. Pure: the words are data."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from random import Random
from typing import Any

from puntual.strategies.practice.acts import Act
from puntual.strategies.practice.characters import CHARACTERS, Case
from puntual.strategies.steps import LANGUAGES
from puntual.strategies.texts import base_language

PLACES = (
    "caller",
    "creditor",
    "contact",
    "company",
    "number",
    "amount",
    "rest",
    "disputed",
    "day",
    "when",
    "part",
    "parts",
    "percent",
    "offer",
)
"""What the words leave open; `rest` is what is not disputed, `day` when the customer can pay, `when` the day that is proposed."""


@dataclass(frozen=True, slots=True)
class Cast:
    """A customer's name and nature in a language."""

    name: str
    about: str
    people: tuple[str, ...]
    firms: tuple[str, ...]
    says: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Words:
    """Everything that is said in a language."""

    characters: Mapping[str, Cast]
    phrases: Mapping[str, tuple[str, ...]]
    common: Mapping[str, tuple[str, ...]]
    came: Mapping[str, str]
    reads: Mapping[str, tuple[re.Pattern[str], ...]]

    def phrase(self, case: Case, turn: int, act: Act) -> str:
        """How the trainee may say it in a turn."""
        return _drawn(self.phrases[act], case, turn, act)

    def answer(self, case: Case, turn: int, key: str) -> str:
        """How the customer says it in a turn: in his own words where he has some."""
        own = self.characters[case.character].says
        return _drawn(own.get(key) or self.common[key], case, turn, key)

    def who(self, case: Case) -> tuple[str, str]:
        """Whom one talks to, with the position, and of which firm."""
        cast = self.characters[case.character]
        return _drawn(cast.people, case, 0, "people"), _drawn(cast.firms, case, 0, "firms")


def words_in(language: str) -> Words:
    """The words of a language, its general form counting; in English where there are none in it."""
    base = base_language(language)
    return _read(base if base in LANGUAGES else "en")


@lru_cache
def _read(language: str) -> Words:
    source = resources.files("puntual.strategies").joinpath("builtin", "practice", f"{language}.toml")
    raw = tomllib.loads(source.read_text("utf-8"))
    return Words(
        characters={code: _cast(raw["characters"][code]) for code in CHARACTERS},
        phrases=_lists(raw["phrases"]),
        common=_lists(raw["common"]),
        came=raw["came"],
        reads={act: tuple(re.compile(one) for one in patterns) for act, patterns in raw["reads"].items()},
    )


def _cast(raw: Mapping[str, Any]) -> Cast:
    lists = _lists({name: raw[name] for name in ("people", "firms")})
    return Cast(str(raw["name"]), str(raw["about"]), lists["people"], lists["firms"], _lists(raw["says"]))


def _lists(raw: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(words) for name, words in raw.items()}


def _drawn(among: tuple[str, ...], case: Case, turn: int, key: str) -> str:
    return Random(f"{case.character}:{case.seed}:{turn}:{key}").choice(among)  # noqa: S311 - the same words every time
