"""Twenty customers worked through by keyboard alone, on a desk and at the width of a phone."""

import re

import pytest
from playwright.sync_api import expect

from conftest import Cast
from puntual.agreements.models import Promise
from puntual.desk.tests.book import open_book
from puntual.outreach.models import Activity, Turn
from puntual.tenancy.scope import acting_for
from tests.browser.looking import accessibility

pytestmark = pytest.mark.browser


def _calls(cast: Cast, count: int) -> None:
    book = open_book(cast)
    for number in range(count):
        customer = book.customer(f"Textiles {number:02}")
        lead = book.invoice(customer, f"F-{number}", due=-20, amount=f"{900 - number}.00")
        book.activity(customer, lead, state="to_do", channel="call", step="call", value=lead.amount)


def _worked(cast: Cast) -> dict[str, int]:
    with acting_for(cast.id):
        states = list(Activity.objects.values_list("result", flat=True))
    return {result: states.count(result) for result in set(states)}


@pytest.mark.parametrize(("width", "theme", "count"), [(1440, "light", 20), (320, "dark", 20)])
def test_customers_are_worked_through_by_keyboard_alone(cast: Cast, browse, width: int, theme: str, count: int) -> None:
    """320 px is a small phone, and what is left of 1280 at a zoom of 400 %."""
    _calls(cast, count)
    desk = browse(width=width, theme=theme)
    page, keys = desk.page, desk.page.keyboard
    desk.sign_in()

    def follows(number: int) -> None:
        expect(page.locator("h1")).to_have_text(f"Textiles {number:02}")
        page.wait_for_load_state()  # the name is there before the scripts that hear the keys

    for key in "gc":
        keys.press(key)
    expect(page).to_have_url(re.compile("/queue/$"))
    keys.press("a")
    follows(0)
    expect(page.locator("main")).to_contain_text("Suya: nadie más")
    expect(page.locator("#negotiation")).to_be_visible()
    assert not accessibility(page) and desk.fits()
    desk.shot(f"cola-{width}-{theme}")

    keys.press("1")  # promises: the cursor stands in the day
    expect(page.get_by_label("Día", exact=True).or_(page.locator("[name=promise_day]")).first).to_be_focused()
    keys.type("11272026")  # Chromium asks for the month first, whatever the language of the page
    keys.press("Enter")
    follows(1)
    keys.press("s")  # passed over: the form comes up with the reason
    expect(page.locator("#sheet select")).to_be_focused()
    keys.press("ArrowDown")
    keys.press("Tab")
    keys.type("Lo ve Ana")
    keys.press("Enter")
    follows(2)
    keys.press("n")
    keys.type("no contesta")
    keys.press("Escape")
    keys.press("8")
    keys.press("Enter")
    follows(3)
    keys.press("u")  # the last one was a mistake
    follows(2)
    for number in range(2, count):
        follows(number)
        keys.press("q" if number % 5 else "9")
        keys.press("Enter")
    expect(page).to_have_url(re.compile(r"/queue/\?channel=call$"))
    found = _worked(cast)
    assert (found["reached_promises"], found["left_message"] + found["voicemail"], found["taken_back"]) == (
        1,
        count - 2,
        1,
    )
    with acting_for(cast.id):
        assert str(Promise.objects.get().promised_for) == "2026-11-27"
        assert Turn.objects.filter(kind="skip", note="Lo ve Ana").count() == 1
    assert not accessibility(page)


def test_keys_are_switched_off(cast: Cast, browse) -> None:
    _calls(cast, 1)
    desk = browse()
    page, keys = desk.page, desk.page.keyboard
    desk.sign_in()
    desk.open("/o/sembria/queue/")
    keys.press("?")
    page.locator("[data-keys-switch]").focus()
    keys.press("Space")
    keys.press("Escape")
    for _page in range(2):
        keys.press("a")
        keys.press("?")
        expect(page.locator("dialog[open]")).to_have_count(0)
        expect(page).to_have_url(re.compile("/queue/$"))
        page.reload()
    expect(page.locator("main kbd").first).to_be_hidden()
