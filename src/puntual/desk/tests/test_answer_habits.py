"""When a customer answers, on its page: in words, with a chart, and with the rows behind."""

import json
from datetime import timedelta

from django.test import Client

from conftest import TODAY, Cast
from puntual.desk.tests.book import Book, at
from puntual.parties.models import Customer
from puntual.receivables.models import Installment


def test_the_behavior_tab_says_when_they_answer(book: Book, owner: Client, client: Client, cast: Cast) -> None:
    customer, silent = book.customer("Viñas"), book.customer("Nadie")
    item = book.invoice(customer, "F-1", due=-60)
    for days in range(30, 20, -2):
        _said(book, customer, item, days, 9, state="sent")
        if days > 22:
            _said(book, customer, item, days, 11, direction="in", state="done")
    tab = f"/o/sembria/customers/{customer.id}/behavior"
    page = owner.get(tab)
    said = page.content.decode()
    assert (
        "Correo: contestó 4 de los últimos 5, por lo general en 2 horas o menos, sobre todo entre las 11 y las 12."
        in said
    )
    chart = json.loads(page.context["habits"].chart)
    assert dict(zip(chart["labels"], chart["series"][0]["values"], strict=True))["11:00"] == 4
    for address, rows in ((page.context["habits"].answered, 4), (page.context["habits"].contacts, 5)):
        assert len(owner.get(address).context["rows"]) == rows
    assert "Cuándo responden" not in owner.get(f"/o/sembria/customers/{silent.id}/behavior").content.decode()
    client.force_login(cast.outsider)
    assert client.get(tab).status_code == 404


def _said(book: Book, customer: Customer, item: Installment, days: int, hour: int, **fields: object) -> None:
    moment = at(TODAY - timedelta(days=days), hour + 5)  # of Lima
    values = {"day": TODAY - timedelta(days=days), "created_at": moment, "settled_at": moment, "attempt": days}
    book.activity(customer, item, step=f"s{hour}", **values, **fields)
