"""Reconciling: the lines that wait with what they may be for, and each thing a person does with one."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conftest import Cast, make_member
from puntual.desk.tests.bank import Bank, open_bank
from puntual.desk.tests.book import Book
from puntual.desk.tests.work import HTMX, text
from puntual.outreach.models import Activity
from puntual.parties.models import Customer
from puntual.payments.models import BankLine, PayerTrait, Payment
from puntual.receivables.models import Installment
from puntual.tenancy.scope import acting_for

LIST = "/o/sembria/payments/reconcile/"


@pytest.fixture
def bank(book: Book) -> Bank:
    return open_bank(book)


def open_now(book: Book, *items: Installment) -> list[Decimal]:
    with book.inside():
        return [Installment.objects.get(id=item.id).open_amount for item in items]


def test_a_line_waits_with_its_proposals_in_words(book: Book, bank: Bank, owner: Client) -> None:
    customer = book.customer("Textiles Quenara")
    book.invoice(customer, "F001-12", "431.17", due=-5)
    line = bank.line("431.17", "TRANSF 0012", payer_name="Holding Austral", payer_account="PE77 0001")
    bank.match()
    page = text(owner, LIST)
    assert "1 abono espera a su cliente" in page
    assert "Holding Austral" in page and "Textiles Quenara" in page
    assert "F001-12" in page and "431.17" in page
    assert "La factura F001-12 es la única con exactamente este importe pendiente." in page
    assert f"{LIST}{line.id}/accept/1" in page
    assert f'id="row-{line.id}" class="active" aria-current="true"' in page


def test_accepting_settles_and_the_next_line_follows(book: Book, bank: Bank, owner: Client) -> None:
    customer = book.customer("Textiles Quenara")
    first, second = (book.invoice(customer, f"F-{n}", amount, due=-5) for n, amount in ((1, "431.17"), (2, "512.09")))
    newer, older = bank.line("431.17", payer_name="Holding"), bank.line("512.09", ago=1)
    bank.match()
    done = owner.post(f"{LIST}{newer.id}/accept/1")
    assert done.headers["Location"] == f"{LIST}{older.id}", "the next one of the list"
    assert open_now(book, first, second) == [0, Decimal("512.09")]
    assert "Anotado a Textiles Quenara: PEN\N{NO-BREAK SPACE}431.17" in text(owner, f"{LIST}{older.id}", headers=HTMX)
    gone = owner.post(f"{LIST}{newer.id}/accept/1", follow=True)
    assert "ya no es posible" in gone.content.decode()
    with book.inside():
        assert Payment.objects.count() == 1


def test_undo_takes_back_the_last_and_the_one_before(book: Book, bank: Bank, owner: Client) -> None:
    customer = book.customer("Textiles Quenara")
    item = book.invoice(customer, "F-1", "431.17", due=-5)
    line, own = bank.line("431.17", payer_name="Holding"), bank.line("7", "INTERESES")
    bank.match()
    owner.post(f"{LIST}{line.id}/accept/1")
    owner.post(f"{LIST}{own.id}/ignore", {"reason": "Intereses"})
    assert owner.post(f"{LIST}undo").headers["Location"] == f"{LIST}{own.id}"
    assert owner.post(f"{LIST}undo").headers["Location"] == f"{LIST}{line.id}"
    assert open_now(book, item) == [Decimal("431.17")]
    assert "nada que" in owner.post(f"{LIST}undo", follow=True).content.decode()
    assert f"{LIST}{line.id}/accept/1" in text(owner, f"{LIST}{line.id}"), "what was proposed is proposed again"
    with book.inside():
        assert not PayerTrait.objects.filter(forgotten_at=None).exists()


def test_a_line_is_split_over_invoices_and_customers(book: Book, bank: Bank, owner: Client) -> None:
    one, other = book.customer("Uno"), book.customer("Otro")
    items = book.invoice(one, "F-1", "100.00", due=-5), book.invoice(other, "F-2", "200.00", due=-3)
    line = bank.line("330.00", "PAGO VARIOS")
    bank.match()
    found = text(owner, f"{LIST}{line.id}?do=split&none=1&q=Otr")
    assert f'name="customer" value="{other.id}"' in found, "a customer is found by name"
    assert f'value="{other.id}"' in text(owner, f"{LIST}{line.id}?do=split&none=1&q=F-2"), "and by invoice number"
    form = text(owner, f"{LIST}{line.id}?do=split&customer={one.id}&customer={other.id}&item-{items[0].id}=100.00")
    assert f'name="item-{items[0].id}" value="100.00"' in form, "what was typed stays"
    typed = {"customer": [str(one.id), str(other.id)], f"item-{items[0].id}": "100.00", f"item-{items[1].id}": "200.00"}
    short = owner.post(f"{LIST}{line.id}/split", typed)
    assert short.status_code == 422 and "Reparta todo" in short.content.decode()
    wrong = owner.post(f"{LIST}{line.id}/split", {**typed, f"account-{other.id}": "mucho {x}"})
    assert f'aria-describedby="wrong-{other.id}"' in wrong.content.decode()
    assert wrong.status_code == 422 and "mucho (x)" in wrong.content.decode()
    assert owner.post(f"{LIST}{line.id}/split", {**typed, f"account-{other.id}": "30.00"}).status_code == 302
    assert open_now(book, *items) == [0, 0]
    with book.inside():
        assert sorted(Payment.objects.values_list("customer__name", "unapplied")) == [("Otro", 30), ("Uno", 0)]


def test_the_rest_of_a_single_customer_stays_on_account(book: Book, bank: Bank, owner: Client) -> None:
    customer = book.customer("Textiles Quenara")
    item = book.invoice(customer, "F-1", "100.00", due=-5)
    line = bank.line("250.00", payer_name="Textiles Quenara")
    bank.match()
    left = text(owner, f"{LIST}{line.id}?do=split&leave=1")
    assert f'value="{customer.id}"' in left and f'name="item-{item.id}" value=""' in left
    assert owner.post(f"{LIST}{line.id}/split", {"customer": str(customer.id)}).status_code == 302
    assert open_now(book, item) == [100]
    with book.inside():
        assert Payment.objects.get().unapplied == 250


def test_ignoring_needs_a_reason(book: Book, bank: Bank, owner: Client) -> None:
    line = bank.line("7", "INTERESES")
    bank.match()
    refused = owner.post(f"{LIST}{line.id}/ignore", {"reason": " "})
    assert refused.status_code == 422 and "Diga por qué" in refused.content.decode()
    assert owner.post(f"{LIST}{line.id}/ignore", {"reason": "Intereses"}).headers["Location"] == LIST
    assert "Todo lo que entró está explicado" in text(owner, LIST)


def test_asking_puts_a_task_on_the_owners_list_and_sends_nothing(
    book: Book, bank: Bank, owner: Client, cast: Cast
) -> None:
    customer = book.customer("Textiles Quenara")
    with book.inside():
        Customer.objects.filter(id=customer.id).update(owner=cast.colleague)
    book.invoice(customer, "F-1", "431.17", due=-5)
    line = bank.line("431.17")
    bank.match()
    form = text(owner, f"{LIST}{line.id}?do=ask")
    assert "¿A qué corresponde el pago de PEN\N{NO-BREAK SPACE}431.17 del lunes, 23 de noviembre de 2026?" in form
    assert owner.post(f"{LIST}{line.id}/ask", {"customer": str(customer.id), "note": " "}).status_code == 422
    for note in ("¿A qué corresponde?", "¿De qué facturas es?"):
        assert owner.post(f"{LIST}{line.id}/ask", {"customer": str(customer.id), "note": note}).status_code == 302
    with book.inside():
        task = Activity.objects.get(customer=customer)
        assert (task.channel, task.state, task.assigned_to) == ("internal", "to_do", cast.colleague.id)
        assert task.note == "¿De qué facturas es?"
        assert BankLine.objects.get(id=line.id).state == "unmatched"
    assert "¿De qué facturas es?" in text(owner, f"{LIST}{line.id}")
    said = text(owner, f"/o/sembria/queue/{task.id}")
    assert "PEN entraron el 23 de noviembre de 2026 y nadie sabe a qué corresponden." in said


def test_two_currencies_are_never_one_total(book: Book, bank: Bank, owner: Client) -> None:
    bank.line("100.00")
    bank.line("50.00", currency="USD")
    bank.match()
    page = text(owner, LIST)
    assert "PEN 100.00" in page and "USD 50.00" in page and "150.00" not in page
    assert text(owner, f"{LIST}?currency=USD&order=largest").count('id="row-') == 1


@pytest.mark.parametrize(
    ("role", "status"), [("manager", 302), ("accountant", 302), ("collector", 403), ("auditor", 403)]
)
def test_who_may(book: Book, bank: Bank, cast: Cast, client: Client, role: str, status: int) -> None:
    customer = book.customer("Textiles Quenara")
    book.invoice(customer, "F-1", "431.17", due=-5)
    lines = [bank.line("431.17"), *(bank.line(str(n)) for n in range(5, 8))]
    bank.match()
    client.force_login(make_member(cast.organization, role, "somebody@sembria.example"))
    page = text(client, f"{LIST}{lines[0].id}")
    assert "Textiles Quenara" in page, "everybody reads"
    assert (f"{LIST}{lines[0].id}/accept/1" in page) == (status == 302)
    who = {"customer": str(customer.id)}
    tried = [
        client.post(f"{LIST}{lines[0].id}/accept/1"),
        client.post(f"{LIST}{lines[1].id}/split", who),
        client.post(f"{LIST}{lines[2].id}/ignore", {"reason": "Intereses"}),
        client.post(f"{LIST}{lines[3].id}/ask", {**who, "note": "¿Qué es?"}),
        client.post(f"{LIST}undo"),
    ]
    assert [answer.status_code for answer in tried] == [status] * len(tried)


def test_another_organizations_line_and_customer_lead_nowhere(
    book: Book, bank: Bank, owner: Client, cast: Cast, client: Client
) -> None:
    line = bank.line("100.00")
    bank.match()
    outsider = Client()
    outsider.force_login(cast.outsider)
    assert outsider.get(f"/o/lonkura/payments/reconcile/{line.id}").status_code == 404
    assert outsider.post(f"/o/lonkura/payments/reconcile/{line.id}/ignore", {"reason": "x"}).status_code == 404
    assert outsider.post("/o/lonkura/payments/reconcile/undo").status_code == 302
    with acting_for(cast.other_organization.id):
        assert not BankLine.objects.exists()


def test_the_number_of_queries_does_not_grow_with_the_lines(book: Book, bank: Bank, owner: Client) -> None:
    customer = book.customer("Textiles Quenara")
    taken = []
    for lines in (2, 12):
        for n in range(lines):
            book.invoice(customer, f"F-{lines}-{n}", f"{100 * lines + n}.17", due=-5)
            bank.line(f"{100 * lines + n}.17")
        bank.match()
        with CaptureQueriesContext(connection) as queries:
            text(owner, LIST)
        taken.append(len(queries))
    assert taken[0] == taken[1] < 40
