"""In whose name messages leave: a sender verified by a code, who signs in which tone, an agency on behalf of its creditors."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client

from puntual.desk.tests.book import Book
from puntual.desk.tests.work import text
from puntual.organizations.models import Organization
from puntual.outreach.tests.mailserver import MailServer, mail_server
from puntual.parties.models import Sender, Signer

SETTINGS = "/o/sembria/settings/"


@pytest.fixture
def post(settings) -> Iterator[MailServer]:
    with mail_server() as (server, url):
        settings.SMTP_URL = url
        yield server


@pytest.fixture
def senders(book: Book) -> str:
    return f"{SETTINGS}creditors/{book.creditor.id}/senders"


def _code(post: MailServer) -> str:
    return re.search(r"\b\d{6}\b", post.taken[-1].get_body(("plain",)).get_content())[0]


def test_a_sender_is_verified_by_the_code_that_was_mailed_to_it(
    book: Book, owner: Client, post: MailServer, senders: str
) -> None:
    assert "No hay una dirección todavía" in text(owner, senders)
    wrong = owner.post(f"{senders}/declare", {"address": "cobranzas"})
    assert wrong.status_code == 422
    owner.post(f"{senders}/declare", {"address": "Cobranzas@Sembria.example", "name": "Sembria, cobranzas"})
    (mail,) = post.taken
    assert (str(mail["From"]), str(mail["To"])) == (
        '"Sembria, cobranzas" <Cobranzas@sembria.example>',
        "Sembria Talento <Cobranzas@sembria.example>",
    )
    assert "aún no está verificada" in text(owner, senders)
    other = "000000" if _code(post) != "000000" else "111111"
    assert "no es el código" in owner.post(f"{senders}/confirm", {"code": other}).content.decode()
    with book.inside():
        assert Sender.objects.get().code_tries == 1
    owner.post(f"{senders}/confirm", {"code": f" {_code(post)} "})
    assert "está verificada" in text(owner, senders)
    owner.post(f"{senders}/declare", {"address": "caja@sembria.example"})  # another address is verified anew
    with book.inside():
        sender = Sender.objects.get()
        assert (sender.address, sender.verified_at) == ("caja@sembria.example", None)


def test_codes_are_few_and_tries_are_few(book: Book, owner: Client, post: MailServer, senders: str) -> None:
    owner.post(f"{senders}/declare", {"address": "cobranzas@sembria.example"})
    again = owner.post(f"{senders}/code")
    assert "hace un momento" in again.content.decode() and len(post.taken) == 1
    other = "000000" if _code(post) != "000000" else "111111"
    for _try in range(5):
        owner.post(f"{senders}/confirm", {"code": other})
    assert "ya no vale" in owner.post(f"{senders}/confirm", {"code": _code(post)}).content.decode()
    with book.inside():
        assert Sender.objects.get().verified_at is None


def test_without_a_mail_server_the_page_says_what_is_missing(book: Book, owner: Client, senders: str, settings) -> None:
    settings.SMTP_URL = ""
    owner.post(f"{senders}/declare", {"address": "cobranzas@sembria.example"})
    assert "PUNTUAL_SMTP_URL" in text(owner, senders)
    owner.post(f"{senders}/email/end")
    with book.inside():
        assert not Sender.objects.exists()


def test_a_number_of_the_account_is_said_to_be_the_creditors(book: Book, owner: Client, senders: str, settings) -> None:
    settings.SMS_URL = "twilio://AC:t@api.example/?from=+15005550006"
    assert "no hay otro acreedor" in text(owner, senders)
    owner.post(f"{SETTINGS}creditors/new", {"name": "Otra S.A.", "code": "otra"})
    assert "Indique si es de este acreedor" in text(owner, senders)
    owner.post(f"{senders}/sms/use")
    assert "Los mensajes salen desde +15005550006" in text(owner, senders)
    assert owner.post(f"{senders}/whatsapp/use").status_code == 404


def test_who_signs_follows_the_tone_and_a_deputy_stands_in(book: Book, owner: Client) -> None:
    identity = f"{SETTINGS}identity"
    assert "Aún no hay nadie" in text(owner, identity)
    new = f"{identity}/signers/new"
    assert owner.post(new, {"name": " ", "tones": ["firm"]}).status_code == 422
    owner.post(new, {"name": "Ana Solari", "position": "Gerente", "tones": ["firm", "formal"]})
    owner.post(new, {"name": "Luis Vega", "position": "Apoderado", "tones": ["formal"], "phone": "+51 1 555 0177"})
    with book.inside():
        ana, luis = Signer.objects.order_by("name")
        assert (ana.tones, luis.tones) == (["firm"], ["formal"])
    away = {"away_from": "2026-11-20", "away_until": "2026-11-30", "deputy_id": str(ana.id)}
    wrong = owner.post(
        f"{identity}/signers/{luis.id}", {"name": "Luis Vega", "tones": ["formal"], "away_from": "2026-11-20"}
    )
    assert wrong.status_code == 422
    owner.post(f"{identity}/signers/{luis.id}", {"name": "Luis Vega", "tones": ["formal"], **away})
    page = text(owner, identity)
    assert "firma Ana Solari" in page and page.count("Gerente") >= 2
    owner.post(f"{identity}/signers/{ana.id}/end")
    with book.inside():
        assert Signer.objects.get().deputy_id is None


def test_an_agency_signs_on_behalf_of_its_creditor(book: Book, owner: Client) -> None:
    identity = f"{SETTINGS}identity"
    assert owner.post(f"{identity}/name", {"kind": "agency", "email": "no"}).status_code == 422
    owner.post(f"{identity}/name", {"kind": "agency", "phone": "+51 1 555 0200", "email": "hola@justa.example"})
    Organization.objects.update(name="Cobranza Justa")
    page = text(owner, identity)
    assert "Cobranza Justa, por encargo de" in page and "hola@justa.example" in page


def test_a_collector_reads_and_changes_nothing(book: Book, client: Client, senders: str) -> None:
    client.force_login(book.cast.colleague)
    assert client.get(senders).status_code == client.get(f"{SETTINGS}identity").status_code == 200
    for place in ("declare", "code", "confirm", "sms/use", "email/end"):
        assert client.post(f"{senders}/{place}").status_code == 403
    for place in ("identity/name", "identity/signers/new"):
        assert client.post(f"{SETTINGS}{place}").status_code == 403
