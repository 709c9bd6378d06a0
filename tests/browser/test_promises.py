"""Promises in a real browser: recorded while one talks, on the customer's page, and looked at on a phone and in the dark."""

from datetime import timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from conftest import TODAY, Cast
from puntual.agreements.promises.actions import promise
from puntual.agreements.promises.valuing import value
from puntual.desk.tests.book import Book, open_book
from puntual.parties.models import Customer
from puntual.payments.receipts import RECEIPTS

pytestmark = pytest.mark.browser
NAME = "Constructora Inmobiliaria de los Andes Centrales S.A.C."
FRIDAY = (TODAY + timedelta(days=4)).isoformat()


def made(book: Book, customer: Customer, amount: str, day: int, on: int = 0, note: str = "") -> None:
    with book.inside():
        by = book.by(on)
        promise(
            by,
            customer.id,
            currency="PEN",
            promised_for=by.today + timedelta(days=day),
            amount=Decimal(amount),
            made_by="Ana Ruiz",
            note=note,
        )


def test_on_a_call_and_on_the_customers_page(cast: Cast, browse) -> None:
    book = open_book(cast)
    customer = book.customer(NAME)
    item = book.invoice(customer, "F001-100", "6400.00", due=-62)
    book.invoice(customer, "F001-117", "3150.50", due=-31)
    call = book.activity(customer, item, "to_do", channel="call", step="call", not_before=book.by().now)
    desk = browse()
    page = desk.page
    desk.sign_in()
    desk.open(f"/o/sembria/queue/{call.id}")
    expect(page.get_by_label("Para qué día")).not_to_be_visible()
    page.get_by_text("Prometió pago").click()
    page.get_by_label("Para qué día").fill(FRIDAY)
    page.get_by_label("Cuánto").fill("2000.00")
    desk.shot("promesa-llamada")
    page.get_by_role("button", name="Guardar y seguir").click()
    page.wait_for_load_state()

    desk.open(f"/o/sembria/customers/{customer.id}/agreements")
    page.get_by_role("link", name="Registrar una promesa").click()
    dialog = page.locator("#sheet")
    dialog.get_by_label("Para qué día").fill(FRIDAY)
    dialog.get_by_label("F001-117").check()
    desk.shot("promesa-registrar")
    dialog.get_by_role("button", name="Registrar").click()
    expect(page.get_by_text("Promesa registrada")).to_be_visible()
    desk.shot("promesa-cliente")
    page.get_by_role("link", name="27 nov").first.click()
    page.get_by_role("link", name="Prometida de nuevo").click()
    dialog.get_by_label("Para qué día").fill((TODAY + timedelta(days=9)).isoformat())
    dialog.get_by_role("button", name="Registrar").click()
    expect(page.get_by_text("La nueva promesa la reemplaza")).to_be_visible()
    desk.shot("promesa")


@pytest.mark.parametrize(("width", "theme"), [(1280, "dark"), (390, "light")])
def test_the_pages_fit(cast: Cast, browse, width: int, theme: str) -> None:
    book = open_book(cast)
    customer, other = book.customer(NAME), book.customer("Textiles Quenara")
    for number, due in ((100, 62), (117, 31), (120, 9)):
        book.invoice(customer, f"F001-{number}", "3150.50", due=-due)
    book.invoice(other, "F001-200", "12500.00", due=-20)
    made(book, customer, "2000.00", 3, on=-30, note="Al cobrar la segunda valorización de la obra de Huancayo")
    book.payment(customer, "600.00", day=-28)
    with book.inside():
        value(book.by(), RECEIPTS)
    made(book, customer, "3000.00", 4, note="El viernes, con el cheque de la obra")
    made(book, other, "12500.00", 9)
    desk = browse(width=width, theme=theme)
    desk.sign_in()
    desk.open("/o/sembria/agreements/?state=all")
    assert desk.fits()
    desk.shot(f"promesas-{width}")
    desk.open(f"/o/sembria/customers/{customer.id}/agreements")
    assert desk.fits()
    desk.shot(f"promesa-{width}")
