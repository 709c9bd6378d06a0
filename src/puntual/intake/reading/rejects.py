"""The refused rows as a file that can be mended and imported again.

It is like the file it comes from, CSV for CSV with the same delimiter, XLSX for a workbook so that dates stay dates, with
two more columns in front: the line in the source and the reason. Reading such a file ignores the two.
"""

import csv
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import xlsxwriter

from puntual.kernel.sheets.cells import Cell
from puntual.kernel.sheets.delimited import DelimitedTable
from puntual.kernel.sheets.layout import Table
from puntual.kernel.sheets.reasons import Reject


def suffix(table: Table) -> str:
    """How the name of the file must end: ".csv" or ".xlsx"."""
    return ".csv" if isinstance(table, DelimitedTable) else ".xlsx"


def write_rejects(
    path: Path,
    table: Table,
    rejects: Iterable[Reject],
    translate: Callable[[str], str] = lambda message: message,
) -> int:
    """Write the rows refused from `table` to `path`, reasons in the language `translate` speaks; how many there were.

    Raises OSError where the file cannot be written.
    """
    if isinstance(table, DelimitedTable):
        return _write_csv(path, table, rejects, translate)
    return _write_workbook(path, table, rejects, translate)


def pack(cells: Sequence[str]) -> list[object]:
    """Cells as JSON can hold them; what a workbook knew of a cell is kept."""
    return [
        {"date" if isinstance(cell.value, date) else "number": [str(cell), str(cell.value)]}
        if isinstance(cell, Cell)
        else str(cell)
        for cell in cells
    ]


def unpack(packed: Sequence[object]) -> tuple[str, ...]:
    """The cells that `pack` made."""
    return tuple(_unpacked(cell) for cell in packed)


def _unpacked(cell: object) -> str:
    if not isinstance(cell, dict):
        return str(cell)
    ((kind, (text, value)),) = cell.items()
    return Cell(text, date.fromisoformat(value) if kind == "date" else Decimal(value))


def _row(table: Table, reject: Reject, translate: Callable[[str], str]) -> tuple[int, str, list[str]]:
    """Line, reasons and the cells of the data columns; cells beyond the header stay at the end."""
    reasons = "; ".join(
        f"{fault.column}: {fault.text(translate)}" if fault.column else fault.text(translate) for fault in reject.faults
    )
    columns = table.data_columns
    cells = [reject.cells[column] if column < len(reject.cells) else "" for column in columns]
    return reject.line, reasons, [*cells, *reject.cells[len(table.headers) :]]


def _write_csv(path: Path, table: DelimitedTable, rejects: Iterable[Reject], translate: Callable[[str], str]) -> int:
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=table.delimiter)
        writer.writerow(["line", "reason", *(table.headers[column] for column in table.data_columns)])
        for reject in rejects:
            line, reasons, cells = _row(table, reject, translate)
            writer.writerow([line, reasons, *cells])
            count += 1
    return count


def _write_workbook(path: Path, table: Table, rejects: Iterable[Reject], translate: Callable[[str], str]) -> int:
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, ["line", "reason", *(table.headers[column] for column in table.data_columns)])
    count = 0
    for count, reject in enumerate(rejects, 1):
        line, reasons, cells = _row(table, reject, translate)
        sheet.write_number(count, 0, line)
        sheet.write_string(count, 1, reasons)
        for column, cell in enumerate(cells, 2):
            if isinstance(cell, Cell) and isinstance(cell.value, date):
                sheet.write_datetime(count, column, cell.value, day)
            elif isinstance(cell, Cell):
                sheet.write_number(count, column, cell.value)
            elif cell:
                sheet.write_string(count, column, cell)
    book.close()
    return count
