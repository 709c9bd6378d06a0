"""Short plain pages on credit, due dates and budgeting, the same for every reader: words as data, in three languages. Pure."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Final

LANGUAGES: Final = ("es", "en", "pt")
CODES: Final = ("due-date", "cannot-pay", "statement", "plan", "budget", "early", "rights")
"""The pages in the order in which the list shows them."""


@dataclass(frozen=True, slots=True)
class Part:
    """Sentences under a heading, then points."""

    title: str
    text: tuple[str, ...]
    points: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lesson:
    """One page; `summary` is its one sentence on the list."""

    code: str
    title: str
    summary: str
    parts: tuple[Part, ...]


def spoken(language: str) -> str:
    """The language of the pages for a reader's: its general form, English where there are none in it."""
    base = language.replace("_", "-").split("-")[0].lower()
    return base if base in LANGUAGES else "en"


@lru_cache
def lessons(language: str) -> Mapping[str, Lesson]:
    """The pages in a language of `LANGUAGES`, by code."""
    source = resources.files("puntual.portal").joinpath("learning", f"{language}.toml")
    found = {}
    for raw in tomllib.loads(source.read_text("utf-8"))["page"]:
        parts = tuple(Part(one["title"], tuple(one["text"]), tuple(one.get("points", ()))) for one in raw["part"])
        found[raw["code"]] = Lesson(raw["code"], raw["title"], raw["summary"], parts)
    return {code: found[code] for code in CODES}
