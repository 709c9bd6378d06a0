"""A block of rows, column by column: each column's converter is chosen once, by its field and its format."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from puntual.intake.reading.fields import FIELDS, Field, Type
from puntual.intake.reading.proposals import ColumnReading, Proposal
from puntual.intake.reading.values import (
    read_country,
    read_days,
    read_document,
    read_emails,
    read_flag,
    read_key,
    read_language,
    read_list,
    read_phone,
    read_text,
)
from puntual.kernel.money import minor_units, round_money
from puntual.kernel.sheets.amounts import Sum, read_amounts, read_plain_amounts
from puntual.kernel.sheets.cells import Cell, ErrorCell
from puntual.kernel.sheets.currencies import DOLLAR_SIGNED, LOCAL, PESO, PESOS, SHARED, currency_of_word
from puntual.kernel.sheets.dates import read_date
from puntual.kernel.sheets.layout import Block, Table
from puntual.kernel.sheets.reasons import Bad, Fault, Remark, fault

_MEMORY = 50_000  # distinct cells remembered of a column, before it starts anew
_READ: Final[dict[Type, Callable[[str], Any]]] = {
    Type.KEY: read_key,
    Type.TEXT: read_text,
    Type.EMAILS: read_emails,
    Type.PHONE: read_phone,
    Type.COUNTRY: read_country,
    Type.LANGUAGE: read_language,
    Type.LIST: read_list,
    Type.DAYS: read_days,
    Type.FLAG: read_flag,
    Type.DOCUMENT: read_document,
}
_EMPTY: Final[dict[Type, Any]] = {
    **dict.fromkeys((Type.KEY, Type.TEXT, Type.PHONE, Type.COUNTRY, Type.LANGUAGE, Type.CURRENCY), ""),
    **dict.fromkeys((Type.EMAILS, Type.LIST), ()),
    **dict.fromkeys((Type.DATE, Type.DAYS, Type.AMOUNT), None),
    **dict.fromkeys((Type.FLAG, Type.DOCUMENT), False),
}
# What a row is good for without.
_DISPENSABLE: Final = {
    "phone_unreadable": "phone_unreadable",
    "email_unreadable": "email_unreadable",
    "country_unknown": "country_unknown",
    "language_unknown": "language_unknown",
    "days_unreadable": "days_ignored",
}
_CUT: Final = frozenset({"description", "memo", "address"})  # longer than the field: cut, not refused


@dataclass(slots=True)
class Typed:
    """The columns of a block by field, with what was wrong: by position in the block, and remarks by position."""

    size: int
    columns: dict[str, list[Any]] = field(default_factory=dict)
    faults: dict[int, list[Fault]] = field(default_factory=dict)
    remarks: list[tuple[int, Fault]] = field(default_factory=list)

    def refuse(self, row: int, column: str, value: object, bad: Bad) -> None:
        """Note why a row is refused."""
        self.faults.setdefault(row, []).append(fault(column, "" if value is None else str(value), bad))

    def remarks_at(self, lines: Sequence[int]) -> list[Remark]:
        """The remarks on the rows that were not refused, with their lines."""
        return [Remark(lines[row], found) for row, found in self.remarks if row not in self.faults]


class _Memo(dict[str, Any]):
    """What each distinct cell of a column means; a column of dates has few."""

    def __init__(self, read: Callable[[str], Any]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, cell: str) -> Any:
        if len(self) >= _MEMORY:
            self.clear()
        found = self[cell] = self._read(cell)
        return found


class Converter:
    """Turns blocks of one table into typed columns, as one proposal says."""

    def __init__(self, table: Table, proposal: Proposal) -> None:
        self._proposal = proposal
        self._fields = FIELDS[proposal.kind]
        self._readings = proposal.readings
        self._workbook = table.format != "delimited"
        self._memos = {
            name: _Memo(self._date(reading) if reading.type is Type.DATE else self._currency)
            for name, reading in self._readings.items()
            if reading.type in (Type.DATE, Type.CURRENCY)
        }
        amounts = [reading for reading in self._readings.values() if reading.type is Type.AMOUNT]
        self._told = {reading.currency for reading in amounts} - {""}

    def convert(self, block: Block) -> Typed:
        """Every field of the kind, each with a value per row: its empty value where there is no column, or a fault."""
        typed = Typed(len(block.rows))
        signs: list[list[str]] = []
        for name, known in self._fields.items():
            reading = self._readings.get(name)
            if reading is None:
                typed.columns[name] = [_EMPTY[known.type]] * typed.size
                continue
            cells = [row[reading.columns[0]] for row in block.rows]
            values = self._values(name, reading, cells, block, signs)
            if Bad in set(map(type, values)):
                self._sort_out(typed, reading, cells, values)
            if known.limit:
                self._limit(typed, known, reading, values)
            typed.columns[name] = values
        if "currency" in self._fields:
            self._settle_currency(typed, signs)
            self._round(typed, block)
        return typed

    def _values(
        self, name: str, reading: ColumnReading, cells: list[str], block: Block, signs: list[list[str]]
    ) -> list[Any]:
        if name in self._memos:
            return list(map(self._memos[name].__getitem__, cells))
        if reading.type is not Type.AMOUNT:
            values = list(map(_READ[reading.type], cells))
            for column in reading.columns[1:]:
                parts = map(_READ[reading.type], [row[column] for row in block.rows])
                values = [_together(value, part) for value, part in zip(values, parts, strict=True)]
            return values
        if not reading.signs and not self._workbook:
            return read_plain_amounts(cells, reading.decimal)
        sums = read_amounts(cells, reading.decimal)
        if reading.signs:
            signs.append([found.currency if isinstance(found, Sum) else "" for found in sums])
        return [found.amount if isinstance(found, Sum) else found for found in sums]

    @staticmethod
    def _date(reading: ColumnReading) -> Callable[[str], date | Bad | None]:
        return lambda cell: read_date(cell, reading.order) if cell and not cell.isspace() else None

    def _currency(self, cell: str) -> str | Bad:
        if not cell or cell.isspace():
            return ""
        found = currency_of_word(cell)
        if found == SHARED:
            found = self._proposal.dollar
        elif found == LOCAL:
            found = self._proposal.currency
        elif found == PESO:
            found = self._proposal.currency if self._proposal.currency in PESOS else None
        return found or Bad("currency_unknown")

    def _sort_out(self, typed: Typed, reading: ColumnReading, cells: list[str], values: list[Any]) -> None:
        """Take the unreadable values out: what a row can do without is a remark, the rest refuses it."""
        for row, value in enumerate(values):
            if not isinstance(value, Bad):
                continue
            cell = cells[row]
            values[row] = _EMPTY[reading.type]
            if value.code in _DISPENSABLE:
                typed.remarks.append((row, fault(reading.header, cell, Bad(_DISPENSABLE[value.code], value.details))))
            else:
                typed.refuse(row, reading.header, cell, Bad(cell.code) if isinstance(cell, ErrorCell) else value)

    def _limit(self, typed: Typed, known: Field, reading: ColumnReading, values: list[Any]) -> None:
        if known.type in (Type.EMAILS, Type.LIST, Type.COUNTRY, Type.LANGUAGE, Type.DOCUMENT):
            return
        if max(map(len, values), default=0) <= known.limit:
            return
        for row, value in enumerate(values):
            if len(value) <= known.limit:
                continue
            if known.name in _CUT:
                values[row] = value[: known.limit]
                typed.remarks.append((row, fault(reading.header, value, Bad("text_cut", {"limit": known.limit}))))
            else:
                typed.refuse(row, reading.header, value, Bad("cell_too_long", {"limit": known.limit}))

    def _settle_currency(self, typed: Typed, signs: list[list[str]]) -> None:
        """One currency for each row: what its currency column, its signs and the headers say must agree."""
        default = self._proposal.currency or ""
        stated = typed.columns["currency"]
        if not signs and not self._told:
            typed.columns["currency"] = [code or default for code in stated]
            return
        for row, code in enumerate(stated):
            said = {column[row] for column in signs} | self._told
            if SHARED in said:
                said.discard(SHARED)
                said.add(code if code in DOLLAR_SIGNED else self._proposal.dollar or SHARED)
            said.add(code)
            said.discard("")
            if len(said) > 1:
                typed.refuse(row, "", None, Bad("currency_conflict", {"currencies": ", ".join(sorted(said))}))
            elif SHARED in said:
                typed.refuse(row, "", None, Bad("missing_currency"))
            stated[row] = code or max(said - {SHARED}, default=default)

    def _round(self, typed: Typed, block: Block) -> None:
        """Refuse what is finer than its currency; round what a workbook computed, as it shows it."""
        currencies = typed.columns["currency"]
        coarsest = min((minor_units(code) for code in set(currencies) if code), default=0)
        for name, reading in self._readings.items():
            if reading.type is not Type.AMOUNT or (reading.decimals <= coarsest and not self._workbook):
                continue
            values = typed.columns[name]
            for row, value in enumerate(values):
                code = currencies[row]
                if value is None or not code:
                    continue
                rounded = round_money(value, code)
                if rounded == value:
                    continue
                cell = block.rows[row][reading.columns[0]]
                if isinstance(cell, Cell):
                    values[row] = rounded
                    details = {"amount": str(rounded), "currency": code}
                    typed.remarks.append((row, fault(reading.header, cell, Bad("amount_rounded", details))))
                else:
                    typed.refuse(row, reading.header, cell, Bad("amount_too_fine", {"currency": code}))


def _together(value: str | Bad, part: str | Bad) -> str | Bad:
    """Series and number as one document number."""
    if isinstance(value, Bad) or isinstance(part, Bad):
        return value if isinstance(value, Bad) else part
    return f"{value}-{part}" if value and part else value or part
