"""The pages one is on all day, looked at by a machine: axe in light and dark, nothing sideways, no text cut, no complaint."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from conftest import Cast
from puntual.desk.tests.book import open_book
from puntual.outreach.models import Activity
from tests.browser.conftest import Desk
from tests.browser.looking import look

pytestmark = pytest.mark.browser

PLACES = ("", "queue/", "customers/", "portfolio/", "manual/", "reports/aging", "settings/")


def a_morning(cast: Cast) -> list[Activity]:
    book = open_book(cast)
    found = []
    for name, late in (("Textiles Quenara S.A.", 18), ("Minera Andurero S.A.", 40)):
        customer = book.customer(name)
        lead = book.invoice(customer, f"F-{late}", due=-late)
        book.invoice(customer, f"G-{late}", due=12, deduction="4.00")
        book.payment(customer, "30.00", day=-2)
        found.append(book.activity(customer, lead))
        found.append(book.activity(customer, lead, state="to_do", channel="call", step="call", value=lead.amount))
    return found


def test_the_pages_of_a_day_are_fit_to_be_looked_at(cast: Cast, browse: Callable[..., Desk]) -> None:
    message, call, *_rest = a_morning(cast)
    desk = browse()
    desk.sign_in()
    customer = f"customers/{message.customer_id}"
    wrong = []
    for place in (*PLACES, customer, f"queue/{call.id}"):
        desk.open(f"/o/sembria/{place}")
        wrong += [f"{place}: {one}" for one in look(desk.page)]
    assert not wrong, "\n".join(wrong)


def test_what_opens_from_a_list_stays_on_the_page(cast: Cast, browse: Callable[..., Desk]) -> None:
    desk = browse()
    desk.sign_in()
    for place in ("customers/", "alerts/"):
        for width in (1280, 768, 360):
            desk.page.set_viewport_size({"width": width, "height": 800})
            for name in ("Filtrar y ordenar", "Vistas"):
                desk.open(f"/o/sembria/{place}")
                desk.page.locator("summary", has_text=name).click()
                box = desk.page.locator("details[open] .more-panel").bounding_box()
                assert box and box["x"] >= 0 and box["x"] + box["width"] <= width, (place, width, name)


def test_the_invoices_of_a_payment_fit_a_phone(cast: Cast, browse: Callable[..., Desk]) -> None:
    message, *_rest = a_morning(cast)
    desk = browse()
    desk.sign_in()
    desk.page.set_viewport_size({"width": 360, "height": 780})
    for form in ("payment", "instruments/new"):
        desk.open(f"/o/sembria/customers/{message.customer_id}/{form}")
        assert desk.page.locator(".choose").evaluate("box => box.scrollWidth <= box.clientWidth"), form


def test_without_a_network_nothing_typed_is_lost(cast: Cast, browse: Callable[..., Desk]) -> None:
    desk = browse()
    desk.sign_in()
    desk.open("/o/sembria/settings/organization")
    page = desk.page
    page.locator("[name=name]").fill("Sembria Talento")
    page.context.set_offline(True)
    page.get_by_role("button", name="Guardar").click()
    expect(page.locator("#offline")).to_contain_text("Lo que escribió sigue aquí")
    page.locator("nav a").first.click()  # no page is left for one that cannot come
    expect(page.locator("[name=name]")).to_have_value("Sembria Talento")
    page.context.set_offline(False)
    expect(page.locator("#offline")).to_contain_text("La conexión volvió")
    page.get_by_role("button", name="Guardar").click()
    expect(page.locator("#toasts")).to_contain_text("Guardado")
