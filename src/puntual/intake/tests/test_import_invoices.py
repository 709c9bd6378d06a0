"""Files of invoices of many shapes, all the way into the ledger; the same file again; what is refused and comes back mended."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings

from conftest import TODAY, Cast
from puntual.disputes.models import Dispute
from puntual.intake.actions import Undecided
from puntual.intake.models import ImportJob
from puntual.intake.tests.files import bring_in, counts, csv, dump, open_items, xlsx
from puntual.parties.models import ContactPoint, Creditor, Customer
from puntual.payments.models import Allocation, Payment
from puntual.receivables.models import CreditNote, Entry, Hold, Installment, Invoice
from puntual.tenancy.scope import acting_for

SPANISH = """
    Código;Razón social;RUC;Correo;Teléfono;N° Factura;F. Emisión;F. Vcto.;Moneda;Importe;Saldo
    0007;Minera Lumalba S.A.;20100017491;pagos@lumalba.example;01 712 3456;F001-00012;01/10/2026;31/10/2026;S/;1.500,50;1.500,50
    0008;Viñas Orcón S.A.C.;20512345671;;;F001-00013;15/10/2026;14/11/2026;US$;300,00;120,00
    0007;Minera Lumalba S.A.;20100017491;pagos@lumalba.example;01 712 3456;F001-00014;20/11/2026;20/12/2026;S/;80,00;80,00
"""
ENGLISH = """
    Customer code,Customer name,Tax ID,E-mail,Invoice number,Issue date,Due date,Currency,Amount,Balance due
    0007,Minera Lumalba S.A.,20100017491,pagos@lumalba.example,F001-00012,10/01/2026,10/31/2026,PEN,"1,500.50","1,500.50"
    0008,Viñas Orcón S.A.C.,20512345671,,F001-00013,10/15/2026,11/14/2026,USD,300.00,120.00
    0007,Minera Lumalba S.A.,20100017491,pagos@lumalba.example,F001-00014,11/20/2026,12/20/2026,PEN,80.00,80.00
"""
PORTUGUESE = """
    Código do cliente;Nome do cliente;CNPJ;E-mail;Número da fatura;Data de emissão;Data de vencimento;Moeda;Valor;Saldo em aberto
    0007;Minera Lumalba S.A.;20100017491;pagos@lumalba.example;F001-00012;01/10/2026;31/10/2026;PEN;1.500,50;1.500,50
    0008;Viñas Orcón S.A.C.;20512345671;;F001-00013;15/10/2026;14/11/2026;USD;300,00;120,00
    0007;Minera Lumalba S.A.;20100017491;pagos@lumalba.example;F001-00014;20/11/2026;20/12/2026;PEN;80,00;80,00
"""
SHEET = [
    ["Cartera al 23 de noviembre"],
    [],
    ["Código", "Cliente", "RUC", "N° Documento", "Emisión", "Vencimiento", "Moneda", "Total", "Saldo"],
    [
        "0007",
        "Minera Lumalba S.A.",
        "20100017491",
        "F001-00012",
        date(2026, 10, 1),
        date(2026, 10, 31),
        "PEN",
        1500.5,
        1500.5,
    ],
    [
        "0008",
        "Viñas Orcón S.A.C.",
        "20512345671",
        "F001-00013",
        date(2026, 10, 15),
        date(2026, 11, 14),
        "USD",
        300,
        120,
    ],
    ["0007", "Minera Lumalba S.A.", "20100017491", "F001-00014", date(2026, 11, 20), date(2026, 12, 20), "PEN", 80, 80],
    ["", "Total", "", "", "", "", "", 1880.5, 1700.5],
]
OPEN = {
    "F001-00012": ("2026-10-31", Decimal("1500.50")),
    "F001-00013": ("2026-11-14", Decimal("120")),
    "F001-00014": ("2026-12-20", Decimal("80")),
}


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (SPANISH, "utf-8"),
        (SPANISH, "cp1252"),
        (SPANISH.replace(";", "\t"), "utf-16"),
        (ENGLISH, "utf-8-sig"),
        (PORTUGUESE, "utf-8"),
        (SHEET, ""),
    ],
)
def test_the_same_portfolio_in_any_shape(acting: Cast, tmp_path: Path, text: object, encoding: str) -> None:
    path = (
        csv(tmp_path / "cartera.csv", text, encoding)
        if isinstance(text, str)
        else xlsx(tmp_path / "cartera.xlsx", text)
    )
    result = bring_in(acting, path)
    assert counts(result) == (3, 0, 0, 0), result.as_json()
    assert result.tally.customers == 2
    assert result.tally.totals == {"PEN": Decimal("1580.50"), "USD": Decimal(300)}
    assert open_items() == OPEN
    assert dict(Customer.objects.values_list("code", "name")) == {
        "0007": "Minera Lumalba S.A.",
        "0008": "Viñas Orcón S.A.C.",
    }
    # 180 of F001-00013 were paid on a day nobody tells: settled outside, not a payment.
    assert Payment.objects.count() == 0
    assert list(Entry.objects.filter(kind="closed_outside").values_list("amount", flat=True)) == [Decimal(-180)]
    made = Creditor.objects.get()
    assert (made.name, made.invoices_through, made.bank_through) == (acting.organization.name, TODAY, None)

    before = dump()
    again = bring_in(acting, path)
    assert counts(again) == (0, 0, 3, 0), again.as_json()
    assert again.tally.totals == result.tally.totals
    assert dump() == before


def test_one_portfolio_in_three_shapes_is_one_portfolio(acting: Cast, tmp_path: Path) -> None:
    bring_in(acting, csv(tmp_path / "a.csv", SPANISH))
    before = dump()
    assert counts(bring_in(acting, csv(tmp_path / "b.csv", ENGLISH))) == (0, 0, 3, 0)
    assert counts(bring_in(acting, xlsx(tmp_path / "c.xlsx", SHEET))) == (0, 0, 3, 0)
    assert dump() == before


US = """
    countryCode,customerID,PaperlessDate,invoiceNumber,InvoiceDate,DueDate,InvoiceAmount,Disputed,SettledDate,PaperlessBill
    391,0379-NEVHP,4/6/2013,611365,1/2/2013,2/1/2013,55.94,No,1/15/2013,Paper
    406,8976-AMJEO,3/3/2012,7900770,1/26/2013,2/25/2013,61.74,Yes,,Electronic
    391,2820-XGXSB,1/26/2012,9231909,7/3/2013,8/2/2013,65.88,No,7/8/2013,Electronic
"""
US_MAP = """
    kind = "invoices"
    date_order = "month-first"
    decimal = "."
    currency = "USD"
    [columns]
    customer_code = "customerID"
    customer_country = ""
    number = "invoiceNumber"
    issue_date = "InvoiceDate"
    due_date = "DueDate"
    amount = "InvoiceAmount"
    disputed = "Disputed"
    paid_on = "SettledDate"
"""


def test_history_is_learned_from_a_paid_on_column(acting: Cast, tmp_path: Path) -> None:
    path = csv(tmp_path / "history.csv", US)
    result = bring_in(acting, path, mapping=US_MAP)
    assert counts(result) == (3, 0, 0, 0), result.as_json()
    assert result.as_json()["totals"] == {"USD": "183.56"}
    assert open_items() == {"7900770": ("2013-02-25", Decimal("61.74"))}
    paid = Payment.objects.order_by("received_on")
    assert [(payment.received_on, payment.amount, payment.unapplied) for payment in paid] == [
        (date(2013, 1, 15), Decimal("55.94"), 0),
        (date(2013, 7, 8), Decimal("65.88"), 0),
    ]
    assert Allocation.objects.count() == 2
    assert Installment.objects.get(invoice__number="611365").settled_on == date(2013, 1, 15)
    held = Hold.objects.get()
    item, made = Installment.objects.get(invoice__number="7900770"), Dispute.objects.get()
    assert (held.reason, held.installment_id, held.source_id) == ("dispute", item.id, made.id)
    assert (made.amount, made.currency, held.from_on) == (Decimal("61.74"), "USD", item.invoice.issued_on)
    assert Creditor.objects.get().bank_through == TODAY
    before = dump()
    assert counts(bring_in(acting, path, mapping=US_MAP)) == (0, 0, 3, 0)
    # The mapping was kept for this header, so the next file needs none.
    assert counts(bring_in(acting, path)) == (0, 0, 3, 0)
    assert dump() == before


def test_what_is_ambiguous_is_asked_and_the_option_named(acting: Cast, tmp_path: Path) -> None:
    path = csv(tmp_path / "f.csv", "Cliente;Número;Vencimiento;Importe\nUno;1;03/04/2026;1.234\nDos;2;05/06/2026;2.345")
    before = dump()
    with pytest.raises(Undecided) as raised:
        bring_in(acting, path)
    assert "date_order: day-first | month-first" in str(raised.value)
    assert "decimal: . | ," in str(raised.value)
    assert "date_order, decimal" in str(raised.value)
    assert (dump(), ImportJob.objects.count()) == (before, 0)
    result = bring_in(acting, path, mapping='date_order = "day-first"\ndecimal = ","')
    assert counts(result) == (2, 0, 0, 0)
    assert open_items()["1"] == ("2026-04-03", Decimal(1234))


BAD = """
    Código;Cliente;Número;Emisión;Vencimiento;Importe
    001;Uno;00045;01/10/2026;31/10/2026;100,00
    002;Dos;1,930438e+09;01/10/2026;31/10/2026;200,00
    003;Tres;47;01/10/2026;05:23.4;300,00
    004;Cuatro;48;01/10/2026;30/02/2026;400,00
    005;Cinco;49;01/10/2026;31/10/2026;quinientos
    ;;50;01/10/2026;31/10/2026;600,00
    007;Siete;00045;01/10/2026;31/10/2026;700,00
    008;Ocho;51;01/12/2026;31/12/2026;800,00
    009;Nueve;52;15/10/2026;31/10/2026;900,00
"""


def test_bad_rows_come_back_and_the_mended_file_lands(acting: Cast, tmp_path: Path) -> None:
    result = bring_in(acting, csv(tmp_path / "f.csv", BAD))
    told = result.as_json()
    assert (told["rows"], told["created"], told["rejected"]) == (9, 2, 7)
    assert open_items().keys() == {"00045", "52"}  # leading zeros stay
    assert [(one["line"], one["column"], one["value"]) for one in told["rejects"]] == [
        (3, "Número", "1,930438e+09"),
        (4, "Vencimiento", "05:23.4"),
        (5, "Vencimiento", "30/02/2026"),
        (6, "Importe", "quinientos"),
        (7, "", ""),
        (8, "Número", "00045"),
        (9, "Emisión", "01/12/2026"),
    ]
    assert all(one["reason"] for one in told["rejects"])
    back = Path(told["rejects_file"])
    text = back.read_text("utf-8-sig")
    assert text.splitlines()[0] == "line;reason;Código;Cliente;Número;Emisión;Vencimiento;Importe"
    mended = (
        text.replace("1,930438e+09", "1930438491")
        .replace("05:23.4", "31/10/2026")
        .replace("30/02/2026", "28/02/2027")
        .replace("quinientos", "500,00")
        .replace(";;;50;", ";006;Seis;50;")
        .replace(";007;Siete;00045;", ";007;Siete;00046;")
        .replace("01/12/2026;31/12/2026", "01/11/2026;31/12/2026")
    )
    # The row without a customer: its two first cells are empty.
    mended = "\n".join(
        line.replace(";;;50", ";006;Seis;50") if ";50;" in line else line for line in mended.splitlines()
    )
    back.write_text(mended, "utf-8-sig")
    again = bring_in(acting, back)
    assert counts(again) == (7, 0, 0, 0), again.as_json()
    assert Invoice.objects.count() == 9


def test_bad_rows_of_a_workbook_keep_their_dates(acting: Cast, tmp_path: Path) -> None:
    rows = [
        ["Cliente", "Número", "Emisión", "Vencimiento", "Importe"],
        ["Uno", "F-1", date(2026, 10, 3), date(2026, 11, 4), 100],
        ["Dos", "F-2", date(2026, 10, 3), date(2026, 11, 4), "cien"],
    ]
    result = bring_in(acting, xlsx(tmp_path / "f.xlsx", rows))
    back = Path(result.rejects_file)
    assert (counts(result), back.suffix) == ((1, 0, 0, 1), ".xlsx")
    import openpyxl

    book = openpyxl.load_workbook(back)
    book.active.cell(2, 7).value = 100
    book.save(back)
    assert counts(bring_in(acting, back)) == (1, 0, 0, 0)
    assert open_items()["F-2"] == ("2026-11-04", Decimal(100))


def test_checking_writes_nothing_and_says_everything(cast: Cast, tmp_path: Path) -> None:
    path = csv(tmp_path / "f.csv", BAD)
    checked = bring_in(cast, path, check=True).as_json()
    assert (checked["created"], checked["rejected"], len(checked["rejects"])) == (2, 7, 7)
    assert (checked["rejects_file"], checked["job"]) == (None, None)
    assert not list(Path(settings.UPLOADS).rglob("*"))
    with acting_for(cast.id):
        assert all(not rows for rows in dump().values())
        assert ImportJob.objects.count() == 0
    landed = bring_in(cast, path).as_json()
    assert {name: landed[name] for name in ("created", "rejected", "totals")} == {
        name: checked[name] for name in ("created", "rejected", "totals")
    }


def test_credit_notes_wait_unapplied(acting: Cast, tmp_path: Path) -> None:
    text = """
        Cliente;Tipo;Número;Emisión;Vencimiento;Importe
        Uno;Factura;F-1;01/10/2026;31/10/2026;100,00
        Uno;Nota de crédito;NC-1;05/10/2026;05/10/2026;30,00
        Uno;Factura;F-2;06/10/2026;06/11/2026;-20,00
    """
    path = csv(tmp_path / "f.csv", text)
    result = bring_in(acting, path)
    assert counts(result) == (3, 0, 0, 0), result.as_json()
    assert result.tally.totals == {"PEN": Decimal(50)}
    notes = CreditNote.objects.order_by("number").values_list("number", "amount", "unapplied")
    assert list(notes) == [("F-2", 20, 20), ("NC-1", 30, 30)]
    before = dump()
    assert counts(bring_in(acting, path)) == (0, 0, 3, 0)
    assert dump() == before


def test_an_agencys_file_names_its_creditors(acting: Cast, tmp_path: Path) -> None:
    text = """
        Mandante;Código;RUC;Número;Vencimiento;Importe
        Textil Norte;1;20100017491;F-1;31/10/2026;100,00
        Textil Sur;1;20100017491;F-1;31/10/2026;200,00
    """
    result = bring_in(acting, csv(tmp_path / "f.csv", text))
    assert counts(result) == (2, 0, 0, 0), result.as_json()
    assert len([line for line in result.as_json()["warnings"] if "Textil" in line]) == 1
    customers = Customer.objects.order_by("creditor__name").select_related("party", "creditor")
    assert [customer.creditor.name for customer in customers] == ["Textil Norte", "Textil Sur"]
    assert customers[0].party == customers[1].party


def test_the_json_is_plain(acting: Cast, tmp_path: Path) -> None:
    told = bring_in(acting, csv(tmp_path / "f.csv", BAD)).as_json()
    assert json.loads(json.dumps(told)) == told
    assert set(told) >= {
        "rows", "created", "updated", "unchanged", "rejected", "customers", "totals", "warnings", "rejects", "rejects_file",
    }  # fmt: skip


def test_remarks_of_many_rows_are_one_warning(acting: Cast, tmp_path: Path) -> None:
    rows = "\n".join(f"C{n};Uno {n};sin correo {n}@;F-{n};31/10/2026;10,00" for n in range(5))
    result = bring_in(acting, csv(tmp_path / "f.csv", f"Código;Cliente;Correo;Número;Vencimiento;Importe\n{rows}"))
    assert counts(result) == (5, 0, 0, 0)
    warnings = result.as_json()["warnings"]
    assert len(warnings) == 1
    assert warnings[0].startswith("2, 3, 4… Correo")
    assert warnings[0].endswith("(5)")
    assert ContactPoint.objects.count() == 0


def test_what_the_file_as_a_whole_is_told_for(acting: Cast, tmp_path: Path) -> None:
    rows = "\n".join(f"C{n};F-{n};{n + 12}/10/2026;10,00" for n in range(1, 14))
    path = csv(tmp_path / "f.csv", f"Código;Número;Vencimiento;Importe\n{rows}\nC99;F-99;10/31/2026;10,00")
    told = bring_in(acting, path).as_json()
    assert (told["created"], [one["line"] for one in told["rejects"]]) == (13, [15])
    assert len(told["warnings"]) == 1
    assert "10/31/2026" in told["warnings"][0]
