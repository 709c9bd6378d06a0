"""The account statement: what is in it, where, and in which words."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from conftest import NOW, TODAY
from puntual.outreach import statement as made
from puntual.outreach.outbox import send_due
from puntual.outreach.statement import statement
from puntual.parties.actions import add_account
from puntual.payments.actions import record_payment
from puntual.receivables import actions as ledger
from puntual.receivables.tests.build import books_for
from puntual.tenancy.scope import acting_for


@pytest.fixture
def books(acting):
    return books_for(acting.actor())


@pytest.fixture
def shown(monkeypatch):
    """What the layout was given: the words of the document, without reading a PDF."""
    seen = {}

    def pdf(layout, values, made_at):
        seen.update(values)
        return real(layout, values, made_at)

    real = made.pdf
    monkeypatch.setattr(made, "pdf", pdf)
    return seen


def test_everything_open_stands_in_its_place(books, shown) -> None:
    customer = books.customer("Textiles Andinos")
    books.item(customer, "1200", late=40)
    books.item(customer, "300.50", late=5)
    books.item(customer, "80", late=-10)
    disputed = books.item(customer, "500", late=20)
    books.item(customer, "75", late=3, currency="USD")
    ledger.hold(books.by, reason="dispute", installment_id=disputed.id, from_on=TODAY)
    record_payment(
        books.by, customer_id=customer.id, reference="P1", received_on=TODAY, currency="USD", amount=Decimal(90)
    )
    add_account(books.by, books.creditor.id, currency="PEN", bank="Banco Uno", number="191-001")
    add_account(books.by, books.creditor.id, currency="EUR", bank="Banco Dos", number="ES91")
    document = statement(customer, TODAY, NOW)
    assert document.content.startswith(b"%PDF-") and document.name == "estado-de-cuenta-2026-11-23.pdf"
    soles, dollars = shown["parts"]
    assert [soles["currency"], dollars["currency"]] == ["Sol peruano (PEN)", "Dólar estadounidense (USD)"]
    assert [(group["name"], len(group["rows"]), group["total"]) for group in soles["groups"]] == [
        ("Vencido", 2, "S/ 1,500.50".replace(" ", "\N{NO-BREAK SPACE}")),
        ("Por vencer", 1, "S/ 80.00".replace(" ", "\N{NO-BREAK SPACE}")),
        ("En revisión o acordado aparte", 1, "S/ 500.00".replace(" ", "\N{NO-BREAK SPACE}")),
    ]
    assert soles["groups"][2]["rows"][0][2].endswith("· en revisión")
    assert [amount for _name, amount in soles["aging"]][:2] == [
        soles["groups"][0]["rows"][1][4],
        soles["groups"][0]["rows"][0][4],
    ]
    assert soles["pay"] == ["Banco Uno · 191-001 · " + books.creditor.name] and dollars["pay"] == []
    assert dollars["credit"].endswith("15.00") and dollars["groups"] == []


def test_nothing_open_says_so(books, shown) -> None:
    statement(books.customer(), TODAY, NOW)
    assert shown["parts"] == [] and "Gracias" in shown["nothing"]


@pytest.mark.parametrize(
    ("language", "title"), [("es-PE", "Estado de cuenta"), ("en", "Account statement"), ("pt", "Extrato de conta")]
)
def test_in_the_language_of_the_reader(books, shown, language, title) -> None:
    customer = books.customer("Ñandú & Co. #1 [x]", language=language)
    books.item(customer, "10", late=1)
    statement(customer, TODAY, NOW)
    assert shown["title"] == title and shown["parts"][0]["groups"][0]["rows"][0][2].endswith(
        {"es-PE": "1 día", "en": "1 day", "pt": "1 dia"}[language]
    )


def test_a_european_bank_reads_account_amount_and_reference_from_the_code(books, shown) -> None:
    customer = books.customer()
    books.item(customer, "120.40", late=3, currency="EUR")
    add_account(books.by, books.creditor.id, currency="EUR", bank="Banco", number="ES9121000418450200051332")
    statement(customer, TODAY, NOW)
    assert shown["parts"][0]["qr"].startswith("<svg")
    assert shown["reference"].replace(" ", "").startswith("RF")


def test_a_thousand_items_are_pages_not_a_failure(books, shown) -> None:
    customer = books.customer()
    for number in range(60):
        books.item(customer, str(10 + number), late=number)
    first = statement(customer, TODAY, NOW)
    assert first == statement(customer, TODAY, NOW)  # the same bytes, whenever it is asked for
    assert statement(customer, TODAY, NOW + timedelta(days=1)) != replace(first, name="")


def test_it_goes_along_where_the_step_says_so(live, post) -> None:
    with acting_for(live.by.organization_id):
        for number, step in ((1, "friendly"), (2, "firm")):
            customer = live.customer(f"Cliente {number}")
            live.plan(customer, [live.invoice(customer, f"F00{number}", 18)], step=step, tone=step, template=step)
    assert send_due(live.by.organization_id, NOW).counts == {"sent": 2}
    files = {mail["To"]: [part.get_filename() for part in mail.iter_attachments()] for mail in post.taken}
    assert sorted(files.values()) == [[], ["estado-de-cuenta-2026-11-23.pdf"]]
    (document,) = next(mail for mail in post.taken if list(mail.iter_attachments())).iter_attachments()
    assert document.get_content_type() == "application/pdf" and document.get_content().startswith(b"%PDF-")
