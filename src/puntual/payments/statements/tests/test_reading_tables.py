"""Exports as spreadsheets: columns by name, by a mapping, and the reports of PayPal and Mercado Pago."""

from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from puntual.kernel.problems import Problem
from puntual.payments.statements.reading.mapping import Mapping, MappingProblem
from puntual.payments.statements.reading.statement import Scheme
from puntual.payments.statements.tests.files import read_file

PERU = """\
BANCO DE PRUEBA;;;;;
Cuenta corriente;191-1234567-0-55;;;;
Fecha;Fecha valuta;Descripción operación;Monto (S/);Saldo;Operación - Número
20/03/2026;21/03/2026;TRAN.CTAS.TERC. F001-7;1.250,50;2.250,50;00123
21/03/2026;21/03/2026;ITF;-0,05;2.250,45;00124
"""
BRAZIL = """\
Data Lançamento,Histórico,Débito (R$),Crédito (R$),Saldo
21/03/2026,TARIFA,"12,00",,"988,00"
20/03/2026,PIX RECEBIDO ANA,,"1.000,00","1.000,00"
,,,Total,"988,00"
"""
ENGLISH = """\
Transaction Date,Description,Type,Amount,Currency,IBAN
2026-03-20,Transfer from Ana,CREDIT,100.00,USD,DE1
2026-03-20,Fee,DEBIT,1.00,USD,DE1
2026-03-20,Transfer from Bea,CREDIT,7.00,EUR,DE2
"""


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-8-sig"])
def test_a_bank_of_peru(encoding: str) -> None:
    found = read_file(PERU.encode(encoding))
    (statement,) = found.statements
    one, other = statement.entries
    assert (found.format, statement.currency, found.warnings) == ("csv", "PEN", ())
    assert (statement.opening, statement.closing) == (Decimal("1000.00"), Decimal("2250.45"))
    assert (one.amount, one.booked_on, one.value_on, one.bank_key) == (
        Decimal("1250.50"),
        date(2026, 3, 20),
        date(2026, 3, 21),
        "00123",
    )
    assert (one.texts, other.amount) == (("TRAN.CTAS.TERC. F001-7",), Decimal("-0.05"))


def test_newest_first_and_two_columns_of_amounts() -> None:
    found = read_file(BRAZIL.encode())
    (statement,) = found.statements
    assert [line.amount for line in statement.entries] == [1000, -12]
    assert (statement.opening, statement.closing, statement.currency, found.warnings) == (0, 988, "BRL", ())


def test_a_column_that_says_the_direction_and_several_accounts() -> None:
    statements = read_file(ENGLISH.encode()).statements
    assert [(one.account, one.currency, [line.amount for line in one.entries]) for one in statements] == [
        ("DE1", "USD", [100, -1]),
        ("DE2", "EUR", [7]),
    ]


def test_a_running_balance_with_a_gap_is_told() -> None:
    (warned,) = read_file(PERU.replace("-0,05;2.250,45", "-0,05;2.000,00").encode()).warnings
    assert warned.details["difference"] == Decimal("250.45")


def test_a_row_without_a_date_is_left_out_and_told() -> None:
    found = read_file((PERU + ";;Comisión;-5,00;2.245,45;00125\n").encode())
    assert found.warnings[0].details == {"count": 1, "line": 6}


def test_a_mapping_decides(tmp_path) -> None:
    file = b"Dia;Que;Cuanto\n01/02/2026;F001-7;1.234\n"
    mapping = Mapping.from_toml(
        'date_order = "month-first"\ndecimal = "."\ncurrency = "USD"\naccount = "77"\n'
        '[columns]\nbooked_on = "Dia"\ntext = ["Que"]\namount = "Cuanto"\n'
    )
    (statement,) = read_file(file, mapping).statements
    (line,) = statement.entries
    assert (statement.account, statement.currency) == ("77", "USD")
    assert (line.booked_on, line.amount, line.texts) == (date(2026, 1, 2), Decimal("1.234"), ("F001-7",))
    with pytest.raises(Problem, match="“Cuanto”, which the file has not"):
        read_file(b"Dia;Que;Otro\n01/02/2026;F001-7;1\n", mapping)


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ("a = ", "not valid TOML"),
        ("color = 1", "unknown key “color”"),
        ('kind = "invoices"', "not allowed for “kind”"),
        ('decimal = ";"', "not allowed for “decimal”"),
        ('date_order = "any"', "not allowed for “date_order”"),
        ('currency = "EURO"', "not a currency code"),
        ("account = 7", "not allowed for “account”"),
        ('[columns]\nsabor = "x"', "unknown field “sabor”"),
        ("[columns]\ntext = [1]", "must name a header"),
        ("columns = 1", "must be a table"),
    ],
)
def test_a_mapping_that_cannot_be_followed(toml: str, words: str) -> None:
    with pytest.raises(MappingProblem, match=words):
        Mapping.from_toml(toml)


def test_a_workbook(tmp_path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in [
        ["Banco de Prueba"],
        ["Fecha", "Concepto", "Abono", "Cargo", "Saldo", "Moneda"],
        [date(2026, 3, 20), "Ana F001-7", 100.1, None, 100.1, "EUR"],
        [date(2026, 3, 21), "Comisión", None, 0.1, 100, "EUR"],
    ]:
        sheet.append(row)
    book.save(tmp_path / "x.xlsx")
    found = read_file((tmp_path / "x.xlsx").read_bytes())
    (statement,) = found.statements
    assert (found.format, found.warnings, statement.currency) == ("xlsx", (), "EUR")
    assert [line.amount for line in statement.entries] == [Decimal("100.1"), Decimal("-0.1")]


PAYPAL = """\
"Fecha","Hora","Nombre","Tipo","Estado","Divisa","Bruto","Comisión","Neto","Correo electrónico del remitente",\
"Id. de transacción","Id. de referencia de trans.","Número de factura","Saldo"
20/03/2026,10:00,"Ana Ruiz","Pago exprés","Completado","USD","100,00","-3,40","96,60","ana@x.example","1AB","","F001-7","96,60"
21/03/2026,10:00,"Ana Ruiz","Reembolso de pago","Completado","USD","-100,00","3,40","-96,60","yo@x.example","2AB","1AB","","0,00"
22/03/2026,10:00,"Bea","Pago exprés","Pendiente","USD","10,00","0,00","10,00","b@x.example","3AB","","","0,00"
"""
MERCADO_PAGO = """\
EXTERNAL_REFERENCE;SOURCE_ID;PAYMENT_METHOD;TRANSACTION_TYPE;TRANSACTION_AMOUNT;TRANSACTION_CURRENCY;TRANSACTION_DATE;\
FEE_AMOUNT;SETTLEMENT_NET_AMOUNT;SETTLEMENT_CURRENCY;SETTLEMENT_DATE
F001-7;123;visa;SETTLEMENT;1000.00;ARS;2026-03-20T10:15:00.000-04:00;-50.00;950.00;ARS;2026-03-25T10:15:00.000-04:00
F001-7;123;visa;REFUND;-1000.00;ARS;2026-03-21T10:15:00.000-04:00;50.00;-950.00;ARS;2026-03-25T10:15:00.000-04:00
"""
RELEASED = """\
DATE;SOURCE_ID;EXTERNAL_REFERENCE;RECORD_TYPE;DESCRIPTION;NET_CREDIT_AMOUNT;NET_DEBIT_AMOUNT;GROSS_AMOUNT;CURRENCY
2026-03-20T00:00:00.000-04:00;;;initial_available_balance;;10.00;0.00;10.00;ARS
2026-03-20T10:15:00.000-04:00;123;F001-7;release;payment;95.00;0.00;100.00;ARS
2026-03-20T11:15:00.000-04:00;124;;release;payout;0.00;105.00;-105.00;ARS
2026-03-20T23:59:00.000-04:00;;;total;;105.00;105.00;0.00;ARS
"""


def test_paypal() -> None:
    found = read_file(PAYPAL.encode())
    (statement,) = found.statements
    paid, refunded = statement.entries
    assert (found.format, statement.currency, statement.difference) == ("paypal", "USD", 0)
    assert (paid.amount, paid.fees, paid.payer_name, paid.payer_account) == (
        Decimal("96.60"),
        Decimal("3.40"),
        "Ana Ruiz",
        "ana@x.example",
    )
    assert [*paid.references] == [(Scheme.INVOICE, "F001-7")]
    assert (refunded.reverses, [*refunded.references]) == (True, [(Scheme.ORIGINAL, "1AB")])
    assert found.warnings[0].details == {"count": 1}


def test_mercado_pago_settlements() -> None:
    found = read_file(MERCADO_PAGO.encode())
    paid, refunded = found.statements[0].entries
    assert (found.format, paid.amount, paid.fees, paid.booked_on, paid.value_on) == (
        "mercadopago",
        950,
        50,
        date(2026, 3, 20),
        date(2026, 3, 25),
    )
    assert [*paid.references] == [(Scheme.ORDER, "F001-7")]
    assert (refunded.reverses, refunded.amount, paid.bank_key == refunded.bank_key) == (True, -950, False)


def test_mercado_pago_releases() -> None:
    (statement,) = read_file(RELEASED.encode()).statements
    assert (statement.opening, [(line.amount, line.fees) for line in statement.entries]) == (10, [(95, 5), (-105, 0)])
