"""Promises on the desk: the list, a customer's tab, a promise's page, and what is done with it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from conftest import TODAY, Cast, make_member
from puntual.agreements.models import Promise
from puntual.agreements.promises.actions import promise
from puntual.agreements.promises.valuing import value
from puntual.desk.tests.book import Book
from puntual.parties.models import Creditor, Customer
from puntual.payments.receipts import RECEIPTS
from puntual.receivables.models import Hold

LIST = "/o/sembria/agreements/"
FRIDAY = (TODAY + timedelta(days=4)).isoformat()


@pytest.fixture
def customer(book: Book) -> Customer:
    return book.customer("Viñas Trehuelén")


def made(book: Book, customer: Customer, amount: str = "60.00", day: int = 4, on: int = 0) -> Promise:
    with book.inside():
        by = book.by(on)
        return promise(
            by,
            customer.id,
            currency="PEN",
            promised_for=by.today + timedelta(days=day),
            amount=Decimal(amount),
            made_by="Ana Ruiz",
        )


def at(one: Promise, what: str = "") -> str:
    return f"{LIST}promises/{one.id}{what}"


def test_the_list_is_on_the_map_and_is_narrowed(book: Book, owner: Client, customer: Customer) -> None:
    book.invoice(customer, "F-1", due=-40)
    kept = made(book, customer, "30.00", on=-20)
    book.payment(customer, "30.00", day=-16)
    with book.inside():
        value(book.by(), RECEIPTS)
    open_one = made(book, customer)
    other = book.customer("Otra")
    book.invoice(other, "F-2", due=-10)
    made(book, other, day=9)

    def listed(query: str = "") -> list[Promise]:
        answer = owner.get(LIST + query)
        assert answer.status_code == 200
        return list(answer.context["rows"])

    assert [one.customer.name for one in listed()] == ["Viñas Trehuelén", "Otra"]
    assert listed("?state=kept") == [kept]
    assert len(listed("?state=all")) == 3
    assert listed(f"?to={FRIDAY}&q=vinas") == [open_one]
    assert listed("?state=nonsense&from=x&creditor=y&currency=z&q=nadie") == []
    assert LIST in owner.get("/o/sembria/").content.decode()


def test_it_is_recorded_on_the_customers_page(book: Book, owner: Client, customer: Customer) -> None:
    first, second = book.invoice(customer, "F-1", due=-40), book.invoice(customer, "F-2", due=-10)
    address = f"{LIST}promises/of/{customer.id}"
    assert "F-2" in owner.get(address).content.decode()
    for wrong in (
        {"day": FRIDAY},
        {"day": "2026-11-22", "amount": "10.00"},
        {"day": FRIDAY, "amount": "200.01"},
        {"amount": "10.00"},
    ):
        assert owner.post(address, {"currency": "PEN", **wrong}).status_code == 422
    given = {"currency": "PEN", "day": FRIDAY, "made_by": "Ana Ruiz", "items": [str(second.id)], "note": "Por teléfono"}
    assert owner.post(address, given).status_code == 302
    with book.inside():
        one = Promise.objects.get()
        assert (one.amount, one.named, one.person.name) == (100, True, "Ana Ruiz")
        assert Hold.objects.get().installment_id == second.id
    tab = owner.get(f"/o/sembria/customers/{customer.id}/agreements").content.decode()
    assert "Por teléfono" in tab and at(one) in tab
    assert first.id != second.id


def test_invoices_of_two_currencies_are_two_promises(book: Book, owner: Client, customer: Customer) -> None:
    items = [book.invoice(customer, "F-1", due=-40), book.invoice(customer, "F-2", due=-40, currency="USD")]
    address = f"{LIST}promises/of/{customer.id}"
    given = {"currency": "PEN", "day": FRIDAY, "items": [str(item.id) for item in items]}
    assert owner.post(address, given).context["form"].errors["items"]
    assert owner.post(address, {**given, "items": [str(items[1].id)]}).status_code == 302
    with book.inside():
        assert Promise.objects.get().currency == "USD"


def test_a_promises_page_says_what_was_paid_and_what_it_came_to(book: Book, owner: Client, customer: Customer) -> None:
    book.invoice(customer, "F-1", due=-40)
    one = made(book, customer, on=-10)
    book.payment(customer, "20.00", day=-8)
    page = owner.get(at(one))
    assert page.context["row"].paid == 20
    assert "F-1" in page.content.decode() and "Ana Ruiz" in page.content.decode()
    with book.inside():
        Creditor.objects.update(bank_through=TODAY)
        value(book.by(), RECEIPTS)
    story = owner.get(f"/o/sembria/customers/{customer.id}").content.decode().replace("\xa0", " ")
    assert "PEN 60.00 prometidos para el martes, 17 de noviembre" in story and "cumplida en parte" in story
    assert [(on, paid) for on, _words, paid in owner.get(at(one)).context["judgments"]] == [(TODAY, 20)]


def test_it_is_promised_anew_and_taken_back(book: Book, owner: Client, customer: Customer) -> None:
    book.invoice(customer, "F-1", due=-40)
    one = made(book, customer)
    assert owner.get(at(one, "/anew")).status_code == 200
    assert owner.post(at(one, "/anew"), {"amount": "x", "day": FRIDAY}).status_code == 422
    assert owner.post(at(one, "/anew"), {"amount": "70.00", "day": "2026-11-30"}).status_code == 302
    with book.inside():
        second = Promise.objects.get(state="open")
        assert second.amount == 70
    assert owner.post(at(second, "/withdraw"), {"why": ""}).status_code == 422
    assert owner.post(at(second, "/withdraw"), {"why": "Era de otro"}).status_code == 302
    assert owner.post(at(second, "/withdraw"), {"why": "Otra vez"}).status_code == 422
    with book.inside():
        assert not Hold.objects.filter(released_on=None).exists()


def test_who_only_reads_changes_nothing(book: Book, client: Client, cast: Cast, customer: Customer) -> None:
    book.invoice(customer, "F-1", due=-40)
    one = made(book, customer)

    client.force_login(make_member(cast.organization, "auditor", "auditor@sembria.example"))
    assert client.get(at(one)).status_code == 200
    for address in (at(one, "/anew"), at(one, "/withdraw"), f"{LIST}promises/of/{customer.id}"):
        assert client.post(address, {}).status_code == 403


def test_another_organizations_promise_is_not_found(book: Book, client: Client, cast: Cast, customer: Customer) -> None:
    book.invoice(customer, "F-1", due=-40)
    one = made(book, customer)
    client.force_login(cast.outsider)
    for what in ("", "/anew", "/withdraw"):
        assert client.get(at(one, what).replace("sembria", "lonkura")).status_code == 404
