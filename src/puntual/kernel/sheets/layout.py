"""The shape of a spreadsheet, whatever kind of file it is: cells, blocks of rows, and the header above them."""

import re
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from puntual.kernel.problems import N_, Problem
from puntual.kernel.sheets.headers import OWN_COLUMNS, is_known_header
from puntual.kernel.sheets.reasons import Bad, Reject, fault

_LONGEST_CELL = 32_000  # characters kept of a cell in a refused line: no spreadsheet program takes more
_HEADER_WITHIN = 60  # lines: titles, filters and logos above a table are never longer
_DATA_LIKE = re.compile(r"[-+(]?\W{0,3}\d[\d.,:/\-\s]*\W{0,3}|\S+@\S+\.\S+")


@dataclass(slots=True)
class Block:
    """Consecutive rows. Each of `rows` has a cell for each header; what could not be made so is in `rejects`.

    `last_line` is the last line looked at, blank ones included: reading goes on after it.
    """

    last_line: int
    lines: list[int] = field(default_factory=list)
    rows: list[Sequence[str]] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header is: its (last) line, 1-based, and a name for each column, unique; empty where it has none."""

    line: int
    names: tuple[str, ...]

    @property
    def needed(self) -> int:
        """How many cells a row must have: up to the last column with a name."""
        return max((index + 1 for index, name in enumerate(self.names) if name), default=0)


class Table(ABC):
    """A file with a header and rows below it; it can be read any number of times, from any line on."""

    path: Path
    format: str
    header: Header
    lines: int  # about how many lines the file has, for progress

    @abstractmethod
    def blocks(self, after_line: int = 0, size: int = 5000) -> Iterator[Block]:
        """The rows below the header and after `after_line`, at most about `size` at a time.

        Raises Problem where the file can no longer be read.
        """

    @property
    def headers(self) -> tuple[str, ...]:
        """The columns' names, in the order of the file; empty for a column without one."""
        return self.header.names

    @property
    def data_columns(self) -> tuple[int, ...]:
        """The columns that hold data: those with a name, without the two that a file of refused rows brings."""
        own = OWN_COLUMNS if {name.lower() for name in self.headers} >= OWN_COLUMNS else frozenset()
        return tuple(index for index, name in enumerate(self.headers) if name and name.lower() not in own)

    def sample(self, rows: int = 1000) -> Block:
        """The first rows: enough to tell what a column is, never which format it has."""
        return next(self.blocks(size=rows), Block(self.header.line))


def find_header(
    sample: Sequence[tuple[int, Sequence[str]]], known_headers: Collection[str] = ()
) -> tuple[int, Header] | None:
    """The header among the first lines of a file, with how many of its names are known; None where there is none.

    It is the line with the most names known in any of the three languages; without such a line, the first that is as
    wide as the table and holds words only.
    """
    best: tuple[int, Header] | None = None
    for line, cells in sample[:_HEADER_WITHIN]:
        known = len({name for name in map(str.strip, cells) if name in known_headers or is_known_header(name)})
        if known > (best[0] if best else 1) and known > _data_cells(cells):
            best = known, _header(line, cells)
    if best:
        return best
    filled = [sum(1 for cell in cells if cell.strip()) for _, cells in sample]
    widest = max(sorted(filled), key=filled.count, default=0)
    for (line, cells), width in zip(sample[:_HEADER_WITHIN], filled, strict=False):
        if width >= max(2, widest):
            return None if _data_cells(cells) else (0, _header(line, cells))
    return None


def _data_cells(cells: Sequence[str]) -> int:
    return sum(1 for cell in cells if _DATA_LIKE.fullmatch(cell.strip()))


def _header(line: int, cells: Sequence[str]) -> Header:
    names: list[str] = []
    taken: set[str] = set()
    for cell in cells:
        name = base = " ".join(cell.split())[:200]
        count = 1
        while name and name in taken:
            count += 1
            name = f"{base} ({count})"
        taken.add(name)
        names.append(name)
    while names and not names[-1]:
        names.pop()
    return Header(line, tuple(names))


def no_header() -> Problem:
    """What to answer where no line looks like a header."""
    return Problem(
        N_(
            "No line of the file names its columns. Add a first line with the names, such as “Cliente”, “Número”,"
            " “Vencimiento”, “Importe”."
        )
    )


def fitted(cells: list[str], header: Header) -> list[str] | Bad:
    """`cells` as wide as the header: empty cells too many are cut, missing ones without a name filled in."""
    width = len(header.names)
    if len(cells) > width:
        if any(cell.strip() for cell in cells[width:]):
            return Bad("row_long", {"found": len(cells), "expected": width})
        return cells[:width]
    if len(cells) < header.needed:
        return Bad("row_short", {"found": len(cells), "expected": header.needed})
    return cells + [""] * (width - len(cells))


def rejected(line: int, cells: Sequence[str], bad: Bad) -> Reject:
    """A whole line refused, its cells such that they can be shown and stored."""
    return Reject(line, (fault("", "", bad),), tuple(_storable(cell) for cell in cells))


def _storable(cell: str) -> str:
    if len(cell) <= _LONGEST_CELL and cell.isprintable():
        return cell
    return cell[:_LONGEST_CELL].replace("\0", "").encode("utf-8", "replace").decode("utf-8")
