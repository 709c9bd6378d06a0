"""The one door: what a file is shows in its content."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from puntual.kernel.problems import N_
from puntual.payments.statements.reading import camt, cnab, mt940, norma43, ofx
from puntual.payments.statements.reading.files import load
from puntual.payments.statements.reading.statement import Found, Unreadable

_HEAD = 1 << 16
_READERS: Final[tuple[tuple[re.Pattern[str], Callable[[bytes], Found]], ...]] = (
    (camt.SIGN, camt.read_camt),
    (ofx.SIGN, ofx.read_ofx),
    (norma43.SIGN, norma43.read_norma43),
    (cnab.SIGN_400, cnab.read_cnab400),
    (cnab.SIGN_240, cnab.read_cnab240),
    (mt940.SIGN, mt940.read_mt940),
)


def read(path: Path) -> Found:
    """What a bank's file says. Raises Unreadable, with what is wrong and what to do, before anything of it is taken."""
    return read_bytes(load(path))


def read_bytes(file: bytes) -> Found:
    """The same for the bytes of a file."""
    head = _beginning(file)
    for sign, reader in _READERS:
        if sign.search(head):
            return reader(file)
    raise Unreadable(
        N_(
            "The file is no bank statement we know. Puntual reads camt.052, 053 and 054, MT940, OFX and QFX, Norma 43, "
            "CNAB 240 and 400 returns, CSV and XLSX."
        )
    )


def _beginning(file: bytes) -> str:
    """The first characters, good enough to tell formats apart whatever the encoding."""
    head = file[:_HEAD]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return head.decode("utf-16", "replace")
    return head.removeprefix(b"\xef\xbb\xbf").decode("latin-1").lstrip("\r\n")
