"""The list of customers: what it shows, how it is narrowed and walked, and at what cost."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from conftest import TODAY
from puntual.desk.tests.book import Book
from puntual.parties.actions import create_creditor
from puntual.parties.models import ContactPoint, Customer
from puntual.receivables.actions import hold, release_hold


def names(answer) -> list[str]:
    return [row.customer.name for row in answer.context["rows"]]


@pytest.fixture
def many(book: Book) -> dict[str, Customer]:
    """Four customers: long overdue, lately overdue in dollars, not yet due, and with nothing open."""
    old, late, coming, nothing = (book.customer(name) for name in ("Pesquera", "Álamos", "Minera", "Zinc"))
    book.invoice(old, "F-1", "100.00", due=-90)
    book.invoice(old, "F-2", "50.00", due=-2)
    book.invoice(late, "F-3", "70.00", due=-5, currency="USD")
    book.invoice(late, "F-4", "30.00", due=10)
    book.invoice(coming, "F-5", "20.00", due=15)
    return {"old": old, "late": late, "coming": coming, "nothing": nothing}


class TestList:
    def test_by_name_and_what_is_overdue_by_age(self, book: Book, owner: Client, many) -> None:
        answer = owner.get("/o/sembria/customers/")
        assert names(answer) == ["Álamos", "Minera", "Pesquera", "Zinc"]
        assert "4 clientes" in answer.content.decode()
        answer = owner.get("/o/sembria/customers/?view=overdue")
        assert names(answer) == ["Pesquera", "Álamos"]
        assert "2 clientes tienen algo vencido" in answer.content.decode()

    def test_open_and_overdue_stand_per_currency(self, book: Book, owner: Client, many) -> None:
        rows = {row.customer.name: row for row in owner.get("/o/sembria/customers/").context["rows"]}
        sums = [(one.currency, one.open.value, one.overdue.value) for one in rows["Álamos"].standings]
        assert sums == [("PEN", Decimal(30), Decimal(0)), ("USD", Decimal(70), Decimal(70))]
        assert rows["Pesquera"].oldest == TODAY - timedelta(days=90)
        assert rows["Zinc"].standings == []

    def test_it_is_narrowed(self, book: Book, owner: Client, many) -> None:
        with book.inside():
            chile = create_creditor(
                book.by(), code="CL", name="Sembria Chile", country="CL", currency="CLP", language="es"
            )
            hold(book.by(), reason="person", customer_id=many["late"].id, until_on=TODAY + timedelta(days=9))
            over = hold(book.by(), reason="person", customer_id=many["old"].id)
            release_hold(book.by(), over.id)
        austral = book.customer("Austral", creditor=chile, reachable=False, tax_id="20100000001")
        book.invoice(austral, "F-6", due=-1)

        def asked(query: str) -> list[str]:
            return names(owner.get(f"/o/sembria/customers/?{query}"))

        assert asked("view=held") == ["Álamos"]
        assert asked("view=unreachable") == ["Austral"]
        assert asked(f"creditor={chile.id}") == ["Austral"]
        assert asked("currency=USD") == ["Álamos"]
        assert asked("view=overdue&currency=USD") == ["Álamos"]
        assert asked(f"view=overdue&creditor={book.creditor.id}") == ["Pesquera", "Álamos"]
        assert asked("q=alam") == ["Álamos"]
        assert asked("q=c-003") == ["Minera"]
        assert asked("q=20100000001") == ["Austral"]
        assert asked("q=e&view=overdue") == ["Pesquera"]
        assert asked("view=nonsense&creditor=nonsense&currency=nonsense") == [
            "Álamos",
            "Austral",
            "Minera",
            "Pesquera",
            "Zinc",
        ]

    def test_a_point_that_bounced_or_was_refused_reaches_nobody(self, book: Book, owner: Client, many) -> None:
        with book.inside():
            points = ContactPoint.objects.filter(organization_id=book.cast.id)
            points.filter(customer=many["old"], kind="email").update(bounce="hard")
            points.filter(customer=many["old"], kind="phone").update(consent="withdrawn")
            points.filter(customer=many["nothing"]).update(bounce="hard")  # owes nothing: nobody has to reach it
        assert names(owner.get("/o/sembria/customers/?view=unreachable")) == ["Pesquera"]

    def test_it_is_walked_a_page_at_a_time(self, book: Book, owner: Client) -> None:
        for number in range(53):
            customer = book.customer(f"N{number:02}", reachable=False)
            book.invoice(customer, f"F-{number}", due=-60 + number)
        for query in ("", "?view=overdue"):
            first = owner.get(f"/o/sembria/customers/{query}")
            second = owner.get(f"/o/sembria/customers/{first.context['rows'].next}")
            assert names(first) + names(second) == [f"N{number:02}" for number in range(53)]
        assert "53 clientes tienen" in first.content.decode()

    def test_the_next_step_is_what_is_under_way_else_what_today_decides(self, book: Book, owner: Client, many) -> None:
        book.activity(
            many["old"], book.invoice(many["old"], "F-9", due=-20), tone="formal", channel="call", state="to_do"
        )
        rows = {row.customer.name: row.next for row in owner.get("/o/sembria/customers/").context["rows"]}
        assert (rows["Pesquera"].tone, rows["Pesquera"].text) == ("formal", "Formal, por teléfono")
        assert (rows["Álamos"].tone, rows["Álamos"].text) == ("friendly", "Amistoso, por correo")
        assert (rows["Zinc"].tone, rows["Zinc"].text) == ("", "Nada que pedir")

    def test_it_costs_the_same_for_two_and_for_fifty(
        self, book: Book, owner: Client, django_assert_max_num_queries
    ) -> None:
        first = book.customer("A")
        book.invoice(first, "F-1", due=-9)
        for query in ("", "?view=overdue", "?view=held", "?q=a"):
            with django_assert_max_num_queries(40) as counted:
                owner.get(f"/o/sembria/customers/{query}")
            counts = [len(counted)]
            for number in range(12):
                more = book.customer(f"A{query}{number}")
                book.activity(more, book.invoice(more, f"{query}{number}", due=-9))
                book.invoice(more, f"{query}{number}b", due=-5, currency="USD")
            with django_assert_max_num_queries(40) as counted:
                owner.get(f"/o/sembria/customers/{query}")
            assert len(counted) <= counts[0] + 2  # the step's version is read once something is planned

    def test_an_empty_list_says_what_to_do(self, book: Book, owner: Client) -> None:
        assert "Todavía no hay clientes" in owner.get("/o/sembria/customers/").content.decode()
        assert "Quite algún filtro" in owner.get("/o/sembria/customers/?q=zzz").content.decode()
