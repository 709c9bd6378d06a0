"""Files that are broken, cut, in the wrong letters, enormous or made to harm: each is refused in words."""

import re
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puntual.kernel.problems import Problem
from puntual.payments.statements.reading.files import MOST_BYTES
from puntual.payments.statements.reading.read import read
from puntual.payments.statements.tests.files import (
    balance,
    camt,
    detail,
    entry,
    mt940,
    norma43,
    ofx,
    read_file,
    transaction,
)

CAMT = camt(balance("OPBD", "0", "2026-03-01"), entry("5", "2026-03-02", details=detail("5", "Peña")))
BOMB = b"""<?xml version="1.0"?><!DOCTYPE Document [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>"""
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE Document [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
BODY = CAMT.split(b"?>", 1)[1]


def _cut(file: bytes, at: bytes) -> bytes:
    return file[: file.rindex(at)]


def _cnab(*records: str, width: int = 240) -> bytes:
    return "\r\n".join(record.ljust(width) for record in records).encode()


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (b"", "empty"),
        (b" \r\n\0", "empty"),
        (b"%PDF-1.7 \x00\x01\x02" * 50, "no bank statement we know"),
        (bytes(range(256)) * 100, "no bank statement we know"),
        (b"<html><body>Session expired</body></html>", "no bank statement we know"),
        (b"Dear customer, please find attached your statement.", "columns of the file are not recognized"),
        (b'<?xml version="1.0"?><Invoice/>', "no bank statement we know"),
        (BOMB + BODY.replace(b"Pe\xc3\xb1a", b"&c;"), "declares a document type or entities"),
        (OUTSIDE + BODY.replace(b"Pe\xc3\xb1a", b"&x;"), "declares a document type or entities"),
        (b'<!DOCTYPE OFX SYSTEM "http://evil.example/x.dtd">' + ofx(), "declares a document type or entities"),
        (
            ofx().replace(b"<OFX>", b'<!DOCTYPE x SYSTEM "http://evil.example"><OFX>'),
            "declares a document type or entities",
        ),
        (CAMT.replace(b"UTF-8", b"UTF-16"), "broken|Unicode|not well-formed"),
        (CAMT.replace(b"UTF-8", b"cp037"), "written in cp037"),
        (CAMT.replace("Peña".encode(), "Peña".encode("latin-1")), "characters of the file are broken"),
        (CAMT[:-20], "incomplete"),
        (_cut(CAMT, b"<Ntry>"), "incomplete"),
        (CAMT.replace(b"</CdtDbtInd>", b"</CdtDbtIn>"), "not well-formed XML"),
        (CAMT.replace(b">5<", b">5e3<"), "“5e3” is no amount"),
        (CAMT.replace(b">5<", b">NaN<"), "“NaN” is no amount"),
        (CAMT.replace(b"2026-03-02", b"2026-13-02"), "“2026-13-02” is no date"),
        (CAMT.replace(b"<Ntry>", b"<Ntry>" + b"<x>" * 100 + b"</x>" * 100), "too deep"),
        (_cut(mt940(":61:2603020302C5,00NTRFNONREF"), b":62F:"), "incomplete: :62F: is missing"),
        (mt940(":61:2603020302C5.00.00NTRFNONREF"), "Line 5 cannot be read"),
        (mt940(":61:2613020302C5,00NTRFNONREF"), "Line 5 cannot be read"),
        (mt940(":86:Pe\x00a", ":61:x"), "characters of the file are broken"),
        (mt940(opening="C260301EUR"), "Line 4 cannot be read"),
        (_cut(ofx(transaction("1", "20260302", "5")), b"</OFX>"), "incomplete: </OFX> is missing"),
        (ofx(transaction("1", "20260302", "five")), "“five” is no amount"),
        (ofx(transaction("1", "20261302", "5")), "is no date"),
        (ofx().replace(b"STMTRS", b"INVSTMTRS"), "no statement of an account"),
        (_cut(norma43([], opening=0, closing=0), b"\n33"), "incomplete: 33 is missing"),
        (norma43([], opening=0, closing=0).replace(b"9783SEMBRIA", b"0003SEMBRIA"), "Line 1 cannot be read"),
        (_cnab("10400000" + " " * 9, "10499999" + " " * 9 + "000001000002"), "no return of collection"),
        (_cnab("10400000" + " " * 9, "1040001300001T 06"), "incomplete"),
        (_cnab("02RETORNO01COBRANCA".ljust(76) + "999", "9", width=400), "of bank 999, whose layout is not known"),
        (_cnab("02RETORNO01COBRANCA".ljust(76) + "341", "1", width=400), "incomplete"),
        (b"Fecha;Importe\n01/02/2026;5\n03/04/2026;6\n", "more than one way, as in 01/02/2026"),
        (b"Fecha;Importe\n13/02/2026;1,234\n", "more than one way, as in 1,234"),
        (b"Fecha;Importe\n13/02/2026;cinco\n", "Line 2 cannot be read: “cinco”"),
        (b"Color;Sabor\nazul;dulce\n", "columns of the file are not recognized|no bank statement"),
        (b'Fecha;Importe;Concepto\n13/02/2026;5;"abierto\n14/02/2026;6;x\n', "Line 2 cannot be read"),
    ],
)
def test_a_bad_file_is_refused_in_words(tmp_path: Path, file: bytes, words: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(file)
    with pytest.raises(Problem) as caught:
        read(path)
    assert re.search(words, str(caught.value)), str(caught.value)


def test_an_enormous_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with path.open("wb") as file:
        file.write(CAMT)
        file.truncate(4 * MOST_BYTES)
    with pytest.raises(Problem, match="larger than 50 MB"):
        read(path)


def test_a_file_of_nothing_but_elements_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(CAMT.replace(b"<Ntry>", b"<Ntry>" + b"<a/>" * 2_600_000))
    with pytest.raises(Problem, match="too many elements"):
        read(path)


def test_a_workbook_that_unpacks_to_a_flood_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "xl/workbook.xml", "<workbook><sheets><sheet name='a' sheetId='1' r:id='r1'/></sheets></workbook>"
        )
        archive.writestr("xl/_rels/workbook.xml.rels", "<Relationships/>")
        archive.writestr(
            "xl/worksheets/sheet1.xml", "<worksheet><sheetData>" + "<row r='1'><c r='A1'/></row>" * 200_000
        )
    with pytest.raises(Problem):
        read(path)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="cannot be read"):
        read(tmp_path / "none.xml")


_DAY = date(2026, 3, 2)
_RETURN_240 = _cnab(
    "10400000".ljust(143) + "02032026",
    f"1040001300001T 06{'':20}{'24':>20}1",
    f"1040001300002U 06{0:060}{9:015}{9:015}{0:030}0203202603032026",
    "10499999".ljust(23) + "000004",
)
_RETURN_400 = _cnab(
    "02RETORNO01COBRANCA".ljust(76) + "341",
    ("1".ljust(62) + "00000001".ljust(46) + "06020326").ljust(253) + f"{7850:013}",
    "9",
    width=400,
)
_SHEET = "Fecha;Concepto;Abono;Cargo;Saldo\n20/03/2026;Ana;1.250,50;;2.250,50\n21/03/2026;ITF;;0,05;2.250,45\n"
_WHOLE = [
    CAMT,
    mt940(":61:2603020302C5,00NTRFNONREF//K1", ":86:166?00X?20SVWZ+F001-7?32Ana", ":61:2603020302D5,00NTRFX"),
    mt940(":61:2603020302RC5,00NTRFNONREF", ":86:/EREF/1/ORDP//NAME/Ana/REMI/x"),
    ofx(transaction("K1", "20260302", "5.00", "Ana", "F001")),
    norma43([(_DAY, 500, "UNO"), (_DAY, -500, "DOS")], opening=0, closing=0),
    _SHEET.encode(),
    _RETURN_240,
    _RETURN_400,
]


@settings(max_examples=300, deadline=None)
@given(
    file=st.sampled_from(_WHOLE),
    changes=st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 30), st.binary(max_size=4)), max_size=4),
)
def test_whatever_happened_to_a_file_it_is_read_or_refused(file: bytes, changes: list[tuple[int, int, bytes]]) -> None:
    for start, length, instead in changes:
        at = start % (len(file) + 1)
        file = file[:at] + instead + file[at + length :]
    try:
        read_file(file)
    except Problem as problem:
        assert str(problem)
