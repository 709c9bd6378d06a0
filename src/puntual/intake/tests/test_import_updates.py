"""A known portfolio and what the next file says of it."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.db.models import Sum

from conftest import Cast
from puntual.disputes.actions import open_dispute
from puntual.disputes.models import Dispute
from puntual.intake.tests.files import bring_in, counts, csv, dump, open_items
from puntual.parties.models import Customer
from puntual.payments.actions import record_payment
from puntual.payments.models import Payment
from puntual.receivables.actions import Designation, Part, issue_invoice
from puntual.receivables.models import Entry, Hold, Installment

HEADER = "Código;Número;Emisión;Vencimiento;Moneda;Importe;Saldo;En disputa\n"


def week(tmp_path: Path, *rows: str) -> Path:
    """A weekly file: due date, open amount and whether it is disputed change."""
    return csv(tmp_path / "semana.csv", HEADER + "\n".join(rows))


def test_weeks_of_the_same_portfolio(acting: Cast, tmp_path: Path) -> None:
    bring_in(
        acting,
        week(
            tmp_path,
            "1;F-1;01/10/2026;31/10/2026;PEN;100,00;100,00;no",
            "1;F-2;02/10/2026;31/10/2026;PEN;50,00;50,00;no",
        ),
    )
    # F-1: part is paid, nobody says when. F-2: later due, and disputed.
    second = week(
        tmp_path, "1;F-1;01/10/2026;31/10/2026;PEN;100,00;60,00;no", "1;F-2;02/10/2026;15/11/2026;PEN;50,00;50,00;sí"
    )
    assert counts(bring_in(acting, second)) == (0, 2, 0, 0)
    assert open_items() == {"F-1": ("2026-10-31", Decimal(60)), "F-2": ("2026-11-15", Decimal(50))}
    assert Installment.objects.get(invoice__number="F-2").due_generation == 2
    made = Dispute.objects.get()
    assert (made.source, made.amount, made.state) == ("file", 50, "open")
    assert (Hold.objects.get().reason, Hold.objects.get().source_id) == ("dispute", made.id)
    before = dump()
    assert counts(bring_in(acting, second)) == (0, 0, 2, 0)
    assert dump() == before
    # F-1: the file takes part of it back. F-2: settled, and no longer disputed.
    third = week(
        tmp_path, "1;F-1;01/10/2026;31/10/2026;PEN;100,00;80,00;no", "1;F-2;02/10/2026;15/11/2026;PEN;50,00;0,00;no"
    )
    assert counts(bring_in(acting, third)) == (0, 2, 0, 0)
    assert open_items() == {"F-1": ("2026-10-31", Decimal(80))}
    assert Hold.objects.get().released_on is not None
    assert (Dispute.objects.get().state, Dispute.objects.get().why) == ("withdrawn", "semana.csv")
    closed = Entry.objects.exclude(kind="issued").values_list("kind", "installment__invoice__number")
    assert set(closed.annotate(Sum("amount"))) == {("closed_outside", "F-1", -20), ("closed_outside", "F-2", -50)}


def test_a_payment_known_here_is_not_taken_back_by_a_file_that_lags(acting: Cast, tmp_path: Path) -> None:
    path = week(tmp_path, "1;F-1;01/10/2026;31/10/2026;PEN;100,00;100,00;no")
    bring_in(acting, path)
    item = Installment.objects.get()
    record_payment(
        acting.actor(),
        customer_id=item.customer_id,
        reference="op 1",
        received_on=date(2026, 11, 2),
        currency="PEN",
        amount=Decimal(70),
        designations=[Designation(item.id)],
    )
    result = bring_in(acting, path)
    assert counts(result) == (0, 0, 0, 1)
    assert result.as_json()["rejects"][0]["column"] == "Saldo"
    assert open_items()["F-1"][1] == 30


def test_a_date_of_payment_explains_what_was_closed_without_one(acting: Cast, tmp_path: Path) -> None:
    bring_in(acting, week(tmp_path, "1;F-1;01/10/2026;31/10/2026;PEN;100,00;0,00;no"))
    text = "Código;Número;Emisión;Vencimiento;Moneda;Importe;Fecha de pago\n1;F-1;01/10/2026;31/10/2026;PEN;100,00;05/11/2026"
    paid = csv(tmp_path / "pagadas.csv", text)
    assert counts(bring_in(acting, paid)) == (0, 1, 0, 0)
    payment = Payment.objects.get()
    assert (payment.received_on, payment.amount, payment.unapplied) == (date(2026, 11, 5), 100, 0)
    assert Installment.objects.get().open_amount == 0
    before = dump()
    assert counts(bring_in(acting, paid)) == (0, 0, 1, 0)
    assert dump() == before


def test_part_payments_stand_on_rows_of_their_own(acting: Cast, tmp_path: Path) -> None:
    text = """
        Código;Número;Emisión;Vencimiento;Importe;Pagado;Fecha de pago
        1;F-1;01/10/2026;31/10/2026;100,00;40,00;02/11/2026
        1;F-1;01/10/2026;31/10/2026;100,00;35,00;09/11/2026
        1;F-1;01/10/2026;31/10/2026;100,00;35,00;09/11/2026
    """
    path = csv(tmp_path / "f.csv", text)
    assert counts(bring_in(acting, path)) == (1, 1, 1, 0)
    assert open_items() == {"F-1": ("2026-10-31", Decimal(25))}
    before = dump()
    assert counts(bring_in(acting, path)) == (0, 0, 3, 0)
    assert dump() == before


def test_rows_that_contradict_each_other_never_take_turns(acting: Cast, tmp_path: Path) -> None:
    """Two installments under one number: the second row is refused, today and with every file that repeats it."""
    path = week(
        tmp_path,
        "1;F-1;01/10/2026;31/10/2026;PEN;100,00;100,00;no",
        "1;F-2;01/10/2026;31/10/2026;PEN;100,00;100,00;no",
        "1;F-1;01/10/2026;30/11/2026;PEN;100,00;100,00;no",
    )
    first = bring_in(acting, path)
    assert counts(first) == (2, 0, 0, 1)
    assert [one["line"] for one in first.as_json()["rejects"]] == [4]
    before = dump()
    assert counts(bring_in(acting, path)) == (0, 0, 2, 1)
    assert dump() == before


def test_contradictions_are_seen_across_chunks(acting: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("puntual.intake.running.CHUNK", 2)
    test_rows_that_contradict_each_other_never_take_turns(acting, tmp_path)


def test_a_number_that_is_none_does_not_keep_the_ledger_busy(acting: Cast, tmp_path: Path) -> None:
    rows = [f"{n};S/N;01/10/2026;31/10/2026;PEN;{n}00,00;{n}00,00;no" for n in range(1, 60)]
    assert counts(bring_in(acting, week(tmp_path, *rows))) == (1, 0, 0, 58)
    assert counts(bring_in(acting, week(tmp_path, *rows))) == (0, 0, 1, 58)


def test_a_document_is_never_exchanged_for_another(acting: Cast, tmp_path: Path) -> None:
    bring_in(acting, week(tmp_path, "1;F-1;01/10/2026;31/10/2026;PEN;100,00;100,00;no"))
    before = dump()
    rows = [
        "2;F-1;01/10/2026;31/10/2026;PEN;100,00;100,00;no",
        "1;f-1;01/10/2026;31/10/2026;USD;100,00;100,00;no",
        "1;F-1;02/10/2026;31/10/2026;PEN;100,00;100,00;no",
        "1;F-1;01/10/2026;31/10/2026;PEN;120,00;120,00;no",
    ]
    for one in rows:
        assert counts(bring_in(acting, week(tmp_path, one))) == (0, 0, 0, 1)
    assert {table: rows for table, rows in dump().items() if table.startswith("receivables")} == {
        table: rows for table, rows in before.items() if table.startswith("receivables")
    }


def test_without_a_column_of_amounts_only_the_balance_counts(acting: Cast, tmp_path: Path) -> None:
    header = "Código;Número;Emisión;Vencimiento;Saldo pendiente\n"
    bring_in(acting, csv(tmp_path / "f.csv", header + "1;F-1;01/10/2026;31/10/2026;100,00"))
    assert counts(bring_in(acting, csv(tmp_path / "g.csv", header + "1;F-1;01/10/2026;31/10/2026;60,00"))) == (
        0,
        1,
        0,
        0,
    )
    assert open_items()["F-1"][1] == 60


def test_an_invoice_in_installments_closes_its_earliest_first(acting: Cast, tmp_path: Path) -> None:
    bring_in(acting, week(tmp_path, "1;F-1;01/10/2026;31/10/2026;PEN;100,00;100,00;no"))
    issue_invoice(
        acting.actor(),
        customer_id=Customer.objects.get().id,
        number="F-9",
        issued_on=date(2026, 10, 1),
        currency="PEN",
        parts=[Part(date(2026, 10, 31), Decimal(50)), Part(date(2026, 11, 30), Decimal(50))],
    )
    assert counts(bring_in(acting, week(tmp_path, "1;F-9;01/10/2026;30/11/2026;PEN;100,00;30,00;no"))) == (0, 1, 0, 0)
    opened = (
        Installment.objects.filter(invoice__number="F-9").order_by("position").values_list("open_amount", flat=True)
    )
    assert list(opened) == [0, 30]


def test_a_persons_dispute_is_not_ended_by_a_file(acting: Cast, tmp_path: Path) -> None:
    path = week(tmp_path, "1;F-1;01/10/2026;31/10/2026;PEN;100,00;100,00;no")
    bring_in(acting, path)
    open_dispute(acting.actor(), Installment.objects.get().invoice_id, reason="delivery", said="Falta la guía")
    assert counts(bring_in(acting, path)) == (0, 0, 1, 0)
    assert Dispute.objects.get().state == "open"
    assert Hold.objects.get().released_on is None
