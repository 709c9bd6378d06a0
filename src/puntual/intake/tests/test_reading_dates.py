"""Cells with dates, and the order that a column of them proves."""

from datetime import date

import pytest

from puntual.intake.tests.files import bad_code
from puntual.kernel.sheets.cells import Cell
from puntual.kernel.sheets.dates import DateEvidence, DateOrder, read_date, readings
from puntual.kernel.sheets.reasons import Bad

DAY, MONTH, YEAR = DateOrder


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
    assert bad_code(read_date(text, order)) == expected


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
    assert bad_code(read_date("05/03/2026", None)) == "date_ambiguous"


def test_readings_offer_only_dates_that_exist():
    assert readings("31/04/2026") == Bad("date_impossible")
    assert readings("30/04/2026") == {DAY: date(2026, 4, 30)}
