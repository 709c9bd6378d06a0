"""A report as a table for people, and as CSV, JSON and XLSX. Each writes row by row, as the report is read."""

import csv
import json
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any, BinaryIO, TextIO

import xlsxwriter
from babel import Locale
from babel.dates import format_skeleton
from babel.numbers import format_decimal

from puntual.analytics.tables import NUMBERS, Cell, Column, Report
from puntual.kernel.money import minor_units, round_money
from puntual.kernel.problems import N_, Problem
from puntual.kernel.text import harmless_cell, sheet_name
from puntual.outreach.formats import short_date

FORMATS = ("table", "csv", "json", "xlsx")
_NAME_WIDTH = 40
_ISO_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_ISO_MONTH = re.compile(r"\d{4}-\d{2}")
_LAST_SHEET_ROW = 1_048_575  # of Excel, counted from 0
# What a spreadsheet would take for a formula. A number with its sign is none.


def plain(amount: Decimal, currency: str) -> str:
    """An amount for machines: a point, no grouping, the currency's own decimals."""
    return f"{amount:.{minor_units(currency)}f}"


def write_json(report: Report, out: TextIO) -> None:
    """One object: the report's facts, then its rows."""
    keys = [column.key for column in report.columns]
    out.write(json.dumps(in_text(report.facts), ensure_ascii=False)[:-1])
    out.write(f', "{report.rows_key}": [')
    for number, row in enumerate(_texts(report)):
        out.write(",\n" if number else "\n")
        out.write(json.dumps(dict(zip(keys, row, strict=True)), ensure_ascii=False))
    out.write("]}\n")


def write_csv(report: Report, out: TextIO) -> None:
    """RFC 4180 with a header of the columns' stable keys and no totals. `out` leaves line ends alone (newline="")."""
    writer = csv.writer(out)
    writer.writerow(column.key for column in report.columns)
    text = [column.kind not in NUMBERS for column in report.columns]
    for row in _texts(report):
        writer.writerow(harmless_cell(cell) if is_text else cell for cell, is_text in zip(row, text, strict=True))


def write_table(report: Report, out: TextIO, locale: Locale) -> None:
    """An aligned table with the totals below, numbers as the reader writes them."""
    places = shown(report)
    lines = [[report.columns[position].label for position in places]]
    lines += [for_people(report, row, places, locale) for row in report.rows]
    totals = [for_people(report, row, places, locale) for row in report.totals]
    widths = [max(len(line[position]) for line in lines + totals) for position in range(len(places))]
    numbers = [report.columns[position].kind in NUMBERS for position in places]

    def write(line: Sequence[str]) -> None:
        cells = (
            cell.rjust(width) if number else cell.ljust(width)
            for cell, width, number in zip(line, widths, numbers, strict=True)
        )
        out.write("  ".join(cells).rstrip() + "\n")

    rule = "  ".join("─" * width for width in widths) + "\n"
    out.write(f"{report.title}\n{report.basis}\n")
    for label, value in report.asked:
        out.write(f"{label}: {value}\n")
    out.write("\n")
    write(lines[0])
    out.write(rule)
    for line in lines[1:]:
        write(line)
    if totals:
        out.write(rule)
    for line in totals:
        write(line)


def write_xlsx(report: Report, out: BinaryIO) -> None:
    """A workbook with a sheet per currency (one where there is none): title, basis, frozen header, real numbers, totals below.

    Raises Problem where a sheet would be longer than a spreadsheet can be.
    """
    # Rows go to disk at once, and text stays text: no formulas, links or numbers are guessed from it.
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    # The same report again is the same file: no clock in it.
    book.set_properties({"created": datetime.combine(report.as_of, time())})
    styles = _Styles(book)
    places = [position for position in shown(report) if position != report.currency_at]
    sheets: dict[str, _Sheet] = {}

    def sheet(currency: str) -> _Sheet:
        if currency not in sheets:
            sheets[currency] = _Sheet(book, styles, report, places, currency)
        return sheets[currency]

    for row in report.totals:
        sheet(report.currency_of(row))
    for row in report.rows:
        sheet(report.currency_of(row)).write(row, styles.amount)
    for row in report.totals:
        sheet(report.currency_of(row)).write(row, styles.total)
    if not sheets:
        sheet("")
    book.close()


class _Styles:
    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.header = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        self.amount = lru_cache(lambda decimals: book.add_format({"num_format": _pattern(decimals)}))
        self.total = lru_cache(
            lambda decimals: book.add_format({"num_format": _pattern(decimals), "bold": True, "top": 1})
        )


class _Sheet:
    """One sheet on its way: the rows that were written, in one currency."""

    def __init__(
        self, book: xlsxwriter.Workbook, styles: _Styles, report: Report, places: list[int], currency: str
    ) -> None:
        self.columns = [(position, report.columns[position]) for position in places]
        self.decimals = minor_units(currency) if currency else 2
        self.sheet = book.add_worksheet(currency or sheet_name(report.title))
        for place, (_position, column) in enumerate(self.columns):
            self.sheet.set_column(place, place, _NAME_WIDTH if column.key == "name" else 16)
        self.sheet.write_string(0, 0, f"{report.title} {currency}".strip(), styles.title)
        self.sheet.write_string(1, 0, report.basis)
        self.sheet.write_string(2, 0, "; ".join(f"{label}: {value}" for label, value in report.asked))
        for place, (_position, column) in enumerate(self.columns):
            self.sheet.write_string(3, place, column.label, styles.header)
        self.sheet.freeze_panes(4, 0)
        self.next_row = 4

    def write(self, row: tuple[Cell, ...], style: Callable[[int], Any]) -> None:
        if self.next_row > _LAST_SHEET_ROW:
            raise Problem(N_("The report has more rows than a spreadsheet can hold. Export it as CSV."))
        for place, (position, column) in enumerate(self.columns):
            cell = row[position]
            if cell is None:
                self.sheet.write_blank(self.next_row, place, None, style(0))
            elif isinstance(cell, str):
                self.sheet.write_string(self.next_row, place, cell, style(self.decimals))
            else:
                self.sheet.write_number(self.next_row, place, cell, style(_decimals(column, self.decimals)))
        self.next_row += 1


def _texts(report: Report) -> Iterator[list[str]]:
    for row in report.rows:
        currency = report.currency_of(row)
        money = minor_units(currency) if currency else 0
        yield [_text(column, cell, money) for column, cell in zip(report.columns, row, strict=True)]


def _text(column: Column, cell: Cell, money: int) -> str:
    """A cell for machines; "" for a ratio that does not exist."""
    if cell is None:
        return ""
    return cell if isinstance(cell, str) else f"{cell:.{_decimals(column, money)}f}"


def _decimals(column: Column, money: int) -> int:
    """How many decimals the numbers of a column have, where its amounts have `money`."""
    if column.decimals is not None:
        return column.decimals
    return {"count": 0, "days": 1, "percent": 1}.get(column.kind, money)


def in_text(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts with their amounts as text: a dictionary of them stands under its currency."""

    def words(value: Any, currency: str = "") -> Any:
        if isinstance(value, dict):
            return {key: words(item, currency or str(key)) for key, item in value.items()}
        return plain(value, currency) if isinstance(value, Decimal) else value

    return {name: words(value) for name, value in facts.items()}


def shown(report: Report) -> list[int]:
    """The positions of the columns that people see."""
    return [position for position, column in enumerate(report.columns) if not column.in_files_only]


def for_people(report: Report, row: tuple[Cell, ...], places: Sequence[int], locale: Locale) -> list[str]:
    """Cells of a row as the reader writes them; "—" for a ratio that does not exist."""
    currency = report.currency_of(row)
    return [_cell(report.columns[position], row[position], currency, locale) for position in places]


def sentence(text: str, locale: Locale) -> str:
    """What is said about a report, its days as the reader writes them."""
    return _ISO_DAY.sub(lambda found: _dated(found[0], locale), text)


def _dated(iso: str, locale: Locale) -> str:
    """22 nov 2026 for a day, nov 2026 for a month."""
    if _ISO_DAY.fullmatch(iso):
        return short_date(date.fromisoformat(iso), locale).replace(".", "")
    if _ISO_MONTH.fullmatch(iso):
        return str(format_skeleton("yMMM", date.fromisoformat(f"{iso}-01"), locale=locale)).replace(".", "")
    return iso


def _cell(column: Column, cell: Cell, currency: str, locale: Locale) -> str:
    if cell is None:
        return "—"
    if isinstance(cell, str):
        if column.kind == "date":
            return _dated(cell, locale)
        return cell if column.whole or len(cell) <= _NAME_WIDTH else cell[: _NAME_WIDTH - 1] + "…"
    if column.kind == "money":
        cell = round_money(Decimal(cell), currency)
    return str(format_decimal(cell, _pattern(_decimals(column, minor_units(currency) if currency else 0)), locale))


def _pattern(decimals: int) -> str:
    return "#,##0." + "0" * decimals if decimals else "#,##0"
