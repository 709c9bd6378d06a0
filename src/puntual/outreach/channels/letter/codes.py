"""A letter's short code: its batch, its place in it and two check digits. It is printed on the sheet, typed or scanned when the
letter comes back, and says nothing of the customer. Pure.
"""

import re

from puntual.kernel.problems import N_, Problem

MOST = 9_999
"""Letters in one batch, so that a place has four digits."""
_DIGITS = re.compile(r"[0-9]+")


def letter_code(batch: int, place: int) -> str:
    """12-0345-97 for the 345th letter of batch 12. The check digits are those of ISO/IEC 7064, MOD 97-10."""
    body = f"{batch}{place:04}"
    return f"{batch}-{place:04}-{98 - int(body + '00') % 97:02}"


def read_code(text: str) -> str:
    """A code as it was typed or scanned, in its one form; spaces and dashes do not matter.

    Raises Problem where it is none, or where its check digits say that it was mistyped.
    """
    digits = "".join(_DIGITS.findall(text))
    if len(digits) >= 7 and re.fullmatch(r"[0-9\s\-–—]+", text.strip()) and int(digits) % 97 == 1:
        return letter_code(int(digits[:-6]), int(digits[-6:-2]))
    raise Problem(
        N_(
            "“{text}” is not the code of a letter. It stands below the date, as in 12-0345-97: compare it and try again."
        ),
        text=text.strip(),
    )
