"""Errors made for people: a sentence that says what happened and what to do, translated where it is shown."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import TypeAlias

Translate: TypeAlias = Callable[[str], str]
Written: TypeAlias = Callable[[object], object]


def as_it_is(message: str) -> str:
    """English: no translation."""
    return message


def as_data(detail: object) -> object:
    """Days stand as 2026-11-23 and amounts as 1180.00: what a program or a file reads back."""
    return detail


def N_(message: str) -> str:
    """Mark a sentence for the catalogs without translating it here."""
    return message


class Problem(Exception):
    """Something a person can mend.

    `message` is an English sentence with `{named}` places and serves as the key in the catalogs; `details` fill the places; one
    that fills none still says what the sentence is about, and `beside` names the value itself. The edges (web, API, command
    line) show it with `text(gettext)`; nothing below them ever shows a traceback.
    """

    def __init__(self, message: str, /, **details: object) -> None:
        super().__init__(message)
        self.message = message
        self.details = details

    def text(self, translate: Translate = as_it_is, written: Written = as_data) -> str:
        """The sentence in the language `translate` speaks, each detail in its place as `written` writes it."""
        return translate(self.message).format(**{name: written(detail) for name, detail in self.details.items()})

    def about(self, given: Mapping[str, object]) -> str | None:
        """Which of the values `given` by name the sentence is about: the one its detail `beside` names, else the first detail
        with that name and value, or whose value was given under one name alone. None where it is about none of them."""
        if (named := self.details.get("beside")) in given:
            return str(named)
        for name, detail in self.details.items():
            if detail not in (None, "") and _same(given.get(name), detail):
                return name
            # 60 days and 60 percent are the same number and not the same thing.
            if isinstance(detail, str | Decimal | date) and detail != "":
                found = [key for key, value in given.items() if _same(value, detail)]
                if len(found) == 1:
                    return found[0]
        return None

    def __str__(self) -> str:
        return self.text()


def _same(value: object, detail: object) -> bool:
    """Whether a value that was given is the detail; a file goes by its name."""
    if type(value) is type(detail):
        return value == detail
    return isinstance(detail, str) and getattr(value, "name", None) == detail
