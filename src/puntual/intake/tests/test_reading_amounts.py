"""Cells with amounts, and the currencies they and their headers name."""

from decimal import Decimal

import pytest

from puntual.intake.tests.files import bad_code
from puntual.kernel.sheets.amounts import AmountEvidence, read_amount, read_plain_amounts
from puntual.kernel.sheets.cells import Cell
from puntual.kernel.sheets.currencies import currency_in_header, currency_of_word
from puntual.kernel.sheets.reasons import Bad


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
    assert bad_code(read_amount(text, decimal)) == expected


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
