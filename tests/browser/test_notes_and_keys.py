"""Notes that name a colleague, the time line narrowed, files, and keys of one's own: by keyboard."""

import re

import pytest
from playwright.sync_api import expect

from conftest import Cast
from puntual.desk.tests.book import open_book
from puntual.outreach.actions import keep_file
from puntual.outreach.models import Activity
from puntual.tenancy.scope import acting_for
from tests.browser.looking import accessibility

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark")])
def test_notes_files_and_keys(cast: Cast, browse, width: int, theme: str) -> None:
    book = open_book(cast)
    customer = book.customer("Textiles del Sur")
    book.invoice(customer, "F-1", due=-20)
    with book.inside():
        keep_file(book.by(), customer.id, "contrato.pdf", b"%PDF-1.7", about="Contrato marco")
    desk = browse(width=width, theme=theme)
    page, keys = desk.page, desk.page.keyboard
    desk.sign_in()

    desk.open("/o/sembria/settings/shortcuts")
    assert not accessibility(page) and desk.fits()
    desk.shot(f"teclas-{width}-{theme}")
    page.get_by_label(re.compile("^Escribir una nota")).press("Alt+y")
    page.get_by_label(re.compile("^Clientes")).fill("y")
    page.get_by_role("button", name="Guardar").click()
    expect(page.locator("#toasts")).to_contain_text("Guardado")

    page.locator("h1").click()
    keys.press("y")
    expect(page).to_have_url(re.compile("/customers/$"))
    filters = page.locator("summary").filter(has_text="Filtrar y ordenar")
    filters.focus()
    keys.press("Enter")
    expect(page.get_by_label("Orden", exact=True)).to_be_visible()
    keys.press("Escape")  # a panel over the page closes, and one is where one was
    expect(page.get_by_label("Orden", exact=True)).to_be_hidden()
    expect(filters).to_be_focused()
    filters.click()
    page.locator("h1").click()  # a click beside it closes it too
    expect(page.get_by_label("Orden", exact=True)).to_be_hidden()
    keys.press("j")  # to the first row, not to the head of the list, which sorts
    expect(page.locator("tbody tr.active")).to_contain_text("Textiles del Sur")
    keys.press("x")
    expect(page.locator("tbody tr.active [name=id]")).to_be_checked()
    keys.press("x")
    expect(page.locator("tbody tr.active [name=id]")).not_to_be_checked()
    keys.press("Enter")
    expect(page).to_have_url(re.compile(f"/customers/{customer.id}$"))
    keys.press(".")
    expect(page.locator("main :is(.head, .next) .btn:focus")).to_be_visible()
    keys.press("n")  # it does nothing any more
    expect(page.locator("dialog[open]")).to_have_count(0)
    keys.press("?")
    expect(page.locator("#help kbd").filter(has_text="Alt+y")).to_be_visible()
    expect(page.locator("#help [data-close]")).to_be_focused()  # Space does not switch the keys off
    keys.press("Escape")
    keys.press("Alt+y")
    note = page.locator("#sheet textarea[data-listens]")
    expect(note).to_be_focused()  # one writes at once
    keys.type("@col")
    expect(page.locator("#members [aria-selected=true]")).to_have_text("Colleague")
    desk.shot(f"nota-{width}-{theme}")
    assert not accessibility(page)
    keys.press("Enter")
    keys.type("¿ya está la orden?")
    expect(note).to_have_value("@Colleague ¿ya está la orden?")
    keys.type(" @c")
    keys.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(1)  # only the list closes
    note.focus()
    keys.press("Control+Enter")  # sent without leaving the field
    expect(page.locator("#history")).to_contain_text("¿ya está la orden?")
    desk.shot(f"historia-{width}-{theme}")
    keys.press("Alt+y")
    expect(note).to_be_focused()
    keys.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.wait_for_timeout(200)  # what the list of names does late finds the form gone, and does not mind
    page.locator("label").filter(has_text="Facturas").first.click()
    expect(page.locator("#history")).not_to_contain_text("¿ya está la orden?")
    expect(page).to_have_url(re.compile("kind=invoices"))
    assert not accessibility(page) and desk.fits()

    desk.open(f"/o/sembria/customers/{customer.id}/files")
    expect(page.locator("main")).to_contain_text("contrato.pdf")
    assert not accessibility(page) and desk.fits()
    desk.shot(f"archivos-{width}-{theme}")
    with acting_for(cast.id):
        assert Activity.objects.get(channel="internal").note.startswith("@Colleague")

    other = browse(width=width, theme=theme)
    other.sign_in("colleague@sembria.example")
    other.open("/o/sembria/inbox/")
    expect(other.page.locator("h1")).to_have_text("1 nota es para usted")
    expect(other.page.get_by_text("¿ya está la orden?")).to_be_visible()
    assert not accessibility(other.page) and other.fits()
    other.shot(f"bandeja-{width}-{theme}")
