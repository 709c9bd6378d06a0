"""Errors made for people: a sentence that says what happened and what to do, translated where it is shown."""

from collections.abc import Callable
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

    `message` is an English sentence with `{named}` places and serves as the key in the catalogs; `details` fill the
    places. The edges (web, API, command line) show it with `text(gettext)`; nothing below them ever shows a traceback.
    """

    def __init__(self, message: str, /, **details: object) -> None:
        super().__init__(message)
        self.message = message
        self.details = details

    def text(self, translate: Translate = as_it_is, written: Written = as_data) -> str:
        """The sentence in the language `translate` speaks, each detail in its place as `written` writes it."""
        return translate(self.message).format(**{name: written(detail) for name, detail in self.details.items()})

    def __str__(self) -> str:
        return self.text()
