"""A talk on the negotiation desk: the situation is chosen, what was found out is kept, and the options change with it."""

import pytest
from playwright.sync_api import expect

from conftest import Cast
from puntual.agreements.models import Finding
from puntual.desk.tests.book import open_book
from puntual.tenancy.scope import acting_for

pytestmark = pytest.mark.browser


def test_what_is_found_out_decides_what_is_proposed(cast: Cast, browse) -> None:
    book = open_book(cast)
    customer = book.customer("Textiles Quenara")
    book.invoice(customer, "F-1", due=-20)
    desk = browse()
    page, keys = desk.page, desk.page.keyboard
    desk.sign_in()
    desk.open(f"/o/{cast.organization.slug}/customers/{customer.id}/agreements")
    keys.press("d")
    talk = page.locator("#negotiation")
    expect(talk).to_contain_text("Saber qué pasó y qué es posible")
    talk.get_by_role("link", name="quiere pagar, pero ahora no puede").click()
    expect(talk).to_contain_text("Algo que de verdad pueda cumplir")
    expect(talk.locator("ol.ways li").first).to_contain_text("Un día para pagar")

    talk.get_by_role("link", name="Anotar lo que se supo").click()
    sheet = page.locator("#sheet")
    expect(sheet.locator("input[type=radio]:checked")).to_have_count(2)
    sheet.get_by_role("button", name="Guardar").click()
    expect(sheet.locator("[aria-invalid]").first).to_be_visible()
    desk.complaints[:] = [said for said in desk.complaints if "422" not in said]  # the browser notes every refusal
    sheet.get_by_label("Qué se dijo o se vio").fill("Su cliente le paga el 30.")
    sheet.get_by_role("button", name="Guardar").click()
    expect(talk).to_contain_text("quiere pagar, pero ahora no puede ·")
    with acting_for(cast.id):
        found = Finding.objects.get()
    assert (found.willing, found.able, found.evidence) == (True, False, "Su cliente le paga el 30.")
    desk.shot("negociar")

    small = browse(width=390, theme="dark", state=page.context.storage_state())
    small.open(f"/o/{cast.organization.slug}/customers/{customer.id}/negotiation")
    expect(small.page.locator("#negotiation")).to_contain_text("Algo que de verdad pueda cumplir")
    assert small.fits()
