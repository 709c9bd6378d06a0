"""Invoices without a due date, and with terms for paying early, as files bring them."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from conftest import Cast
from puntual.agreements.terms.actions import change_terms
from puntual.intake.tests.files import bring_in, counts, csv, dump, open_items
from puntual.parties.models import Customer
from puntual.receivables.models import EarlyDiscount

HEADER = "Código;Número;Emisión;Vencimiento;Moneda;Importe;Pronto pago\n"


def invoices(tmp_path: Path, *rows: str) -> Path:
    return csv(tmp_path / "facturas.csv", HEADER + "\n".join(rows))


def test_the_customers_terms_tell_the_due_date(acting: Cast, tmp_path: Path) -> None:
    bring_in(
        acting, invoices(tmp_path, "1;F-0;01/10/2026;31/10/2026;PEN;10,00;", "2;F-1;01/10/2026;31/10/2026;PEN;1,00;")
    )
    customer = Customer.objects.get(code="1")
    change_terms(
        acting.actor(), customer.id, effective_on=acting.actor().today, terms_days=60, reason="Asked for it",
        consent_ours="Carla Ríos", consent_theirs="Rosa Medina", evidence="A letter",
    )  # fmt: skip
    second = invoices(
        tmp_path,
        "1;F-2;23/11/2026;;PEN;100,00;",
        "1;F-3;23/11/2026;30/11/2026;PEN;100,00;",
        "1;F-4;20/11/2026;;PEN;100,00;",
        "2;F-5;23/11/2026;;PEN;100,00;",
    )
    found = bring_in(acting, second)
    assert counts(found) == (2, 0, 0, 2)  # nobody knows the terms of 20 November, nor those of the other customer
    reasons = [(one.line, one.column) for one in found.rejects]
    assert reasons == [(4, "Vencimiento"), (5, "Vencimiento")]
    due = {number: day for number, (day, _open) in open_items().items()}
    assert (due["F-2"], due["F-3"]) == ("2027-01-22", "2026-11-30")
    before = dump()
    assert counts(bring_in(acting, second)) == (0, 0, 2, 2)
    assert dump() == before


def test_terms_for_paying_early_come_with_the_invoice(acting: Cast, tmp_path: Path) -> None:
    found = bring_in(
        acting,
        invoices(
            tmp_path,
            "1;F-1;20/11/2026;;PEN;1000,00;2/10 net 30",
            "1;F-2;20/11/2026;31/12/2026;PEN;1000,00;3 % 8 días",
            "1;F-3;20/11/2026;31/12/2026;PEN;1000,00;según contrato",
        ),
    )
    assert counts(found) == (3, 0, 0, 0)
    discounts = EarlyDiscount.objects.order_by("installment__invoice__number")
    assert [(one.source, one.percent, one.amount, one.until_on) for one in discounts] == [
        ("file", Decimal(2), Decimal(20), date(2026, 11, 30)),
        ("file", Decimal(3), Decimal(30), date(2026, 11, 28)),
    ]
    assert open_items()["F-1"][0] == "2026-12-20"
