"""Own words for negotiating as a file, to be kept in git beside the manual's: TOML that comes back byte for byte. Pure."""

import tomllib
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from puntual.kernel import toml
from puntual.kernel.problems import N_, Problem
from puntual.strategies.negotiation import SITUATIONS, Script, as_content, read_script
from puntual.strategies.steps import LANGUAGES

TABLE = "situation"
"""What each table of the file is called."""
_LINES = ("opening", "steps", "notes")
_FIELDS = ("code", "language", "goal", *_LINES, "question", "objection")
_INNER = {"question": ("text", "why"), "objection": ("says", "answer")}


class FiledScript(NamedTuple):
    """One script of a file and its language."""

    language: str
    script: Script


def to_toml(scripts: Iterable[FiledScript]) -> str:
    """Scripts in the order given; `to_toml(from_toml(text))` gives the same bytes for every file written here."""
    return "\n".join(_written(language, as_content(script)) for language, script in scripts)


def _written(language: str, content: Mapping[str, Any]) -> str:
    values = {**content, "language": language}
    lines = [f"[[{TABLE}]]", *(f"{name} = {toml.written(values[name])}" for name in ("code", "language", "goal"))]
    for name in _LINES:
        lines += [f"{name} = [", *(f"  {toml.written(words)}," for words in values[name]), "]"]
    for name in _INNER:
        for table in values[name]:
            lines += ["", f"[[{TABLE}.{name}]]", *(f"{key} = {toml.written(value)}" for key, value in table.items())]
    return "\n".join(lines) + "\n"


def from_toml(file: str) -> tuple[FiledScript, ...]:
    """The scripts of a file. Raises Problem naming the situation by its number, and the field at fault."""
    try:
        left = tomllib.loads(file)
    except tomllib.TOMLDecodeError as error:
        raise Problem(
            N_("The words are not written in valid TOML: look at line {line}."), line=toml.wrong_line(error, file)
        ) from error
    try:
        tables = toml.tables(left.pop(TABLE, []))
    except TypeError:
        tables = []
    if left or not tables:
        raise Problem(N_("Each situation of the file begins with [[situation]]."))
    found = tuple(_one(number, table) for number, table in enumerate(tables, 1))
    seen = set[tuple[str, str]]()
    for number, one in enumerate(found, 1):
        if (one.language, one.script.code) in seen:
            raise Problem(N_("Situation {number} stands in the file twice. Keep one of the two."), number=number)
        seen.add((one.language, one.script.code))
    return found


def _one(number: int, table: Mapping[str, Any]) -> FiledScript:
    _known(number, table, _FIELDS)
    given: dict[str, Any] = {}
    for name in _FIELDS:
        try:
            given[name] = _read(number, name, table)
        except TypeError:
            message = N_(
                "Situation {number}, {field}: this is not written as it has to be; a file from here shows how."
            )
            raise Problem(message, number=number, field=name) from None
    for name, choices in (("code", SITUATIONS), ("language", LANGUAGES)):
        if given[name] not in choices:
            message = N_("Situation {number}, {field}: “{value}” is not known. Choose one of: {choices}.")
            raise Problem(message, number=number, field=name, value=given[name], choices=", ".join(choices))
    return FiledScript(given.pop("language"), read_script(given))


def _read(number: int, name: str, table: Mapping[str, Any]) -> Any:
    """A field's value. Raises TypeError where it is of another kind."""
    if name in _LINES:
        return list(toml.words(table.get(name, [])))
    if name not in _INNER:
        return toml.text(table.get(name))
    rows = toml.tables(table.get(name, []))
    for row in rows:
        _known(number, row, _INNER[name])
    return [
        {key: toml.flag(row.get(key, False)) if key == "why" else toml.text(row.get(key)) for key in _INNER[name]}
        for row in rows
    ]


def _known(number: int, table: Mapping[str, Any], fields: tuple[str, ...]) -> None:
    for name in table:
        if name not in fields:
            message = N_("Situation {number}: there is no field {field}. Check the spelling or remove it.")
            raise Problem(message, number=number, field=name)
