"""Errors made for people: a sentence that says what happened and what to do, translated where it is shown."""

from collections.abc import Callable


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

    def text(self, translate: Callable[[str], str] = lambda message: message) -> str:
        """The sentence in the language `translate` speaks, its places filled."""
        return translate(self.message).format(**self.details)

    def __str__(self) -> str:
        return self.text()
