"""Lists of customers, of payments, and of balances alone."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from conftest import TODAY, Cast
from puntual.intake.tests.files import bring_in, counts, creditor, csv, dump, open_items
from puntual.parties.models import ContactPoint, Creditor, Customer, Person
from puntual.payments.models import Payment
from puntual.receivables.models import CreditNote, Installment

INVOICES = """
    Código;Cliente;RUC;Número;Emisión;Vencimiento;Moneda;Importe
    1;Uno S.A.;20100017491;F-1;01/09/2026;01/10/2026;PEN;100,00
    1;Uno S.A.;20100017491;F-2;01/10/2026;31/10/2026;PEN;80,00
    2;Dos S.A.;20512345671;F-3;01/10/2026;31/10/2026;PEN;50,00
"""


@pytest.fixture
def portfolio(acting: Cast, tmp_path: Path) -> Cast:
    bring_in(acting, csv(tmp_path / "facturas.csv", INVOICES))
    return acting


# -- customers


def test_a_list_of_customers(acting: Cast, tmp_path: Path) -> None:
    text = """
        Código;Razón social;RUC;Correo;Celular;País;Plazo;Dirección;Contacto;Cargo;Vendedor;Etiquetas
        1;Uno S.A.;20100017491;a@uno.example, b@uno.example;987 654 321;Perú;30 días;Larco 1, Lima;Rosa Ríos;Caja;Colleague;vip
        2;Dos SpA;76.192.083-9;;;Chile;contado;;;;;
        ;Tres S.A.;;;;;;;;;;
    """
    path = csv(tmp_path / "clientes.csv", text)
    result = bring_in(acting, path, "customers")
    assert counts(result) == (3, 0, 0, 0), result.as_json()
    assert (result.tally.customers, result.tally.totals) == (3, {})
    one = Customer.objects.select_related("party").get(code="1")
    assert (one.terms_days, one.owner_id, one.tags) == (30, acting.colleague.id, ["vip"])
    assert ContactPoint.objects.filter(customer=one).count() == 4
    assert Person.objects.get().name == "Rosa Ríos"
    assert Customer.objects.get(code="2").time_zone == "America/Santiago"
    assert Customer.objects.get(code="2").terms_days == 0
    assert Creditor.objects.get().invoices_through is None
    before = dump()
    assert counts(bring_in(acting, path, "customers")) == (0, 0, 3, 0)
    assert dump() == before


def test_a_correct_list_corrects(portfolio: Cast, tmp_path: Path) -> None:
    text = "Código;Razón social;Correo\n1;Uno Internacional S.A.;nuevo@uno.example\n2;;\n"
    result = bring_in(portfolio, csv(tmp_path / "clientes.csv", text), "customers")
    assert counts(result) == (0, 1, 1, 0)
    assert set(Customer.objects.values_list("name", flat=True)) == {"Uno Internacional S.A.", "Dos S.A."}


# -- payments


def test_payments_settle_what_they_name_else_the_oldest(portfolio: Cast, tmp_path: Path) -> None:
    text = """
        Fecha;RUC;Cliente;Importe;Moneda;Operación;Facturas;Medio
        2026-11-05;20100017491;;80,00;PEN;00123;F-2;Transferencia
        2026-11-06;;Dos S.A.;70,00;PEN;00124;;Efectivo
        2026-11-07;;;60,00;PEN;00125;F-1;Cheque
        2026-11-08;;Uno S.A.;10,00;PEN;00126;F-77;
    """
    path = csv(tmp_path / "pagos.csv", text)
    result = bring_in(portfolio, path, "payments")
    assert counts(result) == (4, 0, 0, 0), result.as_json()
    assert result.tally.totals == {"PEN": Decimal(220)}
    assert open_items() == {"F-1": ("2026-10-01", Decimal(40))}
    paid = Payment.objects.order_by("received_on").values_list("reference", "unapplied", "method")
    # What is more than was owed, and what names an invoice nobody knows, waits on account.
    assert list(paid) == [
        ("00123", 0, "transfer"),
        ("00124", 20, "cash"),
        ("00125", 0, "check"),
        ("00126", 10, "transfer"),
    ]
    assert any("F-77" in line for line in result.as_json()["warnings"])
    assert Creditor.objects.get().bank_through == TODAY
    before = dump()
    assert counts(bring_in(portfolio, path, "payments")) == (0, 0, 4, 0)
    assert dump() == before


def test_a_reference_of_many_rows_is_no_reference(portfolio: Cast, tmp_path: Path) -> None:
    text = """
        Fecha;Código;Importe;Operación
        2026-11-05;1;10,00;TRANSFERENCIA
        2026-11-05;1;11,00;TRANSFERENCIA
        2026-11-06;2;10,00;TRANSFERENCIA
        2026-11-07;2;5,00;
        2026-11-07;2;5,00;
    """
    path = csv(tmp_path / "pagos.csv", text)
    assert counts(bring_in(portfolio, path, "payments")) == (5, 0, 0, 0)
    before = dump()
    reversed_rows = "\n".join([text.strip().splitlines()[0], *reversed(text.strip().splitlines()[1:])])
    assert counts(bring_in(portfolio, csv(tmp_path / "otra.csv", reversed_rows), "payments")) == (0, 0, 5, 0)
    assert dump() == before


def test_equal_payments_of_several_chunks_are_as_many(
    portfolio: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("puntual.intake.running.CHUNK", 2)
    rows = "\n".join(["2026-11-07;1;5,00"] * 5)
    path = csv(tmp_path / "pagos.csv", f"Fecha;Código;Importe\n{rows}")
    assert counts(bring_in(portfolio, path, "payments")) == (5, 0, 0, 0)
    assert Payment.objects.count() == 5
    assert counts(bring_in(portfolio, path, "payments")) == (0, 0, 5, 0)


def test_payments_nobody_can_place_are_refused(portfolio: Cast, tmp_path: Path) -> None:
    text = """
        Fecha;Código;Importe;Moneda;Facturas
        2026-11-05;99;10,00;PEN;
        2026-11-05;;10,00;PEN;F-77
        2026-11-05;;10,00;PEN;F-1, F-3
        2026-11-05;2;10,00;PEN;F-1
        2026-11-05;1;10,00;USD;F-1
        2026-11-24;1;10,00;PEN;
        2026-11-05;1;0,00;PEN;
    """
    result = bring_in(portfolio, csv(tmp_path / "pagos.csv", text), "payments")
    assert counts(result) == (0, 0, 0, 7), result.as_json()
    assert [one["column"] for one in result.as_json()["rejects"]] == [
        "Código", "Facturas", "Facturas", "Facturas", "Facturas", "Fecha", "Importe",
    ]  # fmt: skip
    assert Customer.objects.count() == 2


# -- balances


def balances(tmp_path: Path, *rows: str) -> Path:
    return csv(tmp_path / "saldos.csv", "\n".join(["Código;Cliente;Moneda;Saldo;Fecha", *rows]))


def owed() -> dict[str, Decimal]:
    """What each customer owes, credits taken off."""
    found: dict[str, Decimal] = {}
    for item in Installment.objects.select_related("customer"):
        key = f"{item.customer.code} {item.currency}"
        found[key] = found.get(key, Decimal(0)) + item.open_amount
    for note in CreditNote.objects.select_related("customer"):
        key = f"{note.customer.code} {note.currency}"
        found[key] = found.get(key, Decimal(0)) - note.unapplied
    return found


def test_balances_are_brought_up_to_each_list(acting: Cast, tmp_path: Path) -> None:
    first = balances(
        tmp_path, "1;Uno;PEN;1.000,00;2026-11-01", "1;Uno;USD;50,00;2026-11-01", "2;Dos;PEN;200,00;2026-11-01"
    )
    result = bring_in(acting, first, "balances")
    assert counts(result) == (3, 0, 0, 0), result.as_json()
    assert open_items() == {
        "SALDO 1 PEN": ("2026-11-01", Decimal(1000)),
        "SALDO 1 USD": ("2026-11-01", Decimal(50)),
        "SALDO 2 PEN": ("2026-11-01", Decimal(200)),
    }
    before = dump()
    assert counts(bring_in(acting, first, "balances")) == (0, 0, 3, 0)
    assert dump() == before

    less = balances(tmp_path, "1;Uno;PEN;600,00;2026-11-08", "1;Uno;USD;50,00;2026-11-08", "2;Dos;PEN;0,00;2026-11-08")
    assert counts(bring_in(acting, less, "balances")) == (0, 2, 1, 0)
    assert owed() == {"1 PEN": 600, "1 USD": 50, "2 PEN": 0}

    # What is more is younger: an item of its own, dated the day of the list.
    more = balances(tmp_path, "1;Uno;PEN;900,00;2026-11-15", "2;Dos;PEN;-30,00;2026-11-15")
    assert counts(bring_in(acting, more, "balances")) == (0, 2, 0, 0)
    assert open_items()["SALDO 1 PEN 2"] == ("2026-11-15", Decimal(300))
    assert owed() == {"1 PEN": 900, "1 USD": 50, "2 PEN": -30}
    before = dump()
    assert counts(bring_in(acting, more, "balances")) == (0, 0, 2, 0)
    assert dump() == before

    last = balances(tmp_path, "1;Uno;PEN;250,00;2026-11-22", "2;Dos;PEN;40,00;2026-11-22")
    assert counts(bring_in(acting, last, "balances")) == (0, 2, 0, 0)
    assert owed() == {"1 PEN": 250, "1 USD": 50, "2 PEN": 40}
    assert open_items().keys() == {"SALDO 1 PEN 2", "SALDO 1 USD", "SALDO 2 PEN 2"}


def test_balances_with_due_dates_and_what_is_refused(acting: Cast, tmp_path: Path) -> None:
    creditor(acting, language="en")
    text = """
        Customer,Balance,Currency,Due date,As of
        One,100.00,PEN,2026-09-30,2026-11-01
        Two,100.00,PEN,2026-09-30,2026-11-24
        One,20.00,PEN,2026-09-30,2026-11-01
    """
    result = bring_in(
        acting, csv(tmp_path / "b.csv", text), "invoices", mapping='kind = "balances"\n[columns]\ndate = "As of"'
    )
    assert counts(result) == (1, 0, 0, 2), result.as_json()
    assert open_items() == {"BALANCE ONE PEN": ("2026-09-30", Decimal(100))}
    moved = text.replace("One,100.00,PEN,2026-09-30", "One,100.00,PEN,2026-10-15")
    assert counts(bring_in(acting, csv(tmp_path / "b.csv", moved), "balances"))[1] == 1
    assert open_items() == {"BALANCE ONE PEN": ("2026-10-15", Decimal(100))}
    assert Installment.objects.get().amount == 100
    assert Installment.objects.get().invoice.issued_on == date(2026, 9, 30)


def test_a_customer_named_twice_is_what_the_first_row_says(
    acting: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("puntual.intake.running.CHUNK", 1)
    path = csv(tmp_path / "c.csv", "Código;Cliente;Correo\n1;Uno;\n1;Otro;b@uno.example\n2;Dos;")
    result = bring_in(acting, path, "customers")
    assert counts(result) == (2, 1, 0, 0)
    assert len(result.as_json()["warnings"]) == 1
    assert set(Customer.objects.values_list("name", flat=True)) == {"Uno", "Dos"}
    before = dump()
    assert counts(bring_in(acting, path, "customers")) == (0, 0, 3, 0)
    assert dump() == before
