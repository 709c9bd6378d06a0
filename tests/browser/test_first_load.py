"""What comes over a phone's connection before one can work: signing in and the queue, as this server compresses them."""

from urllib.parse import urlsplit

import pytest
from django.test import Client
from playwright.sync_api import Response

from conftest import Cast
from puntual.desk.tests.book import open_book

pytestmark = pytest.mark.browser

MOST = 350_000
"""Bytes: about two seconds at 1.6 Mbit/s, the slow 4G that pages are measured by."""


def test_signing_in_and_the_queue_are_soon_there(cast: Cast, client: Client, browse) -> None:
    book = open_book(cast)
    customer = book.customer("Textiles Quenara S.A.")
    lead = book.invoice(customer, "F-1", due=-20)
    call = book.activity(customer, lead, state="to_do", channel="call", step="call", value=lead.amount)
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


def _transferred(client: Client, path: str) -> int:
    """The bytes of an answer's head and body."""
    answer = client.get(path, headers={"Accept-Encoding": "gzip", "Accept": "text/html"})
    head = sum(len(name) + len(value) + 4 for name, value in answer.headers.items())
    return head + sum(len(part) for part in (answer.streaming_content if answer.streaming else [answer.content]))
