"""Single cells that are no amounts and no dates: codes, addresses, countries, yes and no."""

from datetime import date
from decimal import Decimal

import pytest

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
from puntual.intake.tests.files import bad_code
from puntual.kernel.sheets.cells import Cell


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
    assert bad_code(read_key(cell)) == expected


def test_text_is_one_line():
    assert read_text(" Peña\n y  Cía ") == "Peña y Cía"
    assert bad_code(read_text("#REF!")) == "cell_error"
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
    assert bad_code(read_emails(cell)) == "email_unreadable"


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
    assert bad_code(read(cell)) == expected
