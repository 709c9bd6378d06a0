"""MT940, OFX, Norma 43 and CNAB: what each says in its own way comes out alike."""

from datetime import date
from decimal import Decimal

import pytest

from puntual.payments.statements.reading.shapes import same_account
from puntual.payments.statements.reading.statement import Line, Scheme
from puntual.payments.statements.tests.files import ACCOUNT, mt940, norma43, ofx, read_file, transaction


def _line(*fields: str) -> Line:
    return read_file(mt940(*fields)).statements[0].entries[0]


@pytest.mark.parametrize(
    ("field", "amount", "booked", "reverses"),
    [
        (":61:2603020302C1250,5NTRFNONREF", "1250.5", date(2026, 3, 2), False),
        (":61:260302D5,NTRFNONREF", "-5", date(2026, 3, 2), False),
        (":61:2603020302CR7,00NTRFNONREF", "7", date(2026, 3, 2), False),  # R: the third letter of EUR
        (":61:2603020302RC7,00NTRFNONREF", "-7", date(2026, 3, 2), True),
        (":61:2603020302RD7,00NTRFNONREF", "7", date(2026, 3, 2), True),
        (":61:2512311231C7,00NTRFNONREF", "7", date(2025, 12, 31), False),
        (":61:2512310102C7,00NTRFNONREF", "7", date(2026, 1, 2), False),
        (":61:2601021231C7,00NTRFNONREF", "7", date(2025, 12, 31), False),
        (":61:2603020302C7,00NRTINONREF", "7", date(2026, 3, 2), True),
    ],
)
def test_field_61(field: str, amount: str, booked: date, reverses: bool) -> None:
    line = _line(field)
    assert (line.amount, line.booked_on, line.reverses, line.currency) == (Decimal(amount), booked, reverses, "EUR")


@pytest.mark.parametrize(
    ("said", "texts", "name", "account", "references"),
    [
        ("Pago factura F001-7", ("Pago factura F001-7",), "", "", []),
        (
            "166?00GUTSCHRIFT?20EREF+E-77?21SVWZ+Rechnung F001-7?30DEUTDEFF?31DE02?32Ana?33 Ruiz",
            ("Rechnung F001-7", "GUTSCHRIFT"), "Ana Ruiz", "DE02", [("end_to_end", "E-77")],
        ),
        (
            "/EREF/E-77/ORDP//NAME/Ana Ruiz/REMI/F001-7/ISDT/2026-03-02",
            ("F001-7",), "Ana Ruiz", "", [("end_to_end", "E-77")],
        ),
        (
            "/TRTP/SEPA/IBAN/NL71RABO0123456789/NAME/X/ORDP//NAME/Ana/REMI/F001-7",
            ("F001-7", "SEPA"), "Ana", "NL71RABO0123456789", [],
        ),
        ("/CNTP/NL71RABO0123456789/RABONL2U/Ana Ruiz//", (), "Ana Ruiz", "NL71RABO0123456789", []),
    ],
)  # fmt: skip
def test_field_86(said: str, texts: tuple[str, ...], name: str, account: str, references: list[object]) -> None:
    line = _line(":61:2603020302C5,00NTRFNONREF", f":86:{said}")
    assert (line.texts, line.payer_name, line.payer_account) == (texts, name, account)
    assert [(str(one.scheme), one.value) for one in line.references] == references


def test_a_full_line_of_field_86_goes_on_without_a_space() -> None:
    first = "PAGO DE LA FACTURA " + "X" * 41 + "F001-"
    assert len(first) == 65
    assert _line(":61:2603020302C5,00NTRFNONREF", f":86:{first}", "123").texts[0].endswith("F001-123")


def test_references_of_field_61() -> None:
    line = _line(":61:2603020302C5,00NTRFF001-7//B-99", "NL71RABO0123456789")
    assert ([*line.references], line.bank_key, line.payer_account) == (
        [(Scheme.DOCUMENT, "F001-7")],
        "B-99",
        "NL71RABO0123456789",
    )


def test_pages_become_one_statement_and_envelopes_are_left_out() -> None:
    one = mt940(":61:2603020302C5,00NTRFNONREF", closing="C260302EUR105,00").replace(b":62F:", b":62M:")
    two = mt940(":61:2603020302C7,00NTRFNONREF", opening="C260302EUR105,00", closing="C260302EUR112,00")
    file = b"{1:F01X}{2:O940}{4:\r\n" + one + two.replace(b":60F:", b":60M:").replace(b"\r\n-\r\n", b"\r\n-}{5:}")
    found = read_file(file)
    (statement,) = found.statements
    assert ([line.amount for line in statement.entries], statement.closing, found.warnings) == ([5, 7], 112, ())
    assert (statement.account, statement.number) == (ACCOUNT, "1/1")


@pytest.mark.parametrize(
    ("written", "amount"),
    [("1250.50", "1250.50"), ("1250,50", "1250.50"), ("1,250.50", "1250.50"), ("-7", "-7"), ("+.5", "0.5")],
)
def test_ofx(written: str, amount: str) -> None:
    ledger = "<LEDGERBAL><BALAMT>99.00<DTASOF>20260303</LEDGERBAL>"
    found = read_file(ofx(transaction("K1", "20260302", written, "ANA &amp; CIA", "F001-7"), balance=ledger))
    (statement,) = found.statements
    (line,) = statement.entries
    assert (found.format, statement.account, statement.currency, statement.closing) == ("ofx", "0001234567", "PEN", 99)
    assert (line.amount, line.bank_key, line.payer_name, line.texts) == (
        Decimal(amount),
        "K1",
        "ANA & CIA",
        ("F001-7", "ANA & CIA"),
    )
    assert (line.booked_on, statement.to_on) == (date(2026, 3, 2), date(2026, 3, 3))


def test_ofx_as_xml_is_read_alike() -> None:
    file = (
        b"<?xml version='1.0' encoding='UTF-8'?><?OFX OFXHEADER='200'?><OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>PEN</CURDEF>"
        b"<BANKACCTFROM><ACCTID>77</ACCTID></BANKACCTFROM><BANKTRANLIST><STMTTRN><TRNTYPE>CREDIT</TRNTYPE>"
        b"<DTPOSTED>20260302</DTPOSTED><TRNAMT>5.00</TRNAMT><FITID>K1</FITID><NAME>Ana</NAME><MEMO></MEMO></STMTTRN>"
        b"</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
    )
    (statement,) = read_file(file).statements
    assert [(line.amount, line.bank_key, line.payer_name) for line in statement.entries] == [(5, "K1", "Ana")]
    assert statement.account == "77"


def test_norma_43() -> None:
    moves = [(date(2026, 3, 2), 1250, "TRANSFERENCIA DE ANA RUIZ F001-7"), (date(2026, 3, 3), -250, "COMISION")]
    found = read_file(norma43(moves, opening=-500, closing=500))
    (statement,) = found.statements
    assert (found.format, statement.account, statement.currency) == ("norma43", "210004180200051332", "EUR")
    assert (statement.opening, statement.closing, found.warnings) == (-5, 5, ())
    assert [(line.amount, line.booked_on, line.texts) for line in statement.entries] == [
        (Decimal("12.50"), date(2026, 3, 2), ("TRANSFERENCIA DE ANA RUIZ F001-7",)),
        (Decimal("-2.50"), date(2026, 3, 3), ("COMISION",)),
    ]


def test_norma_43_is_checked_against_its_own_totals() -> None:
    move = [(date(2026, 3, 2), 1250, "X")]
    assert "differ" in read_file(norma43(move, opening=0, closing=0)).warnings[0].message
    assert read_file(norma43(move, opening=0, closing=1250, records=9)).warnings[0].details == {"said": 9, "counted": 4}
    lost = norma43([*move, (date(2026, 3, 2), 100, "Y")], opening=0, closing=1350).split(b"\r\n")
    cut = read_file(b"\r\n".join(lost[:3] + lost[5:]))
    assert len(cut.warnings) == 3  # the totals of record 33, the balance, the number of records


def _t(our_number: str, movement: str = "06") -> str:
    record = f"1040001300001T {movement}{'':20}{our_number:>20}1{'F001-7':15}02032026{8000:015}"
    return record.ljust(148) + f"{'ANA RUIZ':40}".ljust(92)


def _u(paid: int, net: int) -> str:
    return f"1040001300002U 06{0:060}{paid:015}{net:015}{0:030}0203202603032026".ljust(240)


def test_cnab_240_keeps_what_was_paid() -> None:
    head = ("10400000" + " " * 44 + "012342000000432100" + "0").ljust(143) + "02032026120000000001"
    records = [
        head,
        _t("24000000011"),
        _u(8000, 7850),
        _t("24000000012", "02"),
        _u(0, 0),
        "10499999".ljust(23) + f"{6:06}",
    ]
    found = read_file("\r\n".join(record.ljust(240) for record in records).encode())
    (line,) = found.statements[0].entries
    assert (found.format, found.warnings, line.amount, line.fees) == ("cnab240", (), Decimal("78.50"), Decimal("1.50"))
    assert (line.booked_on, line.value_on, line.payer_name) == (date(2026, 3, 2), date(2026, 3, 3), "ANA RUIZ")
    assert [*line.references] == [(Scheme.NOSSO_NUMERO, "24000000011"), (Scheme.DOCUMENT, "F001-7")]
    assert line.currency == "BRL"


def _fields(*fields: tuple[int, str]) -> str:
    record = [" "] * 400
    for start, text in fields:
        record[start - 1 : start - 1 + len(text)] = text
    return "".join(record)


@pytest.mark.parametrize(
    ("bank", "kind", "paid", "other", "our_number", "fees"),
    [
        ("001", "7", "06", "02", (64, "12345670000000001"), "0"),
        ("033", "1", "06", "02", (63, "00000001"), "0"),
        ("104", "1", "21", "02", (57, "14000000000000001"), "0"),
        ("237", "1", "06", "02", (71, "000000000971"), "0"),
        ("341", "1", "06", "02", (63, "00000001"), "1.50"),
    ],
)
def test_cnab_400_of_each_bank(
    bank: str, kind: str, paid: str, other: str, our_number: tuple[int, str], fees: str
) -> None:
    def boleto(occurrence: str, number: int) -> str:
        fee = (182, "0000150") if bank == "001" else (176, f"{150:013}")
        return _fields(
            (1, kind), our_number, (109, occurrence), (111, "020326"), (117, "F001-7"), (153, f"{8000:013}"),
            fee, (254, f"{7850:013}"), *(((306, f"{7850:013}"),) if bank == "001" else ()), (395, f"{number:06}"),
        )  # fmt: skip

    records = [
        _fields((1, "02RETORNO01COBRANCA"), (77, bank), (95, "030326"), (395, "000001")),
        boleto(paid, 2),
        boleto(other, 3),
        _fields((1, "9"), (395, "000004")),
    ]
    found = read_file("\r\n".join(records).encode())
    (line,) = found.statements[0].entries
    assert (found.format, found.warnings) == ("cnab400", ())
    assert (line.amount, line.fees, line.booked_on) == (Decimal("78.50"), Decimal(fees), date(2026, 3, 2))
    assert [*line.references] == [(Scheme.NOSSO_NUMERO, our_number[1]), (Scheme.DOCUMENT, "F001-7")]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("ES91 2100 0418 4502 0005 1332", "ES9121000418450200051332", True),
        ("210004180200051332", "ES9121000418450200051332", True),  # Norma 43 has no check digits
        ("210004180200051333", "ES9121000418450200051332", False),
        ("45050050/76198810", "76198810", True),
        ("191-1234567-0-55", "1911234567055", True),
        ("12", "3412", False),
        ("", "", False),
    ],
)
def test_one_account_written_in_two_ways(one: str, other: str, same: bool) -> None:
    assert same_account(one, other) is same_account(other, one) is same
