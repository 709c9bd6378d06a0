"""What the readers share: amounts and dates as banks write them, accounts as they are compared."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Final

from puntual.kernel.money import is_currency, round_money
from puntual.kernel.problems import N_
from puntual.payments.statements.reading.statement import Line, Reference, Scheme, Statement, Warned

# ISO 4217 numeric codes of the currencies whose banks use them (Norma 43).
CURRENCY_BY_NUMBER: Final = {
    "032": "ARS", "036": "AUD", "068": "BOB", "124": "CAD", "152": "CLP", "156": "CNY", "170": "COP", "188": "CRC",
    "203": "CZK", "208": "DKK", "214": "DOP", "348": "HUF", "392": "JPY", "484": "MXN", "504": "MAD", "578": "NOK",
    "600": "PYG", "604": "PEN", "752": "SEK", "756": "CHF", "826": "GBP", "840": "USD", "858": "UYU", "946": "RON",
    "949": "TRY", "975": "BGN", "978": "EUR", "985": "PLN", "986": "BRL",
}  # fmt: skip
_NO_REFERENCE: Final = frozenset(
    {"", "NONREF", "NOREF", "NOTPROVIDED", "NOT PROVIDED", "UNKNOWN", "N/A", "NA", "EREF", "PREF", "MREF"}
)
_NOT_ALPHANUMERIC = re.compile(r"[^0-9A-Z]+")
_LONGEST_RAW: Final = 8_000


def account_key(number: str) -> str:
    """An account's number as it is compared: capitals and digits only."""
    return _NOT_ALPHANUMERIC.sub("", number.upper())[:60]


def same_account(one: str, other: str) -> bool:
    """Whether two numbers are one account: equal, one with and one without its bank in front, or an IBAN and a CCC.

    A Spanish account is written with its two check digits (CCC, IBAN) and without them (Norma 43).
    """
    left, right = sorted((account_key(one), account_key(other)), key=len)
    if not left or left == right:
        return bool(left)
    for short, long in ((left, right), (left.lstrip("0"), right)):
        if len(short) >= 7 and long.endswith(short):
            return True
    if len(left) == 18 and left.isdigit():
        ccc = right[4:] if right.startswith("ES") else right
        return len(ccc) == 20 and left == ccc[:8] + ccc[10:]
    return False


def reference(scheme: Scheme, value: str | None) -> Iterable[Reference]:
    """The reference, where there is one: banks fill empty fields with words such as NOTPROVIDED, or with zeros."""
    stripped = (value or "").strip()
    if stripped.upper() not in _NO_REFERENCE and len(stripped) > 1 and stripped.strip("0 ."):
        yield Reference(scheme, stripped[:140])


def key_of(value: str | None) -> str:
    """A bank's own key, empty for the words that stand for none."""
    stripped = (value or "").strip()
    return "" if stripped.upper() in _NO_REFERENCE or not stripped.strip("0") else stripped[:100]


def once(references: Iterable[Reference]) -> tuple[Reference, ...]:
    """The references without repetitions, in their order."""
    return tuple(dict.fromkeys(references))


def texts(*found: str | None) -> tuple[str, ...]:
    """The texts that say something, runs of spaces as one, without repetitions."""
    tidy = (" ".join(text.split()) for text in found if text)
    return tuple(dict.fromkeys(text for text in tidy if text))


def raw(text: str) -> str:
    """What is kept of a line as it stood in the file."""
    return text if len(text) <= _LONGEST_RAW else text[:_LONGEST_RAW] + "…"


def implied(digits: str, decimals: int = 2) -> Decimal:
    """An amount without its decimal sign: 0001250 is 12.50. Raises ValueError for anything but digits."""
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError(digits)
    return Decimal(int(digits)).scaleb(-decimals)


def six_digits(text: str, order: str = "ymd") -> date:
    """A date as YYMMDD, or DDMMYY with order `dmy`; of the century that is nearest. Raises ValueError."""
    if not (text.isascii() and text.isdigit() and len(text) == 6):
        raise ValueError(text)
    first, month, last = int(text[:2]), int(text[2:4]), int(text[4:])
    year, day = (first, last) if order == "ymd" else (last, first)
    return date((1900 if year >= 80 else 2000) + year, month, day)


def eight_digits(text: str, order: str = "ymd") -> date:
    """A date as YYYYMMDD, or DDMMYYYY with order `dmy`. Raises ValueError."""
    if not (text.isascii() and text.isdigit() and len(text) == 8):
        raise ValueError(text)
    if order == "dmy":
        text = text[4:] + text[2:4] + text[:2]
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))


def near(day: date, month_and_day: str) -> date:
    """The day MMDD of the year that lies nearest to `day`. Raises ValueError."""
    month, number = int(month_and_day[:2]), int(month_and_day[2:])
    found = []
    for year in (day.year - 1, day.year, day.year + 1):
        try:
            found.append(date(year, month, number))
        except ValueError:  # the 29th of February
            continue
    if not found:
        raise ValueError(month_and_day)
    return min(found, key=lambda one: abs(one - day))


def span(lines: Iterable[Line], fallback: date | None = None) -> tuple[date | None, date | None]:
    """The first and the last day of these lines."""
    days = [line.booked_on for line in lines]
    return (min(days), max(days)) if days else (fallback, fallback)


def added_up(statement: Statement) -> Iterable[Warned]:
    """A warning that names the difference where the entries do not lead from the opening to the closing balance."""
    difference = statement.difference
    if not difference:
        return
    known = is_currency(statement.currency)
    rounded = round_money(difference, statement.currency) if known else difference
    yield Warned(
        N_(
            "Account {account}: opening balance and entries differ from the closing balance by {difference} {currency}. "
            "Entries are missing or too many: compare it with the bank before you rely on it."
        ),
        {"account": statement.account, "difference": rounded, "currency": statement.currency},
    )
