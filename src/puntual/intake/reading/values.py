"""Cells that are neither dates nor amounts: codes, text, addresses, yes and no."""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache
from typing import Final

from babel import Locale

from puntual.kernel.emails import normalize_email
from puntual.kernel.sheets.cells import Cell, ErrorCell
from puntual.kernel.sheets.reasons import Bad
from puntual.kernel.sheets.words import words
from puntual.kernel.text import fold

_ERRORS: Final = words("#N/A #N/D #¡REF! #REF! #¡VALOR! #VALOR! #VALUE! #DIV/0! #¡DIV/0! #NAME? #¿NOMBRE? #NULL! #NUM!")
# 1.930438e+09: what a spreadsheet program leaves of 1930438491. Without a fraction only with its plus: 1E5 may be a code.
_SCIENTIFIC = re.compile(r"-?\d(?:[.,]\d+e[+-]?|e\+)\d{1,3}", re.IGNORECASE | re.ASCII)
_FLOAT = re.compile(r"(\d+)\.0", re.ASCII)
_AS_TEXT = re.compile(r'="(.*)"', re.DOTALL)  # Excel's way to keep a code as it is in a CSV file
_BETWEEN_ADDRESSES = re.compile(r"[;,|/\s]+")
_LIST_SEPARATORS = re.compile(r"\s*[;,|\n]\s*")
_DAYS = re.compile(r"\D*?(\d{1,3})(?:\.0)?\D*", re.ASCII)

_YES: Final = words("yes y si s sim true verdadero verdadeiro 1 x disputed disputada observada") | {"en disputa"}
_NO: Final = words("no n nao false falso 0 ninguna nenhuma none")
_NO_MARKS: Final = frozenset({"", "-", "–", "—"})
_AT_ONCE: Final = frozenset(
    {
        "contado", "al contado", "cash", "a vista", "vista", "inmediato", "pago inmediato", "immediate",
        "due on receipt", "upon receipt", "on receipt", "a la vista", "contra entrega", "cod", "avista",
    }
)  # fmt: skip
# Document types that lower what is owed. SUNAT catalogue 01: 07; SII (Chile): 60, 61 and 112.
_CREDIT_NOTES: Final = frozenset(
    {
        "nc", "ncr", "n c", "nota credito", "nota de credito", "nota de credito electronica", "credit note",
        "credit memo", "credit", "cn", "cm", "abono", "factura rectificativa", "rectificativa", "nce",
        "nota credito electronica", "07", "60", "61", "112",
    }
)  # fmt: skip
_LANGUAGES: Final[Mapping[str, str]] = {
    name: language
    for language, names in {
        "es": "es esp spa espanol spanish espanhol castellano",
        "en": "en eng ing ingles english",
        "pt": "pt por portugues portuguese",
    }.items()
    for name in names.split()
}


def read_text(cell: str) -> str | Bad:
    """Text without space around it, words one space apart."""
    text = " ".join(cell.split())
    return _unmasked(cell, text) if text[:1] in {"=", "#"} else text


def read_key(cell: str) -> str | Bad:
    """A code, a document number, a tax id: text whose every character counts.

    Refused where a spreadsheet program has made a number in scientific notation or a date of it; the “.0” of a number
    that passed through a float goes.
    """
    text = " ".join(cell.split())
    return text if text.isalnum() else _odd_key(cell, text)


def _unmasked(cell: str, text: str) -> str | Bad:
    if isinstance(cell, ErrorCell):
        return Bad(cell.code)
    if text.upper() in _ERRORS:
        return Bad("cell_error")
    masked = _AS_TEXT.fullmatch(text)
    return masked[1] if masked else text


def _odd_key(cell: str, text: str) -> str | Bad:
    if isinstance(cell, Cell):
        return Bad("key_date") if isinstance(cell.value, date) else text
    plain = _unmasked(cell, text)
    if isinstance(plain, Bad):
        return plain
    if _SCIENTIFIC.fullmatch(plain):
        return Bad("key_scientific")
    number = _FLOAT.fullmatch(plain)
    return number[1] if number else plain


@lru_cache(maxsize=1 << 16)
def read_emails(cell: str) -> tuple[str, ...] | Bad:
    """The addresses of a cell, each once. Bad where one of them is none."""
    parts = _BETWEEN_ADDRESSES.split(cell.strip())
    found = [normalize_email(part.strip("<>")) for part in parts if "@" in part]  # other words are the person's name
    if None in found or (not found and any(parts)):
        return Bad("email_unreadable")
    return tuple(dict.fromkeys(address for address in found if address))


def read_phone(cell: str) -> str | Bad:
    """A phone number as it is written; the room that stores it normalizes it by country."""
    text = read_text(cell)
    if isinstance(text, Bad) or not text:
        return text
    number = _FLOAT.fullmatch(text)
    text = number[1] if number else text
    digits = sum(1 for character in text if character.isdigit())
    return Bad("phone_unreadable") if digits < 5 or _SCIENTIFIC.fullmatch(text) else text


@lru_cache(maxsize=1 << 10)
def read_country(cell: str) -> str | Bad:
    """ISO 3166-1 alpha-2 from a code or from a name in Spanish, English or Portuguese; empty for an empty cell."""
    name = fold(cell)
    if not name:
        return ""
    return _countries().get(name) or Bad("country_unknown")


@cache
def _countries() -> Mapping[str, str]:
    names: dict[str, str] = {}
    for language in ("es", "en", "pt"):
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha() and code not in {"EU", "EZ", "UN", "ZZ", "XA", "XB", "QO"}:
                names[fold(name)] = code
                names[code.lower()] = code
    extra = {"usa": "US", "eeuu": "US", "ee uu": "US", "uk": "GB", "brasil": "BR", "holanda": "NL"}
    alpha3 = {"per": "PE", "chl": "CL", "col": "CO", "mex": "MX", "esp": "ES", "bra": "BR", "arg": "AR", "ecu": "EC",
              "bol": "BO", "ury": "UY", "pry": "PY", "prt": "PT", "pan": "PA", "cri": "CR", "gtm": "GT",
              "dom": "DO", "ven": "VE", "gbr": "GB", "can": "CA", "deu": "DE", "fra": "FR", "ita": "IT"}  # fmt: skip
    return {**names, **extra, **alpha3}


@lru_cache(maxsize=1 << 10)
def read_language(cell: str) -> str | Bad:
    """One of the three languages of the product, from its code or its name; empty for an empty cell."""
    words = fold(cell).split()
    if not words:
        return ""
    return _LANGUAGES.get(words[0]) or Bad("language_unknown")


@lru_cache(maxsize=1 << 10)
def read_flag(cell: str) -> bool | Bad:
    """Yes or no in three languages; an empty cell is no."""
    text = cell.strip()
    if text in _NO_MARKS:
        return False
    word = fold(text)
    if word in _YES or word in _NO:
        return word in _YES
    return Bad("flag_unreadable")


@lru_cache(maxsize=1 << 10)
def read_days(cell: str) -> int | Bad | None:
    """Payment terms in days: “30”, “Net 30”, “30 días”, “contado”. None for an empty cell."""
    text = cell.strip()
    if text in _NO_MARKS:
        return None
    if fold(text) in _AT_ONCE:
        return 0
    days = _DAYS.fullmatch(text)
    if not days or (len(fold(text).split()) == 1 and not text.replace(".0", "").rstrip("dD").isdecimal()):
        return Bad("days_unreadable")  # “NAH4” is a code of somebody's own, not four days
    return int(days[1])


@lru_cache(maxsize=1 << 10)
def read_document(cell: str) -> bool | Bad:
    """Whether a type of document is a credit note."""
    kind = fold(cell)
    return kind in _CREDIT_NOTES or kind.startswith(("nota de credito", "nota credito", "credit note", "credit memo"))


def read_list(cell: str) -> tuple[str, ...] | Bad:
    """Several values in one cell, each once."""
    text = read_key(cell)
    if isinstance(text, Bad):
        return text
    parts = (" ".join(part.split()) for part in _LIST_SEPARATORS.split(cell.strip() if "\n" in cell else text))
    return tuple(dict.fromkeys(part for part in parts if part))
