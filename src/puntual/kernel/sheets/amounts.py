"""Amounts as people and programs write them, and the proof a whole column gives for its decimal sign."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from puntual.kernel.sheets.cells import Cell
from puntual.kernel.sheets.currencies import DOLLAR_SIGNED, SHARED, currency_of_sign
from puntual.kernel.sheets.reasons import Bad
from puntual.kernel.text import plain_signs

Decimals = Literal[".", ","]

_LARGEST = Decimal(10) ** 15  # amounts are NUMERIC(20, 4)
_LONGEST = 60  # characters
_SIGN = r"[SB]/\.|[^\d\s().,'’+\-%]+"  # S/.  S/  US$  €  PEN
_AMOUNT = re.compile(
    rf"(?P<opened>\()?\s*(?P<minus>-)?\s*\+?(?P<before>{_SIGN})?\s*(?P<inner>-)?\s*(?P<opened2>\()?\s*"
    r"(?P<number>\d[\d.,'’ ]*\d|\d[.,]?|[.,]\d+|-)"
    rf"\s*(?P<closed>\))?\s*(?P<after>{_SIGN})?\s*(?P<trailing>-)?\s*(?P<closed2>\))?",
    re.ASCII,
)
_SCIENTIFIC = re.compile(r"[-+]?\d+(?:[.,]\d+)?e[-+]?\d+", re.IGNORECASE | re.ASCII)
# A thousands sign is the same throughout, and nothing is grouped that begins with a zero.
# A thousands sign is the same throughout, and nothing is grouped that begins with a zero. Lakhs and crores: 12,34,567.00
_POINT = r"[1-9]\d{0,2}(?P<group>[,'’ ])\d{3}(?:(?P=group)\d{3})*|[1-9]\d?(?:,\d{2})+,\d{3}"
_COMMA = r"[1-9]\d{0,2}(?P<group>[.'’ ])\d{3}(?:(?P=group)\d{3})*"
_NUMBERS: Final[Mapping[Decimals, re.Pattern[str]]] = {
    ".": re.compile(rf"(?:\d+|{_POINT})(?:\.\d*)?|\.\d+", re.ASCII),
    ",": re.compile(rf"(?:\d+|{_COMMA})(?:,\d*)?|,\d+", re.ASCII),
}
_PLAIN: Final[Mapping[Decimals, re.Pattern[str]]] = {
    ".": re.compile(r"-?\d{1,15}(?:\.\d{1,4})?", re.ASCII),
    ",": re.compile(r"-?\d{1,15}(?:,\d{1,4})?", re.ASCII),
}
_DIGITS = str.maketrans("123456789", "9" * 9)  # 0 stays: 0.123 cannot be thousands, 1.123 can


class Sum(NamedTuple):
    """An amount as one cell says it; `currency` is empty without a sign, "$" for the sign that many share."""

    amount: Decimal
    currency: str


def read_amount(text: str, decimal: Decimals) -> Sum | Bad:
    """The amount `text` means when `decimal` separates the decimals.

    Parentheses and a minus before or after make it negative; a lone dash is zero, as accounting formats print it.
    """
    found = _taken_apart(text)
    if isinstance(found, Bad):
        return found
    number, negative, currency = found
    if number == "-":
        return Sum(Decimal(0), currency)
    if not _NUMBERS[decimal].fullmatch(number):
        other: Decimals = "," if decimal == "." else "."
        fits_other = _NUMBERS[other].fullmatch(number)
        return Bad("amount_decimal", {"decimal": decimal}) if fits_other else Bad("amount_unreadable")
    whole, _, fraction = number.partition(decimal)
    digits = "".join(filter(str.isdecimal, whole)) or "0"
    amount = Decimal(f"{digits}.{fraction}" if fraction else digits)
    if amount >= _LARGEST:
        return Bad("amount_too_large")
    return Sum(-amount if negative else amount, currency)


def _taken_apart(text: str) -> tuple[str, bool, str] | Bad:
    """The number, whether it is negative, and the currency."""
    plain = plain_signs(text).strip()
    match = _AMOUNT.fullmatch(plain) if len(plain) <= _LONGEST else None
    if match is None:
        if "%" in plain:
            return Bad("amount_percent")
        return Bad("amount_scientific" if _SCIENTIFIC.fullmatch(plain) else "amount_unreadable")
    opened = bool(match["opened"]) + bool(match["opened2"])
    closed = bool(match["closed"]) + bool(match["closed2"])
    minuses = sum(1 for name in ("minus", "inner", "trailing") if match[name])
    if opened != closed or opened + minuses > 1:
        return Bad("amount_unreadable")
    signs = {currency_of_sign(match[name]) for name in ("before", "after") if match[name]}
    if len(signs) > 1 and signs - {SHARED} <= DOLLAR_SIGNED:
        signs -= {SHARED}  # $ 100.00 MXN
    if len(signs) > 1 or None in signs:
        return Bad("amount_unreadable")
    currency = next(iter(signs), None) or ""
    return match["number"], opened + minuses == 1, currency


@lru_cache(maxsize=1 << 14)
def _shape(pattern: str) -> tuple[Mapping[Decimals, int], str] | Bad:
    """Which decimal signs fit a cell, each with how many decimals it then has, and its currency."""
    found = _taken_apart(pattern)
    if isinstance(found, Bad):
        return found
    number, _negative, currency = found
    if number == "-":
        return {".": 0, ",": 0}, currency
    fits = {sign: len(number.partition(sign)[2]) for sign, regex in _NUMBERS.items() if regex.fullmatch(number)}
    return fits, currency


_DOMINANT = 9  # how much more often one sign must fit alone than the other, before the other's cells count as errors


@dataclass(slots=True)
class AmountEvidence:
    """What all the cells of a column say about their decimal sign and currency."""

    alone: Counter[Decimals] = field(default_factory=Counter)  # cells that fit one decimal sign only
    open: int = 0  # cells that fit both, and differ: 1.234
    currencies: Counter[str] = field(default_factory=Counter)
    decimals: Counter[Decimals] = field(default_factory=Counter)  # most digits after each sign
    _telling: dict[Decimals, list[str]] = field(default_factory=dict)
    examples: list[str] = field(default_factory=list)

    def add(self, cells: Iterable[str]) -> None:
        """Take the cells of a block into account."""
        first: dict[str, str] = {}
        patterns: Counter[str] = Counter()
        for text in cells:
            if text and text.__class__ is not Cell:
                pattern = text.translate(_DIGITS)
                patterns[pattern] += 1
                first.setdefault(pattern, text)
        for pattern, count in patterns.items():
            if not pattern.isspace():
                self._weigh(_shape(pattern), first[pattern], count)

    def _weigh(self, shape: tuple[Mapping[Decimals, int], str] | Bad, text: str, count: int) -> None:
        if isinstance(shape, Bad) or not shape[0]:
            return
        fits, currency = shape
        self.currencies[currency] += count
        for sign, decimals in fits.items():
            self.decimals[sign] = max(self.decimals[sign], decimals)
        kept = None
        if len(fits) == 1:
            self.alone[next(iter(fits))] += count
            kept = self._telling.setdefault(next(iter(fits)), [])
        elif any(fits.values()):
            self.open += count
            kept = self.examples
        if kept is not None and len(kept) < 3:
            kept.append(text)

    @property
    def telling(self) -> list[str]:
        """Cells that fit one decimal sign only, a few of each."""
        return [text for texts in self._telling.values() for text in texts]

    def possible(self) -> tuple[Decimals, ...]:
        """The decimal signs the column can have: one where it is proven, none where it makes no difference."""
        point, comma = self.alone["."], self.alone[","]
        if not self.open and not (point and comma):
            return (".",) if point else (",",) if comma else ()
        if point > _DOMINANT * comma:
            return (".",)
        if comma > _DOMINANT * point:
            return (",",)
        return (".", ",")

    def contrary(self, decimal: Decimals) -> int:
        """How many cells are amounts with the other decimal sign only."""
        return self.alone["," if decimal == "." else "."]


def read_amounts(cells: Iterable[str], decimal: Decimals) -> list[Sum | Bad | None]:
    """A block of a column; None for an empty cell. A number of a workbook is what it is, whatever the column's sign."""
    return [
        Sum(cell.value, "")
        if cell.__class__ is Cell and cell.value.__class__ is Decimal
        else read_amount(cell, decimal)
        if cell and not cell.isspace()
        else None
        for cell in cells
    ]


def read_plain_amounts(cells: Iterable[str], decimal: Decimals) -> list[Decimal | Bad | None]:
    """`read_amounts` for a column of a text file in which no cell names a currency: several times as fast."""
    plain = _PLAIN[decimal].fullmatch

    def carefully(cell: str) -> Decimal | Bad | None:
        if not cell or cell.isspace():
            return None
        found = read_amount(cell, decimal)
        return found if isinstance(found, Bad) else found.amount

    if decimal == ",":
        return [Decimal(cell.replace(",", ".")) if plain(cell) else carefully(cell) for cell in cells]
    return [Decimal(cell) if plain(cell) else carefully(cell) for cell in cells]
