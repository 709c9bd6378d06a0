"""The portfolio by age: what it sums, how it is narrowed, and its files."""

import csv
import io
import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from conftest import TODAY, Cast
from puntual.desk.tests.book import Book
from puntual.parties.actions import create_creditor
from puntual.parties.models import Customer


@pytest.fixture
def customer(book: Book) -> Customer:
    return book.customer("Viñas")


def day(days: int) -> str:
    return (TODAY + timedelta(days=days)).isoformat()


class TestAging:
    @pytest.fixture(autouse=True)
    def portfolio(self, book: Book, customer: Customer) -> None:
        other = book.customer("Olivos")
        book.invoice(customer, "F-1", "100.00", due=-95)
        second = book.invoice(customer, "F-2", "200.00", due=-10)
        book.invoice(other, "F-3", "40.00", due=20)
        book.invoice(other, "F-4", "70.00", due=-40, currency="USD")
        book.payment(customer, "50.00", day=-3, to=second)

    def shown(self, owner: Client, query: str = "") -> dict[str, list[Decimal]]:
        answer = owner.get(f"/o/sembria/portfolio/{query}")
        rows = answer.context["rows"] or []
        return {row.customer.name: [amount.value for amount in row.standing.buckets] for row in rows}

    def test_by_currency_and_by_customer(self, owner: Client) -> None:
        answer = owner.get("/o/sembria/portfolio/")
        totals = {one["currency"]: (one["open"], one["overdue"]) for one in answer.context["totals"]}
        assert totals == {"PEN": (290, 250), "USD": (70, 70)}
        assert "PEN\xa0250.00 y USD\xa070.00 vencidos" in answer.content.decode()
        assert self.shown(owner) == {"Olivos": [40, 0, 0, 0, 0], "Viñas": [0, 150, 0, 0, 100]}
        assert self.shown(owner, "?currency=USD") == {"Olivos": [0, 0, 70, 0, 0]}

    def test_as_of_a_day_of_the_past(self, owner: Client) -> None:
        assert self.shown(owner, f"?as_of={day(-5)}") == {"Viñas": [0, 200, 0, 100, 0], "Olivos": [40, 0, 0, 0, 0]}
        assert self.shown(owner, f"?as_of={day(-30)}") == {"Viñas": [200, 0, 0, 100, 0]}
        assert self.shown(owner, f"?as_of={day(-400)}") == {}
        assert self.shown(owner, "?as_of=nonsense") == self.shown(owner)

    def test_of_one_creditor(self, book: Book, owner: Client) -> None:
        with book.inside():
            chile = create_creditor(book.by(), code="CL", name="Chile", country="CL", currency="CLP", language="es")
        book.invoice(book.customer("Austral", creditor=chile), "F-9", "9.00", due=-1)
        assert self.shown(owner, f"?creditor={chile.id}") == {"Austral": [0, 9, 0, 0, 0]}
        assert "Austral" not in self.shown(owner, f"?creditor={book.creditor.id}")

    def test_as_a_file(self, owner: Client) -> None:
        def file(kind: str, query: str = "") -> bytes:
            answer = owner.get(f"/o/sembria/portfolio/aging.{kind}{query}")
            assert answer.status_code == 200
            assert f"sembria-aging-{TODAY}.{kind}" in answer.headers["Content-Disposition"]
            return b"".join(answer.streaming_content)  # type: ignore[attr-defined]

        rows = list(csv.DictReader(io.StringIO(file("csv").decode("utf-8-sig"))))
        assert {(row["name"], row["currency"], row["total"]) for row in rows} == {
            ("Viñas", "PEN", "250.00"),
            ("Olivos", "PEN", "40.00"),
            ("Olivos", "USD", "70.00"),
        }
        assert json.loads(file("json"))["totals"]["PEN"]["total"] == "290.00"
        assert file("xlsx").startswith(b"PK")
        assert owner.get("/o/sembria/portfolio/aging.exe").status_code == 404

    def test_nothing_open(self, cast: Cast, client: Client, morning: None) -> None:
        client.force_login(cast.outsider)
        assert "No hay nada abierto" in client.get("/o/lonkura/portfolio/").content.decode()
