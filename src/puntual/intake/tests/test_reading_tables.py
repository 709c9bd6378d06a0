"""Files of every kind and every kind of damage: found out by their content, never fatal to their good rows."""

import base64
import codecs
import random
import zipfile
import zlib
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from puntual.kernel.problems import Problem
from puntual.kernel.sheets.cells import Cell
from puntual.kernel.sheets.files import NotATable
from puntual.kernel.sheets.tables import open_table

PLAIN = "Cliente;Número;Importe\nPeña y Ñandú;F001-1;10,50\nJosé;F001-2;20\n"


@pytest.fixture
def write(tmp_path):
    def write(content, name="file.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


def read(table):
    rows, rejects = [], []
    for block in table.blocks():
        rows += zip(block.lines, map(list, block.rows), strict=True)
        rejects += [(reject.line, reject.faults[0].code) for reject in block.rejects]
    return rows, rejects


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (PLAIN.encode(), "utf-8"),
        (codecs.BOM_UTF8 + PLAIN.encode(), "utf-8-sig"),
        (PLAIN.encode("cp1252"), "cp1252"),
        (PLAIN.encode("cp850"), "cp850"),
        (PLAIN.encode("mac_roman"), "mac_roman"),
        (codecs.BOM_UTF16_LE + PLAIN.encode("utf-16-le"), "utf-16"),
        (codecs.BOM_UTF16_BE + PLAIN.encode("utf-16-be"), "utf-16"),
        (PLAIN.encode("utf-16-le"), "utf-16-le"),
        (PLAIN.replace("\n", "\r").encode(), "utf-8"),
        (PLAIN.replace("\n", "\r\n").encode("cp1252"), "cp1252"),
    ],
)
def test_every_encoding_gives_the_same_rows(write, content, encoding):
    table = open_table(write(content))
    assert table.encoding == encoding
    assert table.headers == ("Cliente", "Número", "Importe")
    assert read(table) == ([(2, ["Peña y Ñandú", "F001-1", "10,50"]), (3, ["José", "F001-2", "20"])], [])


@pytest.mark.parametrize("encoding", ["cp1252", "cp850", "mac_roman"])
@pytest.mark.parametrize(
    "text",
    ["Muñoz", "MUÑOZ", "Páez", "CONSTRUCCIÓN Y GARCÍA", "João Conceição", "Ações São Paulo", "GESTIÓN ÚNICA", "Ñusta",
     "nº 1ª José"],
)  # fmt: skip
def test_a_single_word_tells_the_code_page(write, text, encoding):
    assert read(open_table(write(f"Cliente;Importe\n{text};1\n", encoding=encoding)))[0] == [(2, [text, "1"])]


@pytest.mark.parametrize(
    "text",
    ["Año;1\xa0234\xa0567,00", "O’Higgins;1’234.00", "Lima – Perú;1", "uno – dos;1", "A–B;1", "“ACME”;5 €", "ACME;£ 5"],
)
def test_marks_do_not_hide_the_code_page_of_windows(write, text):
    rows, _ = read(open_table(write(f"Cliente;Importe\n{text}\n" * 3, encoding="cp1252")))
    assert rows[0] == (2, text.split(";"))


def test_the_encoding_is_checked_to_the_last_row(write):
    content = b"Cliente;Importe\n" + b"Ana;1\n" * 300_000 + "Peña;2\n".encode("cp1252")
    table = open_table(write(content))
    assert table.encoding == "cp1252"
    assert read(table)[0][-1] == (300_002, ["Peña", "2"])


def test_one_broken_character_refuses_its_row_and_does_not_spoil_the_others(write):
    content = PLAIN.encode() + b"Pe\xf1a;F001-3;30\n" + b"Nul\0;F001-4;40\n"
    rows, rejects = read(open_table(write(content)))
    assert [line for line, _ in rows] == [2, 3]
    assert rows[0][1][0] == "Peña y Ñandú"
    assert rejects == [(4, "row_characters"), (5, "row_characters")]


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_the_delimiter_is_found(write, delimiter):
    text = "Cliente|Dirección|Importe\nAna|Calle 1, of. 2; Lima|10.50\nLuis|Av. A, B|20.00\n"
    text = text.replace("|", delimiter) if delimiter in "\t|" else text.replace("of. 2; Lima", "Lima")
    if delimiter in ";,":
        text = (
            text.replace("Calle 1, Lima", '"Calle 1, Lima"').replace("Av. A, B", '"Av. A, B"').replace("|", delimiter)
        )
    table = open_table(write(text, "file.txt"))
    assert table.delimiter == delimiter
    assert len(read(table)[0]) == 2


def test_decimal_commas_do_not_pass_for_delimiters(write):
    table = open_table(write("Cliente;Importe;Saldo\nA;1,5;2,5\nB;1,7;2,8\n"))
    assert (table.delimiter, table.headers) == (";", ("Cliente", "Importe", "Saldo"))


def test_excel_says_the_delimiter_itself(write):
    table = open_table(write("sep=|\nuno|dos, tres\n1|2\n"))
    assert (table.delimiter, table.header.line) == ("|", 2)


def test_the_header_may_stand_below_titles(write):
    table = open_table(
        write("ACME S.A.C.\nReporte de cuentas por cobrar\n\nCliente,Número,Vencimiento,Importe\nAna,1,01/02/2026,5\n")
    )
    assert (table.header.line, table.headers) == (4, ("Cliente", "Número", "Vencimiento", "Importe"))
    assert read(table) == ([(5, ["Ana", "1", "01/02/2026", "5"])], [])


def test_a_header_may_have_line_breaks(write):
    table = open_table(write('Cliente,"Fecha de\nvencimiento",Importe\nAna,01/02/2026,5\n'))
    assert table.headers == ("Cliente", "Fecha de vencimiento", "Importe")
    assert read(table)[0] == [(3, ["Ana", "01/02/2026", "5"])]


def test_a_header_of_unknown_words_is_the_first_full_line(write):
    table = open_table(write("title\n\nfoo,bar,baz\n1,2,3\n4,5,6\n"))
    assert (table.header.line, table.headers) == (3, ("foo", "bar", "baz"))


def test_a_mapping_makes_its_headers_known(write):
    path = write("Wort,Zahl\nklein,groß\nfoo,bar\n1,2\n")
    assert open_table(path).header.line == 1
    assert open_table(path, known_headers={"foo", "bar"}).header.line == 3


def test_equal_headers_get_numbers(write):
    assert open_table(write("Cliente,Importe,Importe,\nA,1,2,\n")).headers == ("Cliente", "Importe", "Importe (2)")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("A;1;10;x", "row_long"),
        ("A;1", "row_short"),
        ('A;"1;10', "row_quotes"),
        ('A;"1" uno;10;11', "row_quotes"),
        (f"A;{'x' * 200_000};10", "cell_too_long"),
        (f'A;"{"x" * 200_000}";10', "cell_too_long"),
    ],
)
def test_a_bad_line_costs_no_other(write, line, expected):
    rows, rejects = read(open_table(write(PLAIN + line + '\nB;"F;2";20\n;;\nC;F3;30\n')))
    assert rejects == [(4, expected)]
    assert [line for line, _ in rows] == [2, 3, 5, 7]
    assert rows[2][1] == ["B", "F;2", "20"]


def test_every_line_with_an_open_quotation_mark_is_refused_alone(write):
    text = "Cliente;Número;Importe\n" + "".join(f'"C{n};F{n};{n}\nD;G{n};1\n' for n in range(200))
    rows, rejects = read(open_table(write(text)))
    assert [line for line, _ in rows] == list(range(3, 402, 2))
    assert [line for line, _ in rejects] == list(range(2, 402, 2))


def test_an_open_quotation_mark_that_the_next_line_seems_to_close_swallows_nothing(write):
    rows, rejects = read(open_table(write('Cliente;Número;Importe\n"A;1;10\n"B";2;20\nC;3;30\n')))
    assert rows == [(3, ["B", "2", "20"]), (4, ["C", "3", "30"])]
    assert rejects == [(2, "row_quotes")]


def test_a_quoted_cell_may_have_lines_and_marks(write):
    rows, rejects = read(
        open_table(write('Cliente;Nota;Importe\nA;"uno\ndos ""tres""";10\nB;5" y 6";20\n"C" SA;x;1\n'))
    )
    assert rejects == []
    assert rows == [(2, ["A", 'uno\ndos "tres"', "10"]), (4, ["B", '5" y 6"', "20"]), (5, ["C SA", "x", "1"])]


def test_columns_without_a_name_at_the_end_may_be_missing(write):
    rows, rejects = read(open_table(write("Cliente;Importe;;\nA;1\nB;2;;\nC;3;;;;\n")))
    assert rejects == []
    assert [cells for _, cells in rows] == [["A", "1"], ["B", "2"], ["C", "3"]]


def test_reading_goes_on_after_any_line(write):
    text = "Cliente;Nota;Importe\n" + "".join(f'C{n};"a\nb";{n}\n\n' for n in range(100))
    table = open_table(write(text))
    whole = [line for block in table.blocks() for line in block.lines]
    assert len(whole) == 100
    for block in table.blocks(size=7):
        rest = [line for after in table.blocks(after_line=block.last_line) for line in after.lines]
        assert rest == [line for line in whole if line > block.last_line]


NOT_TABLES = {
    "empty": b"",
    "blank": b"\n \r\n\t",
    "nothing but a mark": codecs.BOM_UTF8,
    "binary": random.Random(1).randbytes(20_000),
    "zeros": b"\0" * 5000,
    "PDF": b"%PDF-1.7\n%\xe2\xe3\n1 0 obj",
    "PNG": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "HTML": b"<html><table><tr><td>Cliente</td></tr></table></html>",
    "no line breaks": b"x" * (10 << 20),
    "prose": b"Estimados:\nLes escribimos para recordarles.\n",
    "no header": b"20512345678;F001-1;01/02/2026;10.50\n20512345678;F001-2;01/03/2026;10.50\n",
}


@pytest.mark.parametrize("name", ["cobros.xlsx", "cobros.XLS"])
def test_what_is_called_a_workbook_and_is_none_is_not_asked_for_columns(write, name):
    with pytest.raises(NotATable, match=f"is called {Path(name).suffix} and is no workbook"):
        open_table(write(b"Estimados: adjunto lo pedido.\nSaludos\n", name))


@pytest.mark.parametrize("content", NOT_TABLES.values(), ids=NOT_TABLES.keys())
@pytest.mark.parametrize("name", ["file.csv", "file.xlsx", "file.xls"])
def test_what_is_no_table_says_so(write, content, name):
    with pytest.raises(Problem):
        open_table(write(content, name))


@pytest.fixture
def workbook(tmp_path):
    path = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(path, {"remove_timezone": True})
    sheet = book.add_worksheet("Cartera")
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    padded = book.add_format({"num_format": "00000"})
    sheet.merge_range(0, 0, 0, 4, "Reporte de cartera")
    sheet.write_row(2, 0, ["Código", "Cliente", "Número", "Vencimiento", "Importe", "Saldo"])
    sheet.write_row(3, 0, ["007", "Peña", 1930438491])
    sheet.write_datetime(3, 3, date(2026, 3, 4), day)
    sheet.write_formula(3, 4, "=1000*1.1", value=1100.1)
    sheet.write_number(3, 5, 0.1 + 0.2)
    sheet.write_number(4, 0, 12, padded)
    sheet.write_row(4, 1, ["Ana", 1234567890123456789])
    sheet.write_datetime(
        4, 3, datetime(2026, 3, 5, 10, 20, tzinfo=UTC), book.add_format({"num_format": "d/m/yy hh:mm"})
    )
    sheet.write_formula(4, 4, "=1/0", value="#DIV/0!")
    sheet.write_formula(4, 5, "=SUM(E4)", value="")
    sheet.write_row(5, 0, ["x", "y", "z", "31/12/2026", "1.234,50", True])
    book.close()
    return path


def test_cells_of_a_workbook_keep_what_they_are(workbook):
    rows, rejects = read(open_table(workbook))
    assert rejects == []
    (_, first), (_, second), (line, third) = rows
    assert first == ["007", "Peña", "1930438491", "2026-03-04", "1100.1", "0.3"]
    assert isinstance(first[3], Cell)
    assert (first[3].value, first[5].value) == (date(2026, 3, 4), Decimal("0.3"))
    assert second == ["00012", "Ana", "1.234567890e+18", "2026-03-05 10:20:00", "#", "="]
    assert [second[4].code, second[5].code] == ["cell_error", "cell_formula"]
    assert (line, third) == (6, ["x", "y", "z", "31/12/2026", "1.234,50", "true"])


def test_a_formula_saved_without_its_result_is_no_empty_cell(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Cliente", "Número", "Importe"])
    book.active.append(["Ana", "1", "=1+1"])
    book.active.append(["Luis", "2", 5])
    book.save(path := tmp_path / "book.xlsx")
    rows, _ = read(open_table(path))
    assert rows[0][1][2].code == "cell_formula"
    assert rows[1][1][2].value == 5


def test_the_sheet_with_the_best_header_is_read(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Portada"
    book.active.append(["Reporte", "Cliente"])
    book.create_sheet("Datos").append(["Cliente", "Número", "Importe"])
    book["Datos"].append(["Ana", "1", 5])
    hidden = book.create_sheet("Oculta")
    hidden.append(["Cliente", "Número", "Importe", "Saldo", "Vencimiento"])
    hidden.sheet_state = "hidden"
    book.save(path := tmp_path / "book.xlsx")
    table = open_table(path)
    assert (table.sheet, table.sheets) == ("Datos", ("Portada", "Datos"))
    assert open_table(path, sheet="Portada").sheet == "Portada"
    with pytest.raises(Problem, match="Portada, Datos"):
        open_table(path, sheet="Otra")


def test_a_cell_in_the_far_corner_does_not_take_all_memory(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Cliente", "Número", "Importe"])
    book.active["XFD1048576"] = "x"
    book.save(path := tmp_path / "book.xlsx")
    with pytest.raises(NotATable, match="too large"):
        open_table(path)


def test_a_styled_empty_cell_in_the_far_corner_is_nothing(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Cliente", "Número", "Importe"])
    book.active["XFD1048576"].number_format = "0.0"
    book.save(path := tmp_path / "book.xlsx")
    assert open_table(path).headers == ("Cliente", "Número", "Importe")


def test_a_protected_workbook_says_so(write):
    compound = bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 1000 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 1000
    with pytest.raises(NotATable, match="password"):
        open_table(write(compound, "file.xlsx"))


def test_a_damaged_workbook_says_so(write, workbook, tmp_path):
    content = workbook.read_bytes()
    with pytest.raises(NotATable, match="damaged"):
        open_table(write(content[: len(content) // 2]))
    with pytest.raises(NotATable, match="damaged"):
        open_table(write(bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 1000))
    with zipfile.ZipFile(path := tmp_path / "other.zip", "w") as archive:
        archive.writestr("hello.txt", "hello")
    with pytest.raises(NotATable, match="not a spreadsheet"):
        open_table(path)


# A title, a header and two rows in the format of Excel 97 (BIFF8), which nothing in the project can write; zlib.
OLD_WORKBOOK = (
    "eNrtWE1IVFEU/t7PODOmM6OpoIEMQlYmzY/9bXQyLWmhmIt+JKhR30LUNzK4sU2WCW2CoFXRRrBFG6tNP1RQ0KJFoCUURIHW0pVQEKK+zjnzZl"
    "IzcCAF432Pe+65595z7rnv3L/3JicKpkcfls1gFeqgYcnyImeZTKHkTRcCoHrLYjadeyhZDrYUvB4KZI4Lz/LfujmGHO8ZqHigvyIKfKV0Dv1o"
    "SZhGcBNxVHyIK+xDLVEFd0jiQ6l4VSi0U+h2ofel5XOhR0RyXWgttZ1W2jERa6k6bM/iM2qF1PnAdh+LzieRRFCMNzyLL91QUm1dqE92x3u3WE"
    "W5nocxUECbDNNIctmPu8gFGhtDzc2hs4RpFFGwx/DDCgLf06v6ZdCRb65cAcl/rpS7/yL3UBBXy2+qOjAE64IskhH40a5zjRsN8eQABX+BVi9F"
    "XhLNiIbebsMcMGidt8z3GcnENuCUYXZ297E4QQ1O9PUnSJG4NkO4PKDVmIsHB4Pv4mbXvAbUm3Gi4fAhslkTCUWioWg4epC2/8i+aM3+6gNh7i"
    "u1swRW7Cz5suLyiHaRo8wXyLoL0NAW7s29b+5ojZ0XyZCcJqkzZycPERYuswYp+6RGz9Aq0dgr9IpY3SF8mdAiWhSUV7YW28zxYWlzVWorqZ8a"
    "wVRs1zJ+N/EjsyeflI98i+0hfrxp5mLR+MfYKCroDOwifX6GUa1UK7dvMZ7G0rli709fhJb+sVd51ICMS4dlH6x+LFJ8WFYgglSJ346SKan2u0"
    "qVNCpptq3Ue1ppC2JLt1uoa/SmSgsXUU312bGgCfXB+/pz/QsZgUq0ZJL7nb3mpt7YkraGJU0s5di+aWLJnSmxvidTYr/5DlGnFuIRu0C79W/k"
    "woEDBw4cOHDgwMHGgu+XfA3T7Lu0y76pu+3/OouUlpzfJP8t2pCgZ4A+Ko/BpDyJwazmTwlcStqWsk6d9P9CxmnqPYkedIgfPVnPX/pOUZaPZ9"
    "2KgX+3hLLtfykbPze4/19svfRk"
)


def test_a_workbook_of_the_old_format(write):
    table = open_table(write(zlib.decompress(base64.b64decode(OLD_WORKBOOK)), "file.csv"))
    assert (table.format, table.header.line) == ("xls", 2)
    assert read(table) == (
        [(3, ["Peña y Ñandú", "1930438491", "2026-03-04", "1234.5"]), (4, ["Ana", "007", "31/12/2026", "1.234,50"])],
        [],
    )


def test_reading_a_workbook_goes_on_after_any_line(workbook):
    table = open_table(workbook)
    first = next(table.blocks(size=1))
    assert (first.lines, first.last_line) == ([4], 4)
    assert [line for block in table.blocks(after_line=4) for line in block.lines] == [5, 6]
