"""What the name of a column says, in any of the three languages."""

import hashlib
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from puntual.kernel.sheets.currencies import currency_in_header
from puntual.kernel.sheets.words import CONCEPTS, NAMED, PHRASES, SILENT
from puntual.kernel.text import fold

OWN_COLUMNS: Final = frozenset({"line", "reason"})  # what a file of refused rows has beside the columns of its source

_JOINED = re.compile(r"(?<=[a-záéíóúñç0-9])(?=[A-ZÁÉÍÓÚÑÇ])|(?<=[A-Z])(?=[A-Z][a-z])")
_COUNTED = re.compile(r" \(\d+\)$")  # the second column of the same name
_PHRASES = re.compile(r"\b(?:" + "|".join(sorted(PHRASES, key=len, reverse=True)) + r")\b")


@lru_cache(maxsize=1 << 12)
def concepts(header: str) -> frozenset[str]:
    """The concepts a header is made of: “F. Vcto. (S/)” and “dueDate” are both {date, due}."""
    if len(header) > 100:
        return frozenset()
    header = _COUNTED.sub("", header)
    _currency, name = currency_in_header(_JOINED.sub(" ", header.replace("#", " number ").replace("_", " ")))
    words = _PHRASES.sub(lambda found: PHRASES[found[0]], fold(name)).split()
    return frozenset(CONCEPTS.get(word, word) for word in words if word not in SILENT)


def is_known_header(header: str) -> bool:
    """Whether the name means a field of any kind of file."""
    found = concepts(header)
    return any(found in named for named in NAMED.values())


def header_signature(headers: Iterable[str]) -> str:
    """What tells one source's layout from another's: SHA-256 over the names in their order, hexadecimal.

    Accents, capitals and punctuation make no difference, nor do the two columns a file of refused rows brings.
    """
    names = [fold(header) for header in headers]
    if set(names) >= OWN_COLUMNS:
        names = [name for name in names if name not in OWN_COLUMNS]
    return hashlib.sha256("\x1f".join(name for name in names if name).encode()).hexdigest()
