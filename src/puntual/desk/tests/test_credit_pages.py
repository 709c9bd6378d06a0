"""The credit policy, a customer's application and its limit on the desk."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from conftest import Cast, make_member
from puntual.desk.tests.book import Book
from puntual.organizations.absences.actions import set_absence
from puntual.parties.models import CreditLimit, Customer
from puntual.strategies.actions import install_builtin
from puntual.strategies.credit.models import CreditApplication, CreditDocument, CreditPolicy

AT = "/o/sembria/"
SETTINGS = f"{AT}settings/credit/"
RULE = {
    "terms_days": 30, "review_months": 6, "documents": "Ficha RUC\nReferencias",
    "limit_PEN": "20,000", "collector_PEN": "1,000", "manager_PEN": "10,000.50",
}  # fmt: skip


@pytest.fixture
def customer(book: Book) -> Customer:
    found = book.customer("Viñas Trehuelén", terms_days=15)
    book.invoice(found, "F-1", due=-10)
    return found


@pytest.fixture
def policy(book: Book, owner: Client) -> CreditPolicy:
    owner.post(f"{SETTINGS}draft")
    with book.inside():
        draft = CreditPolicy.objects.get()
    assert owner.post(f"{SETTINGS}{draft.id}/rules/of/everybody", RULE).status_code == 302
    assert owner.post(f"{SETTINGS}{draft.id}/activate").status_code == 302
    with book.inside():
        return CreditPolicy.objects.get(state="active")


def test_a_policy_is_written_put_into_force_and_read(book: Book, owner: Client, policy: CreditPolicy) -> None:
    page = owner.get(SETTINGS).content.decode()
    assert "20,000.00" in page and "10,000.50" in page and "Ficha RUC, Referencias" in page
    owner.post(f"{SETTINGS}draft")
    with book.inside():
        draft = CreditPolicy.objects.get(state="draft")
    at = f"{SETTINGS}{draft.id}"
    assert owner.get(f"{at}/rules/of/everybody").status_code == 200
    wrong = owner.post(f"{at}/rules/of/everybody", {**RULE, "manager_PEN": "1"})
    assert wrong.status_code == 422 and wrong.context["form"].errors
    assert owner.get(f"{at}/rules/new").status_code == 404  # there is no segment
    assert owner.post(f"{at}/name", {"name": "Crédito 2027"}).status_code == 302
    assert owner.post(f"{at}/words?language=es", {"title": "Entregas", "text": ""}).status_code == 422
    assert owner.post(f"{at}/words?language=es", {"title": "Entregas", "text": "Los martes."}).status_code == 302
    assert "Crédito 2027" in owner.get(at).content.decode()
    assert owner.post(f"{at}/rules/of/everybody", {**RULE, "terms_days": "77"}).status_code == 302
    said = {one.name: one.lines for one in owner.get(at).context["differences"]}
    assert [label for label, _was, _now in said["Todos los demás"]] == ["Días de plazo"]
    assert said["Todos los demás"][0][2] == "77" and said["Nombre de la política"][0][2] == "Crédito 2027"
    assert "differences" not in owner.get(SETTINGS).context
    assert "Los martes." in owner.get(f"{SETTINGS}text?version={draft.id}&language=es").content.decode()
    assert "Los martes." not in owner.get(f"{SETTINGS}text?language=es").content.decode()
    owner.post(f"{at}/discard")
    assert owner.get(at).status_code == 404
    assert owner.get(f"{SETTINGS}{policy.id}/name").status_code == 404


def test_an_application_to_its_end(book: Book, owner: Client, customer: Customer, policy: CreditPolicy) -> None:
    at = f"{AT}customers/{customer.id}/credit/"
    assert owner.get(at).status_code == 200
    asked = {"currency": "PEN", "limit": "8,000", "terms_days": "30", "asked_by": "Rosa", "asked_on": "2026-11-20"}
    assert owner.post(f"{at}apply", {**asked, "limit": "", "terms_days": ""}).status_code == 422
    assert owner.post(f"{at}apply", asked).status_code == 302
    with book.inside():
        one = CreditApplication.objects.get()
    mine = f"{AT}customers/credit/{one.id}/"
    file = SimpleUploadedFile("ficha.pdf", b"%PDF-1.7 x")
    assert owner.post(f"{mine}document", {"document": "Ficha RUC"}).status_code == 422
    assert owner.post(f"{mine}document", {"document": "Ficha RUC", "file": file}).status_code == 302
    assert owner.post(f"{mine}document", {"document": "Referencias", "note": "Vistas en la visita"}).status_code == 302
    answer = owner.get(at)
    assert "ficha.pdf" in answer.content.decode() and "Vistas en la visita" in answer.content.decode()
    assert [(shown.decides, shown.missing) for shown in answer.context["applications"]] == [("manager", [])]
    with book.inside():
        kept = CreditDocument.objects.get(name="ficha.pdf")
    handed = owner.get(f"{AT}customers/credit/documents/{kept.id}")
    assert handed.content == b"%PDF-1.7 x" and "attachment" in handed["Content-Disposition"]
    given = {"limit": "8,000", "terms_days": "30", "valid_until": "2027-05-23", "reason": "Paga bien"}
    assert owner.get(f"{mine}grant").status_code == 200
    assert owner.post(f"{mine}grant", {**given, "limit": "9,000"}).status_code == 422
    assert owner.post(f"{mine}grant", given).status_code == 302
    with book.inside():
        assert CreditLimit.objects.get().amount == 8000
        assert Customer.objects.get(id=customer.id).terms_days == 30
    page = owner.get(at).content.decode()
    assert "Paga bien" in page and "8,000.00" in page
    assert "8,000.00" in owner.get(f"{AT}customers/{customer.id}/agreements").content.decode()
    assert "8,000.00" in owner.get(f"{AT}reports/credit-limits").content.decode()
    assert owner.get(f"{mine}refuse").status_code == 404


def test_a_collector_decides_within_its_reach(
    book: Book, cast: Cast, client: Client, customer: Customer, policy: CreditPolicy
) -> None:
    collector = make_member(cast.organization, "collector", "collector@sembria.example")
    client.force_login(collector)
    at = f"{AT}customers/{customer.id}/credit/"
    client.post(f"{at}apply", {"currency": "PEN", "limit": "5,000", "asked_by": "Rosa", "asked_on": "2026-11-20"})
    with book.inside():
        one = CreditApplication.objects.get()
    mine = f"{AT}customers/credit/{one.id}/"
    for name in ("Ficha RUC", "Referencias"):
        client.post(f"{mine}document", {"document": name, "note": "Vista"})
    given = {"limit": "5,000", "valid_until": "2027-05-23", "reason": "Para empezar"}
    assert client.post(f"{mine}grant", given).status_code == 422
    assert client.post(f"{mine}refuse", {"reason": "No"}).status_code == 422
    assert client.post(f"{mine}grant", {**given, "limit": "1,000"}).status_code == 302
    assert client.get(f"{at}limit").status_code == 403
    with book.inside():
        assert CreditApplication.objects.get().state == "partly"
    client.post(f"{at}apply", {"currency": "PEN", "limit": "8,000", "asked_by": "Rosa", "asked_on": "2026-11-20"})
    with book.inside():
        again = f"{AT}customers/credit/{CreditApplication.objects.get(state='open').id}/refuse"
    assert client.post(again, {"reason": "No"}).status_code == 422
    with book.inside():
        set_absence(cast.actor(), cast.owner.id, collector.id, starts_on=cast.actor().today)
    assert client.post(again, {"reason": "No"}).status_code == 302, "with the authority of whom they stand in for"


def test_a_limit_is_set_and_ended_by_hand(book: Book, owner: Client, customer: Customer) -> None:
    at = f"{AT}customers/{customer.id}/credit/limit"
    assert owner.post(at, {"currency": "PEN", "amount": "", "reason": "x"}).status_code == 422
    assert owner.post(at, {"currency": "PEN", "amount": "50", "reason": "Prueba"}).status_code == 302
    assert owner.post(at, {"currency": "PEN", "amount": "", "reason": "Ya no"}).status_code == 302
    with book.inside():
        assert [one.amount for one in CreditLimit.objects.order_by("recorded_at", "id")] == [Decimal(50), None]


def test_the_text_for_customers_in_three_languages_as_page_pdf_and_plain(
    book: Book, cast: Cast, owner: Client, policy: CreditPolicy
) -> None:
    with book.inside():
        install_builtin(cast.actor(), "es")
    for language, words in (("es", "30 días"), ("en", "30 days"), ("pt", "30 dias")):
        for purpose in ("contract", "invoice"):
            query = f"?language={language}&purpose={purpose}"
            assert words in owner.get(f"{SETTINGS}text{query}").content.decode()
            plain = owner.get(f"{SETTINGS}text.txt{query}").content.decode()
            assert words in plain and "{" not in plain
        assert owner.get(f"{SETTINGS}text.pdf?language={language}").content.startswith(b"%PDF-")
