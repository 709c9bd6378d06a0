"""The agreement of a plan as a PDF: everything that was agreed stands in it, in three languages."""

import io

import pytest
from pypdf import PdfReader

from puntual.agreements.plans.actions import accept, agree_plan
from puntual.agreements.tests.plans import BY_PHONE, Planned
from puntual.outreach.plan_document import plan_document
from puntual.parties.models import CreditorAccount, Customer
from puntual.receivables.tests.build import Books, books_for


@pytest.fixture
def books(acting) -> Books:
    books = books_for(acting.actor())
    books.creditor.phone, books.creditor.email = "+5117000000", "pagos@sembria.example"
    books.creditor.address = "Av. Larco 345\nLima"
    books.creditor.save()
    CreditorAccount.objects.create(
        organization_id=books.org, creditor=books.creditor, currency="PEN", bank="Banco Uno", number="194-111"
    )
    return books


@pytest.fixture
def planned(books: Books) -> Planned:
    return Planned(books)


@pytest.fixture
def customer(books: Books) -> Customer:
    return books.customer("Textiles Andinos S.A.C.")


def text(content: bytes) -> str:
    return " ".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("es", ["Plan de pagos", "PP-2026-0001", "Pago inicial", "S/ 100.00", "23 de noviembre de 2026"]),
        ("en", ["Payment plan", "PP-2026-0001", "Down payment", "PEN 100.00", "November 23, 2026"]),
        ("pt", ["Plano de pagamento", "PP-2026-0001", "Entrada", "100,00", "23 de novembro de 2026"]),
    ],
)
def test_all_that_was_agreed(planned: Planned, customer: Customer, language: str, words: list[str]) -> None:
    items = [planned.books.item(customer, "600", late=40), planned.books.item(customer, "400", late=20)]
    plan = agree_plan(
        planned.by, customer.id, [item.id for item in items], planned.wish(3, first=30, down=100, yearly_percent=12)
    )
    made = plan_document(plan, planned.by.now, language)
    found = text(made.content)
    for word in [*words, "Sembria S.A.C.", "Textiles Andinos S.A.C.", "Banco Uno", "+5117000000", "F001-"]:
        assert word in found
    assert made.content == plan_document(plan, planned.by.now, language).content
    accept(planned.by, plan.id, BY_PHONE)
    plan.refresh_from_db()
    assert "Ana Ruiz" in text(plan_document(plan, planned.by.now, language).content)


def test_a_settlement_says_that_nothing_is_given_unless_it_is_met(planned: Planned, customer: Customer) -> None:
    item = planned.books.item(customer, "1000", late=90)
    plan = agree_plan(planned.by, customer.id, [item.id], planned.wish(1, first=20, discount_percent=20))
    found = text(plan_document(plan, planned.by.now, "en").content)
    assert "PEN 800.00" in found and "20 %" in found
    assert "nothing is taken off" in found
