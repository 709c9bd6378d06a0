"""CSV, TSV and their kin: the delimiter, the header, and rows that one stray quotation mark cannot swallow.

The csv module reads; what it cannot read is refused line by line. A quotation mark that opens and never closes would
take the rest of the file into one cell: such a record is taken apart again, its first line is refused and the next
ones are read as if it had not been there.
"""

import csv
from collections import deque
from collections.abc import Collection, Iterator
from itertools import islice
from pathlib import Path
from typing import Final, TextIO

from puntual.kernel.sheets.files import WORKBOOKS, Sniffed, broken_marks, error_handler, no_workbook
from puntual.kernel.sheets.layout import Block, Header, Table, find_header, fitted, no_header, rejected
from puntual.kernel.sheets.reasons import Bad

_DELIMITERS: Final = (";", "\t", ",", "|")
_SAMPLE_LINES = 200
_LONGEST_RECORD = 100  # lines: a cell with more line breaks than that is a quotation mark gone astray


# A record's first line, its last, its cells, and what is wrong with its form.
Record = tuple[int, int, list[str], Bad | None]


class _Astray(Exception):
    """A quoted cell has run over too many lines."""


class DelimitedTable(Table):
    """A text file with one delimiter; nothing of it stays in memory."""

    def __init__(self, path: Path, sniffed: Sniffed, delimiter: str, header: Header) -> None:
        self.path = path
        self.format = "delimited"
        self.encoding = sniffed.encoding
        self.delimiter = delimiter
        self.header = header
        self.lines = sniffed.lines
        self._quoted = sniffed.quoted
        self._broken = broken_marks(sniffed.encoding) if sniffed.dirty else None

    def blocks(self, after_line: int = 0, size: int = 5000) -> Iterator[Block]:
        skip = max(after_line, self.header.line)
        width = len(self.header.names)
        block = Block(skip)
        for line, last_line, cells, bad in self._records(skip):
            block.last_line = last_line
            if bad or len(cells) != width or self._broken:
                self._add_odd(block, line, cells, bad)
            elif cells[0] or any(cells):
                block.lines.append(line)
                block.rows.append(cells)
            if len(block.rows) + len(block.rejects) >= size:
                yield block
                block = Block(last_line)
        if block.rows or block.rejects:
            yield block

    def _records(self, skip: int) -> Iterator[Record]:
        if not self._quoted:  # then every line is a record, which is read twice as fast
            with _opened(self.path, self.encoding) as stream:
                for _ in islice(stream, skip):
                    pass
                try:
                    for cells in csv.reader(stream, delimiter=self.delimiter, quoting=csv.QUOTE_NONE):
                        skip += 1
                        yield skip, skip, cells, None
                    return
                except csv.Error:
                    pass  # an enormous cell: the careful way goes on from its line
        with _opened(self.path, self.encoding) as stream:
            yield from _records(stream, self.delimiter, skip, len(self.header.names))

    def _add_odd(self, block: Block, line: int, cells: list[str], bad: Bad | None) -> None:
        if not any(cell.strip() for cell in cells):
            return
        row = bad or fitted(cells, self.header)
        if self._broken and ("\0" in "".join(cells) or self._broken.search("".join(cells))):
            row = Bad("row_characters")
        if isinstance(row, Bad):
            block.rejects.append(rejected(line, cells, row))
        else:
            block.lines.append(line)
            block.rows.append(row)


def open_delimited(path: Path, sniffed: Sniffed, known_headers: Collection[str]) -> DelimitedTable:
    """Find delimiter and header. Raises Problem where there is no header."""
    with _opened(path, sniffed.encoding) as stream:
        lines = list(islice(stream, _SAMPLE_LINES))
    declared = lines[0].strip().lower() if lines else ""
    if declared.startswith("sep=") and len(declared) == 5:  # Excel's own way to say it
        lines[0] = "\n"
        delimiters: tuple[str, ...] = (declared[4],)
    else:
        delimiters = _DELIMITERS
    best: tuple[tuple[int, float, int], str, Header] | None = None
    for delimiter in delimiters:
        sample = [
            (last_line, cells)
            for _line, last_line, cells, _bad in _records(iter(lines), delimiter, 0, 0)
            if any(cell.strip() for cell in cells)
        ]
        found = find_header(sample, known_headers)
        if not found:
            continue
        known, header = found
        below = [len(cells) for line, cells in sample if line > header.line]
        even = sum(1 for count in below if count >= header.needed) / len(below) if below else 0
        score = known, even, len(header.names)
        if len(header.names) > 1 and (best is None or score > best[0]):
            best = score, delimiter, header
    if best is None:
        raise no_workbook(path.suffix) if path.suffix.lower() in WORKBOOKS else no_header()
    return DelimitedTable(path, sniffed, best[1], best[2])


def _opened(path: Path, encoding: str) -> TextIO:
    return path.open(encoding=encoding, errors=error_handler(encoding), newline="")


def _records(stream: Iterator[str], delimiter: str, skip: int, width: int) -> Iterator[Record]:
    """Each record after the first `skip` lines.

    A record over several lines must have `width` cells (0: any number), else it is taken apart.
    """
    pending: deque[str] = deque()
    held: list[str] = []  # the lines of the record being read
    number = sum(1 for _ in islice(stream, skip))

    def feed() -> Iterator[str]:
        while True:
            line = pending.popleft() if pending else next(stream, None)
            if line is None:
                return
            held.append(line)
            if len(held) > _LONGEST_RECORD:
                raise _Astray
            yield line

    while True:
        try:
            for cells in csv.reader(feed(), delimiter=delimiter, strict=True):
                count = len(held)
                if count > 1 and width and len(cells) != width:
                    raise _Astray
                held.clear()
                number += count
                yield number - count + 1, number, cells, None
            return
        except (csv.Error, _Astray):
            first, *rest = held
            held.clear()
            pending.extendleft(reversed(rest))
            number += 1
            yield number, number, *_lenient(first, delimiter, width)


def _lenient(line: str, delimiter: str, width: int) -> tuple[list[str], Bad | None]:
    """A line the strict reader refuses: `"5" pipe"` can still be read, an open or an enormous cell cannot."""
    bad = Bad("row_quotes")
    if line.count('"') % 2 == 0:
        try:
            cells = next(csv.reader([line], delimiter=delimiter))
        except csv.Error:
            bad = Bad("cell_too_long", {"limit": csv.field_size_limit()})
        else:
            return cells, bad if width and len(cells) != width else None
    return line.rstrip("\r\n").replace('"', "").split(delimiter), bad
