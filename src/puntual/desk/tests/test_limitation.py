"""What bears on the limitation of a customer's claims, on the customer's page."""

import pytest
from django.test import Client

from conftest import NOW, TODAY, Cast, make_member
from puntual.audit.models import Record
from puntual.desk.tests.book import Book
from puntual.parties.models import Customer
from puntual.receivables.actions import record_claim_fact
from puntual.receivables.models import ClaimFact


@pytest.fixture
def customer(book: Book) -> Customer:
    found = book.customer("Austral", country="CL")
    book.invoice(found, "F-1", due=-365 * 6)
    return found


def at(customer: Customer, what: str = "") -> str:
    return f"/o/sembria/customers/{customer.id}{what}"


def kept(book: Book) -> list[tuple[str, str, bool]]:
    with book.inside():
        rows = ClaimFact.objects.filter(organization_id=book.cast.id).order_by("id")
        return [(one.kind, one.evidence, one.withdrawn_on is not None) for one in rows]


def test_an_acknowledgment_is_recorded_with_its_evidence(book: Book, owner: Client, customer: Customer) -> None:
    tab = at(customer, "/agreements")
    assert "está prescrita" in owner.get(tab).content.decode()
    given = {"kind": "acknowledgment", "on": "2025-03-03", "invoice": "", "evidence": "Carta firmada, folio 7"}
    for wrong in ({"evidence": " "}, {"on": "2027-01-01"}, {"kind": "lifted"}, {"invoice": str(customer.id)}):
        assert owner.post(at(customer, "/claim-fact"), {**given, **wrong}).status_code == 422, wrong
    assert kept(book) == []
    assert owner.post(at(customer, "/claim-fact"), given).headers["Location"] == tab
    page = owner.get(tab).content.decode()
    assert "está prescrita" not in page and "Carta firmada, folio 7" in page
    with book.inside():
        fact = ClaimFact.objects.get()
    assert owner.post(f"/o/sembria/customers/claim-facts/{fact.id}/withdraw", {"why": "Era de otro"}).status_code == 302
    assert "está prescrita" in owner.get(tab).content.decode()
    assert kept(book) == [("acknowledgment", "Carta firmada, folio 7", True)]
    with book.inside():
        said = Record.objects.filter(action__startswith="receivables.").order_by("id").values_list("action", flat=True)
        assert list(said)[-2:] == ["receivables.claim_fact", "receivables.withdraw_claim_fact"]


def test_counsel_lets_it_be_pursued(book: Book, owner: Client, customer: Customer) -> None:
    assert "prescribió" in owner.get(at(customer)).context["coming"].text
    lift = at(customer, "/lift-time-bar")
    assert owner.post(lift, {"evidence": ""}).status_code == 422
    assert owner.post(lift, {"evidence": "Dra. Rojas, correo del 20 de noviembre", "invoice": ""}).status_code == 302
    assert "prescribió" not in owner.get(at(customer)).context["coming"].text
    assert "Dra. Rojas" in owner.get(at(customer, "/agreements")).content.decode()


@pytest.mark.parametrize("role", ["collector", "auditor"])
def test_who_may_not_lift_it(book: Book, client: Client, cast: Cast, customer: Customer, role: str) -> None:
    with book.inside():
        fact = record_claim_fact(book.by(), customer.id, "lawsuit", on=TODAY, evidence="Rol 1")
    client.force_login(make_member(cast.organization, role, f"{role}@sembria.example"))
    withdraw = f"/o/sembria/customers/claim-facts/{fact.id}/withdraw"
    assert client.post(at(customer, "/lift-time-bar"), {"evidence": "x"}).status_code == 403
    assert client.post(withdraw, {"why": "x"}).status_code == 403
    assert client.get(at(customer, "/claim-fact")).status_code == (200 if role == "collector" else 403)
    page = client.get(at(customer, "/agreements")).content.decode()
    assert "lift-time-bar" not in page and withdraw not in page


def test_whose_it_is_not_finds_nothing(book: Book, client: Client, cast: Cast, customer: Customer) -> None:
    with book.inside():
        fact = record_claim_fact(book.by(), customer.id, "lawsuit", on=NOW.date(), evidence="Rol 1")
    client.force_login(cast.outsider)
    assert client.get(f"/o/lonkura/customers/claim-facts/{fact.id}/withdraw").status_code == 404
    assert client.post(f"/o/lonkura/customers/{customer.id}/claim-fact", {}).status_code == 404
