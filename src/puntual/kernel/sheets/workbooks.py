"""Excel workbooks: cells keep what they are, a date is a date and a code that was typed as a number gets no “.0”.

The library that reads them (calamine) shows an error, and a formula whose result was never saved, as an empty cell; and
it lays a sheet out from its first to its last cell, so that a single cell in the last row of the last column would take
all memory. Both are looked for in the sheet's XML before (only XLSX: the old format is small by nature).
"""

from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from puntual.kernel.problems import N_, Problem
from puntual.kernel.sheets.cells import Cell
from puntual.kernel.sheets.files import NotATable, Sniffed, protected
from puntual.kernel.sheets.layout import (
    Block,
    Header,
    Table,
    find_header,
    fitted,
    no_header,
    rejected,
)
from puntual.kernel.sheets.reasons import Bad
from puntual.kernel.sheets.sheet_xml import Oddities, inspect

_SAMPLE_ROWS = 200
_EXACT = 10**15  # a spreadsheet program keeps 15 digits of a number: longer ones have lost theirs

Value = int | float | str | bool | time | date | datetime | timedelta


class WorkbookTable(Table):
    """One sheet of a workbook. The library holds the sheet in memory, some 100 MB for 100,000 rows."""

    def __init__(
        self, path: Path, sniffed: Sniffed, name: str, sheets: tuple[str, ...], known: Collection[str]
    ) -> None:
        self.path = path
        self.format = sniffed.format
        self.sheet = name
        self.sheets = sheets
        book = _load(path)
        self._odd = inspect(path, book.sheet_names.index(name)) if self.format == "xlsx" else Oddities()
        self._sheet = book.get_sheet_by_name(name)
        self.lines = self._sheet.total_height
        found = find_header([*self._sample()], known)
        self.known, self.header = found or (-1, Header(0, ()))

    def blocks(self, after_line: int = 0, size: int = 5000) -> Iterator[Block]:
        skip = max(after_line, self.header.line)
        block = Block(skip)
        for line, cells in enumerate(_rows(self._sheet, self._odd), 1):
            if line <= skip:
                continue
            block.last_line = line
            if not any(cells):
                continue
            row = fitted(cells, self.header)
            if "\0" in "".join(cells):
                row = Bad("row_characters")
            if isinstance(row, Bad):
                block.rejects.append(rejected(line, cells, row))
            else:
                block.lines.append(line)
                block.rows.append(row)
            if len(block.rows) + len(block.rejects) >= size:
                yield block
                block = Block(line)
        if block.rows or block.rejects:
            yield block

    def _sample(self) -> Iterator[tuple[int, list[str]]]:
        for line, cells in enumerate(_rows(self._sheet, self._odd), 1):
            if line > _SAMPLE_ROWS:
                return
            if any(cell.strip() for cell in cells):
                yield line, cells


def open_workbook(path: Path, sniffed: Sniffed, sheet: str | None, known_headers: Collection[str]) -> WorkbookTable:
    """Find sheet and header. Raises NotATable for a damaged, protected or enormous workbook, Problem without a header."""
    names = _visible_sheets(path)
    candidates = names if sheet is None else (sheet,)
    if sheet is not None and sheet not in names:
        raise Problem(
            N_("The workbook has no sheet “{sheet}”. It has: {sheets}."), sheet=sheet, sheets=", ".join(names)
        )
    tables = (WorkbookTable(path, sniffed, name, names, known_headers) for name in candidates)
    best = max(tables, key=lambda table: table.known, default=None)  # of equals, the first
    if best is None or best.known < 0:
        raise no_header()
    return best


def _visible_sheets(path: Path) -> tuple[str, ...]:
    book = _load(path)
    return tuple(
        entry.name
        for entry in book.sheets_metadata
        if entry.typ == SheetTypeEnum.WorkSheet and entry.visible == SheetVisibleEnum.Visible
    )


def _load(path: Path) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_path(path)
    except PasswordError:
        raise protected() from None
    except CalamineError:
        raise NotATable(N_("The workbook is damaged or incomplete. Download or save it again.")) from None


def _rows(sheet: CalamineSheet, odd: Oddities) -> Iterator[list[str]]:
    """Every row from the first on, as text that keeps its value."""
    for row, values in enumerate(sheet.iter_rows(), 1):
        cells = [value if value.__class__ is str else _cell(value) for value in values]
        for column, cell in odd.errors.get(row, {}).items():
            if column < len(cells):
                cells[column] = cell
        for column, digits in odd.padded.get(row, {}).items():
            if column < len(cells) and cells[column].isdigit():
                cells[column] = cells[column].zfill(digits)
        yield cells


def _cell(value: Value) -> str:
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int() | float():
            return _number(value)
        case datetime():
            return Cell(value.isoformat(" ") if value.time() != time() else value.date().isoformat(), value.date())
        case date():
            return Cell(value.isoformat(), value)
        case time():
            return value.isoformat()
        case timedelta():
            return str(value)


def _number(value: int | float) -> str:
    if abs(value) >= _EXACT:
        return f"{value:.9e}"
    text = str(int(value)) if value == int(value) else f"{value:.15g}"
    return Cell(text, Decimal(text))
