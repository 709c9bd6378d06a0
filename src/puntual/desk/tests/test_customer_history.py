"""A customer's history: what is on record, newest first, and at what cost."""

from datetime import timedelta
from decimal import Decimal
from itertools import count

from django.test import Client

from conftest import NOW, TODAY
from puntual.desk.tests.book import Book, at
from puntual.outreach.actions import record_contact
from puntual.parties.actions import set_handling
from puntual.parties.models import ContactPoint, Customer
from puntual.payments.actions import reverse_payment
from puntual.receivables.actions import hold, issue_credit_note, release_hold, write_off

HTMX = {"HX-Request": "true"}


class TestHistory:
    def told(self, owner: Client, customer: Customer, query: str = "") -> list[tuple[str, str]]:
        context = owner.get(f"/o/sembria/customers/{customer.id}{query}").context
        return [(event.said.title, event.said.rest) for _day, events in context["days"] for event in events]

    def test_everything_on_record_newest_first(self, book: Book, owner: Client) -> None:
        customer = book.customer("Viñas", reachable=False)
        first = book.invoice(customer, "F-1", "100.00", due=-50)
        book.invoice(customer, "F-2", "40.00", due=-50)
        book.activity(
            customer, first, "sent", settled_at=at(TODAY - timedelta(days=30), 15), body="Estimados", subject="F-1"
        )
        paid = book.payment(customer, "60.00", day=-20, to=first)
        with book.inside():
            record_contact(book.by(-10), customer, channel="call", direction="in", note="Pagan el viernes", spoke=True)
            record_contact(book.by(-9), customer, channel="internal", direction="out", note="Revisar con ventas")
            hold(
                book.by(-8),
                reason="promise",
                invoice_id=first.invoice_id,
                until_on=TODAY,
                from_on=TODAY - timedelta(days=8),
            )
            reverse_payment(book.by(-5), paid.id, reason="Cheque rechazado")
            write_off(book.by(-4), first.id, why="Muy antigua", amount=Decimal(10))
            set_handling(book.by(-1), customer.id, "approve", why="Cliente clave")
        book.activity(customer, first, "proposed", attempt=2)  # a plan is no history yet
        told = self.told(owner, customer)
        assert told == [
            ("Trato", "Cada contacto se aprueba antes"),
            ("Castigo", "PEN\xa010.00 en F-1"),
            ("Reversión del pago de PEN\xa060.00", ""),
            ("Pausa", "Promesa de pago, F-1"),
            ("Nota", ""),
            ("Llamada del cliente", ""),
            ("Pago de PEN\xa060.00", ""),
            ("Correo en tono firme", "Pedido de fecha"),
            ("Se emitieron las facturas F-1 y F-2", ""),
        ]
        page = owner.get(f"/o/sembria/customers/{customer.id}").content.decode()
        assert "Estimados" in page
        assert "Pagan el viernes" in page
        assert "Cheque rechazado" in page

    def test_it_is_narrowed_by_kind(self, book: Book, owner: Client) -> None:
        customer = book.customer("Viñas")
        item = book.invoice(customer, "F-1", "100.00", due=-50)
        book.payment(customer, "60.00", day=-20, to=item)
        book.activity(customer, item, "sent", settled_at=NOW)
        with book.inside():
            record_contact(book.by(), customer, channel="call", direction="out", note="No contestan")
        kinds = {
            "messages": ["Correo en tono firme"],
            "calls": ["Llamada"],
            "payments": ["Pago de PEN\xa060.00"],
            "invoices": ["Se emitió la factura F-1"],
            "pauses": [],
        }
        for kind, titles in kinds.items():
            assert [title for title, _rest in self.told(owner, customer, f"?kind={kind}")] == titles
        assert self.told(owner, customer, "?kind=nonsense")

    def test_it_goes_on_where_it_stopped(self, book: Book, owner: Client) -> None:
        customer = book.customer("Viñas", reachable=False)
        for number in range(35):
            book.invoice(customer, f"F-{number:02}", due=-number, terms=40)
        first = owner.get(f"/o/sembria/customers/{customer.id}")
        more = first.context["more"]
        assert more
        part = owner.get(more, headers=HTMX)
        assert "<html" not in part.content.decode()
        titles = [
            event.said.title for page in (first, part) for _day, events in page.context["days"] for event in events
        ]
        assert titles == [f"Se emitió la factura F-{number:02}" for number in range(35)]
        assert owner.get(f"/o/sembria/customers/{customer.id}?before=nonsense").status_code == 422

    def test_it_costs_the_same_however_much_happened(
        self, book: Book, owner: Client, django_assert_max_num_queries
    ) -> None:
        customer = book.customer("Viñas")

        def live_through(start: int) -> None:
            item = book.invoice(customer, f"F-{start}", due=-start - 40)
            book.payment(customer, "60.00", day=-start, to=item)
            book.activity(
                customer, item, "sent", settled_at=NOW - timedelta(days=start), approved_by=book.cast.owner.id
            )
            with book.inside():
                held = hold(book.by(-start), reason="person", invoice_id=item.invoice_id)
                release_hold(book.by(-start), held.id)
                issue_credit_note(
                    book.by(-start),
                    customer_id=customer.id,
                    number=f"NC-{start}",
                    issued_on=TODAY - timedelta(days=start),
                    currency="PEN",
                    amount=Decimal(1),
                )

        days = count(1)
        live_through(next(days))
        for tab in ("", "/invoices", "/agreements", "/people", "/behavior"):
            with django_assert_max_num_queries(52) as few:
                owner.get(f"/o/sembria/customers/{customer.id}{tab}")
            for _more in range(3):
                live_through(next(days))
            with django_assert_max_num_queries(len(few)):
                owner.get(f"/o/sembria/customers/{customer.id}{tab}")

    def test_it_is_narrowed_by_channel_person_and_days(self, book: Book, owner: Client) -> None:
        customer = book.customer("Viñas")
        item = book.invoice(customer, "F-1", "100.00", due=-50)
        with book.inside():
            mail = ContactPoint.objects.get(organization_id=book.cast.id, customer=customer, kind="email")
            record_contact(book.by(-3), customer, channel="call", direction="in", note="Pagan el viernes")
            record_contact(book.by(-2), customer, channel="internal", direction="out", note="Revisar")
            record_contact(book.by(-1), customer, channel="whatsapp", direction="in", note="Mandan la orden")
            hold(book.by(-1), reason="person", customer_id=customer.id)
        book.activity(customer, item, "sent", settled_at=NOW, point_id=mail.id, approved_by=book.cast.colleague.id)
        day = (TODAY - timedelta(days=2)).isoformat()
        wanted = {
            "?kind=contacts": ["Correo en tono firme", "WhatsApp del cliente", "Llamada del cliente"],
            "?kind=answers": ["WhatsApp del cliente", "Llamada del cliente"],
            "?kind=notes": ["Nota"],
            "?channel=call": ["Llamada del cliente"],
            f"?person=them-{mail.person_id}&channel=email": ["Correo en tono firme"],
            f"?person=us-{book.cast.colleague.id}": ["Correo en tono firme"],
            f"?kind=pauses&person=us-{book.cast.owner.id}": ["Pausa"],
            f"?kind=contacts&to={day}": ["Llamada del cliente"],
            f"?kind=contacts&from={day}": ["Correo en tono firme", "WhatsApp del cliente"],
            f"?from={day}&to={day}": ["Nota"],
        }
        for query, titles in wanted.items():
            assert [title for title, _rest in self.told(owner, customer, query)] == titles, query
        everything = self.told(owner, customer)
        for nonsense in ("?channel=x&person=x&from=x&to=31/12", f"?person=us-{customer.id}"):
            assert self.told(owner, customer, nonsense) == everything
        page = owner.get(f"/o/sembria/customers/{customer.id}?channel=call&from={day}").content.decode()
        assert '<option value="call" selected>' in page
        assert f'name="from" value="{day}"' in page

    def test_what_is_narrowed_goes_on_narrowed(self, book: Book, owner: Client) -> None:
        customer = book.customer("Viñas")
        with book.inside():
            for number in range(35):
                record_contact(book.by(-number), customer, channel="internal", direction="out", note=f"Nota {number}")
                record_contact(book.by(-number), customer, channel="call", direction="in", note=f"Llamada {number}")
        first = owner.get(f"/o/sembria/customers/{customer.id}?channel=call&person=us-{book.cast.owner.id}")
        second = owner.get(first.context["more"], headers=HTMX)
        told = [
            event.said.text for page in (first, second) for _day, events in page.context["days"] for event in events
        ]
        assert told == [f"Llamada {number}" for number in range(35)]
        assert second.context["more"] == ""
