"""Text made comparable: names as people search for them, and numbers as people type them."""

import re
import unicodedata

_DOTTED_INITIAL = re.compile(r"\b([^\W\d_])\.\s*(?=[^\W\d_]\b)")
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_PARTICLES = frozenset({"al", "da", "das", "de", "del", "do", "dos", "e", "el", "la", "las", "los", "of", "the", "y"})


def fold(text: str) -> str:
    """`text` for `search_name`: no accents (ñ is n), lower case, one space between words, no punctuation.

    Dotted initials become one word, so "Peña S.A.C." and "PENA SAC" meet as "pena sac".
    """
    joined = _DOTTED_INITIAL.sub(r"\1", unicodedata.normalize("NFC", text))
    # Casefold can bring marks back (İ), and NFKD capitals (㎏ is kg, ℡ is TEL): hence casefold on both sides.
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", joined).casefold()).casefold()
    unmarked = decomposed
    if not decomposed.isascii():
        unmarked = "".join(character for character in decomposed if not unicodedata.combining(character))
    return _NOT_ALPHANUMERIC.sub(" ", unmarked).strip()


def initials(name: str) -> str:
    """At most two capitals that stand for a name, particles apart: "María del Pilar Ríos" is MP; empty for no name."""
    words = [word for word in _NOT_ALPHANUMERIC.split(name) if word]
    telling = [word for word in words if word.casefold() not in _PARTICLES] or words
    return "".join(word[0] for word in telling[:2]).upper()


def plain_signs(text: str) -> str:
    """`text` in NFKC with every dash as "-" and without invisible characters (byte order marks, soft hyphens)."""
    if text.isascii():
        return text
    return "".join(_plain(character) for character in unicodedata.normalize("NFKC", text))


def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Pd" or character == "\N{MINUS SIGN}":
        return "-"
    return "" if category == "Cf" else character


_FORMULA = re.compile(r"[=@\t\r]|[+-](?![\d\s.,()-]*$)")


def harmless_cell(text: str) -> str:
    """Text for a cell of a spreadsheet: what begins like a formula gets an apostrophe, so that no program runs it.

    A number or a phone number with its sign is none.
    """
    return f"'{text}" if _FORMULA.match(text) else text


_NOT_IN_A_SHEETS_NAME = re.compile(r"[\[\]:*?/\\]+\s*")


def sheet_name(title: str) -> str:
    """`title` as spreadsheets take a sheet's name: 31 characters, none of []:*?/\\, no apostrophe at either end."""
    return _NOT_IN_A_SHEETS_NAME.sub(" ", title)[:31].strip(" '")
