"""On which line of a TOML text a key stands: `tomllib` reads values and forgets where they were."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import TypeAlias

Place: TypeAlias = tuple[str, int, str]
"""An array of tables ("" for the top), which of its tables from 0, and the key; "" for the table's own header."""

_KEY = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'|[A-Za-z0-9_-]+')
_BLANK = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"{1,2}(?!"))*"{3,5}'
    r"|'''(?:[^']|'{1,2}(?!'))*'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'"
    r"|#[^\n]*"
    r"|[\[{]|[\]}]|\n",
    re.DOTALL,
)


def places(text: str) -> Mapping[Place, int]:
    """The line, from 1, of every header and key of a valid TOML text. What stands in `[step.minimum]` counts as `minimum`."""
    text = text.replace("\r\n", "\n")
    found: dict[Place, int] = {}
    seen: Counter[str] = Counter()
    table, number, inner = "", 0, ""
    at = _past(_BLANK, text, 0)
    while at < len(text):
        line = text.count("\n", 0, at) + 1
        if text[at] == "[":
            header = text[at : text.find("]", at)].lstrip("[")
            names = [name.strip("\"'") for name in _KEY.findall(header)]
            if len(names) > 1:
                inner = names[1]
                found.setdefault((table, number, inner), line)
            elif text.startswith("[[", at):
                table, number, inner = names[0], seen[names[0]], ""
                seen[table] += 1
                found[table, number, ""] = line
                found.setdefault(("", 0, table), line)
            else:
                table, number, inner = "", 0, names[0]
                found.setdefault(("", 0, inner), line)
            end = text.find("\n", at)
            at = len(text) if end < 0 else end
        else:
            key = _KEY.match(text, at)
            if key is None:
                break
            found.setdefault((table, number, inner or key[0].strip("\"'")), line)
            at = _past_value(text, key.end())
        at = _past(_BLANK, text, at)
    return found


def _past_value(text: str, at: int) -> int:
    depth = 0
    for token in _TOKEN.finditer(text, at):
        if token[0] in ("[", "{"):
            depth += 1
        elif token[0] in ("]", "}"):
            depth -= 1
        elif token[0] == "\n" and depth == 0:
            return token.end()
    return len(text)


def _past(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at
