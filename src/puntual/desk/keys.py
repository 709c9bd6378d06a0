"""The keys that do something, and which of them a person has changed (WCAG 2.1.4). Pure.

A key means the same command wherever it does something, so a person changes a key once for all pages. What a person presses is
written as strokes with a space between them: "a", "Alt+a", "F8", "g t".
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from puntual.desk import navigation
from puntual.kernel.problems import N_, Problem

_NAMED: Final = r"F(?:[1-9]|1[0-2])|Home|End|Insert|Delete|PageUp|PageDown"
_STROKE: Final = re.compile(rf"(?P<held>(?:(?:Ctrl|Alt|Shift)\+)*)(?P<key>{_NAMED}|\S)", re.IGNORECASE)
_HELD: Final = ("Ctrl", "Alt", "Shift")
_NAMES: Final = {
    name.lower(): name
    for name in (*(f"F{n}" for n in range(1, 13)), "Home", "End", "Insert", "Delete", "PageUp", "PageDown")
}


@dataclass(frozen=True, slots=True)
class Key:
    """A key as it comes with the house, and what it does: an English sentence for the catalogs, or a page's name."""

    default: str
    does: str


_LETTERS: Final = (
    Key("a", N_("The main button: approve, start, do it; on account")),
    Key("b", N_("Make a batch of letters")),
    Key("c", N_("Write something new; dial the number; the manual's rules of conduct")),
    Key("d", N_("Drop; negotiate; the file for the printer")),
    Key("e", N_("Edit; the account statement")),
    Key("i", N_("No customer's payment; a task for the team")),
    Key("l", N_("I am calling now; the list of texts")),
    Key("n", N_("Write a note; import; words for negotiating")),
    Key("p", N_("Record a payment; pause; it was paid or posted")),
    Key("q", N_("Ask the customer; the eleventh result")),
    Key("r", N_("The manual's replays; the fourteenth result")),
    Key("s", N_("Pass over; split; the manual's segments")),
    Key("t", N_("The manual's texts; the fifteenth result")),
    Key("u", N_("Undo what you did last; attach a file")),
    Key("v", N_("A letter came back")),
    Key("w", N_("The twelfth result")),
    Key("x", N_("Choose the row; the manual's experiments")),
)
_LISTS: Final = (
    Key("j", N_("The next row")),
    Key("k", N_("The row before")),
    Key("[", N_("The page before")),
    Key("]", N_("The next page")),
)
_EVERYWHERE: Final = (
    Key("/", N_("Search anywhere")),
    Key("?", N_("Keyboard shortcuts")),
    Key(".", N_("To the page's buttons")),
)
_RESULTS: Final = tuple(Key(digit, N_("A result, an outcome or a choice by its number")) for digit in "1234567890")


def groups() -> list[tuple[str, tuple[Key, ...]]]:
    """All keys that can be changed, by where they do something: the names are English sentences for the catalogs."""
    pages = tuple(Key(entry.keys, str(entry.label)) for entry in navigation.MAP)
    return [
        (N_("Everywhere"), _EVERYWHERE),
        (N_("Go to a page"), pages),
        (N_("In lists"), _LISTS),
        (N_("On the thing before you"), _LETTERS),
        (N_("Results and choices"), _RESULTS),
    ]


def defaults() -> tuple[str, ...]:
    """Every key that can be changed."""
    return tuple(key.default for _name, keys in groups() for key in keys)


def read(text: str) -> str:
    """What a person wrote as it is kept: "alt + A" is "Alt+a", and "" nothing.

    Raises Problem for what is no stroke, more than two of them, and what belongs to the browser or to forms.
    """
    plain = re.sub(r"\s*\+\s*(?=\S)", "+", text.strip()) if text.strip() != "+" else "+"
    strokes = plain.split()
    if len(strokes) > 2:
        raise Problem(N_("At most two keys, one after the other."))
    return " ".join(map(_stroke, strokes))


def _stroke(text: str) -> str:
    found = _STROKE.fullmatch(text)
    if found is None:
        raise Problem(N_("“{text}” is no key. Write one sign, such as k, or Alt+k, or F8."), text=text)
    held = {name.capitalize() for name in found["held"].split("+") if name}
    key = _NAMES.get(found["key"].lower(), found["key"])
    if key not in _NAMES.values():
        if held == {"Shift"}:
            return key.upper()
        key = key.lower() if held else key
    return "+".join([*(name for name in _HELD if name in held), key])


def clashes(own: Mapping[str, str]) -> dict[str, str]:
    """Which of a person's own keys cannot be: by its default, the default of the one it clashes with.

    Two are the same, or one is the beginning of the other, so that the longer could never be struck.
    """
    now = {default: own.get(default) or default for default in defaults()}
    found: dict[str, str] = {}
    for default in own:
        for other, strokes in now.items():
            if other != default and _same(now[default], strokes):
                found[default] = other
                break
    return found


def _same(one: str, other: str) -> bool:
    return one == other or one.startswith(f"{other} ") or other.startswith(f"{one} ")
