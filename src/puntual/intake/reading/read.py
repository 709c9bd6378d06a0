"""Reading a file as its proposal says: chunks of typed rows, refused rows, lines left out, remarks."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Final

from puntual.intake.reading.convert import Converter, Typed
from puntual.intake.reading.fields import Kind
from puntual.intake.reading.finish import FINISH, NOTHING_OWED
from puntual.intake.reading.proposals import Proposal, Unsettled
from puntual.intake.reading.rows import Chunk, Row
from puntual.kernel.sheets.amounts import read_amount
from puntual.kernel.sheets.currencies import currency_of_word
from puntual.kernel.sheets.layout import Block, Table
from puntual.kernel.sheets.reasons import Bad, Reject, Skipped
from puntual.kernel.text import fold

_TOTALS = r"(?:sub ?|gran |grand )?tota(?:l|les|is|ls)|suma|soma|sum"
_TOTAL_ALONE: Final = re.compile(rf"(?:{_TOTALS})(?: (?:general|geral|clientes?|de clientes|s|pen|usd|eur|soles|us))*")
_TOTAL: Final = re.compile(rf"(?:{_TOTALS})\b.*")
# Kinds in which a line of totals can pass for a row.
_WITHOUT_DATES: Final = frozenset({Kind.CUSTOMERS, Kind.BALANCES})


def read_chunks(table: Table, proposal: Proposal, *, after_line: int = 0, size: int = 5000) -> Iterator[Chunk]:
    """The rows below `after_line` (a `last_line` of before: reading resumes there), about `size` at a time.

    Raises Unsettled where the proposal has questions left, Problem where the file can no longer be read.
    """
    if proposal.questions:
        raise Unsettled(proposal.questions)
    converter = Converter(table, proposal)
    for block in table.blocks(after_line, size):
        yield _chunk(table, proposal, block, converter.convert(block))


def read_rows(table: Table, proposal: Proposal) -> Iterator[Row | Reject]:
    """Every row and every refused row, in the order of their lines. Raises as `read_chunks`."""
    for chunk in read_chunks(table, proposal):
        both: chain[Row | Reject] = chain(chunk.rows, chunk.rejects)
        yield from sorted(both, key=lambda entry: entry.line)


def _chunk(table: Table, proposal: Proposal, block: Block, typed: Typed) -> Chunk:
    chunk = Chunk(block.last_line)
    left_out: dict[int, str] = {}
    if proposal.kind in _WITHOUT_DATES:
        left_out = _disguised(table, proposal, block, typed)
        typed.faults.update({row: [] for row in left_out})
    chunk.rows = FINISH[proposal.kind](typed, block.lines, proposal)
    chunk.remarks = typed.remarks_at(block.lines)
    for row, faults in typed.faults.items():
        cells = tuple(block.rows[row])
        code = left_out.get(row) or _left_out(table, cells)
        if not code and faults[0].code == NOTHING_OWED.code:
            code = "nothing_owed"
        if code:
            chunk.skipped.append(Skipped(block.lines[row], code, cells))
        elif any(not cell.isspace() for cell in cells if cell):
            chunk.rejects.append(Reject(block.lines[row], tuple(faults), cells))
    for reject in block.rejects:
        if code := _left_out(table, reject.cells):
            chunk.skipped.append(Skipped(reject.line, code, reject.cells))
        else:
            chunk.rejects.append(reject)
    chunk.rejects.sort(key=lambda reject: reject.line)
    return chunk


def _disguised(table: Table, proposal: Proposal, block: Block, typed: Typed) -> dict[int, str]:
    """Rows that could be read but are totals, or the header once more."""
    found: dict[int, str] = {}
    for name in ("customer_code", "customer_name"):
        reading = proposal.readings.get(name)
        if reading is None:
            continue
        for row, value in enumerate(typed.columns[name]):
            if value[:1] in "TtSsGg" and value and _TOTAL_ALONE.fullmatch(fold(value)):
                if _is_total(block.rows[row]):
                    found[row] = "total"
            elif value == reading.header and _is_header(table, block.rows[row]):
                found[row] = "header"
    return found


def _left_out(table: Table, cells: Sequence[str]) -> str:
    """What a line is that was not meant as a row; empty where it was."""
    if _is_total(cells):
        return "total"
    return "header" if _is_header(table, cells) else ""


def _is_total(cells: Sequence[str]) -> bool:
    """Whether a line says no more than “total” and amounts."""
    texts = [cell for cell in cells if cell and not cell.isspace()]
    words = [text for text in texts if not _is_figure(text)]
    return bool(words) and len(words) <= 2 and all(_TOTAL.fullmatch(fold(word[:100])) for word in words)


def _is_figure(text: str) -> bool:
    return (
        not isinstance(read_amount(text, "."), Bad)
        or not isinstance(read_amount(text, ","), Bad)
        or currency_of_word(text) is not None
    )


def _is_header(table: Table, cells: Sequence[str]) -> bool:
    named = [(cell, name) for cell, name in zip(cells, table.headers, strict=False) if name]
    return sum(1 for cell, name in named if " ".join(cell.split()) == name) * 2 > len(named)
