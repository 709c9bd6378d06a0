"""Whom a text names with an @ before the name. Pure."""

import re
import unicodedata
from collections.abc import Hashable, Mapping
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def named(text: str, names: Mapping[Key, str]) -> list[Key]:
    """The keys whose names stand in `text` behind an @, in the order of `names`.

    A first name is enough (of an address what stands before its @), unless it is somebody's whole name. The longest name wins
    (@Ana Ruiz is not Ana too), accents and capitals do not count, and the @ inside an address is none. Where two have the same
    name both are meant: nothing in the text tells them apart.
    """
    whole = {key: _plain(name) for key, name in names.items() if name.strip()}
    if "@" not in text or not whole:
        return []
    taken = set(whole.values())
    told = {key: {name, first} if (first := _first(name)) not in taken else {name} for key, name in whole.items()}
    longest_first = sorted(set().union(*told.values()), key=len, reverse=True)
    pattern = rf"(?<!\w)@({'|'.join(map(re.escape, longest_first))})(?!\w)"
    found = set(re.findall(pattern, _plain(text)))
    return [key for key, ways in told.items() if ways & found]


def _first(name: str) -> str:
    return name.split()[0].partition("@")[0] or name


def _plain(text: str) -> str:
    """Small letters without accents, one space between words."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return " ".join("".join(letter for letter in decomposed if not unicodedata.combining(letter)).split())
