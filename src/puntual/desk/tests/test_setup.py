"""From nothing to the first day: the first person, the organization, the six lines, going live."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conftest import NOW, Cast
from puntual.desk.tests.book import Book
from puntual.desk.tests.files import PLAIN, uploaded, work
from puntual.desk.tests.work import prepare_day
from puntual.kernel.ids import uuid7
from puntual.organizations.models import Membership, Organization, User
from puntual.outreach.actions import set_capacity
from puntual.outreach.models import Activity, CapturedMessage
from puntual.parties.actions import declare_sender, verify_sender
from puntual.parties.models import Creditor
from puntual.strategies.queries import assignments
from puntual.tenancy.scope import acting_for

PERSON = {"name": "Carmen Ríos", "email": "Carmen@Sembria.example", "password": "correct horse battery"}
SETUP = "/o/sembria/settings/setup"
COMPANY = {"name": "Peña & Cía. S.A.C.", "country": "CL", "currency": "", "language": "", "time_zone": ""}


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_the_first_person_of_a_machine_becomes_an_owner(db: None, client: Client) -> None:
    assert client.get("/").headers["Location"] == "/start/"
    assert client.post("/start/", PERSON).headers["Location"] == "/organizations/new"
    made = client.post("/organizations/new", COMPANY)
    assert made.headers["Location"] == "/o/pena-cia-sac/settings/setup"
    organization = Organization.objects.get()
    assert (organization.currency, organization.time_zone) == ("CLP", "America/Santiago")
    assert Membership.objects.get(organization=organization).role == "owner"
    assert "Faltan" in text(client, made.headers["Location"])


def test_nobody_else_finds_the_start(cast: Cast, client: Client) -> None:
    assert client.get("/start/").status_code == client.post("/start/", PERSON).status_code == 404
    assert client.get("/").headers["Location"].startswith("/accounts/login/")
    assert User.objects.count() == 3


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"password": "short"}, "10"),
        ({"password": "carmen@sembria.example"}, ""),
        ({"email": "carmen"}, ""),
        ({"name": ""}, ""),
    ],
)
def test_a_first_person_is_refused_in_words(db: None, client: Client, change: dict[str, str], said: str) -> None:
    answer = client.post("/start/", {**PERSON, **change})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not User.objects.exists()


def test_who_may_make_another_organization(cast: Cast, client: Client) -> None:
    assert client.get("/organizations/new").headers["Location"] == "/"
    client.force_login(cast.colleague)
    assert client.post("/organizations/new", COMPANY).status_code == 403
    client.force_login(cast.owner)
    assert (
        client.post("/organizations/new", {**COMPANY, "name": "Sembria"})
        .headers["Location"]
        .startswith("/o/sembria-2/")
    )
    assert client.post("/organizations/new", {**COMPANY, "country": "XX"}).status_code == 422


def test_the_six_lines_follow_what_happens(book: Book, owner: Client) -> None:
    with book.inside():
        Creditor.objects.update(bank_through=None)
    page = text(owner, SETUP)
    assert "Importar un archivo" in page and "Preparar el día" not in page
    owner.post(f"{uploaded(owner, PLAIN)}/launch")
    work(book.cast)
    page = text(owner, SETUP)
    assert "3 partidas pendientes de 2 clientes" in page
    assert "1 cliente no tiene correo ni teléfono" in page
    assert "¿hasta cuándo están al día sus pagos?" in page
    assert "una cuenta en USD" in page
    prepare_day(owner)
    page = text(owner, SETUP)
    assert "1 mensaje por aprobar" in page and "Revisar y aprobar" in page


def test_the_set_up_page_asks_a_fixed_number_of_questions(book: Book, owner: Client) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as found:
            text(owner, SETUP)
        return len(found)

    book.invoice(book.customer("Cliente"), "F-10", due=-30)
    few = count()
    for n in range(3):
        book.invoice(book.customer(f"Cliente {n}", reachable=False), f"F-{n}", due=-30, currency="USD")
        with book.inside():
            Creditor.objects.create(
                organization_id=book.cast.id, code=f"c{n}", name=f"C{n}", country="PE", currency="PEN", language="es"
            )
    assert count() == few


def test_going_live_is_deliberate_and_the_owners_alone(book: Book, owner: Client, client: Client) -> None:
    live = "/o/sembria/settings/live"
    page = text(owner, live)
    assert "Todavía no hay nada pendiente" in page and 'name="name"' not in page
    assert owner.post(live, {"name": "Sembria"}).status_code == 422
    owner.post(f"{uploaded(owner, PLAIN)}/launch")
    work(book.cast)
    prepare_day(owner)
    assert "remitente verificado" in text(owner, live)
    with book.inside():
        mailbox = declare_sender(book.by(), book.creditor.id, "email", address="cobranzas@sembria.example")
        verify_sender(book.by(), mailbox.id, "code")
    assert owner.post(live, {"name": "sembria"}).status_code == 422
    assert not Organization.objects.get(slug="sembria").is_live
    assert owner.post(live, {"name": " Sembria "}).headers["Location"] == "/o/sembria/"
    assert Organization.objects.get(slug="sembria").is_live
    with acting_for(book.cast.id):
        assert not Activity.objects.filter(state="proposed").exists()
    assert "está en vivo" in text(owner, live)


def test_going_live_says_how_much_was_rehearsed_as_far_as_it_was_counted(
    book: Book, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with book.inside():
        for _one in range(3):
            CapturedMessage.objects.create(organization_id=book.cast.id, activity_id=uuid7(), captured_at=NOW, raw=b"")
    assert "Se ensayaron 3 mensajes." in text(owner, "/o/sembria/settings/live")
    for module in ("readiness", "views.setup"):
        monkeypatch.setattr(f"puntual.desk.{module}.MOST", 2)
    assert "Se ensayaron 2+ mensajes." in text(owner, "/o/sembria/settings/live")


@pytest.mark.parametrize("role", ["manager", "collector", "accountant", "auditor"])
def test_no_other_role_goes_live(book: Book, client: Client, role: str) -> None:
    Membership.objects.filter(user=book.cast.colleague).update(role=role)
    client.force_login(book.cast.colleague)
    answer = client.post("/o/sembria/settings/live", {"name": "Sembria"})
    assert answer.status_code == 403
    assert "titular" in answer.content.decode()
    assert "settings/live" not in text(client, SETUP)
    assert not Organization.objects.get(slug="sembria").is_live


def test_a_capacity_of_none_is_no_limit(book: Book, owner: Client) -> None:
    with book.inside():
        set_capacity(book.by(), "email", None)
    assert owner.get(SETUP).status_code == 200


def test_a_manual_is_chosen_among_those_that_are_ready(cast: Cast, book: Book, client: Client) -> None:
    client.force_login(cast.owner)
    assert f"{SETUP}/manual" in text(client, SETUP)
    said = text(client, f"{SETUP}/manual")
    assert "Colegios y clubes" in said and said.count('name="kind"') == 4 and said.count(" checked") == 1
    chosen = client.post(f"{SETUP}/manual", {"kind": "schools"})
    assert chosen.headers["Location"] == "/o/sembria/manual/"
    with acting_for(cast.id):
        assert assignments(cast.id).of_organization[1].code == "schools-es"
    refused = client.post(f"{SETUP}/manual", {"kind": "banks"}, follow=True)
    assert "banks" in refused.content.decode()


def test_only_who_keeps_the_manual_chooses_another(cast: Cast, book: Book, client: Client) -> None:
    client.force_login(cast.colleague)
    assert client.post(f"{SETUP}/manual", {"kind": "schools"}).status_code == 403
