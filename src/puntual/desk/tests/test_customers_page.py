"""The list of customers and a customer's page: what they show, to whom, and at what cost."""

from datetime import timedelta
from decimal import Decimal
from itertools import count

import pytest
from django.test import Client

from conftest import NOW, TODAY, Cast
from puntual.desk import evidence
from puntual.desk.tests.book import Book, at
from puntual.kernel.documents import pdf
from puntual.outreach.actions import record_contact
from puntual.outreach.models import Activity
from puntual.parties.actions import create_creditor, set_handling, set_party_status
from puntual.parties.models import ContactPoint, Customer
from puntual.payments.actions import reverse_payment
from puntual.receivables.actions import hold, issue_credit_note, release_hold, write_off
from puntual.strategies.models import Version
from puntual.tenancy.scope import acting_for

HTMX = {"HX-Request": "true"}


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


class TestPage:
    def test_who_and_how_to_reach_them_now(self, book: Book, owner: Client) -> None:
        customer = book.customer("Viñas Trehuelén", country="CL", time_zone="America/Santiago")
        book.invoice(customer, "1187", due=-34)
        page = owner.get(f"/o/sembria/customers/{customer.id}").content.decode()
        assert "C-001 de Sembria Talento" in page
        assert "Correo: se puede" in page
        assert "11:12 en Santiago" in page
        assert "34 días" in page

    def test_a_channel_that_is_closed_says_why_and_when_again(
        self, book: Book, owner: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        customer = book.customer("Viñas")
        book.invoice(customer, "1187", due=-34)
        monkeypatch.setattr("django.utils.timezone.now", lambda: at(TODAY, 3))  # 22:00 of Sunday in Lima
        page = owner.get(f"/o/sembria/customers/{customer.id}")
        lights = {light.channel: light for light in page.context["lights"]}
        assert lights["call"].verdict == "wait"
        assert "Otra vez mañana a las" in lights["call"].reason

    def test_a_channel_without_a_point_says_so(self, book: Book, owner: Client) -> None:
        customer = book.customer("Viñas", reachable=False)
        book.invoice(customer, "1187", due=-34)
        lights = owner.get(f"/o/sembria/customers/{customer.id}").context["lights"]
        assert {(light.verdict, light.reason) for light in lights} == {("no", "No hay contacto para este medio")}

    @pytest.mark.parametrize(
        ("state", "fields", "title"),
        [
            ("proposed", {}, "«Pedido de fecha» sale ahora si usted lo aprueba."),
            ("proposed", {"not_before": NOW + timedelta(hours=3)}, "sale hoy a las 12:12 si usted lo aprueba."),
            ("queued", {"not_before": NOW + timedelta(days=1)}, "«Pedido de fecha» sale mañana a las 9:12."),
            ("to_do", {"step": "call", "channel": "call"}, "«Llamada» toca ahora."),
            ("unknown", {}, "No se sabe si «Pedido de fecha» llegó."),
            ("failed", {"result": "refused"}, "«Pedido de fecha» no se pudo enviar."),
        ],
    )
    def test_the_next_step_in_a_sentence(self, book: Book, owner: Client, state: str, fields, title: str) -> None:
        customer = book.customer("Viñas")
        book.activity(customer, book.invoice(customer, "1187", due=-18), state, **fields)
        coming = owner.get(f"/o/sembria/customers/{customer.id}").context["coming"]
        assert title in coming.title
        assert coming.text

    def test_without_a_plan_it_is_what_today_decides_and_why(self, book: Book, owner: Client) -> None:
        late, early = book.customer("Viñas"), book.customer("Olivos")
        book.invoice(late, "1", due=-18)
        book.invoice(early, "2", due=20)
        decided = owner.get(f"/o/sembria/customers/{late.id}").context["coming"]
        assert "El paso de hoy es" in decided.title
        assert "18 días vencida" in decided.text
        nothing = owner.get(f"/o/sembria/customers/{early.id}").context["coming"]
        assert nothing.title == "Nada que pedir."

    def test_a_hard_stop_stands_where_the_light_would(self, book: Book, owner: Client) -> None:
        customer = book.customer("Viñas")
        book.invoice(customer, "1187", due=-34)
        with book.inside():
            set_party_status(book.by(), customer.party_id, "insolvent", on=TODAY, evidence="Indecopi, exp. 12")
        page = owner.get(f"/o/sembria/customers/{customer.id}").content.decode()
        assert "En proceso concursal" in page
        assert "Indecopi, exp. 12" in page
        assert "se puede" not in page

    def test_what_an_amount_is_made_of(self, book: Book, owner: Client) -> None:
        customer = book.customer("Viñas")
        for number in range(8):
            book.invoice(customer, f"F-{number}", "10.00", due=-30 + number)
        standing = owner.get(f"/o/sembria/customers/{customer.id}").context["standings"][0]
        assert standing.open.parts[-1] == ("3 más", Decimal(30))
        assert sum(amount for _words, amount in standing.open.parts) == standing.open.value == 80
        assert standing.open.total == "8 facturas, PEN"

    def test_the_invoices_tab_keeps_apart_what_is_not_asked_for(self, book: Book, owner: Client) -> None:
        customer = book.customer("Viñas")
        book.invoice(customer, "F-1", "100.00", due=-34, deduction="12.00")
        held = book.invoice(customer, "F-2", "200.00", due=-20)
        partly = book.invoice(customer, "F-3", "300.00", due=-10)
        book.invoice(customer, "F-4", "400.00", due=10)
        paid = book.invoice(customer, "F-5", "500.00", due=-60)
        book.payment(customer, "500.00", day=-45, to=paid)
        book.payment(customer, "7.00", currency="USD")
        with book.inside():
            hold(book.by(), reason="dispute", invoice_id=held.invoice_id, until_on=TODAY + timedelta(days=5))
            hold(book.by(), reason="promise", installment_id=partly.id, amount=Decimal(50))
            issue_credit_note(
                book.by(), customer_id=customer.id, number="NC-1", issued_on=TODAY, currency="PEN", amount=Decimal(9)
            )
        page = owner.get(f"/o/sembria/customers/{customer.id}/invoices")
        groups = {group.name: [line.item.number for line in group.lines] for group in page.context["groups"]}
        assert groups == {"overdue": ["F-1", "F-3"], "held": ["F-2"], "to_come": ["F-4"]}
        totals = {group.name: group.totals for group in page.context["groups"]}
        assert totals["overdue"] == [("PEN", Decimal(400))]
        text = page.content.decode()
        assert "En disputa, hasta el" in text
        assert "15 días tarde" in text
        assert "Nota de crédito NC-1" in text
        assert "Pago a cuenta" in text

    def test_the_other_tabs(self, book: Book, owner: Client) -> None:
        customer = book.customer("Viñas")
        for number in range(5):
            item = book.invoice(customer, f"F-{number}", due=-200 + 20 * number)
            book.payment(customer, "100.00", day=-190 + 22 * number, to=item)
        with book.inside():
            hold(book.by(), reason="promise", customer_id=customer.id, until_on=TODAY, note="Paga el lunes")
            old = hold(book.by(), reason="dispute", customer_id=customer.id, note="Otra cosa")
            release_hold(book.by(), old.id)
        pauses = owner.get(f"/o/sembria/customers/{customer.id}/agreements")
        assert [hold.note for hold in pauses.context["holds"]] == ["Paga el lunes"]
        assert [hold.note for hold in pauses.context["over"]] == ["Otra cosa"]
        people = owner.get(f"/o/sembria/customers/{customer.id}/people").content.decode()
        assert "Ana Ruiz" in people
        assert "+51 1 7000001" in people
        behavior = owner.get(f"/o/sembria/customers/{customer.id}/behavior")
        assert behavior.context["behavior"].days == [10, 12, 14, 16, 18]
        assert "En promedio, 14 días tarde. 0 de las últimas 5 a tiempo." in behavior.content.decode()
        assert owner.get(f"/o/sembria/customers/{customer.id}/nonsense").status_code == 404


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
            with django_assert_max_num_queries(60) as few:
                owner.get(f"/o/sembria/customers/{customer.id}{tab}")
            for _more in range(3):
                live_through(next(days))
            with django_assert_max_num_queries(len(few)):
                owner.get(f"/o/sembria/customers/{customer.id}{tab}")


def test_whose_it_is_not_finds_nothing(book: Book, client: Client, cast: Cast) -> None:
    customer = book.customer("Viñas")
    client.force_login(cast.outsider)
    for path in ("customers/", f"customers/{customer.id}", f"customers/{customer.id}/people"):
        assert client.get(f"/o/sembria/{path}").status_code == 404
        assert "Viñas" not in client.get(f"/o/lonkura/{path}").content.decode()
    assert client.get(f"/o/lonkura/customers/{customer.id}").status_code == 404


def test_without_a_manual_the_page_says_what_is_missing(book: Book, owner: Client) -> None:
    customer = book.customer("Viñas")
    book.invoice(customer, "F-1", due=-9)
    with book.inside():
        Version.objects.filter(organization_id=book.cast.id).update(state=Version.State.RETIRED)
    coming = owner.get(f"/o/sembria/customers/{customer.id}").context["coming"]
    assert "no tiene un manual" in coming.title
    assert owner.get("/o/sembria/customers/").status_code == 200


def test_the_account_statement_is_taken_along_by_whoever_may_export(book: Book, owner: Client, many) -> None:
    address = f"/o/sembria/customers/{many['old'].id}/statement.pdf"
    assert address in owner.get(f"/o/sembria/customers/{many['old'].id}").content.decode()
    answer = owner.get(address)
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF-")
    assert answer["Content-Disposition"] == 'attachment; filename="estado-de-cuenta-2026-11-23.pdf"'


def test_the_record_of_a_customer_is_a_document_and_names_what_was_sent(
    book: Book, owner: Client, many, monkeypatch
) -> None:
    seen: dict = {}
    monkeypatch.setattr(evidence, "pdf", lambda layout, values, at: seen.update(values) or pdf(layout, values, at))
    with acting_for(many["old"].organization_id):
        Activity.objects.create(
            organization_id=many["old"].organization_id,
            customer=many["old"],
            day=TODAY,
            channel="email",
            tone="firm",
            state="sent",
            step="firm",
            subject="Factura F-1",
            body="Hola:\n#panic *no* $x$",
            message_id="<1@x>",
            created_at=NOW,
            settled_at=NOW,
        )
    address = f"/o/sembria/customers/{many['old'].id}/record.pdf"
    assert address in owner.get(f"/o/sembria/customers/{many['old'].id}").content.decode()
    answer = owner.get(address)
    assert answer.content.startswith(b"%PDF-") and answer["Content-Disposition"].startswith("attachment")
    sent = next(row for row in seen["rows"] if row["reference"])
    assert (sent["reference"], sent["subject"], sent["tone"]) == ("<1@x>", "Factura F-1", "firm")
    assert "#panic *no*" in sent["body"] and seen["seal"].endswith(tuple("0123456789abcdef"))
