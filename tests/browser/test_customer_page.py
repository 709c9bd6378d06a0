"""What only a browser shows of a customer's page: forms in place, keys, lists that narrow as one types, a phone's width."""

import re

import pytest
from playwright.sync_api import expect

from conftest import Cast
from puntual.desk.tests.book import open_book

pytestmark = pytest.mark.browser


def test_a_payment_is_recorded_in_place(cast: Cast, browse) -> None:
    book = open_book(cast)
    customer, other = book.customer("Viñas Trehuelén"), book.customer("Olivos")
    book.invoice(customer, "F-1", "100.00", due=-20)
    book.invoice(customer, "F-2", "50.00", due=5)
    book.invoice(other, "F-3", due=-3)
    desk = browse()
    page = desk.page
    desk.sign_in()

    page.keyboard.press("g")
    page.keyboard.press("k")
    expect(page.get_by_role("heading", level=1)).to_have_text("2 clientes")
    page.wait_for_load_state()  # the scripts that search while one types come with the page's end
    page.get_by_placeholder("Nombre, código o identificación fiscal").fill("vin")
    expect(page.get_by_role("heading", level=1)).to_have_text("1 cliente")
    expect(page).to_have_url(re.compile("q=vin"))  # what is shown can be sent to a colleague
    page.get_by_role("link", name="Viñas Trehuelén").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Viñas Trehuelén")
    page.wait_for_load_state()

    # The key opens the form over the page; Escape closes it, and it is empty again.
    page.keyboard.press("p")
    dialog = page.locator("#sheet")
    expect(dialog.get_by_label("Monto", exact=True)).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).not_to_be_visible()
    page.keyboard.press("p")

    # What is wrong is said in the dialog, and what was typed stays.
    dialog.get_by_label("Monto", exact=True).fill("12,5")
    dialog.get_by_label("F-2", exact=True).check()
    dialog.get_by_role("button", name="Registrar").click()
    expect(dialog.get_by_text("«12,5» no es un monto")).to_be_visible()
    expect(dialog.get_by_label("F-2", exact=True)).to_be_checked()
    desk.complaints[:] = [said for said in desk.complaints if "422" not in said]  # the browser notes every refusal

    dialog.get_by_label("Monto", exact=True).fill("60.00")
    dialog.get_by_role("button", name="Registrar").click()
    expect(page.get_by_text("Se registró el pago de PEN 60.00.")).to_be_visible()
    expect(page.locator(".balance")).to_contain_text("90.00")  # F-2 whole, ten of F-1
    page.locator(".balance a").first.hover()
    desk.shot("cliente")


def test_the_pages_fit_on_a_phone(cast: Cast, browse) -> None:
    book = open_book(cast)
    customer = book.customer("Constructora Inmobiliaria de los Andes Centrales y Anexos S.A.C.")
    item = book.invoice(customer, "F001-00012345", "1234567.89", due=-120, deduction="1000.00")
    book.invoice(customer, "F001-00012346", "9876543.21", due=-3, currency="USD")
    book.payment(customer, "100000.00", to=item)
    desk = browse(width=360)
    desk.sign_in()
    here = f"/o/sembria/customers/{customer.id}"
    for path in (
        "/o/sembria/customers/?view=overdue",
        here,
        *(f"{here}/{part}" for part in ("invoices", "agreements", "people", "behavior", "payment", "note")),
        "/o/sembria/portfolio/",
        "/o/sembria/portfolio/invoices/",
        "/o/sembria/portfolio/payments/",
        f"/o/sembria/portfolio/invoices/{item.invoice_id}",
    ):
        desk.open(path)
        assert desk.fits(), path
