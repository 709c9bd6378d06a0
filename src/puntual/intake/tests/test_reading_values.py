"""Single cells: amounts, dates, codes, addresses, yes and no."""

from datetime import date
from decimal import Decimal

import pytest

from puntual.intake.reading.amounts import AmountEvidence, read_amount, read_plain_amounts
from puntual.intake.reading.cells import Cell
from puntual.intake.reading.currencies import currency_in_header, currency_of_word
from puntual.intake.reading.dates import DateEvidence, DateOrder, read_date, readings
from puntual.intake.reading.reasons import Bad
from puntual.intake.reading.values import (
    read_country,
    read_days,
    read_document,
    read_emails,
    read_flag,
    read_key,
    read_language,
    read_list,
    read_phone,
    read_text,
)

DAY, MONTH, YEAR = DateOrder


def code(value):
    assert isinstance(value, Bad), value
    return value.code


@pytest.mark.parametrize(
    ("text", "decimal", "amount", "currency"),
    [
        ("1234.5", ".", "1234.5", ""),
        ("1,234.50", ".", "1234.50", ""),
        ("1.234,50", ",", "1234.50", ""),
        ("1 234,50", ",", "1234.50", ""),
        ("1\u00a0234\u00a0567,5", ",", "1234567.5", ""),
        ("1\u202f234.5", ".", "1234.5", ""),
        ("1'234'567.80", ".", "1234567.80", ""),
        ("1’234.80", ".", "1234.80", ""),
        ("12,34,567.00", ".", "1234567.00", ""),
        ("1.234", ".", "1.234", ""),
        ("1.234", ",", "1234", ""),
        ("1,234", ".", "1234", ""),
        ("S/ 1,234.50", ".", "1234.50", "PEN"),
        ("S/.1,234.50", ".", "1234.50", "PEN"),
        ("US$ 10.00", ".", "10.00", "USD"),
        ("$10", ".", "10", "$"),
        ("$ 1,234.00 MXN", ".", "1234.00", "MXN"),
        ("10,00 €", ",", "10.00", "EUR"),
        ("R$ 1.234,56", ",", "1234.56", "BRL"),
        ("PEN 5", ".", "5", "PEN"),
        ("5 usd", ".", "5", "USD"),
        ("(1,234.50)", ".", "-1234.50", ""),
        ("($1,234.50)", ".", "-1234.50", "$"),
        ("S/ (10)", ".", "-10", "PEN"),
        ("1234.50-", ".", "-1234.50", ""),
        ("-S/ 10", ".", "-10", "PEN"),
        ("S/ -10", ".", "-10", "PEN"),
        ("\u22121.234,5", ",", "-1234.5", ""),
        ("–5", ".", "-5", ""),
        ("+5", ".", "5", ""),
        ("-", ".", "0", ""),
        ("S/ -   ", ".", "0", "PEN"),
        (".5", ".", "0.5", ""),
        ("5.", ".", "5", ""),
        ("007", ".", "7", ""),
    ],
)
def test_an_amount_is_read(text, decimal, amount, currency):
    found = read_amount(text, decimal)
    assert found == (Decimal(amount), currency)


@pytest.mark.parametrize(
    ("text", "decimal", "expected"),
    [
        ("1.234,50", ".", "amount_decimal"),
        ("1,234.50", ",", "amount_decimal"),
        ("12.5", ",", "amount_decimal"),
        ("0,123", ".", "amount_decimal"),
        ("1,23,45", ".", "amount_unreadable"),
        ("1.234.56", ",", "amount_unreadable"),
        ("1,234.567.890", ".", "amount_unreadable"),
        ("18%", ".", "amount_percent"),
        ("18 %", ",", "amount_percent"),
        ("1.93E+05", ".", "amount_scientific"),
        ("abc", ".", "amount_unreadable"),
        ("12 PEN USD", ".", "amount_unreadable"),
        ("S/ 5 USD", ".", "amount_unreadable"),
        ("(5", ".", "amount_unreadable"),
        ("-(5)", ".", "amount_unreadable"),
        ("-5-", ".", "amount_unreadable"),
        ("1_000", ".", "amount_unreadable"),
        ("NaN", ".", "amount_unreadable"),
        ("Infinity", ".", "amount_unreadable"),
        ("10 CR", ".", "amount_unreadable"),
        ("$.50.", ".", "amount_unreadable"),
        ("2026-03-04", ".", "amount_unreadable"),
        ("1" * 16, ".", "amount_too_large"),
        ("1" * 100_000, ".", "amount_unreadable"),
        (" ." * 50_000, ".", "amount_unreadable"),
    ],
)
def test_what_is_no_amount_says_why(text, decimal, expected):
    assert code(read_amount(text, decimal)) == expected


@pytest.mark.parametrize("decimal", [".", ","])
def test_the_fast_way_reads_what_the_careful_one_reads(decimal):
    cells = ["12", "-3", "12.5", "12,5", "1.234", "1,234", "", "  ", "x", "1.234,5", "0.12345", "1" * 16, "٣"]
    careful = [None if not cell.strip() else read_amount(cell, decimal) for cell in cells]
    expected = [cell if isinstance(cell, Bad | None) else cell.amount for cell in careful]
    assert read_plain_amounts(cells, decimal) == expected


@pytest.mark.parametrize(
    ("cells", "possible"),
    [
        (["1", "20", "300"], ()),
        (["1.5"], (".",)),
        (["1.234", "1.5"], (".",)),
        (["1,234.50", "1,234"], (".",)),
        (["1.234"], (".", ",")),
        (["1,234", "5,678", "-"], (".", ",")),
        (["1.234", "1.234.567"], (",",)),
        (["0.123"], (".",)),
        (["1234.567"], (".",)),
        (["1'234.567"], (".",)),
        (["1,23,456"], (".",)),
        (["S/ 1.234,5"], (",",)),
        (["1.5", "1,5"], (".", ",")),
        (["1.5"] * 20 + ["1,5"], (".",)),
        (["x", "y%"], ()),
    ],
)
def test_a_column_of_amounts_proves_its_decimal_sign(cells, possible):
    evidence = AmountEvidence()
    evidence.add(cells)
    assert evidence.possible() == possible


def test_a_number_of_a_workbook_proves_nothing_about_the_text_beside_it():
    evidence = AmountEvidence()
    evidence.add([Cell("1.5", Decimal("1.5")), "1.234"])
    assert evidence.possible() == (".", ",")


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("2026-03-04", DAY, (2026, 3, 4)),
        ("2026/03/04", MONTH, (2026, 3, 4)),
        ("2026-03-04T23:10:00Z", DAY, (2026, 3, 4)),
        ("2026-03-04 00:00:00.000", DAY, (2026, 3, 4)),
        ("04/03/2026", DAY, (2026, 3, 4)),
        ("04/03/2026", MONTH, (2026, 4, 3)),
        ("4.3.2026", DAY, (2026, 3, 4)),
        ("4-3-26", DAY, (2026, 3, 4)),
        ("26-03-04", YEAR, (2026, 3, 4)),
        ("3/4/2026 12:00:00 AM", MONTH, (2026, 3, 4)),
        ("04/03/2026 10:20 a. m.", DAY, (2026, 3, 4)),
        ("04/03/99", DAY, (1999, 3, 4)),
        ("20260304", DAY, (2026, 3, 4)),
        ("20260304.0", DAY, (2026, 3, 4)),
        ("04032026", DAY, (2026, 3, 4)),
        ("04032026", MONTH, (2026, 4, 3)),
        ("46085", DAY, (2026, 3, 4)),
        ("46085.75", DAY, (2026, 3, 4)),
        ("4-mar-2026", MONTH, (2026, 3, 4)),
        ("04/Mar/26", DAY, (2026, 3, 4)),
        ("4 de marzo de 2026", DAY, (2026, 3, 4)),
        ("4 de março de 2026", DAY, (2026, 3, 4)),
        ("miércoles, 4 de marzo de 2026", DAY, (2026, 3, 4)),
        ("mar 3 mar 2026", DAY, (2026, 3, 3)),
        ("March 4, 2026", DAY, (2026, 3, 4)),
        ("4th March 2026 10:20", MONTH, (2026, 3, 4)),
        ("1º de setembro de 2026", DAY, (2026, 9, 1)),
        ("4 set. 2026", DAY, (2026, 9, 4)),
        ("4 sept 2026", DAY, (2026, 9, 4)),
        ("4 dez 2026", DAY, (2026, 12, 4)),
        ("4 dic 2026", DAY, (2026, 12, 4)),
        ("29/02/2024", DAY, (2024, 2, 29)),
    ],
)
def test_a_date_is_read(text, order, expected):
    assert read_date(text, order) == date(*expected)


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("05:23.4", DAY, "date_destroyed"),
        ("23:59:59", DAY, "date_destroyed"),
        ("######", DAY, "date_destroyed"),
        ("25/03/2026", MONTH, "date_not_month-first"),
        ("03/25/2026", DAY, "date_not_day-first"),
        ("31/02/2026", DAY, "date_impossible"),
        ("29/02/2026", DAY, "date_impossible"),
        ("2026-02-30", DAY, "date_impossible"),
        ("2026-13-04", DAY, "date_impossible"),
        ("31 de febrero de 2026", DAY, "date_impossible"),
        ("0026-03-04", DAY, "date_range"),
        ("04/03/3026", DAY, "date_range"),
        ("12345", DAY, "date_range"),
        ("04/03", DAY, "date_unreadable"),
        ("marzo 2026", DAY, "date_unreadable"),
        ("pendiente", DAY, "date_unreadable"),
        ("4/3-2026", DAY, "date_unreadable"),
        ("4/3/226", DAY, "date_unreadable"),
        ("1" * 100_000, DAY, "date_unreadable"),
        ("1 " * 50_000, DAY, "date_unreadable"),
        ("99999999", DAY, "date_unreadable"),
    ],
)
def test_what_is_no_date_says_why(text, order, expected):
    assert code(read_date(text, order)) == expected


@pytest.mark.parametrize(
    ("cells", "possible"),
    [
        (["2026-03-04", "4 mar 2026", ""], ()),
        (["05/05/2026"], ()),
        (["25/03/2026", "03/25/2026"], ()),  # each can be read in one way only
        (["01/02/2026"], (DAY, MONTH)),
        (["01/02/2026", "13/02/2026"], (DAY,)),
        (["01/02/2026", "02/13/2026"], (MONTH,)),
        (["01/02/2026", "13/02/2026", "02/13/2026"], (DAY, MONTH)),
        (["01/02/2026"] + ["13/02/2026"] * 20 + ["02/13/2026"], (DAY,)),
        (["15/03/26"], (DAY, YEAR)),
        (["15/03/26", "28/04/26", "05/05/26"], (DAY,)),  # else from 2005 to 2028
        (["26/03/15", "26/04/28", "26/05/05"], (YEAR,)),
        (["05/03/99"], (DAY, MONTH)),
        (["01022026", "13022026"], (DAY,)),
        (["no date"], ()),
    ],
)
def test_a_column_of_dates_proves_its_order(cells, possible):
    evidence = DateEvidence()
    for cell in cells:  # as if each came in a block of its own
        evidence.add([cell])
    assert evidence.possible() == possible


def test_dates_half_converted_by_a_spreadsheet_program_are_noticed():
    evidence = DateEvidence()
    evidence.add([Cell("2026-05-03", date(2026, 5, 3)), Cell("2026-01-12", date(2026, 1, 12)), "25/03/2026"])
    assert evidence.possible() == (DAY,)
    assert evidence.half_converted


def test_without_an_order_only_a_date_that_needs_none_is_read():
    assert read_date("25/03/2026", None) == date(2026, 3, 25)
    assert read_date("05/05/2026", None) == date(2026, 5, 5)
    assert code(read_date("05/03/2026", None)) == "date_ambiguous"


def test_readings_offer_only_dates_that_exist():
    assert readings("31/04/2026") == Bad("date_impossible")
    assert readings("30/04/2026") == {DAY: date(2026, 4, 30)}


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (" F001-  000123 ", "F001- 000123"),
        ("000123", "000123"),
        ('="00123"', "00123"),
        ("1930438491.0", "1930438491"),
        ("1E5", "1E5"),
        ("12E34", "12E34"),
        (Cell("123", Decimal(123)), "123"),
        ("", ""),
    ],
)
def test_a_code_keeps_every_character(cell, expected):
    assert read_key(cell) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1.930438e+09", "key_scientific"),
        ("1,93E+09", "key_scientific"),
        ("1E+05", "key_scientific"),
        ("1.9E9", "key_scientific"),
        (Cell("2026-05-01", date(2026, 5, 1)), "key_date"),
        ("#N/A", "cell_error"),
        ("#¡VALOR!", "cell_error"),
    ],
)
def test_a_destroyed_code_is_refused(cell, expected):
    assert code(read_key(cell)) == expected


def test_text_is_one_line():
    assert read_text(" Peña\n y  Cía ") == "Peña y Cía"
    assert code(read_text("#REF!")) == "cell_error"
    assert read_text("# 5, Calle") == "# 5, Calle"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("a@B.com", ("a@b.com",)),
        ("a@b.com; c@d.pe", ("a@b.com", "c@d.pe")),
        ("a@b.com / a@b.com", ("a@b.com",)),
        ("Ana Ríos <ana@b.com>", ("ana@b.com",)),
        ("", ()),
    ],
)
def test_addresses(cell, expected):
    assert read_emails(cell) == expected


@pytest.mark.parametrize("cell", ["no tiene", "a@b", "a@b.com;x@"])
def test_what_is_no_address(cell):
    assert code(read_emails(cell)) == "email_unreadable"


@pytest.mark.parametrize(
    ("read", "cell", "expected"),
    [
        (read_country, "Perú", "PE"),
        (read_country, "pe", "PE"),
        (read_country, "PER", "PE"),
        (read_country, "Brasil", "BR"),
        (read_country, "Brazil", "BR"),
        (read_country, "España", "ES"),
        (read_country, "United States", "US"),
        (read_country, "Estados Unidos", "US"),
        (read_country, "", ""),
        (read_language, "Español", "es"),
        (read_language, "pt-BR", "pt"),
        (read_language, "English", "en"),
        (read_flag, "Sí", True),
        (read_flag, "Yes", True),
        (read_flag, "sim", True),
        (read_flag, "Não", False),
        (read_flag, "NO", False),
        (read_flag, "", False),
        (read_flag, "-", False),
        (read_days, "30", 30),
        (read_days, "30 días", 30),
        (read_days, "Net 45", 45),
        (read_days, "60d", 60),
        (read_days, "Contado", 0),
        (read_days, "À vista", 0),
        (read_days, "", None),
        (read_document, "Nota de crédito electrónica", True),
        (read_document, "NC", True),
        (read_document, "07", True),
        (read_document, "Factura", False),
        (read_document, "01", False),
        (read_list, "F001-1, F001-2;F001-1", ("F001-1", "F001-2")),
        (read_phone, "+51 999 888 777", "+51 999 888 777"),
        (read_phone, "999888777.0", "999888777"),
    ],
)
def test_other_values(read, cell, expected):
    assert read(cell) == expected


@pytest.mark.parametrize(
    ("read", "cell", "expected"),
    [
        (read_country, "391", "country_unknown"),
        (read_language, "klingon", "language_unknown"),
        (read_flag, "quizás", "flag_unreadable"),
        (read_days, "NAH4", "days_unreadable"),
        (read_days, "30/60", "days_unreadable"),
        (read_days, "-30", "days_unreadable"),
        (read_phone, "no tiene", "phone_unreadable"),
        (read_phone, "5.199E+10", "phone_unreadable"),
        (read_list, "1.93E+09", "key_scientific"),
    ],
)
def test_other_values_that_cannot_be_read(read, cell, expected):
    assert code(read(cell)) == expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Importe (S/)", ("PEN", "Importe")),
        ("Saldo US$", ("USD", "Saldo")),
        ("Monto en dólares", ("USD", "Monto en")),
        ("Total [PEN]", ("PEN", "Total")),
        ("Valor R$", ("BRL", "Valor")),
        ("Total", ("", "Total")),
        ("TOP ALL", ("", "TOP ALL")),
    ],
)
def test_a_header_can_tell_the_currency(header, expected):
    assert currency_in_header(header) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [("pen", "PEN"), ("Soles", "PEN"), ("Dólares americanos", "USD"), ("$", "$"), ("MN", "local"), ("yyy", None)],
)
def test_a_currency_is_recognized(word, expected):
    assert currency_of_word(word) == expected
