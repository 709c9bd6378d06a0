"""Reports as people and programs get them."""

import csv
import io
import json
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from babel import Locale
from django.utils import translation

from puntual.analytics import exports, reports
from puntual.analytics.tests.conftest import MARCH, Portfolio, customer, invoice, pay
from puntual.kernel.problems import Problem

DAY = date(2026, 9, 2)
LIMA = Locale.parse("es_PE")


@pytest.fixture
def formula(portfolio: Portfolio) -> None:
    """A customer whose name would run in a spreadsheet, and whose code is a number with a sign."""
    sly = customer(portfolio.by(MARCH), portfolio.main, "+51-900", "=HYPERLINK(1)")
    invoice(portfolio.by(date(2026, 8, 1)), sly, "F9", date(2026, 8, 1), (15, "12345678.90"))


def aging(portfolio: Portfolio, **options) -> reports.Report:
    return reports.build("aging", portfolio.organization_id, DAY, **options)


def text(write, report, *more) -> str:
    out = io.StringIO(newline="")
    write(report, out, *more)
    return out.getvalue()


def test_json_is_the_stable_object(portfolio: Portfolio) -> None:
    found = json.loads(text(exports.write_json, aging(portfolio)))
    assert found["as_of"] == "2026-09-02"
    assert found["buckets"] == ["current", "1-30", "31-60", "61-90", "91+"]
    assert found["totals"]["CLP"] == {
        "current": "0",
        "1-30": "0",
        "31-60": "0",
        "61-90": "0",
        "91+": "0",
        "total": "0",
        "unapplied_credit": "30000",
    }
    assert found["totals"]["USD"]["91+"] == found["totals"]["USD"]["total"] == "900.00"
    assert found["counts"]["USD"] == {"current": 0, "1-30": 0, "31-60": 0, "61-90": 0, "91+": 1, "total": 1}
    ana = next(row for row in found["customers"] if row["currency"] == "USD")
    assert ana == {
        "creditor": "main",
        "code": "001",
        "name": "Ñandú Textiles S.A.C.",
        "currency": "USD",
        "current": "0.00",
        "1-30": "0.00",
        "31-60": "0.00",
        "61-90": "0.00",
        "91+": "900.00",
        "total": "900.00",
        "unapplied_credit": "0.00",
    }
    for currency, totals in found["totals"].items():
        for key, total in totals.items():
            rows = [Decimal(row[key]) for row in found["customers"] if row["currency"] == currency]
            assert sum(rows) == Decimal(total), (currency, key)


def test_known_on_is_said(portfolio: Portfolio) -> None:
    found = json.loads(text(exports.write_json, aging(portfolio, known_on=date(2026, 5, 10))))
    assert found["known_on"] == "2026-05-10"
    assert "2026-05-10" in found["basis"] and "2026-09-02" in found["basis"]


def test_csv_keeps_its_columns_and_disarms_formulas(portfolio: Portfolio, formula: None) -> None:
    with translation.override("es"):
        lines = list(csv.DictReader(io.StringIO(text(exports.write_csv, aging(portfolio)), newline="")))
    assert list(lines[0]) == [
        *("creditor", "code", "name", "currency"),
        *("current", "1-30", "31-60", "61-90", "91+", "total", "unapplied_credit"),
    ]
    sly = next(line for line in lines if line["code"] == "+51-900")
    assert sly["name"] == "'=HYPERLINK(1)"
    assert sly["1-30"] == "12345678.90"


def test_the_table_is_aligned_and_speaks_the_readers_language(portfolio: Portfolio, formula: None) -> None:
    with translation.override("es"):
        lines = text(exports.write_table, aging(portfolio), LIMA).splitlines()
    assert lines[0] == "Antigüedad de saldos"
    assert "2026-09-02" in lines[1] and "vencimiento" in lines[1]
    sly = next(line for line in lines if "HYPERLINK" in line)
    assert "12,345,678.90" in sly
    total = next(line for line in lines if line.split()[:2] == ["Total", "PEN"])
    end = sly.index("12,345,678.90") + len("12,345,678.90")
    assert total[end - 3] == "." and total[end : end + 1] in {" ", ""}


def test_the_workbook_holds_numbers(portfolio: Portfolio, formula: None) -> None:
    out = io.BytesIO()
    exports.write_xlsx(aging(portfolio), out)
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["CLP", "EUR", "PEN", "USD"]
    sheet = book["PEN"]
    assert sheet.freeze_panes == "A5"
    header = [cell.value for cell in sheet[4]]
    assert header[:3] == ["Acreedor", "Código", "Cliente"] and header[-2:] == ["Total", "Crédito sin aplicar"]
    rows = {row[1].value: row for row in sheet.iter_rows(min_row=5) if row[1].value}
    assert rows["+51-900"][4].value == 12345678.90
    assert rows["+51-900"][4].number_format == "#,##0.00"
    assert rows["+51-900"][2].data_type == "s"
    last = [cell.value for cell in sheet[sheet.max_row]]
    assert last[2] == "Total"
    assert last[-2] == pytest.approx(sum(row[-2].value for row in rows.values()))
    assert book["CLP"]["H5"].number_format == "#,##0"


def test_nothing_owed_is_a_report_too(cast) -> None:
    with reports.snapshot(cast.other_organization.id):
        report = reports.build("aging", cast.other_organization.id, DAY)
        assert json.loads(text(exports.write_json, report))["customers"] == []
        out = io.BytesIO()
        exports.write_xlsx(reports.build("aging", cast.other_organization.id, DAY), out)
        assert len(openpyxl.load_workbook(out).sheetnames) == 1
        assert "Total" in text(exports.write_table, reports.build("aging", cast.other_organization.id, DAY), LIMA)


def test_the_creditor_is_shown_where_there_are_several(acting) -> None:
    """The sheet of an organization with one creditor does not repeat its name."""
    from puntual.parties.actions import create_creditor

    by = acting.actor(today=DAY)
    only = create_creditor(by, code="main", name="Sembria", country="PE", currency="PEN", language="es")
    pay(by, customer(by, only, "7", "Ana"), "P1", DAY, "10.00")
    table = text(exports.write_table, reports.build("aging", acting.id, DAY), LIMA)
    assert "main" not in table and "Ana" in table
    assert "main" in text(exports.write_csv, reports.build("aging", acting.id, DAY))


def test_an_unknown_report_names_the_known_ones(cast) -> None:
    with pytest.raises(Problem, match="aging"):
        reports.build("agign", cast.id, DAY)
