"""Promises on the desk: the list, a customer's tab, and recording one."""

from django.test import Client

from puntual.desk.tests.book import Book


def test_the_frame_is_on_the_map(book: Book, owner: Client) -> None:
    answer = owner.get("/o/sembria/agreements/?state=nonsense&from=x&creditor=y")
    assert answer.status_code == 200
    assert answer.context["narrowed"].state == "open"
    assert "/o/sembria/agreements/" in owner.get("/o/sembria/").content.decode()
