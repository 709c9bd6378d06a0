"""What always holds: what was written in any format is read back equal or asked about, and no line is ever lost."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from puntual.intake.reading.fields import Kind
from puntual.intake.reading.mapping import Mapping
from puntual.intake.reading.propose import propose
from puntual.intake.reading.read import read_chunks
from puntual.kernel.problems import Problem
from puntual.kernel.sheets.dates import DateOrder
from puntual.kernel.sheets.tables import open_table

MONTHS = {
    language: names.split()
    for language, names in {
        "es": "enero febrero marzo abril mayo junio julio agosto setiembre octubre noviembre diciembre",
        "en": "January February March April May June July August September October November December",
        "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    }.items()
}
DAY, MONTH, YEAR = DateOrder
quick = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@st.composite
def date_formats(draw):
    """(the order that reads it, or None where none is needed; how to write a date)"""
    separator = draw(st.sampled_from("/-."))
    padded = draw(st.booleans())
    clock = draw(st.sampled_from(["", " 00:00:00", " 10:20", "T23:59:59Z"]))
    name = draw(st.sampled_from(["long", "short", "iso", "compact", "compact day", "serial", "words", "abbreviated"]))
    order = draw(st.sampled_from(DateOrder))
    language = draw(st.sampled_from(sorted(MONTHS)))

    def write(when):
        day, month = (f"{when:%d}", f"{when:%m}") if padded else (str(when.day), str(when.month))
        year = f"{when:%Y}" if name == "long" else f"{when:%y}"
        if name in ("long", "short"):
            parts = {DAY: (day, month, year), MONTH: (month, day, year), YEAR: (year, month, day)}[order]
            return separator.join(parts) + clock
        month_name = MONTHS[language][when.month - 1]
        return {
            "iso": f"{when:%Y-%m-%d}{clock}",
            "compact": f"{when:%Y%m%d}",
            "compact day": f"{when:%d%m%Y}" if order is DAY else f"{when:%m%d%Y}",
            "serial": str((when - date(1899, 12, 30)).days),
            "words": f"{when.day} de {month_name} de {when.year}",
            "abbreviated": f"{when.day:02d}-{month_name[:3]}-{when:%y}",
        }[name]

    if name == "compact day":
        return DAY if order is DAY else MONTH, write
    return order if name in ("long", "short") else None, write


@st.composite
def amount_formats(draw):
    """(the decimal sign, how to write an amount)"""
    decimal = draw(st.sampled_from(".,"))
    group = draw(st.sampled_from(["", "," if decimal == "." else ".", " ", "\u00a0", "'", "’"]))
    places = draw(st.sampled_from([2, 0, None]))  # None: as few as the amount needs
    negative = draw(st.sampled_from(["-{}", "({})", "{}-", "−{}"]))
    sign = draw(st.sampled_from(["{}", "S/ {}", "S/{}", "{} PEN"]))

    def write(amount):
        digits = f"{abs(amount):,.2f}"
        if places == 0:
            digits = digits[:-3]
        elif places is None:
            digits = digits.rstrip("0").rstrip(".")
        text = digits.replace(",", "\0").replace(".", decimal).replace("\0", group)
        return (negative if amount < 0 else "{}").format(sign.format(text))

    return decimal, places == 0, write


@st.composite
def portfolios(draw):
    start = draw(st.dates(date(2016, 1, 1), date(2028, 1, 1)))
    return [
        (
            f"F{number}",
            issued := start + timedelta(draw(st.integers(0, 700))),
            issued + timedelta(draw(st.integers(0, 120))),
            draw(st.integers(1000, 10**6) | st.integers(-(10**8), 10**9).filter(bool)),
        )
        for number in range(draw(st.integers(1, 2) | st.integers(1, 12)))
    ]


def read_back(path, given=None):
    """The rows, or None with the open questions."""
    table = open_table(path)
    proposal = propose(table, Kind.INVOICES, currency="PEN", given=given)
    if proposal.questions:
        return None, {question.option for question in proposal.questions}
    chunks = list(read_chunks(table, proposal))
    assert [reject for chunk in chunks for reject in (*chunk.rejects, *chunk.skipped)] == []
    return [
        (row.number, row.issue_date, row.due_date, -row.amount if row.credit_note else row.amount)
        for chunk in chunks
        for row in chunk.rows
    ], set()


@quick
@given(
    portfolios(),
    date_formats(),
    amount_formats(),
    st.sampled_from(";\t,|"),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
)
def test_what_was_written_in_any_format_is_read_back_or_asked_about(
    tmp_path, rows, dates, amounts, delimiter, encoding
):
    order, write_date = dates
    decimal, whole, write_amount = amounts
    truth = [
        (number, issued, due, Decimal(cents) if whole else Decimal(cents).scaleb(-2))
        for number, issued, due, cents in rows
    ]
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(["Cliente", "Número", "Emisión", "Vencimiento", "Importe"])
    for number, issued, due, amount in truth:
        writer.writerow(["Peña", number, write_date(issued), write_date(due), write_amount(amount)])
    path = tmp_path / "file.csv"
    path.write_bytes(text.getvalue().encode(encoding, "replace").replace(b"?", b"-"))
    found, questions = read_back(path)
    if found is None:
        assert questions <= {"date_order", "decimal"}
        assert order or "date_order" not in questions
        found, questions = read_back(path, Mapping(date_order=order, decimal=decimal))
    assert (found, questions) == (truth, set())


@settings(quick, max_examples=25)
@given(portfolios(), date_formats(), amount_formats(), st.lists(st.booleans(), min_size=12, max_size=12))
def test_a_workbook_may_mix_text_with_dates_and_numbers(tmp_path, rows, dates, amounts, typed):
    order, write_date = dates
    decimal, whole, write_amount = amounts
    path = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(path)
    day = book.add_format({"num_format": "d/m/yy"})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["Cliente", "Número", "Emisión", "Vencimiento", "Importe"])
    truth = [
        (number, issued, due, Decimal(cents) if whole else Decimal(cents).scaleb(-2))
        for number, issued, due, cents in rows
    ]
    for line, ((number, issued, due, amount), as_typed) in enumerate(zip(truth, typed, strict=False), 1):
        sheet.write_row(line, 0, ["Peña", number, write_date(issued), write_date(due), write_amount(amount)])
        if as_typed:
            sheet.write_datetime(line, 2, issued, day)
            sheet.write_datetime(line, 3, due, day)
            sheet.write_number(line, 4, float(amount))
    book.close()
    found, questions = read_back(path)
    if found is None:
        assert questions <= {"date_order", "decimal"}
        found, _ = read_back(path, Mapping(date_order=order, decimal=decimal))
    assert found == truth


@settings(quick, max_examples=150)
@given(
    st.lists(st.text(st.sampled_from('ab1;;,""\n\r\t \'=#ñ'), max_size=25), min_size=1, max_size=12),
    st.sampled_from(["utf-8", "cp1252", "utf-16"]),
    st.integers(1, 5),
)
def test_no_line_is_ever_lost(tmp_path, lines, encoding, size):
    marked = [f"<{number}>;{line};<{number}." for number, line in enumerate(lines)]
    path = tmp_path / "file.csv"
    path.write_bytes(("Cliente;Número;Vencimiento;Importe\n" + "\n".join(marked)).encode(encoding))
    table = open_table(path)
    given = Mapping(date_order=DAY, decimal=".", currency="PEN", dollar="USD")
    proposal = propose(table, Kind.INVOICES, given=given)
    kept = "".join(
        "\n".join(entry.cells)
        for chunk in read_chunks(table, proposal, size=size)
        for entry in (*chunk.rejects, *chunk.skipped)
    )
    assert all(f"<{number}>" in kept for number in range(len(lines)))


@settings(quick, max_examples=80)
@given(st.one_of(st.binary(max_size=400), st.text(max_size=300).map(str.encode)), st.sampled_from(Kind))
def test_any_file_is_read_or_answered_with_a_sentence(tmp_path, content, kind):
    path = tmp_path / "file.csv"
    for prefix in (b"", b"Cliente;Saldo;Importe;Fecha;Factura\n"):
        path.write_bytes(prefix + content)
        try:
            table = open_table(path)
            for _ in read_chunks(table, propose(table, kind, currency="PEN")):
                pass
        except Problem as problem:
            assert "{" not in problem.text()
