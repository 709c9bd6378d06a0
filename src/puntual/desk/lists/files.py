"""A list as a file: exactly what is shown, all pages of it, in its order and its columns; one line for each currency of a row."""

import csv
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from typing import Any, BinaryIO, TextIO

import xlsxwriter

from puntual.desk.lists.describing import Column, List, Value
from puntual.kernel.money import minor_units
from puntual.kernel.text import harmless_cell, sheet_name

WIDTH = 16
WIDE = 36
"""What a spreadsheet would take for a formula. A number with its sign is none."""


def lines(what: List, columns: Sequence[Column], rows: Iterator[Any]) -> Iterator[tuple[Value, ...]]:
    """The lines of the file: what belongs to the row is repeated on each of its lines; a row without any is one line."""
    for row in rows:
        parts: Sequence[Any] = (what.lines(row) if what.lines else (row,)) or (None,)
        for part in parts:
            yield tuple(_value(column, row, part) for column in columns)


def _value(column: Column, row: Any, part: Any) -> Value:
    if not column.each:
        return column.value(row)
    return column.value(part) if part is not None else None


def write_csv(columns: Sequence[Column], found: Iterator[tuple[Value, ...]], out: TextIO) -> None:
    """RFC 4180 with a header of the columns' stable keys, days as ISO 8601. `out` leaves line ends alone (newline="")."""
    writer = csv.writer(out)
    writer.writerow(column.key for column in columns)
    at = _currency_at(columns)
    for line in found:
        writer.writerow(_text(value, line, at) for value in line)


def _text(value: Value, line: Sequence[Value], at: int | None) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:.{_decimals(line, at)}f}"
    return harmless_cell(str(value))


def write_xlsx(
    title: str, day: date, columns: Sequence[Column], found: Iterator[tuple[Value, ...]], out: BinaryIO
) -> None:
    """A workbook with one sheet: frozen header in the reader's words, real numbers and days."""
    # Rows go to disk at once, and text stays text: no formulas, links or numbers are guessed from it.
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    # The same list again is the same file: no clock in it.
    book.set_properties({"created": datetime.combine(day, time())})
    header = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    days = book.add_format({"num_format": "yyyy-mm-dd"})

    @cache
    def amounts(decimals: int) -> Any:
        return book.add_format({"num_format": "#,##0." + "0" * decimals if decimals else "#,##0"})

    sheet = book.add_worksheet(sheet_name(title))
    for place, column in enumerate(columns):
        sheet.set_column(place, place, WIDE if column.clip else WIDTH)
        sheet.write_string(0, place, str(column.label), header)
    sheet.freeze_panes(1, 0)
    at = _currency_at(columns)
    for row, line in enumerate(found, start=1):
        for place, value in enumerate(line):
            if isinstance(value, Decimal):
                sheet.write_number(row, place, value, amounts(_decimals(line, at)))
            elif isinstance(value, date):
                sheet.write_datetime(row, place, datetime.combine(value, time()), days)
            elif isinstance(value, int):
                sheet.write_number(row, place, value)
            elif value:
                sheet.write_string(row, place, value)
    book.close()


def _currency_at(columns: Sequence[Column]) -> int | None:
    return next((place for place, column in enumerate(columns) if column.kind == "currency"), None)


def _decimals(line: Sequence[Value], at: int | None) -> int:
    currency = str(line[at] or "") if at is not None else ""
    return minor_units(currency) if currency else 2
