"""A text is written, checked, tried on a customer and put into force by keyboard alone."""

import pytest
from playwright.sync_api import expect

from conftest import Cast
from puntual.desk.tests.book import open_book

pytestmark = pytest.mark.browser


def test_a_text_is_written_tried_and_put_into_force_by_keyboard(cast: Cast, browse) -> None:
    book = open_book(cast)
    for name, late in (("Textiles Quenara S.A.", 18), ("Minera Andurero S.A.", 40)):
        book.invoice(book.customer(name), f"F-{late}", due=-late)
    desk = browse()
    page, keys = desk.page, desk.page.keyboard
    desk.sign_in()
    desk.open("/o/sembria/manual/texts/firm/email/company/es")
    checked = page.locator("#checked")

    # What must not go out is said while it is typed; a variable goes where one writes.
    keys.press("e")
    keys.press("Control+a")
    keys.type("Procederemos al embargo.\n\n")
    expect(checked).to_contain_text("«embargo» amenaza")
    desk.shot("texto-con-faltas")
    keys.press("Control+a")
    keys.type("Hola, ")
    page.locator("[data-insert=greeting_name]").focus()
    keys.press("Enter")
    keys.type(": quedan {total} por pagar.\n\n{signature}\n\n{opt_out}")
    expect(page.locator("[name=body]")).to_have_value(
        "Hola, {greeting_name}: quedan {total} por pagar.\n\n{signature}\n\n{opt_out}"
    )
    expect(checked.locator(".problem")).to_have_count(0)

    # Another customer is looked for and chosen; what is typed afterwards is tried on that one.
    keys.press("Tab")
    keys.press("c")
    keys.type("andur")
    found = checked.locator(".found button")
    expect(found).to_have_count(1)
    found.focus()
    keys.press("Enter")
    expect(checked).to_contain_text("Así lo recibiría hoy Minera Andurero S.A.")
    expect(checked.locator(".mail")).to_contain_text("por pagar.")

    keys.press("e")
    keys.press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("En vigor")
    expect(page.locator("[name=body]")).to_contain_text("quedan {total} por pagar.")
    page.set_viewport_size({"width": 390, "height": 780})
    assert desk.fits()
    desk.open("/o/sembria/manual/texts/")
    assert desk.fits()
