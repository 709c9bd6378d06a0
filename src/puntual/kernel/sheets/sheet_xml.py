"""What calamine cannot tell about a sheet of an XLSX file, found in its XML before the sheet is opened.

calamine shows an error, and a formula whose result was never saved, as an empty cell; it knows no display formats, so
that 123 shown as 00123 loses its zeros; and it lays a sheet out from its first to its last cell, so that one value in
the last row of the last column would take all memory and end the process.
"""

import html
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from puntual.kernel.problems import N_
from puntual.kernel.sheets.cells import ErrorCell
from puntual.kernel.sheets.files import NotATable

_MOST_CELLS = 20_000_000  # laid out, empty ones included: some 600 MB
_MOST_BYTES = 1 << 30  # unpacked
_BLOCK = 1 << 20
_LONGEST_ROW = 64 << 20
_ATTRIBUTE = re.compile(r'([\w:]+)\s*=\s*"([^"]*)"')
_CELL = re.compile(
    rb"<(?:\w+:)?c\b([^>]*[^/>])>\s*"  # <c r="B2" s="3" t="e">, then a formula, a value or a text
    rb"(?:(<(?:\w+:)?f\b[^>]*(?:/>|>[^<]*</(?:\w+:)?f>))\s*(<(?:\w+:)?v\b[^>]*>[^<])?|<(?:\w+:)?(?:v|is)\b)"
)
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_LETTERS = re.compile(rb'\br="([A-Z]{1,3})\d')
_NUMBERS = re.compile(rb'\br="[A-Z]{1,3}(\d{1,7})"')
_TYPE = re.compile(rb'\bt="(\w+)"')
_STYLE = re.compile(rb'\bs="(\d+)"')
_FORMAT = re.compile(r"<(?:\w+:)?numFmt\b([^>]*)>")
_CELL_FORMATS = re.compile(r"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.DOTALL)
_CELL_FORMAT = re.compile(r"<(?:\w+:)?xf\b([^>]*)>")
_SHEET = re.compile(r"<(?:\w+:)?sheet\b([^>]*)>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\b([^>]*)>")


@dataclass(frozen=True, slots=True)
class Oddities:
    """By row (1-based) and column (0-based): cells without a value, and how many digits zero-padded numbers show."""

    errors: dict[int, dict[int, ErrorCell]] = field(default_factory=dict)
    padded: dict[int, dict[int, int]] = field(default_factory=dict)


def inspect(path: Path, position: int) -> Oddities:
    """Look at the sheet at `position` of the workbook. Raises NotATable where it is damaged or too large to open."""
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _MOST_BYTES:
                raise _too_large()
            name = _sheet_file(archive, position)
            if name not in archive.namelist():
                return Oddities()
            digits = _padded_styles(archive)
            with archive.open(name) as file:
                return _scan(file, digits)
    except (zipfile.BadZipFile, EOFError, UnicodeDecodeError, NotImplementedError):
        raise NotATable(N_("The workbook is damaged or incomplete. Download or save it again.")) from None


def _too_large() -> NotATable:
    return NotATable(
        N_("The sheet is too large to open: it has cells very far down or to the right. Save the rows you need as CSV.")
    )


def _attributes(text: str) -> dict[str, str]:
    return {name.rpartition(":")[2]: html.unescape(value) for name, value in _ATTRIBUTE.findall(text)}


def _sheet_file(archive: zipfile.ZipFile, position: int) -> str:
    book = next((name for name in archive.namelist() if name.endswith("workbook.xml")), "")
    folder = posixpath.dirname(book)
    relations = f"{folder}/_rels/workbook.xml.rels".lstrip("/")
    if not book or relations not in archive.namelist():
        return ""
    sheets = [_attributes(found) for found in _SHEET.findall(archive.read(book).decode())]
    targets = {
        entry.get("Id", ""): entry.get("Target", "")
        for entry in map(_attributes, _RELATION.findall(archive.read(relations).decode()))
    }
    target = targets.get(sheets[position].get("id", ""), "") if position < len(sheets) else ""
    return posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/") if target else ""


def _padded_styles(archive: zipfile.ZipFile) -> dict[int, int]:
    """The digits of each cell style that shows nothing but digits, such as 00000."""
    name = next((name for name in archive.namelist() if name.endswith("styles.xml")), "")
    if not name:
        return {}
    styles = archive.read(name).decode()
    formats = {
        entry.get("numFmtId", ""): len(entry["formatCode"])
        for entry in map(_attributes, _FORMAT.findall(styles))
        if re.fullmatch("0{2,}", entry.get("formatCode", ""))
    }
    cells = _CELL_FORMATS.search(styles)
    numbers = [_attributes(found).get("numFmtId", "") for found in _CELL_FORMAT.findall(cells[0])] if cells else []
    return {index: formats[number] for index, number in enumerate(numbers) if number in formats}


def _scan(file: IO[bytes], digits: dict[int, int]) -> Oddities:
    odd = Oddities()
    columns: set[bytes] = set()
    first_row, last_row = 1 << 20, 0
    for rows in _blocks(file):
        cells = _CELL.findall(rows)
        attributes = b">".join(found for found, _formula, _value in cells)
        columns.update(_LETTERS.findall(attributes))
        numbers = [*map(int, set(_NUMBERS.findall(attributes)))]
        first_row, last_row = min((first_row, *numbers)), max((last_row, *numbers))
        for found, formula, value in cells:
            if formula or digits or b'"e"' in found:
                _note(odd, found, bool(formula) and not value, digits)
    reach = [*map(_column, columns)] or [0]
    if (last_row - first_row + 1) * (max(reach) - min(reach) + 1) > _MOST_CELLS:
        raise _too_large()
    return odd


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    """The sheet in blocks of whole rows."""
    rest = b""
    while block := file.read(_BLOCK):
        text = rest + block
        cut = text.rfind(b"row>") + 4
        if cut > 3:
            yield text[:cut]
            text = text[cut:]
        rest = text
        if len(rest) > _LONGEST_ROW:
            raise _too_large()


def _note(odd: Oddities, attributes: bytes, unsaved: bool, digits: dict[int, int]) -> None:
    """Remember a cell that calamine would show as less than it is."""
    reference = _REFERENCE.search(attributes)
    if not reference:
        return
    row, column = int(reference[2]), _column(reference[1])
    kind = _TYPE.search(attributes)
    style = _STYLE.search(attributes)
    if kind and kind[1] == b"e":
        odd.errors.setdefault(row, {})[column] = ErrorCell("#", "cell_error")
    elif unsaved and not (kind and kind[1] == b"str"):  # a text that is empty is a result
        odd.errors.setdefault(row, {})[column] = ErrorCell("=", "cell_formula")
    elif style and int(style[1]) in digits and (not kind or kind[1] == b"n"):
        odd.padded.setdefault(row, {})[column] = digits[int(style[1])]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
