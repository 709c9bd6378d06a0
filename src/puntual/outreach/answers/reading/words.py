"""Prose made readable for rules: plain letters, and sentences as their writer meant them."""

import re
import unicodedata
from typing import Final

_LONG_LINE: Final = 55
"""A line at least so long goes on below: mail programs break there, people do not."""
_ENDS = re.compile(r"(?<=[.!?…])[\"'”»)]*\s+(?=[\"'“«(¿¡]*[A-ZÁÉÍÓÚÂÊÔÃÕÇÑ0-9])")
_ABBREVIATED = re.compile(
    r"(?:\b(?:sr|sra|srta|dr|dra|ing|lic|mr|mrs|ms|no|nro|num|n[º°]|op|ref|fact|inv|aprox|approx|vs|etc|s/|art|jan|feb|fev|mar|apr|abr|"
    r"may|jun|jul|aug|ago|sep|sept|set|oct|out|nov|dec|dic|dez)|\b[A-Za-z])\.$",
    re.IGNORECASE,
)


def plain(text: str) -> str:
    """Lower case without accents, apostrophes straight, one space between words; punctuation stays."""
    decomposed = unicodedata.normalize("NFKD", text.replace("’", "'").replace("ª", "a").replace("º", "o"))
    letters = "".join(each for each in decomposed if not unicodedata.combining(each))
    return " ".join(letters.casefold().split())


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text, each on one line; a line its writer ended ends one too."""
    found: list[str] = []
    for paragraph in _paragraphs(text):
        start = 0
        for end in _ENDS.finditer(paragraph):
            if not _ABBREVIATED.search(paragraph[start : end.start()]):
                found.append(paragraph[start : end.start()])
                start = end.end()
        found.append(paragraph[start:])
    return tuple(one for one in (" ".join(each.split()) for each in found) if one)


def _paragraphs(text: str) -> list[str]:
    found: list[str] = []
    previous = ""
    for line in text.split("\n"):
        goes_on = (len(previous) >= _LONG_LINE and line.strip() and previous[-1:] not in ".!?:") or previous.endswith(
            " "
        )
        if goes_on and found and line.strip():
            found[-1] += " " + line.strip()
        else:
            found.append(line.strip())
        previous = line
    return found
