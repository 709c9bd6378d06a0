"""Lists by key, and search."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client, RequestFactory

from conftest import TODAY, Cast
from puntual.desk.keyset import Page, paginate
from puntual.desk.search import find
from puntual.kernel.problems import Problem
from puntual.kernel.references import document_key
from puntual.kernel.text import fold
from puntual.parties.models import Creditor, Customer, Party
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


def test_search_finds_by_name_code_tax_id_and_number(acting: Cast, django_assert_num_queries) -> None:
    pena, lucma, _ = make_customers(acting.id, ["Peña y Cía. S.A.C.", "Minera Cerro Lucma", "Otra"], tax_ids=True)
    make_invoice(lucma, "F001-254")
    make_invoice(lucma, "F001-2549")
    assert find(acting.id, "pena").customers == [pena]
    assert find(acting.id, "LUCMA").customers == [lucma]
    assert find(acting.id, "c-0002").customers == [lucma]
    assert find(acting.id, "20000000001").customers == [pena]
    assert [each.number for each in find(acting.id, "f001-25").invoices] == ["F001-254", "F001-2549"]
    assert not find(acting.id, "p")
    assert not find(acting.id, "zzz")
    assert not find(acting.id, "¿?")
    assert not find(acting.id, "1.93e+09")
    with django_assert_num_queries(7):
        find(acting.id, "minera")


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
