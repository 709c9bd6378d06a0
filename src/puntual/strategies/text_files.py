"""An organization's own texts as a file, to be kept in git beside the manual's: TOML that comes back byte for byte."""

import tomllib
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from puntual.kernel import toml
from puntual.kernel.problems import N_, Problem
from puntual.strategies.texts import AUDIENCES, Place, Text

_FIELDS = ("template", "channel", "audience", "language", "creditor", "subject", "subject_private", "body")
_NEEDED = ("template", "channel", "language", "body")


class FiledText(NamedTuple):
    """One text of a file: where it stands, in which language, and for which creditor's code ("" for all of them)."""

    place: Place
    language: str
    creditor: str
    text: Text


def to_toml(texts: Iterable[FiledText]) -> str:
    """Texts in the order of their places; `to_toml(from_toml(text))` gives the same bytes for every file written here."""
    parts = []
    for one in sorted(texts, key=lambda each: (each.place, each.language, each.creditor)):
        values = {**one.place._asdict(), "language": one.language, "creditor": one.creditor}
        values |= {"subject": one.text.subject, "subject_private": one.text.subject_private, "body": one.text.body}
        lines = [f"{name} = {toml.written_in_lines(values[name])}" for name in _FIELDS if values[name]]
        parts.append("\n".join(["[[text]]", *lines]) + "\n")
    return "\n".join(parts)


def from_toml(file: str) -> tuple[FiledText, ...]:
    """The texts of a file. Raises Problem naming the text by its number, and the field at fault."""
    try:
        left = tomllib.loads(file)
    except tomllib.TOMLDecodeError as error:
        raise Problem(
            N_("The texts are not written in valid TOML: look at line {line}."), line=toml.wrong_line(error, file)
        ) from error
    try:
        tables = toml.tables(left.pop("text", []))
    except TypeError:
        raise Problem(N_("Each text of the file begins with [[text]].")) from None
    if left or not tables:
        raise Problem(N_("Each text of the file begins with [[text]]."))
    found = tuple(_one(number, table) for number, table in enumerate(tables, 1))
    seen: set[tuple[Place, str, str]] = set()
    for number, one in enumerate(found, 1):
        if one[:3] in seen:
            raise Problem(N_("Text {number} stands in the file twice. Keep one of the two."), number=number)
        seen.add(one[:3])
    return found


def _one(number: int, table: Mapping[str, Any]) -> FiledText:
    for name in table:
        if name not in _FIELDS:
            message = N_("Text {number}: there is no field {field}. Check the spelling or remove it.")
            raise Problem(message, number=number, field=name)
    given: dict[str, str] = {}
    for name in _FIELDS:
        value = table.get(name, "")
        if not isinstance(value, str) or (name in _NEEDED and not value.strip()):
            raise Problem(N_("Text {number}, {field}: write words between quotes."), number=number, field=name)
        given[name] = value
    audience = next((one for one in AUDIENCES if one == (given["audience"] or "company")), None)
    if audience is None:
        message = N_("Text {number}, {field}: “{value}” is not known. Choose one of: {choices}.")
        raise Problem(message, number=number, field="audience", value=given["audience"], choices=", ".join(AUDIENCES))
    place = Place(given["template"], given["channel"], audience)
    text = Text(given["subject"], given["subject_private"], given["body"])
    return FiledText(place, given["language"], given["creditor"], text)
