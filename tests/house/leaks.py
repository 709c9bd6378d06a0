"""Finds what is not in the reader's language on a page: sentences of the catalogs left in English, English of no catalog,
and codes of the program shown as they are."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po
from django.apps import apps

ROOMS = Path(__file__).resolve().parents[2] / "src/puntual"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*[^}]*\}")
ENGLISH = re.compile(
    r"\b(the|and|of|with|this|that|from|your|you|are|was|were|has|have|not|which|when|there|will|been|they|its|by)\b",
    re.I,
)
CODE = re.compile(r"[a-z]+(_[a-z0-9]+)+")


@cache
def catalog(language: str) -> dict[str, set[str]]:
    """What each English sentence is in the language, in any room."""
    known: dict[str, set[str]] = {}
    for path in sorted(ROOMS.glob(f"*/locale/{language}/LC_MESSAGES/django.po")):
        with path.open("rb") as source:
            for message in read_po(source):
                ids = message.id if isinstance(message.id, tuple) else (message.id,)
                said = message.string if isinstance(message.string, tuple) else (message.string,)
                for one in ids:
                    if one:
                        known.setdefault(" ".join(one.split()), set()).update(" ".join(word.split()) for word in said)
    return known


@cache
def english(language: str) -> tuple[frozenset[str], re.Pattern[str]]:
    """The sentences that would be English in the language: those without a place for a value, and a pattern of the rest."""
    same = set().union(*catalog(language).values())
    plain, patterns = set(), []
    for sentence, said in catalog(language).items():
        if sentence in said or sentence in same:
            continue
        if not PLACEHOLDER.search(sentence):
            plain.add(sentence)
            continue
        parts = PLACEHOLDER.split(sentence)
        if sum(len(re.findall(r"[A-Za-z]{2,}", part)) for part in parts) >= 2:
            patterns.append(".+?".join(re.escape(part) for part in parts))
    return frozenset(plain), re.compile("|".join(patterns) or r"(?!)")


@cache
def codes(language: str) -> frozenset[str]:
    """What the program calls the choices of its fields, where that is no word of the language."""
    words = {word.lower() for said in catalog(language).values() for one in said for word in [one, *one.split()]}
    found = set()
    for model in apps.get_models():
        if model.__module__.startswith("puntual."):
            for field in model._meta.get_fields():
                found |= {str(value) for value, _label in getattr(field, "choices", None) or ()}
    return frozenset(code for code in found if code and code.lower() not in words and not code.isupper())


def leaks(texts: Iterable[str], language: str, theirs: frozenset[str] = frozenset()) -> Iterator[str]:
    """Those of the texts that are not in the language; `theirs` are words of people that look like ours."""
    plain, pattern = english(language)
    for text in dict.fromkeys(texts):
        if text in theirs:
            continue
        known = text in plain or text in codes(language) or CODE.fullmatch(text) or pattern.fullmatch(text)
        if known or len({word.lower() for word in ENGLISH.findall(text)}) >= 2:
            yield text
