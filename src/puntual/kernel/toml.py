"""Values written as TOML, the same bytes every time; and what `tomllib` or JSON gave, read with its type.

The readers raise TypeError for a value of another kind, and `amounts` InvalidOperation for one that is no number.
"""

import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

_AT = re.compile(r"\(at line (\d+), column \d+\)")


def wrong_line(error: tomllib.TOMLDecodeError, text: str) -> int:
    """The line, from 1, at which a text is no TOML: all of what the parser says that is for every language."""
    at = _AT.search(str(error))
    return int(at[1]) if at else text.count("\n") + 1


def written(value: Any) -> str:
    """A text, number, yes or no, list or table of them as TOML on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        return f"[{', '.join(written(one) for one in value)}]"
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{key} = {written(one)}' for key, one in value.items())} }}"
    return f'"{"".join(_escaped(letter) for letter in value)}"'


def written_in_lines(value: Any) -> str:
    """The same; a text of several lines stays readable as such."""
    if isinstance(value, str) and "\n" in value:
        return '"""\n' + "\n".join(written(line)[1:-1] for line in value.split("\n")) + '"""'
    return written(value)


def _escaped(letter: str) -> str:
    if letter in '"\\':
        return f"\\{letter}"
    return f"\\u{ord(letter):04X}" if ord(letter) < 0x20 or ord(letter) == 0x7F else letter


def text(value: Any) -> str:
    """A text."""
    if not isinstance(value, str):
        raise TypeError
    return value


def number(value: Any) -> int:
    """A whole number; yes and no are none."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError
    return value


def flag(value: Any) -> bool:
    """Yes or no."""
    if not isinstance(value, bool):
        raise TypeError
    return value


def words(value: Any) -> tuple[str, ...]:
    """A list of texts."""
    if not isinstance(value, list):
        raise TypeError
    return tuple(text(word) for word in value)


def tables(value: Any) -> list[Mapping[str, Any]]:
    """A list of tables."""
    if not isinstance(value, list) or not all(isinstance(table, dict) for table in value):
        raise TypeError
    return value


def amounts(value: Any) -> Mapping[str, Decimal]:
    """A table of amounts, each written as text."""
    if not isinstance(value, dict):
        raise TypeError
    return {name: Decimal(text(amount)) for name, amount in value.items()}
