"""Opening a spreadsheet: the one place where its format matters."""

from collections.abc import Collection
from pathlib import Path

from puntual.kernel.sheets.delimited import open_delimited
from puntual.kernel.sheets.files import sniff
from puntual.kernel.sheets.layout import Table
from puntual.kernel.sheets.workbooks import open_workbook


def open_table(path: Path, *, sheet: str | None = None, known_headers: Collection[str] = ()) -> Table:
    """Open a CSV, TSV, XLSX or XLS file, whatever it is called.

    `sheet` names the sheet of a workbook, else the one with the best header is taken. `known_headers` are names that
    mark the header although no dictionary has them (those of a mapping). Raises files.NotATable for anything else,
    Problem where there is no header or no such sheet, OSError where the file cannot be opened.
    """
    sniffed = sniff(path)
    if sniffed.format == "delimited":
        return open_delimited(path, sniffed, known_headers)
    return open_workbook(path, sniffed, sheet, known_headers)
