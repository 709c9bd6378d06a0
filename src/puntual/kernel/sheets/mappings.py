"""Mapping files: what a person decided about a spreadsheet, as TOML. Which keys there are is each reader's own; how they are read
and what is said of a wrong one is the same for all.
"""

import tomllib
from collections.abc import Collection, Mapping
from typing import Any, Final

from puntual.kernel import toml
from puntual.kernel.money import is_currency
from puntual.kernel.problems import N_, Problem

_ESCAPES: Final = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\x7f": "\\u007f"})


class MappingProblem(Problem):
    """A mapping file that cannot be followed."""


def load(text: str, keys: Collection[str]) -> dict[str, Any]:
    """The values of a mapping file. Raises MappingProblem where it is no TOML, or has a key that is not among `keys`."""
    try:
        data = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        line = toml.wrong_line(error, text)
        raise MappingProblem(N_("The mapping file is not valid TOML: look at line {line}."), line=line) from None
    for key in sorted(data.keys() - set(keys)):
        raise MappingProblem(
            N_("The mapping file has an unknown key “{key}”. It may have: {keys}."),
            key=key,
            keys=", ".join(sorted(keys)),
        )
    return data


def one_of(data: Mapping[str, Any], key: str, allowed: Collection[str] | None = None) -> str | None:
    """A text, of those allowed; None where the key is missing. Raises MappingProblem."""
    value = data.get(key)
    if value is None or (isinstance(value, str) and (allowed is None or value in allowed)):
        return value
    raise MappingProblem(
        N_("“{value}” is not allowed for “{key}” in the mapping file. Use one of: {choices}."),
        value=value,
        key=key,
        choices=", ".join(allowed or ("text",)),
    )


def currency(data: Mapping[str, Any], key: str) -> str | None:
    """A currency's code; None where the key is missing. Raises MappingProblem."""
    value = one_of(data, key)
    if value is not None and not is_currency(value):
        raise MappingProblem(
            N_("“{value}” is not a currency code. Use three capital letters such as PEN, USD or EUR."), value=value
        )
    return value


def columns(data: Mapping[str, Any], fields: Collection[str]) -> dict[str, tuple[str, ...]]:
    """By field, the headers it is read from; none where a field is left out. Raises MappingProblem."""
    given = data.get("columns", {})
    if not isinstance(given, dict):
        raise MappingProblem(N_("“columns” in the mapping file must be a table of fields and headers."))
    named: dict[str, tuple[str, ...]] = {}
    for name, headers in given.items():
        if name not in fields:
            raise MappingProblem(
                N_("The mapping file names an unknown field “{field}”. Fields are: {fields}."),
                field=name,
                fields=", ".join(sorted(fields)),
            )
        listed = headers if isinstance(headers, list) else [headers]
        if not all(isinstance(header, str) for header in listed):
            raise MappingProblem(N_("The field “{field}” in the mapping file must name a header."), field=name)
        named[name] = tuple(header for header in listed if header)
    return named


def dump(values: Mapping[str, str | int | None], named: Mapping[str, tuple[str, ...]]) -> str:
    """The mapping file that says these values and columns; what is None is left out."""
    lines = [
        f"{key} = {value}" if isinstance(value, int) else f"{key} = {_quoted(value)}"
        for key, value in values.items()
        if value is not None
    ]
    if named:
        lines += ["", "[columns]"]
    for name, headers in named.items():
        value = ", ".join(map(_quoted, headers))
        lines.append(f"{name} = [{value}]" if len(headers) > 1 else f"{name} = {value or _quoted('')}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.translate(_ESCAPES)
    return '"' + "".join(c if c >= " " else f"\\u{ord(c):04x}" for c in escaped) + '"'
