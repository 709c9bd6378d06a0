"""A customer's page: what it shows, and to whom."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from conftest import NOW, TODAY, Cast
from puntual.desk.tests.book import Book, at
from puntual.parties.actions import set_party_status
from puntual.receivables.actions import hold, issue_credit_note, release_hold
from puntual.strategies.models import Version


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
