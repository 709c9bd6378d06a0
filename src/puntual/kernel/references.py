"""Payment references and the keys by which document numbers are matched."""

import re
import unicodedata

from puntual.kernel.problems import N_, Problem
from puntual.kernel.text import plain_signs

_BODY = re.compile(r"[0-9A-Z]{1,21}")
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+E[+-]?|E\+)\d+")


def creditor_reference(text: str) -> str:
    """The ISO 11649 structured creditor reference for `text`: AB2G5 gives RF68AB2G5.

    `text` is 1 to 21 letters and digits (spaces and case do not matter); anything else raises Problem. Separators are
    not dropped, because F00-123 and F001-23 would become one reference.
    """
    body = _compact(text)
    if not _BODY.fullmatch(body):
        raise Problem(
            N_("A payment reference is made of 1 to 21 letters and digits; “{text}” is not. Leave out other signs."),
            text=text,
        )
    # ISO/IEC 7064, MOD 97-10: letters count as 10 to 35, "RF00" goes to the end.
    number = int("".join(str(int(character, 36)) for character in body + "RF00"))
    return f"RF{98 - number % 97:02d}{body}"


def is_creditor_reference(text: str) -> bool:
    """Whether `text` is an ISO 11649 reference whose check digits agree; spaces and case do not matter."""
    compact = _compact(text)
    return bool(_BODY.fullmatch(compact[4:])) and compact == creditor_reference(compact[4:])


def parse(text: str) -> str:
    """What an ISO 11649 reference refers to, without "RF" and check digits. Raises Problem where it is invalid."""
    if not is_creditor_reference(text):
        raise Problem(
            N_("“{text}” is not a valid payment reference. Compare it with the one on the invoice and type it again."),
            text=text,
        )
    return _compact(text)[4:]


def document_key(number: str) -> str:
    """A document number as it is compared: capitals, one form per sign, single spaces.

    Leading zeros and separators stay, for 001-23 and 1-23 are two documents; only the many Unicode dashes become "-".
    Raises Problem where nothing is left, or where a spreadsheet turned the number into scientific notation: the lost
    digits cannot be guessed.
    """
    # Casefolded between two normalizations, the sign for each letter is one and stays so when the key is keyed again.
    if number.isascii():  # most are, and an import keys them by the hundred thousand
        key = " ".join(number.upper().split())
    else:
        folded = unicodedata.normalize("NFKC", plain_signs(number).casefold()).upper()
        key = " ".join(unicodedata.normalize("NFKC", folded).split())
    if not key:
        raise Problem(N_("The document has no number. Give the number printed on it."), beside="number")
    if _SCIENTIFIC.fullmatch(key):
        raise Problem(
            N_(
                "“{number}” is a number a spreadsheet shortened, and its last digits are lost. "
                "Format the column as text and export it again."
            ),
            number=number,
        )
    return key


def _compact(text: str) -> str:
    return "".join(text.split()).upper()
