"""What comes over a phone's connection before one can work, and from one customer to the next, as this server compresses it."""

from urllib.parse import urlsplit

import pytest
from django.test import Client
from playwright.sync_api import Response, expect

from conftest import Cast
from puntual.desk.tests.book import Book, open_book
from puntual.outreach.models import Activity

pytestmark = pytest.mark.browser

MOST = 350_000
"""Bytes: about two seconds at 1.6 Mbit/s, the slow 4G that pages are measured by."""


NEXT = 30_000
"""Bytes from one customer to the next: a sixth of a second on that line, beside two or three of its round trips of 150 ms."""


def test_signing_in_and_the_queue_are_soon_there(cast: Cast, client: Client, browse) -> None:
    book = open_book(cast)
    call, _second = (_call(book, name) for name in ("Textiles Quenara S.A.", "Andahuara S.A.C."))
    asked: list[Response] = []
    desk = browse(width=360)
    desk.page.on("response", lambda answer: asked.append(answer))
    desk.sign_in()
    desk.open("/o/sembria/queue/")
    desk.open(f"/o/sembria/queue/{call.pk}")
    desk.page.wait_for_load_state("networkidle")
    client.force_login(cast.owner)
    paths = list(dict.fromkeys(urlsplit(one.url).path for one in asked if one.request.method == "GET"))
    sizes = {path: _transferred(client, path) for path in paths}
    assert len(sizes) > 10
    assert sum(sizes.values()) < MOST, sizes
    assert all(size < 110_000 for size in sizes.values()), sizes

    before = len(asked)
    desk.page.keyboard.press("q")
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator("h1")).to_have_text("Andahuara S.A.C.")
    desk.page.wait_for_load_state("networkidle")
    after = [urlsplit(one.url).path for one in asked[before:] if one.request.method == "GET"]
    files = {path for path in after if path.startswith("/static/")}
    assert files <= set(sizes), "a file more to wait for"
    kept = {path for path in sizes if path.startswith("/static/")}
    assert kept and all("immutable" in client.get(path).headers["Cache-Control"] for path in kept), "asked for anew"
    pages = [path for path in after if path not in files]
    assert len(pages) <= 2, pages  # the page, and what it suggests to negotiate
    assert sum(_transferred(client, path) for path in pages) < NEXT


def _call(book: Book, name: str) -> Activity:
    customer = book.customer(name)
    lead = book.invoice(customer, f"F-{name[:2]}", due=-20)
    return book.activity(customer, lead, state="to_do", channel="call", step="call", value=lead.amount)


def _transferred(client: Client, path: str) -> int:
    """The bytes of an answer's head and body."""
    answer = client.get(path, headers={"Accept-Encoding": "gzip", "Accept": "text/html"})
    head = sum(len(name) + len(value) + 4 for name, value in answer.headers.items())
    return head + sum(len(part) for part in (answer.streaming_content if answer.streaming else [answer.content]))
