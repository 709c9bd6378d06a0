"""What one does on a customer's page: each form is one action, and what is wrong is said beside it with nothing written."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from conftest import TODAY, Cast, make_member
from puntual.audit.models import Record
from puntual.desk.tests.book import Book
from puntual.outreach.models import Activity
from puntual.parties.models import Consent, ContactPoint, Customer, Person
from puntual.payments.models import Allocation, Payment
from puntual.receivables.models import Hold, Installment

HTMX = {"HX-Request": "true"}


@pytest.fixture
def customer(book: Book) -> Customer:
    return book.customer("Viñas")


def at(customer: Customer, what: str = "") -> str:
    return f"/o/sembria/customers/{customer.id}{what}"


def paid(**given: object) -> dict[str, object]:
    return {
        "token": "D-1",
        "amount": "150.00",
        "currency": "PEN",
        "received_on": TODAY.isoformat(),
        "method": "transfer",
        "rest": "oldest",
        **given,
    }


def actions(book: Book) -> list[str]:
    with book.inside():
        return list(Record.objects.filter(organization_id=book.cast.id).order_by("id").values_list("action", flat=True))


class TestPayment:
    def open_amounts(self, book: Book) -> dict[str, Decimal]:
        with book.inside():
            items = Installment.objects.filter(organization_id=book.cast.id)
            return dict(items.values_list("invoice__number", "open_amount"))

    def test_the_oldest_first(self, book: Book, owner: Client, customer: Customer) -> None:
        book.invoice(customer, "F-1", due=-20)
        book.invoice(customer, "F-2", due=-10)
        answer = owner.post(at(customer, "/payment"), paid())
        assert answer.headers["Location"] == at(customer)
        assert self.open_amounts(book) == {"F-1": 0, "F-2": 50}
        assert "Se registró el pago de PEN\xa0150.00." in owner.get(at(customer)).content.decode()

    def test_what_the_payer_named_and_the_rest_on_account(self, book: Book, owner: Client, customer: Customer) -> None:
        book.invoice(customer, "F-1", due=-20)
        second, third = book.invoice(customer, "F-2", due=-10), book.invoice(customer, "F-3", due=5)
        given = paid(pay=[str(second.id)], rest="account", **{f"part-{third.id}": "30.00"})
        assert owner.post(at(customer, "/payment"), given).status_code == 302
        assert self.open_amounts(book) == {"F-1": 100, "F-2": 0, "F-3": 70}
        with book.inside():
            assert Payment.objects.get(organization_id=book.cast.id).unapplied == 20

    def test_for_a_customer_it_pays_for(self, book: Book, owner: Client, customer: Customer) -> None:
        child = book.customer("Filial", paid_by=customer)
        item = book.invoice(child, "F-9", due=-20)
        owner.post(at(customer, "/payment"), paid(amount="100.00", pay=[str(item.id)]))
        assert self.open_amounts(book) == {"F-9": 0}

    def test_sent_twice_it_is_recorded_once(self, book: Book, owner: Client, customer: Customer) -> None:
        for _time in range(2):
            assert owner.post(at(customer, "/payment"), paid()).status_code == 302
        with book.inside():
            assert Payment.objects.filter(organization_id=book.cast.id).count() == 1

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"amount": "12,5"}, "«12,5» no es un monto. Escríbalo así: 1,234.50."),
            ({"amount": ""}, "Este campo es obligatorio."),
            ({"amount": "-5"}, "-5"),
            ({"amount": "0.001"}, "0.001"),
            ({"received_on": "2026-13-40"}, "fecha"),
            ({"received_on": "2027-01-01"}, "futuro"),
            ({"currency": "XXX"}, "XXX"),
        ],
    )
    def test_what_is_wrong_is_said_beside_it(
        self, book: Book, owner: Client, customer: Customer, wrong: dict[str, str], said: str
    ) -> None:
        book.invoice(customer, "F-1", due=-20)
        answer = owner.post(at(customer, "/payment"), paid(**wrong), headers=HTMX)
        assert answer.status_code == 422
        text = answer.content.decode()
        assert said in text
        assert "<html" not in text
        assert "F-1" in text
        with book.inside():
            assert not Payment.objects.filter(organization_id=book.cast.id).exists()

    def test_a_wrong_part_keeps_what_was_chosen(self, book: Book, owner: Client, customer: Customer) -> None:
        item = book.invoice(customer, "F-1", due=-20)
        text = owner.post(
            at(customer, "/payment"), paid(pay=[str(item.id)], **{f"part-{item.id}": "abc"})
        ).content.decode()
        assert "«abc» no es un monto" in text
        assert 'value="150.00"' in text
        assert "checked" in text

    def test_an_item_of_somebody_else_is_refused(self, book: Book, owner: Client, customer: Customer) -> None:
        stranger = book.invoice(book.customer("Otra"), "F-7", due=-20)
        assert owner.post(at(customer, "/payment"), paid(pay=[str(stranger.id)])).status_code == 422
        with book.inside():
            assert not Allocation.objects.filter(organization_id=book.cast.id).exists()

    def test_the_form_is_a_page_and_a_part(self, book: Book, owner: Client, customer: Customer) -> None:
        book.invoice(customer, "F-1", due=-20)
        page = owner.get(at(customer, "/payment")).content.decode()
        part = owner.get(at(customer, "/payment"), headers=HTMX).content.decode()
        assert "<html" in page and "hx-post" not in page.split("<main")[1].split("</main>")[0]
        assert "<html" not in part and "hx-post" in part
        done = owner.post(at(customer, "/payment"), paid(), headers=HTMX)
        assert done.headers["HX-Redirect"] == at(customer)


class TestPause:
    UNTIL = (TODAY + timedelta(days=9)).isoformat()

    def test_the_whole_customer_and_lifted_again(self, book: Book, owner: Client, customer: Customer) -> None:
        book.invoice(customer, "F-1", due=-20)
        owner.post(at(customer, "/pause"), {"reason": "person", "until": self.UNTIL, "note": "Pide esperar"})
        with book.inside():
            held = Hold.objects.get(organization_id=book.cast.id)
        assert (held.reason, held.until_on, held.invoice_id) == ("person", TODAY + timedelta(days=9), None)
        page = owner.get(at(customer))
        assert page.context["coming"].title == "En pausa."
        assert "Levantar la pausa" in page.content.decode()
        owner.post(f"/o/sembria/customers/holds/{held.id}/release", {"why": ""})
        assert "En pausa." not in owner.get(at(customer)).context["coming"].title
        assert actions(book)[-2:] == ["receivables.hold", "receivables.release_hold"]

    def test_what_waits_for_approval_is_given_up(self, book: Book, owner: Client, customer: Customer) -> None:
        planned = book.activity(customer, book.invoice(customer, "F-1", due=-18))
        owner.post(at(customer, "/pause"), {"reason": "person", "until": self.UNTIL, "note": "Paga el lunes"})
        with book.inside():
            assert Activity.objects.get(id=planned.id).state == "lapsed"
            assert Hold.objects.get(organization_id=book.cast.id).reason == "person"
        assert actions(book)[-1] == "outreach.pause"

    def test_of_more_than_a_year_is_refused_with_its_last_day(self, owner: Client, customer: Customer) -> None:
        given = {"reason": "person", "until": "2099-12-31", "note": "Pidió esperar"}
        assert "Una pausa dura un año como máximo" in owner.post(at(customer, "/pause"), given).content.decode()

    @pytest.mark.parametrize(
        "wrong", [{"until": "2026-11-01"}, {"until": ""}, {"note": " "}, {"reason": "missing"}, {"reason": "plan"}]
    )
    def test_wrongly(self, book: Book, owner: Client, customer: Customer, wrong: dict[str, str]) -> None:
        given = {"reason": "person", "until": self.UNTIL, "note": "Pidió esperar", **wrong}
        assert owner.post(at(customer, "/pause"), given).status_code == 422
        with book.inside():
            assert not Hold.objects.filter(organization_id=book.cast.id).exists()


class TestNote:
    @pytest.mark.parametrize(
        ("kind", "channel", "direction", "result"),
        [
            ("internal out", "internal", "out", ""),
            ("call in", "call", "in", "reached_other"),
            ("whatsapp in", "whatsapp", "in", ""),
        ],
    )
    def test_is_kept(self, book, owner, customer, kind: str, channel: str, direction: str, result: str) -> None:
        owner.post(at(customer, "/note"), {"kind": kind, "note": "Paga el lunes", "spoke": "on"})
        with book.inside():
            made = Activity.objects.get(organization_id=book.cast.id)
        assert (made.channel, made.direction, made.result, made.state) == (channel, direction, result, "done")
        assert "Paga el lunes" in owner.get(at(customer)).content.decode()

    @pytest.mark.parametrize("wrong", [{"note": ""}, {"kind": "pigeon in"}, {"at": "2027-01-01T10:00"}, {"at": "ayer"}])
    def test_wrongly(self, book: Book, owner: Client, customer: Customer, wrong: dict[str, str]) -> None:
        answer = owner.post(at(customer, "/note"), {"kind": "call in", "note": "Paga el lunes", **wrong})
        assert answer.status_code == 422
        with book.inside():
            assert not Activity.objects.filter(organization_id=book.cast.id).exists()


def test_approving_on_the_page(book: Book, owner: Client, customer: Customer) -> None:
    planned = book.activity(customer, book.invoice(customer, "F-1", due=-18))
    path = at(customer, f"/approve/{planned.id}")
    assert owner.post(path).status_code == 302
    with book.inside():
        assert Activity.objects.get(id=planned.id).state == "queued"
    assert owner.post(path).status_code == 422  # it changed meanwhile
    assert owner.get(path).status_code == 405


class TestWhoTheyAre:
    def test_handling_and_status(self, book: Book, owner: Client, customer: Customer) -> None:
        owner.post(
            at(customer, "/handling"),
            {"handling": "owner_only", "owner": str(book.cast.colleague.id), "why": "Cliente clave"},
        )
        owner.post(at(customer, "/status"), {"status": "represented", "on": "2026-11-20", "evidence": "Poder n.º 12"})
        with book.inside():
            found = Customer.objects.select_related("party").get(id=customer.id)
        assert (found.handling, found.owner_id) == ("owner_only", book.cast.colleague.id)
        assert (found.party.status, found.party.status_on) == ("represented", date(2026, 11, 20))
        assert actions(book)[-2:] == ["customer.set_handling", "party.set_status"]

    @pytest.mark.parametrize(
        ("what", "given"),
        [
            ("/handling", {"handling": "owner_only", "owner": "", "why": "x"}),
            ("/handling", {"handling": "none", "why": ""}),
            ("/handling", {"handling": "whatever", "why": "x"}),
            ("/status", {"status": "insolvent", "on": "2027-01-01", "evidence": "x"}),
            ("/status", {"status": "insolvent", "on": "2026-11-01", "evidence": ""}),
        ],
    )
    def test_wrongly(self, book: Book, owner: Client, customer: Customer, what: str, given: dict[str, str]) -> None:
        before = actions(book)
        assert owner.post(at(customer, what), given).status_code == 422
        assert actions(book) == before

    def test_people_and_points(self, book: Book, owner: Client, customer: Customer) -> None:
        owner.post(
            at(customer, "/person"),
            {
                "name": "Luz Paz",
                "title": "Gerencia",
                "roles": ["approver"],
                "email": "luz@v.example",
                "phone": "+51 1 7654321",
            },
        )
        with book.inside():
            luz = Person.objects.get(organization_id=book.cast.id, name="Luz Paz")
            points = {p.kind: p for p in ContactPoint.objects.filter(organization_id=book.cast.id, person=luz)}
        assert (luz.roles, points["email"].value, points["phone"].value) == (
            ["approver"],
            "luz@v.example",
            "+5117654321",
        )
        owner.post(f"/o/sembria/customers/people/{luz.id}", {"name": "Luz Paz Ríos", "title": "", "roles": ["billing"]})
        owner.post(f"/o/sembria/customers/people/{luz.id}/end", {"last_day": "2026-11-22"})
        owner.post(f"/o/sembria/customers/points/{points['phone'].id}/retire", {"why": "no contesta"})
        owner.post(
            f"/o/sembria/customers/points/{points['email'].id}/consent",
            {"purpose": "collections", "granted": "no", "given_on": "2026-11-22", "source": "una llamada"},
        )
        owner.post(at(customer, "/point"), {"kind": "whatsapp", "value": "987 654 321", "person": ""})
        with book.inside():
            luz.refresh_from_db()
            email, phone = (ContactPoint.objects.get(id=points[kind].id) for kind in ("email", "phone"))
            assert (luz.name, luz.ends_on, luz.roles) == ("Luz Paz Ríos", date(2026, 11, 22), ["billing"])
            assert (email.consent, phone.retired_on) == ("withdrawn", TODAY)
            assert Consent.objects.filter(organization_id=book.cast.id).count() == 1
            assert ContactPoint.objects.get(organization_id=book.cast.id, kind="whatsapp").value == "+51987654321"
        page = owner.get(at(customer, "/people")).content.decode()
        assert "1 contacto anterior" in page

    def test_a_wrong_address_adds_nobody(self, book: Book, owner: Client, customer: Customer) -> None:
        answer = owner.post(at(customer, "/person"), {"name": "Luz", "email": "luz at v"})
        assert answer.status_code == 422
        assert "no es una dirección de correo" in answer.content.decode()
        with book.inside():
            assert not Person.objects.filter(organization_id=book.cast.id, name="Luz").exists()


FORMS = ("payment", "pause", "note", "handling", "status", "person", "point")


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("collector", {"pause", "note", "handling", "status", "person", "point"}),
        ("accountant", {"payment", "pause"}),
        ("auditor", set()),
    ],
)
def test_each_role_does_what_is_its_own(book: Book, client: Client, customer: Customer, role: str, allowed) -> None:
    client.force_login(make_member(book.cast.organization, role, f"{role}@sembria.example"))
    for form in FORMS:
        assert client.get(at(customer, f"/{form}")).status_code == (200 if form in allowed else 403), form
    page = client.get(at(customer)).content.decode()
    assert ("Registrar un pago" in page) == ("payment" in allowed)
    assert ("Anotar" in page) == ("note" in allowed)


def test_whose_it_is_not_can_do_nothing(book: Book, client: Client, cast: Cast, customer: Customer) -> None:
    client.force_login(cast.outsider)
    before = actions(book)
    for form in FORMS:
        for slug in ("sembria", "lonkura"):
            path = f"/o/{slug}/customers/{customer.id}/{form}"
            assert client.get(path).status_code == 404
            assert client.post(path, paid()).status_code == 404
    assert actions(book) == before
