"""Letras, checks and debits on the desk: taken in on a customer's page, followed on their own, listed; who may do what."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from conftest import TODAY, Cast, make_member
from puntual.desk.tests.book import Book
from puntual.desk.tests.work import text
from puntual.payments.instruments import actions
from puntual.payments.instruments.models import Instrument
from puntual.receivables.models import Hold, Installment, Invoice

HOME = "/o/sembria/portfolio/instruments/"


def taken_in(book: Book, number: str = "L-1", amount: str = "100.00", due: int = -10, days: int = 30) -> Instrument:
    customer = book.customer(f"Cliente {number}")
    book.invoice(customer, f"F-{number}", amount, due=due)
    return actions.receive(
        book.by(),
        customer_id=customer.id,
        kind="bill",
        number=number,
        currency="PEN",
        amount=Decimal(amount),
        matures_on=TODAY + timedelta(days=days),
        bank="BCP",
    )


def test_it_is_taken_in_on_the_customers_page(owner: Client, book: Book) -> None:
    customer = book.customer("Quenara")
    first = book.invoice(customer, "F-1", "100.00", due=-40)
    second = book.invoice(customer, "F-2", "60.00", due=-10)
    there = f"/o/sembria/customers/{customer.id}/instruments/new"
    assert "Letra" in text(owner, there)
    wrong = owner.post(there, {"kind": "check", "number": "", "currency": "PEN", "amount": "60", "pay": str(second.id)})
    assert wrong.status_code == 422
    given = {
        "kind": "check",
        "number": "000123",
        "currency": "PEN",
        "amount": "60.00",
        "received_on": TODAY.isoformat(),
        "matures_on": (TODAY + timedelta(days=20)).isoformat(),
        "bank": "BCP",
        "pay": str(second.id),
    }
    page = owner.post(there, given, follow=True)
    assert page.status_code == 200
    assert "000123" in page.content.decode()
    assert "F-2" in page.content.decode()
    assert "F-1" not in page.content.decode().split("</h1>")[1]
    with book.inside():
        assert list(Hold.objects.values_list("installment_id", "reason")) == [(second.id, "instrument")]
        assert Installment.objects.get(id=first.id).open_amount == 100
    assert "000123" in text(owner, f"/o/sembria/customers/{customer.id}/agreements")


def test_what_may_happen_next_has_its_button(owner: Client, book: Book) -> None:
    one = taken_in(book)
    there = f"{HOME}{one.id}"

    def buttons() -> set[str]:
        page = owner.get(there).content.decode()
        return {verb for verb in ("deposit", "pay", "return", "give-back", "renew") if f"{one.id}/{verb}" in page}

    assert buttons() == {"deposit", "pay", "give-back", "renew"}
    owner.post(f"{there}/deposit", {"deposited_on": TODAY.isoformat()})
    assert buttons() == {"pay", "return", "give-back", "renew"}
    owner.post(f"{there}/pay", {"paid_on": TODAY.isoformat()})
    assert buttons() == {"return"}
    refused = owner.post(f"{there}/give-back", {"why": "x", "given_on": TODAY.isoformat()})
    assert refused.status_code == 422
    owner.post(f"{there}/return", {"why": "Sin fondos", "returned_on": TODAY.isoformat(), "fee": "25.00"})
    assert buttons() == {"deposit", "give-back", "renew"}
    with book.inside():
        charge = Invoice.objects.get(kind="charge")
    assert charge.number in text(owner, there)
    assert "Sin fondos" in text(owner, there)


def test_it_is_renewed_by_another(owner: Client, book: Book) -> None:
    one = taken_in(book)
    given = {
        "number": "L-2",
        "amount": "70.00",
        "matures_on": (TODAY + timedelta(days=60)).isoformat(),
        "renewed_on": TODAY.isoformat(),
    }
    assert owner.post(f"{HOME}{one.id}/renew", given).status_code == 302
    assert "L-2" in text(owner, f"{HOME}{one.id}")
    with book.inside():
        assert Instrument.objects.get(number="L-2").renews_id == one.id


def test_the_list_says_which_are_without_a_word(owner: Client, book: Book) -> None:
    late, early = taken_in(book, "L-1", days=0), taken_in(book, "L-2", days=60)
    actions.mature(book.by(9))
    everything = text(owner, HOME)
    assert everything.index("Cliente L-1") < everything.index("Cliente L-2")
    silent = text(owner, HOME, data={"state": "silent"})
    assert "Cliente L-1" in silent
    assert "Cliente L-2" not in silent
    actions.give_back(book.by(), early.id, why="pagó en efectivo")
    assert "Cliente L-2" not in text(owner, HOME)
    assert "Cliente L-2" in text(owner, HOME, data={"state": "all"})
    assert "Cliente L-1" not in text(owner, HOME, data={"q": "nadie"})
    assert late.number


@pytest.mark.parametrize("role", ["collector", "auditor"])
def test_who_keeps_no_books_reads_only(client: Client, cast: Cast, book: Book, role: str) -> None:
    one = taken_in(book)
    client.force_login(make_member(cast.organization, role, "somebody@sembria.example"))
    assert client.get(HOME).status_code == 200
    assert client.get(f"{HOME}{one.id}").status_code == 200
    for verb in ("deposit", "pay", "return", "give-back", "renew"):
        assert client.post(f"{HOME}{one.id}/{verb}").status_code == 403
    assert client.post(f"/o/sembria/customers/{one.customer_id}/instruments/new").status_code == 403
