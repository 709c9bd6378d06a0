"""Which column is what: by its name first, then by what is in it.

A name proposes, the cells dispose: a column called “Pagado” may hold dates, amounts or yes and no. Where two columns
claim one field equally well nobody is guessed.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from puntual.intake.reading.fields import FIELDS, Kind, Type
from puntual.intake.reading.values import read_country, read_days, read_emails, read_flag, read_language
from puntual.kernel.sheets.amounts import read_amount
from puntual.kernel.sheets.cells import Cell
from puntual.kernel.sheets.currencies import currency_of_word
from puntual.kernel.sheets.dates import readings
from puntual.kernel.sheets.headers import concepts
from puntual.kernel.sheets.reasons import Bad
from puntual.kernel.sheets.words import CONCEPTS, NAMED
from puntual.kernel.tax_ids import check_tax_id

How = Literal["given", "remembered", "header", "content"]

_SURE = 0.8  # a name as sure as this holds for some types whatever the cells say: their faults are then told
_WEAK = 0.65  # a name as weak as this needs its cells to agree
_FLOOR = 0.5
_TIE = 0.02
_TAX_ID = re.compile(r"(?=(?:\D*\d){6})[A-Z&Ñ]{0,4}[-\s]?\d[\dA-Z.\-/ ]{4,17}", re.IGNORECASE)
_CODE = re.compile(r"(?=\D*\d)\S{1,30}")
_AMOUNT_LIKE = re.compile(r".*[.,]\d{1,2}")
_ALL_CONCEPTS: Final = frozenset(CONCEPTS.values())
_TAX_COUNTRIES: Final = ("PE", "CL", "CO", "MX", "ES", "AR", "BR", "EC", "DO", "PT")
_BELIEVED: Final = frozenset({Type.DATE, Type.AMOUNT, Type.CURRENCY, Type.FLAG})
# A wrong choice among these would make wrong invoices; among the others at most a wrong note.
_WEIGHTY: Final = frozenset({Type.KEY, Type.DATE, Type.AMOUNT, Type.CURRENCY})


@dataclass(frozen=True, slots=True)
class Match:
    """A field and the columns it is read from: one, or a series and a number that make the document's number."""

    field: str
    columns: tuple[int, ...]
    confidence: float
    how: How


@dataclass(frozen=True, slots=True)
class Recognition:
    """The columns recognized, and the fields that several columns claim equally well."""

    matches: Mapping[str, Match]
    ties: Mapping[str, tuple[int, ...]]


def recognize(headers: Mapping[int, str], sample: Mapping[int, Sequence[str]], kind: Kind) -> Recognition:
    """Match the columns of a file (position → name, position → some cells) to the fields of its kind."""
    claims = sorted(_claims(headers, sample, kind), key=lambda claim: -claim[0])
    matches: dict[str, Match] = {}
    taken: set[int] = set()
    for surely, field, column, how in claims:
        if field not in matches and column not in taken:
            matches[field] = Match(field, (column,), surely, how)
            taken.add(column)
    ties: dict[str, tuple[int, ...]] = {}
    for field, match in matches.items():
        rivals = [
            column
            for surely, claimed, column, _how in claims
            if claimed == field and column not in taken and surely > match.confidence - _TIE
        ]
        if rivals and FIELDS[kind][field].type in _WEIGHTY:
            ties[field] = (*match.columns, *rivals)
    return Recognition(_with_series(matches, headers, taken), ties)


def _claims(
    headers: Mapping[int, str], sample: Mapping[int, Sequence[str]], kind: Kind
) -> list[tuple[float, str, int, How]]:
    """Every plausible (confidence, field, column, how)."""
    claims: list[tuple[float, str, int, How]] = []
    for column, header in headers.items():
        cells = [cell for cell in sample.get(column, ()) if cell and not cell.isspace()]
        said = concepts(header)
        named = NAMED[kind].get(said, ())
        for field, surely in named:
            weighed = _weigh(field, FIELDS[kind][field].type, surely, cells)
            if weighed >= _FLOOR:
                claims.append((weighed, field, column, "header"))
        if cells and not said & _ALL_CONCEPTS:  # a name that says something else is believed
            claims += [
                (surely, field, column, "content")
                for field, surely in _by_content(cells).items()
                if field in FIELDS[kind]
            ]
    return claims


def _weigh(field: str, kind: Type, surely: float, cells: Sequence[str]) -> float:
    """How sure a name is once its cells were looked at; an empty column proves nothing."""
    if not cells:
        return surely - 0.05
    if field == "customer_tax_id" and surely < _SURE and _is_mostly(cells, _is_valid_tax_id):
        return surely + 0.15
    if field == "customer_tax_id":
        return surely if _share(cells, _is_tax_id) >= 0.5 else 0
    if field == "customer_code" and surely < _WEAK:
        return surely + 0.3 if _is_mostly(cells, _is_code) else 0
    test = _TESTS.get(kind)
    if test is None or _share(cells, test) >= 0.5:
        return surely
    return surely if surely >= _SURE and kind in _BELIEVED else 0


def _by_content(cells: Sequence[str]) -> Mapping[str, float]:
    if _is_mostly(cells, lambda cell: "@" in cell and _reads(read_emails)(cell)):
        return {"customer_email": 0.6}
    if _is_mostly(cells, lambda cell: len(cell.strip()) == 3 and currency_of_word(cell) is not None):
        return {"currency": 0.6}
    if len(set(cells)) >= 3 and _is_mostly(cells, _is_valid_tax_id):
        return {"customer_tax_id": 0.6}
    return {}


def _with_series(matches: dict[str, Match], headers: Mapping[int, str], taken: set[int]) -> Mapping[str, Match]:
    """A document's number is its series and its number where they stand in two columns: 1 of F001 is not 1 of F002."""
    number = matches.get("number")
    if number is None or "series" in concepts(headers[number.columns[0]]):
        return matches
    for column, header in headers.items():
        found = concepts(header)
        if column not in taken and "series" in found and found <= {"series", "document", "invoice", "number"}:
            return {**matches, "number": Match("number", (column, *number.columns), number.confidence, number.how)}
    return matches


def _share(cells: Sequence[str], test: Callable[[str], bool]) -> float:
    distinct = list(dict.fromkeys(cells))[:200]
    return sum(map(test, distinct)) / len(distinct)


def _is_mostly(cells: Sequence[str], test: Callable[[str], bool]) -> bool:
    return _share(cells, test) >= 0.8


def _reads(read: Callable[[str], object]) -> Callable[[str], bool]:
    return lambda cell: not isinstance(read(cell), Bad)


def _is_date(cell: str) -> bool:
    if isinstance(cell, Cell):
        return isinstance(cell.value, date)
    found = readings(cell)
    return not isinstance(found, Bad) or found.code in {"date_destroyed", "date_impossible"}


def _is_amount(cell: str) -> bool:
    return not (isinstance(read_amount(cell, "."), Bad) and isinstance(read_amount(cell, ","), Bad))


def _is_code(cell: str) -> bool:
    return bool(_CODE.fullmatch(cell.strip()))


def _is_tax_id(cell: str) -> bool:
    return bool(_TAX_ID.fullmatch(cell.strip())) and not _AMOUNT_LIKE.fullmatch(cell.strip())


def _is_valid_tax_id(cell: str) -> bool:
    return _is_tax_id(cell) and any(
        check.valid is True and check.kind not in {"DNI", "CC"}
        for check in (check_tax_id(country, cell) for country in _TAX_COUNTRIES)
    )


_TESTS: Final[Mapping[Type, Callable[[str], bool]]] = {
    Type.DATE: _is_date,
    Type.AMOUNT: _is_amount,
    Type.CURRENCY: lambda cell: currency_of_word(cell) is not None,
    Type.EMAILS: lambda cell: "@" in cell,
    Type.COUNTRY: _reads(read_country),
    Type.LANGUAGE: _reads(read_language),
    Type.FLAG: _reads(read_flag),
    Type.DAYS: _reads(read_days),
}
