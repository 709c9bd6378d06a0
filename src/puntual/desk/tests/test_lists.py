"""Lists by key, and search."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client, RequestFactory

from conftest import TODAY, Cast
from puntual.agreements.promises.actions import promise
from puntual.desk.keyset import Page, paginate
from puntual.desk.search import find
from puntual.disputes.actions import open_dispute
from puntual.kernel.problems import Problem
from puntual.kernel.references import document_key
from puntual.kernel.text import fold
from puntual.parties.actions import add_contact_point, add_person
from puntual.parties.models import Creditor, Customer, Party, Person
from puntual.payments.actions import record_payment
from puntual.receivables.actions import Part, issue_invoice
from puntual.receivables.models import Invoice
from puntual.tenancy.scope import acting_for


def make_customers(organization_id, names: list[str], tax_ids: bool = False) -> list[Customer]:
    creditor, _made = Creditor.objects.get_or_create(
        organization_id=organization_id,
        code="S",
        defaults={"name": "Sembria", "country": "PE", "currency": "PEN", "language": "es"},
    )
    customers = []
    for number, name in enumerate(names, start=1):
        party = Party.objects.create(
            organization_id=organization_id,
            name=name,
            search_name=fold(name),
            country="PE",
            tax_id=f"2000000000{number}" if tax_ids else "",
        )
        customers.append(
            Customer.objects.create(
                organization_id=organization_id,
                creditor=creditor,
                party=party,
                code=f"C-{number:04}",
                name=name,
                search_name=fold(name),
                language="es",
                time_zone="America/Lima",
                created_on=TODAY,
            )
        )
    return customers


def names(page: Page) -> list[str]:
    return [customer.name for customer in page]


@pytest.mark.parametrize("descending", [False, True])
def test_a_list_is_walked_to_its_end_and_back(acting: Cast, rf: RequestFactory, descending: bool) -> None:
    expected = [f"N{number:02}" for number in range(7)] + ["N06"]  # two of one name: the id decides
    make_customers(acting.id, expected)
    expected = sorted(expected, reverse=descending)
    rows = Customer.objects.filter(organization_id=acting.id)

    def load(query: str) -> Page:
        request = rf.get(f"/{query or '?tone=firm'}")
        return paginate(rows, request, by=("search_name", "id"), descending=descending, size=3)

    seen, pages = [], []
    query = ""
    while True:
        page = load(query)
        pages.append(page)
        seen += names(page)
        if not page.next:
            break
        assert "tone=firm" in page.next
        query = page.next
    assert seen == expected
    assert [len(page) for page in pages] == [3, 3, 2]
    assert pages[0].previous == ""
    back = load(pages[2].previous)
    assert names(back) == names(pages[1])
    first = load(back.previous)
    assert names(first) == names(pages[0])
    assert first.previous == ""


def test_a_key_of_amounts_and_dates(acting: Cast, rf: RequestFactory) -> None:
    customer = make_customers(acting.id, ["Uno"])[0]
    for number in range(5):
        make_invoice(customer, f"F-{number}", Decimal(number + 1), date(2026, 11, number + 1))
    rows = Invoice.objects.filter(organization_id=acting.id)
    first = paginate(rows, rf.get("/"), by=("amount", "issued_on", "id"), descending=True, size=2)
    second = paginate(rows, rf.get("/" + first.next), by=("amount", "issued_on", "id"), descending=True, size=2)
    assert [invoice.number for invoice in (*first, *second)] == ["F-4", "F-3", "F-2", "F-1"]


@pytest.mark.parametrize("key", ["x", "bnVsbA", "W10", "W3t9LHt9XQ", "Ωmega"])
def test_a_key_that_is_not_ours_is_a_problem(acting: Cast, rf: RequestFactory, key: str) -> None:
    with pytest.raises(Problem):
        paginate(Customer.objects.all(), rf.get("/", {"after": key}), by=("search_name", "id"))


def make_invoice(customer: Customer, number: str, amount: Decimal = Decimal(10), issued_on: date = TODAY) -> Invoice:
    return Invoice.objects.create(
        organization_id=customer.organization_id,
        creditor=customer.creditor,
        customer=customer,
        number=number,
        number_key=document_key(number),
        issued_on=issued_on,
        currency="PEN",
        amount=amount,
    )


def hits(acting: Cast, text: str) -> dict[str, list[str]]:
    return {group.kind: [hit.name for hit in group.hits] for group in find(acting.id, text, "PE")}


def test_search_finds_by_name_code_tax_id_and_number(acting: Cast, django_assert_num_queries) -> None:
    _pena, lucma, _ = make_customers(acting.id, ["Peña y Cía. S.A.C.", "Minera Cerro Lucma", "Otra"], tax_ids=True)
    make_invoice(lucma, "F001-254")
    make_invoice(lucma, "F001-2549")
    assert hits(acting, "pena") == {"customers": ["Peña y Cía. S.A.C."]}
    assert hits(acting, "LUCMA") == {"customers": ["Minera Cerro Lucma"]}
    assert hits(acting, "c-0002") == {"customers": ["Minera Cerro Lucma"]}
    assert hits(acting, "20000000001") == {"customers": ["Peña y Cía. S.A.C."]}
    assert hits(acting, "f001-25") == {"invoices": ["F001-254", "F001-2549"]}
    for nothing in ("p", "zzz", "¿?", "1.93e+09"):
        assert hits(acting, nothing) == {}
    with django_assert_num_queries(13):
        find(acting.id, "minera", "PE")


def test_search_finds_people_addresses_payments_promises_and_disputes(acting: Cast) -> None:
    (customer,) = make_customers(acting.id, ["Minera Cerro Lucma"])
    by = acting.actor()
    person = add_person(by, customer.id, name="José Núñez", title="Tesorería")
    add_contact_point(by, customer.id, kind="email", value="jose@lucma.example", person_id=person.id)
    add_contact_point(by, customer.id, kind="phone", value="+51 987 654 321")
    item = issue_invoice(
        by,
        customer_id=customer.id,
        number="F-1",
        issued_on=TODAY,
        currency="PEN",
        parts=[Part(TODAY, Decimal(100))],
    )
    record_payment(
        by, customer_id=customer.id, reference="OP-77", received_on=TODAY, currency="PEN", amount=Decimal(10)
    )
    open_dispute(by, item.id, reason="price", amount=Decimal(20))
    promise(by, customer.id, currency="PEN", promised_for=TODAY, amount=Decimal(5))
    assert hits(acting, "nunez") == {"people": ["José Núñez"]}
    assert hits(acting, "jose") == {"people": ["José Núñez"], "addresses": ["jose@lucma.example"]}
    assert hits(acting, "987 654 321") == {"addresses": ["+51987654321"]}
    assert hits(acting, "OP-7") == {"payments": ["OP-77"]}
    assert set(hits(acting, "lucma")) == {"customers", "promises", "disputes"}


def test_who_is_forgotten_is_not_found(acting: Cast) -> None:
    (customer,) = make_customers(acting.id, ["Uno"])
    person = add_person(acting.actor(), customer.id, name="José Núñez")
    Person.objects.filter(id=person.id).update(name="—")
    assert hits(acting, "nunez") == {}


def test_search_finds_the_pages_a_role_may_open(cast: Cast, client: Client) -> None:
    def pages(user) -> set[str]:
        client.force_login(user)
        found = client.get("/o/sembria/search?q=ajustes").context["found"]
        return {hit.page for group in found for hit in group.hits if group.kind == "pages"}

    assert pages(cast.owner) == pages(cast.colleague) == {"settings"}
    client.force_login(cast.colleague)
    assert "organization" not in client.get("/o/sembria/search?q=organiza").content.decode().split("found")[-1]
    client.force_login(cast.owner)
    assert "/organization" in client.get("/o/sembria/search?q=organiza").content.decode()


def test_search_stays_in_the_organization(cast: Cast, client: Client) -> None:
    with acting_for(cast.other_organization.id):
        make_customers(cast.other_organization.id, ["Viñas Trehuelén"])
    with acting_for(cast.organization.id):
        make_customers(cast.organization.id, ["Viñas Quenara"])
    client.force_login(cast.owner)
    part = client.get("/o/sembria/search?q=vinas", headers={"HX-Request": "true"}).content.decode()
    assert "Quenara" in part
    assert "Trehuelén" not in part
    assert "<html" not in part
    whole = client.get("/o/sembria/search?q=<b>zz").content.decode()
    assert "Nada coincide con «&lt;b&gt;zz»" in whole
