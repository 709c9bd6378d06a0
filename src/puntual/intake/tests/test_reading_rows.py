"""Rows: what they must have, what follows from what, and what is refused with line, column, value and reason."""

from datetime import date
from decimal import Decimal

import openpyxl
import pytest
import xlsxwriter

from puntual.intake.reading import rejects as refused
from puntual.intake.reading.fields import Kind
from puntual.intake.reading.mapping import Mapping
from puntual.intake.reading.propose import propose
from puntual.intake.reading.read import read_chunks, read_rows
from puntual.intake.reading.rows import BalanceRow, CustomerRow, InvoiceRow, PaymentRow
from puntual.kernel.sheets.reasons import REFUSED, REMARKED, SKIPPED, Reject, sentence
from puntual.kernel.sheets.tables import open_table

HEADER = (
    "Código;Cliente;RUC;Correo;Número;Emisión;Vencimiento;Días de crédito;Moneda;Importe;Saldo;Fecha de pago;Pagado"
    ";Observada;Glosa"
)


@pytest.fixture
def opened(tmp_path):
    def opened(text, kind=Kind.INVOICES, currency="PEN", given=None):
        path = tmp_path / "file.csv"
        path.write_text(text)
        table = open_table(path)
        return table, propose(table, kind, currency=currency, given=given)

    return opened


@pytest.fixture
def read(opened):
    def read(*args, **kwargs):
        table, proposal = opened(*args, **kwargs)
        chunks = list(read_chunks(table, proposal))
        return {
            name: [entry for chunk in chunks for entry in getattr(chunk, name)]
            for name in ("rows", "rejects", "skipped", "remarks")
        }

    return read


def invoice(**values):
    """A line of HEADER; what is not given is a good invoice of 100."""
    row = {
        "Código": "C1", "Cliente": "Ana", "Número": "F001-1", "Emisión": "2026-01-15", "Vencimiento": "2026-02-14",
        "Moneda": "PEN", "Importe": "100.00", **values,
    }  # fmt: skip
    return ";".join(row.get(name, "") for name in HEADER.split(";"))


def faults(found):
    return [
        (reject.line, fault.column, fault.value, fault.code) for reject in found["rejects"] for fault in reject.faults
    ]


def test_an_invoice_in_full(read):
    text = f"{HEADER}\n" + invoice(
        RUC="20100070970",
        Correo="a@B.com, c@d.pe",
        Saldo="40.50",
        Observada="Sí",
        Glosa=" Marzo ",
        **{"Días de crédito": "30"},
    )
    assert read(text)["rows"] == [
        InvoiceRow(
            line=2, creditor="", customer_code="C1", customer_name="Ana", customer_tax_id="20100070970",
            customer_emails=("a@b.com", "c@d.pe"), customer_phone="", customer_country="", number="F001-1",
            issue_date=date(2026, 1, 15), due_date=date(2026, 2, 14), terms_days=30, currency="PEN",
            amount=Decimal("100"), open_amount=Decimal("40.5"), paid_on=None, paid_amount=None, disputed=True,
            description="Marzo", credit_note=False,
        )
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "balance", "paid_on", "paid", "expected"),
    [
        ("100", "", "", "", (100, 100, None, False)),
        ("", "100", "", "", (100, 100, None, False)),
        ("100", "0", "", "", (100, 0, None, False)),
        ("100", "30", "", "", (100, 30, None, False)),
        ("100", "", "2026-03-01", "", (100, 0, 100, False)),
        ("", "100", "2026-03-01", "", (100, 0, 100, False)),
        ("100", "30", "2026-03-01", "", (100, 30, 70, False)),
        ("100", "", "2026-03-01", "60", (100, 40, 60, False)),
        ("100", "35", "2026-03-01", "60", (100, 35, 60, False)),
        ("100", "", "2026-03-01", "110", (100, 0, 110, False)),
        ("100", "", "", "60", (100, 40, 60, False)),
        ("100", "100", "", "0", (100, 100, None, False)),
        ("-100", "", "", "", (100, 100, None, True)),
        ("(100)", "-30", "", "", (100, 30, None, True)),
        ("", "-30", "", "", (30, 30, None, True)),
        ("-100", "", "2026-03-01", "-100", (100, 0, 100, True)),
    ],
)
def test_amounts_follow_from_each_other(read, amount, balance, paid_on, paid, expected):
    line = invoice(Importe=amount, Saldo=balance, Pagado=paid, **{"Fecha de pago": paid_on})
    other = invoice(Número="F001-2", Importe="5.10", Saldo="5.10", Pagado="2.10")
    row = read(f"{HEADER}\n{line}\n{other}")["rows"][0]
    assert (row.amount, row.open_amount, row.paid_amount, row.credit_note) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"Código": "", "Cliente": " "}, ("", "", "missing_customer")),
        ({"Número": ""}, ("Número", "", "missing")),
        ({"Importe": ""}, ("Importe", "", "missing_amount")),
        ({"Vencimiento": "", "Emisión": ""}, ("Vencimiento", "", "missing_due_date")),
        ({"Vencimiento": "05:23.4"}, ("Vencimiento", "05:23.4", "date_destroyed")),
        ({"Vencimiento": "2026-02-30"}, ("Vencimiento", "2026-02-30", "date_impossible")),
        ({"Vencimiento": "pronto"}, ("Vencimiento", "pronto", "date_unreadable")),
        ({"Vencimiento": "2026-01-14"}, ("Vencimiento", "2026-01-14", "date_due_before_issue")),
        ({"Número": "1.930438e+09"}, ("Número", "1.930438e+09", "key_scientific")),
        ({"Código": "1,93E+09"}, ("Código", "1,93E+09", "key_scientific")),
        ({"Número": "x" * 81}, ("Número", "x" * 81, "cell_too_long")),
        ({"Importe": "18%"}, ("Importe", "18%", "amount_percent")),
        ({"Importe": "cien"}, ("Importe", "cien", "amount_unreadable")),
        ({"Importe": "10.123"}, ("Importe", "10.123", "amount_too_fine")),
        ({"Importe": "S/ 10"}, None),
        ({"Importe": "US$ 10"}, ("", "", "currency_conflict")),
        ({"Saldo": "100.01"}, ("Saldo", "100.01", "amount_open_exceeds")),
        ({"Saldo": "-1"}, ("Saldo", "-1", "amount_signs")),
        ({"Saldo": "100", "Fecha de pago": "2026-03-01"}, ("Saldo", "100", "amount_open_after_paid")),
        ({"Moneda": "XYZ"}, ("Moneda", "XYZ", "currency_unknown")),
        ({"Moneda": ""}, None),
        ({"Observada": "quizás"}, ("Observada", "quizás", "flag_unreadable")),
        ({"Cliente": "#N/A"}, ("Cliente", "#N/A", "cell_error")),
    ],
)
def test_a_row_that_cannot_be_is_refused_where_it_is_wrong(read, values, expected):
    good = [invoice(Número=f"F001-{n}", Importe="5.50", Saldo="5.50", **{"Fecha de pago": ""}) for n in (2, 3, 4, 5, 6)]
    found = read("\n".join([HEADER, *good[:3], invoice(**values), *good[3:]]))
    assert [(line, *rest) for line, *rest in faults(found)] == ([(5, *expected)] if expected else [])
    assert len(found["rows"]) == (5 if expected else 6)


def test_every_unreadable_cell_of_a_row_is_told_at_once(read):
    found = read(f"{HEADER}\n{invoice(Importe='cien', Vencimiento='pronto', Número='1.9E+10')}\n{invoice()}")
    assert {(column, code) for _, column, _, code in faults(found)} == {
        ("Importe", "amount_unreadable"), ("Vencimiento", "date_unreadable"), ("Número", "key_scientific"),
    }  # fmt: skip
    assert len(found["rejects"]) == 1


def test_a_due_date_comes_from_terms(read):
    terms = {"Vencimiento": "", "Días de crédito": "30 días"}
    lines = [invoice(**terms), invoice(Número="2", Vencimiento="")]
    assert read("\n".join([HEADER, *lines]))["rows"][0].due_date == date(2026, 2, 14)
    found = read("\n".join([HEADER, *lines]), given=Mapping(terms_days=10))
    assert [row.due_date for row in found["rows"]] == [date(2026, 2, 14), date(2026, 1, 25)]


def test_what_a_row_can_do_without_is_a_remark(read):
    header = "Cliente;Correo;Teléfono;País;Número;Vencimiento;Importe;Glosa"
    lines = [f"Ana;a@b.pe;999 888 777;Perú;{n};2026-02-14;10;ok" for n in range(5)]
    lines.append(f"Ana;no tiene;-;Narnia;9;2026-02-14;10;{'x' * 400}")
    found = read("\n".join([header, *lines]))
    assert len(found["rows"]) == 6
    assert {(remark.line, remark.fault.column, remark.fault.code) for remark in found["remarks"]} == {
        (7, "Correo", "email_unreadable"), (7, "Teléfono", "phone_unreadable"), (7, "País", "country_unknown"),
        (7, "Glosa", "text_cut"),
    }  # fmt: skip
    assert (found["rows"][-1].customer_emails, found["rows"][-1].customer_country) == ((), "")
    assert len(found["rows"][-1].description) == 300


def test_currencies_come_from_the_column_the_sign_the_header_or_the_caller(read):
    header = "Cliente;Número;Vencimiento;Importe"
    found = read(f"{header}\nA;1;2026-01-01;US$ 10\nB;2;2026-01-01;S/ 5.5\nC;3;2026-01-01;7")
    assert [row.currency for row in found["rows"]] == ["USD", "PEN", "PEN"]
    found = read(f"{header} (US$)\nA;1;2026-01-01;10\n")
    assert [row.currency for row in found["rows"]] == ["USD"]
    found = read(
        f"{header};Moneda\nA;1;2026-01-01;$10;USD\nA;2;2026-01-01;$10;MXN\nA;3;2026-01-01;$10;PEN\nA;4;2026-01-01;5;MN"
    )
    assert [row.currency for row in found["rows"]] == ["USD", "MXN", "PEN"]
    assert faults(found) == [(4, "", "", "currency_conflict")]
    found = read(f"{header};Moneda\nA;1;2026-01-01;10;\nA;2;2026-01-01;10;USD", currency=None)
    assert faults(found) == [(2, "Moneda", "", "missing_currency")]


def test_a_currency_without_cents_takes_no_cents(read):
    found = read("Cliente;Número;Vencimiento;Importe\nA;1;2026-01-01;1000,00\nA;2;2026-01-01;1000,50", currency="CLP")
    assert [row.amount for row in found["rows"]] == [1000]
    assert faults(found) == [(3, "Importe", "1000,50", "amount_too_fine")]


def test_a_credit_note_may_be_told_by_its_type(read):
    found = read("Cliente;Número;Tipo de documento;Vencimiento;Importe\nA;1;01;2026-01-01;10\nA;2;07;2026-01-01;10")
    assert [row.credit_note for row in found["rows"]] == [False, True]


def test_series_and_number_are_one(read):
    found = read("Cliente;Serie;Número;Vencimiento;Importe\nA;F001;123;2026-01-01;10\nA;;124;2026-01-01;10")
    assert [row.number for row in found["rows"]] == ["F001-123", "124"]


def test_totals_and_repeated_headers_are_reported_not_imported(read):
    header = "Cliente;Número;Vencimiento;Importe;Saldo"
    found = read(
        f"{header}\nAna;1;2026-01-01;10;10\n;;;;\n{header}\nTotal Servicios SAC;2;2026-01-01;5;5\n"
        "Total Ana;;;10,00;10,00\nTOTAL GENERAL;;;S/ 15;\nTOTAL;15\nGenerado el 12/03/2026\n"
    )
    assert [row.line for row in found["rows"]] == [2, 5]
    assert [(skipped.line, skipped.code) for skipped in found["skipped"]] == [
        (4, "header"), (6, "total"), (7, "total"), (8, "total"),
    ]  # fmt: skip
    assert faults(found) == [(9, "", "", "row_short")]


def test_a_row_without_any_amount_owed_is_reported_not_imported(read):
    found = read("Cliente;Número;Vencimiento;Importe;Saldo\nA;1;2026-01-01;0;0\nB;2;2026-01-01;1;1")
    assert [(skipped.line, skipped.code) for skipped in found["skipped"]] == [(2, "nothing_owed")]


def test_customers(read):
    found = read(
        "Código;Razón social;RUC;Correo;Idioma;Plazo;Dirección;Contacto;Cargo;Vendedor;Etiquetas\n"
        "C1;Total Perú SAC;20100070970;a@b.pe;Español;30 días;Av. Uno 1;Luis;Tesorero;Eva;vip, norte\n"
        ";;;x@y.pe;;;;;;;\n;Total;;;;;;;;;\n",
        kind=Kind.CUSTOMERS,
    )
    assert found["rows"] == [
        CustomerRow(
            line=2, creditor="", customer_code="C1", customer_name="Total Perú SAC", customer_tax_id="20100070970",
            customer_emails=("a@b.pe",), customer_phone="", customer_country="", language="es", terms_days=30,
            address="Av. Uno 1", contact_name="Luis", contact_role="Tesorero", salesperson="Eva", tags=("vip", "norte"),
        )
    ]  # fmt: skip
    assert faults(found) == [(3, "", "", "missing_customer")]
    assert [(skipped.line, skipped.code) for skipped in found["skipped"]] == [(4, "total")]


def test_payments(read):
    found = read(
        "Fecha;Cliente;Importe;Moneda;Nro. operación;Facturas;Medio de pago;Glosa\n"
        '2026-03-01;Ana;100.50;PEN;000123;"F001-1, F001-2";Transferencia;abono\n'
        ";Ana;1;PEN;;;;\n2026-03-01;Ana;-5;PEN;;;;\n2026-03-01;;5;PEN;;;;\n2026-03-01;;5;PEN;;F001-3;;\n"
        "2026-03-01;Ana;;PEN;;;;\n",
        kind=Kind.PAYMENTS,
    )
    assert found["rows"][0] == PaymentRow(
        line=2, creditor="", customer_code="", customer_name="Ana", customer_tax_id="", customer_emails=(),
        customer_phone="", customer_country="", received_on=date(2026, 3, 1), amount=Decimal("100.50"), currency="PEN",
        reference="000123", invoice_numbers=("F001-1", "F001-2"), method="Transferencia", memo="abono",
    )  # fmt: skip
    assert [row.line for row in found["rows"]] == [2, 6]
    assert faults(found) == [
        (3, "Fecha", "", "missing"), (4, "Importe", "-5", "amount_not_positive"), (5, "", "", "missing_customer"),
        (7, "Importe", "", "missing_amount"),
    ]  # fmt: skip


def test_balances(read):
    found = read(
        "Cliente;RUC;Saldo;Moneda;Fecha de corte\nAna;20100070970;1.234,50;PEN;2026-03-31\nLuis;20131312955;-5,00;USD;\n"
        "Sumi;20100047218;;PEN;\nTotal;;1.229,50;;\n",
        kind=Kind.BALANCES,
    )
    assert found["rows"][0] == BalanceRow(
        line=2, creditor="", customer_code="", customer_name="Ana", customer_tax_id="20100070970", customer_emails=(),
        customer_phone="", customer_country="", open_amount=Decimal("1234.50"), currency="PEN",
        as_of=date(2026, 3, 31), due_date=None, description="",
    )  # fmt: skip
    assert found["rows"][1].open_amount == -5
    assert faults(found) == [(4, "Saldo", "", "missing_amount")]
    assert [(skipped.line, skipped.code) for skipped in found["skipped"]] == [(5, "total")]


def test_chunks_resume_after_the_last_line_and_lose_nothing(opened):
    lines = [invoice(Número=str(n), Importe="x" if n % 10 == 0 else f"{n}.50") for n in range(1, 101)]
    table, proposal = opened("\n".join([HEADER, *lines]))
    whole = [(type(entry), entry.line) for entry in read_rows(table, proposal)]
    assert [line for _, line in whole] == list(range(2, 102))
    assert sum(1 for kind, _ in whole if kind is Reject) == 10
    for chunk in read_chunks(table, proposal, size=7):
        again = [entry.line for after in read_chunks(table, proposal, after_line=chunk.last_line)
                 for entry in (*after.rows, *after.rejects)]  # fmt: skip
        assert sorted(again) == [line for _, line in whole if line > chunk.last_line]


def test_refused_rows_can_be_mended_and_read_again(opened, tmp_path):
    header = "Cliente;Número;Emisión;Vencimiento;Importe"
    text = f'{header}\nAna;1;31/01/2026;28/02/2026;1.234,5\nLuis;2;01/02/2026;32/02/2026;10\nEva;3;"02/02/2026;1;1\nPía;4\n'
    table, proposal = opened(text)
    rejects = [reject for chunk in read_chunks(table, proposal) for reject in chunk.rejects]
    path = tmp_path / f"again{refused.suffix(table)}"
    assert refused.write_rejects(path, table, rejects) == 3
    written = path.read_text("utf-8-sig")
    assert written.splitlines()[0] == f"line;reason;{header}"
    assert "3;Vencimiento: This date does not exist.;Luis;2;01/02/2026;32/02/2026;10" in written
    path.write_text(
        written.replace("32/02", "12/02")
        .replace("\r\n5;", "\r\n5;")
        .replace(";Pía;4;;;", ";Pía;4;01/02/2026;02/03/2026;5")
    )
    again = open_table(path)
    assert [again.headers[column] for column in again.data_columns] == header.split(";")
    mended = propose(again, Kind.INVOICES, currency="PEN", remembered=proposal.mapping)
    assert mended.signature == proposal.signature
    assert mended.questions == ()
    rows = list(read_rows(again, mended))
    assert [row.due_date for row in rows if isinstance(row, InvoiceRow)] == [date(2026, 2, 12), date(2026, 3, 2)]
    second = refused.write_rejects(path, again, [row for row in rows if isinstance(row, Reject)])
    assert second == 1
    assert path.read_text("utf-8-sig").splitlines()[0] == f"line;reason;{header}"


def test_refused_rows_of_a_workbook_keep_their_types(tmp_path):
    path = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["Cliente", "Número", "Vencimiento", "Importe"])
    sheet.write_row(1, 0, ["Ana", "007", "", 1.234])
    sheet.write_datetime(1, 2, date(2026, 2, 3), book.add_format({"num_format": "d/m/yyyy"}))
    sheet.write_row(2, 0, ["Luis", "", "2026-03-04", 1.5])
    sheet.write_row(3, 0, ["", "=1", "2026-03-04", 1.5])
    book.close()
    table = open_table(path)
    proposal = propose(table, Kind.INVOICES, currency="KWD")
    chunk = next(read_chunks(table, proposal))
    assert [(row.number, row.due_date, row.amount) for row in chunk.rows] == [
        ("007", date(2026, 2, 3), Decimal("1.234"))
    ]
    good = Reject(2, (), tuple(next(table.blocks()).rows[0]))
    packed = [
        Reject(reject.line, reject.faults, refused.unpack(refused.pack(reject.cells)))
        for reject in (good, *chunk.rejects)
    ]
    target = tmp_path / f"again{refused.suffix(table)}"
    assert refused.write_rejects(target, table, packed) == 3
    again = open_table(target)
    assert next(read_chunks(again, propose(again, Kind.INVOICES, currency="KWD"))).rows[0][1:] == chunk.rows[0][1:]
    sheet = openpyxl.load_workbook(target).active
    assert [cell.value for cell in sheet[4]][:4] == [
        4,
        "The row does not say whose it is: it needs a customer code, name or tax id.",
        None,
        "=1",
    ]
    assert sheet["D4"].data_type == "s"


def test_a_number_computed_by_a_workbook_is_rounded_and_told(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Cliente", "Número", "Vencimiento", "Importe"])
    book.active.append(["Ana", "1", date(2026, 1, 1), 100 / 3])
    book.active.append(["Ana", "2", date(2026, 1, 1), 0.1 + 0.2])
    book.save(path := tmp_path / "book.xlsx")
    table = open_table(path)
    chunk = next(read_chunks(table, propose(table, Kind.INVOICES, currency="PEN")))
    assert [row.amount for row in chunk.rows] == [Decimal("33.33"), Decimal("0.3")]
    assert [(remark.line, remark.fault.code) for remark in chunk.remarks] == [(2, "amount_rounded")]


def test_errors_and_unsaved_formulas_of_a_workbook_refuse_their_rows(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Cliente", "Número", "Vencimiento", "Importe"])
    book.active.append(["Ana", "1", date(2026, 1, 1), "=1+1"])
    book.active.append(["Ana", "2", date(2026, 1, 1), "#N/A"])
    book.active.append(["Ana", date(2026, 5, 1), date(2026, 1, 1), 5])
    book.active.append(["Ana", 12345678901234567, date(2026, 1, 1), 5])
    book.active.append(["Ana", 19, date(2026, 1, 1), 5])
    book.save(path := tmp_path / "book.xlsx")
    table = open_table(path)
    chunk = next(read_chunks(table, propose(table, Kind.INVOICES, currency="PEN")))
    assert [row.number for row in chunk.rows] == ["19"]
    assert [reject.faults[0].code for reject in chunk.rejects] == [
        "cell_formula", "cell_error", "key_date", "key_scientific",
    ]  # fmt: skip


def test_every_reason_has_a_sentence_whose_places_are_filled():
    names = "found expected limit first last issued decimal currency amount paid_on currencies"
    details = dict.fromkeys(names.split(), "x")
    for code in (*REFUSED, *SKIPPED, *REMARKED):
        assert "{" not in sentence(code, details)
