"""The one door: what a file is shows in its content."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from puntual.kernel.problems import N_, Problem
from puntual.kernel.sheets.files import NotATable, not_a_table
from puntual.kernel.sheets.headers import header_signature
from puntual.kernel.sheets.layout import no_header
from puntual.kernel.sheets.tables import open_table
from puntual.payments.statements.reading import camt, cnab, mt940, norma43, ofx
from puntual.payments.statements.reading.columns import (
    MERCADO_PAGO,
    MERCADO_PAGO_NEEDS,
    PAYPAL,
    PAYPAL_NEEDS,
    Known,
    columns_of,
)
from puntual.payments.statements.reading.files import load, xml_of
from puntual.payments.statements.reading.mapping import Mapping as ColumnMapping
from puntual.payments.statements.reading.providers import read_mercado_pago, read_paypal
from puntual.payments.statements.reading.statement import Found, Unreadable
from puntual.payments.statements.reading.tables import read_bank_table

_HEAD = 1 << 16
_SHOWN: Final = 5
_READERS: Final[tuple[tuple[re.Pattern[str], Callable[[bytes], Found]], ...]] = (
    (camt.SIGN, camt.read_camt),
    (ofx.SIGN, ofx.read_ofx),
    (norma43.SIGN, norma43.read_norma43),
    (cnab.SIGN_400, cnab.read_cnab400),
    (cnab.SIGN_240, cnab.read_cnab240),
    (mt940.SIGN, mt940.read_mt940),
)
_NOT_TABLES: Final = frozenset({not_a_table().message, no_header().message})


def read(
    path: Path, mapping: ColumnMapping | None = None, remembered: Mapping[str, ColumnMapping] | None = None
) -> Found:
    """What a bank's file says. Raises Unreadable, with what is wrong and what to do, before anything of it is taken.

    A spreadsheet is read by the `mapping`, else by the one remembered for its signature, else by the names of its columns; where
    it can be read in more than one way it raises Undecided.
    """
    file = load(path)
    head = _beginning(file)
    for sign, reader in _READERS:
        if sign.search(head):
            return reader(file)
    if head.startswith("<"):
        if head.startswith(("<?xml", "<!")):
            xml_of(file)  # says what is wrong with it where it is hostile
        raise _unknown()
    try:
        return _read_table(path, mapping, remembered or {})
    except Problem as problem:
        if problem.message in _NOT_TABLES:
            raise _unknown() from None
        if isinstance(problem, NotATable):
            raise Unreadable(problem.message, **problem.details) from None
        raise


def _read_table(path: Path, given: ColumnMapping | None, remembered: Mapping[str, ColumnMapping]) -> Found:
    known = [given] if given else list(remembered.values())
    headers = frozenset(header for mapping in known for header in mapping.headers)
    table = open_table(path, sheet=given.sheet if given else None, known_headers=Known(headers))
    signature = header_signature(table.headers)
    mapping = given or remembered.get(signature) or ColumnMapping()
    if not mapping.columns:
        if columns_of(table.headers, PAYPAL).keys() >= PAYPAL_NEEDS:
            return read_paypal(table, mapping, signature)
        if columns_of(table.headers, MERCADO_PAGO).keys() >= MERCADO_PAGO_NEEDS:
            return read_mercado_pago(table, mapping, signature)
    return read_bank_table(table, mapping, signature)


def shown_of(path: Path) -> tuple[list[str], list[list[str]]]:
    """The columns of a spreadsheet and its first rows, to ask what they mean; nothing where it is none."""
    try:
        table = open_table(path, known_headers=Known(frozenset()))
    except Problem:
        return [], []
    first = next(iter(table.blocks()), None)
    rows = [[str(cell) for cell in row] for row in (first.rows[:_SHOWN] if first else ())]
    return [str(header) for header in table.headers], rows


def _unknown() -> Unreadable:
    return Unreadable(
        N_(
            "The file is no bank statement we know. Puntual reads camt.052, 053 and 054, MT940, OFX and QFX, Norma 43, "
            "CNAB 240 and 400 returns, CSV and XLSX, and the reports of PayPal and Mercado Pago."
        )
    )


def _beginning(file: bytes) -> str:
    """The first characters, good enough to tell formats apart whatever the encoding."""
    head = file[:_HEAD]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return head.decode("utf-16", "replace").lstrip("\ufeff \t\r\n")
    return head.removeprefix(b"\xef\xbb\xbf").decode("latin-1").lstrip("\t \r\n")
