"""A manual is changed and put into force by keyboard alone."""

import pytest
from playwright.sync_api import expect

from conftest import Cast
from puntual.desk.tests.book import open_book

pytestmark = pytest.mark.browser


def test_a_draft_is_written_moved_and_put_into_force_by_keyboard(cast: Cast, browse) -> None:
    book = open_book(cast)
    for number, late in enumerate((3, 3, 20, 40)):
        book.invoice(book.customer(f"Cliente {number}"), f"F-{number}", due=-late)
    desk = browse()
    page, keys = desk.page, desk.page.keyboard
    desk.sign_in()
    keys.press("g")
    keys.press("m")
    expect(page.locator(".standing rect")).to_have_count(3)  # two customers stand together
    keys.press("e")
    heading = page.get_by_text("es un borrador: cámbiela aquí")
    expect(heading).to_be_visible()

    # The arrows move a step: several presses are one move, the focus stays on the card, and what is wrong is said at once.
    card = page.locator('[data-card="card-firm"]')
    card.focus()
    day = int(card.get_attribute("data-day") or 0)
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", *["Shift+ArrowRight"] * 3):
        keys.press(key)
    expect(page.locator('#editor[data-focus="card-firm"]')).to_be_attached()
    expect(card).to_be_focused()
    expect(card).to_have_attribute("data-day", str(day + 22))
    expect(page.locator("#editor > .notice.problem")).to_be_visible()
    expect(page.locator("tr:has(.wrong)").first).to_be_visible()
    desk.shot("manual-borrador")
    for _ in range(3):
        keys.press("Shift+ArrowLeft")
    expect(page.locator("#editor > .notice.problem")).to_have_count(0)

    # Enter opens the step; what is wrong is said in the form, what is right is saved and the form closes.
    expect(card).to_be_focused()
    keys.press("Enter")
    name = page.locator("#sheet").get_by_label("Nombre")
    expect(name).to_be_focused()
    keys.press("Control+a")
    keys.type("Pedir una fecha")
    keys.press("Tab")
    keys.press("Control+a")
    keys.type("9999")
    keys.press("Enter")
    expect(page.locator("#sheet [aria-invalid]")).to_be_focused()
    desk.complaints[:] = [said for said in desk.complaints if "422" not in said]  # the browser notes every refusal
    keys.press("Control+a")
    keys.type(str(day + 4))
    keys.press("Enter")
    expect(page.locator("#sheet")).not_to_be_visible()
    expect(card).to_contain_text("Pedir una fecha")
    expect(card).to_be_focused()

    # Another step by its key, and into force, once it is said what changes.
    keys.press("i")
    expect(page.locator("#sheet").get_by_label("Nombre")).to_be_focused()
    keys.type("Avisar al vendedor")
    keys.press("Enter")
    expect(page.locator('[data-card="card-avisar-al-vendedor"]')).to_be_visible()
    expect(page.locator("#sheet")).not_to_be_visible()
    keys.press("a")
    expect(page.get_by_role("heading", level=1)).to_contain_text("¿Poner en vigor la versión 2")
    expect(page.locator(".difference")).to_contain_text("Pedir una fecha")
    expect(page.locator(".difference")).to_contain_text("Avisar al vendedor")
    desk.shot("manual-poner-en-vigor")
    expect(page.get_by_role("button", name="Poner en vigor")).to_be_focused()
    keys.press("Enter")
    expect(page.get_by_text("La versión 2 está vigente")).to_be_visible()
    expect(page.locator('[data-card="card-firm"]')).to_contain_text("Pedir una fecha")


def test_a_step_is_dragged_to_another_day(cast: Cast, browse) -> None:
    open_book(cast)
    desk = browse()
    page = desk.page
    desk.sign_in()
    desk.open("/o/sembria/manual/")
    page.keyboard.press("e")
    card = page.locator('[data-card="card-final"]')
    expect(card).to_be_visible()
    day = int(card.get_attribute("data-day") or 0)
    box = card.bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 22, steps=5)
    page.mouse.up()
    expect(page.locator('#editor[data-focus="card-final"]')).to_be_attached()
    assert int(card.get_attribute("data-day") or 0) > day
    expect(page.locator("#sheet")).not_to_be_visible()  # a drag is not a click


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_pages_fit(cast: Cast, browse, theme: str) -> None:
    book = open_book(cast)
    book.invoice(book.customer("Uno"), "F-1", due=-20)
    desk = browse(width=390, theme=theme)
    desk.sign_in()
    for path, name in (("", "manual"), ("versions/", "manuales")):
        desk.open(f"/o/sembria/manual/{path}")
        assert desk.fits(), path
        desk.shot(f"{name}-telefono-{theme}")
    desk.open("/o/sembria/manual/")
    for link in ("Como documento", "Qué cambió"):
        desk.page.get_by_role("link", name=link).click()
        desk.page.wait_for_load_state()
        assert desk.fits(), link
        desk.page.go_back()
