"""Answers to read: the list, one answer with what it seems to say, and what a person makes of it."""

from email.message import EmailMessage
from email.policy import SMTP

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conftest import NOW, Cast, make_member
from puntual.agreements.models import Promise
from puntual.desk.tests.work import HTMX, plan, text
from puntual.outreach.answers.actions import land
from puntual.outreach.answers.models import Answer
from puntual.outreach.answers.tests.post import letter
from puntual.outreach.models import Activity
from puntual.outreach.tests.build import World
from puntual.parties.models import ContactPoint, Person
from puntual.receivables.models import Hold
from puntual.tenancy.scope import acting_for

LIST = "/o/sembria/answers/"


def answered(world: World, name: str, words: str, **more: str) -> Answer:
    """A customer who got our message and wrote this."""
    activity = plan(world, name)
    with acting_for(world.by.organization_id):
        key = f"<{activity.id}@puntual.example>"
        Activity.objects.filter(pk=activity.pk).update(state="sent", message_id=key, claimed_at=NOW, settled_at=NOW)
        return land(world.by, letter(words, answers=key, key=f"<{activity.id}@c.example>", **more))[0]


def test_an_answer_is_read_and_its_promise_confirmed(world: World, owner: Client) -> None:
    answer = answered(world, "Quenara", "Buenos días. Pagaremos S/ 4,720.00 el viernes.\n\nSaludos,\nElvira")
    assert "Respuestas por leer" in text(owner, "/o/sembria/")
    before = text(owner, f"/o/sembria/customers/{answer.customer_id}")
    assert "Por leer. Prometió pago: “Pagaremos S/ 4,720.00 el viernes.”" in before, (
        "it seems so until a person says it"
    )
    page = text(owner, LIST)
    assert "1 respuesta por leer" in page
    assert "Prometió pago" in page and "viernes, 27 de noviembre de 2026" in page
    assert 'value="promises" required checked' in page
    assert 'value="2026-11-27"' in page and 'value="4,720.00"' in page, "what they seem to promise is filled in"
    given = {"outcome": "promises", "promise_day": "2026-11-27", "promise_amount": "4,720.00"}
    done = owner.post(f"{LIST}{answer.pk}/outcome", given)
    assert done.headers["Location"] == LIST
    with acting_for(world.by.organization_id):
        (hold,) = Hold.objects.filter(released_on=None)
        assert (hold.reason, str(hold.until_on), hold.note) == (
            "promise",
            "2026-12-01",
            "Pagaremos S/ 4,720.00 el viernes.",
        ), "through its day and the working days until its payment is known"
        assert Promise.objects.get().source_id == answer.pk
    assert "Todas las respuestas están leídas" in text(owner, LIST)
    assert "Prometió pago" in text(owner, f"{LIST}?all")
    history = text(owner, f"/o/sembria/customers/{answer.customer_id}/history")
    assert "Pagaremos S/ 4,720.00 el viernes." in history and "Correo del cliente" in history
    assert f'href="{LIST}{answer.pk}"' in history, "and from there back to the answer"
    assert f'href="/o/sembria/customers/{answer.customer_id}"' in text(owner, f"{LIST}{answer.pk}")


def test_what_is_missing_is_said_beside_the_form(world: World, owner: Client) -> None:
    answer = answered(world, "Quenara", "Hola")
    refused = owner.post(f"{LIST}{answer.pk}/outcome", {"outcome": "promises"})
    assert refused.status_code == 422
    assert refused.context["form"].errors["promise_day"]
    assert owner.post(f"{LIST}{answer.pk}/outcome", {"outcome": "nonsense"}).status_code == 422


def test_a_suggestion_fills_the_form(world: World, owner: Client) -> None:
    answer = answered(world, "Quenara", "La 230 ya fue pagada ayer.\nLa 231 la pagaremos el viernes.")
    page = text(owner, f"{LIST}{answer.pk}?as=promises", headers=HTMX)
    assert 'value="promises" required checked' in page
    assert 'value="paid" required checked' in text(owner, f"{LIST}{answer.pk}")


def test_an_answer_without_a_thread_is_given_to_its_customer(world: World, owner: Client, cast: Cast) -> None:
    with acting_for(cast.id):
        one = world.customer("Quenara", email="pagos@c9.example")
        other = world.customer("Lucma", email="pagos@c9.example")
        answer, _new = land(world.by, letter("Ya pagamos.", sender="Elvira <pagos@c9.example>"))
    page = text(owner, LIST)
    assert "Quenara" in page and "Lucma" in page and "¿De quién es?" in page
    assert 'value="promises"' not in page  # first whose it is
    assert owner.post(f"{LIST}{answer.pk}/assign", {"customer": str(other.pk)}).status_code == 302
    with acting_for(cast.id):
        assert Answer.objects.get().customer_id == other.pk
        assert not Hold.objects.filter(customer=one, released_on=None).exists()
    assert 'value="paid" required checked' in text(owner, f"{LIST}{answer.pk}")


def test_a_strangers_answer_is_looked_for_by_name(world: World, owner: Client, cast: Cast) -> None:
    with acting_for(cast.id):
        customer = world.customer("Confecciones Lucma")
        answer, _new = land(world.by, letter("Hola", sender="contador@estudio.example"))
    page = text(owner, f"{LIST}{answer.pk}?q=lucma")
    assert str(customer.pk) in page
    assert "Ningún cliente" in text(owner, f"{LIST}{answer.pk}?q=zzzz")
    assert owner.post(f"{LIST}{answer.pk}/assign", {"customer": "nonsense"}).status_code == 404
    assert owner.post(f"{LIST}{answer.pk}/assign", {"customer": str(cast.id)}).status_code == 404


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>"])
def test_nothing_of_a_message_is_markup(world: World, owner: Client, words: str) -> None:
    answer = answered(world, "Quenara", words, subject=words)
    assert words not in text(owner, f"{LIST}{answer.pk}")
    whole = owner.get(f"{LIST}{answer.pk}.eml")
    assert whole.headers["Content-Disposition"].startswith("attachment")
    assert whole.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in whole.headers["Content-Security-Policy"]


def with_file(name: str, content: bytes, kind: str = "text/html") -> bytes:
    """Somebody's words with a file, which they may name as they like."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = "pagos@c1.example", "cobranzas@sembria.example"
    mail["Message-ID"], mail["Subject"] = "<f1@c1.example>", "Re: Factura"
    mail.set_content("Adjunto el voucher.")
    main, _slash, sub = kind.partition("/")
    mail.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return mail.as_bytes()


@pytest.mark.parametrize(
    ("name", "kind", "kept", "warns"),
    [
        ("voucher.html", "text/html", "voucher.html", True),
        ("voucher.svg", "image/svg+xml", "voucher.svg", True),
        ("voucher.pdf", "application/pdf", "voucher.pdf", False),
        ("../../etc/voucher.png", "image/png", "voucher.png", False),
        ("voucher\u202efdp.exe", "application/x-msdownload", "voucherfdp.exe", True),
        ('a"b; filename=x.html', "text/plain", 'a\\"b; filename=x.html', True),
    ],
)
def test_a_file_is_taken_and_never_opened(
    world: World, owner: Client, cast: Cast, name: str, kind: str, kept: str, warns: bool
) -> None:
    content = b"<script>alert(document.cookie)</script>"
    with acting_for(cast.id):
        world.customer("Quenara")
        answer, _new = land(world.by, with_file(name, content, kind))
    page = text(owner, f"{LIST}{answer.pk}")
    assert "alert(document" not in page
    assert ("puede ejecutar algo" in page) == warns
    taken = owner.get(f"{LIST}{answer.pk}/files/0")
    assert taken.content == content
    assert taken.headers["Content-Type"] == "application/octet-stream"
    assert taken.headers["Content-Disposition"] == f'attachment; filename="{kept}"'
    assert taken.headers["X-Content-Type-Options"] == "nosniff"
    assert taken.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert owner.get(f"{LIST}{answer.pk}/files/1").status_code == 404


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (
            letter("Ya pagamos.", key="<big@c1.example>") + b"\r\n" + b"x" * (10 * 1024 * 1024),
            "supera los 10 MB",
        ),
        (
            b"From: pagos@c1.example\nSubject: Re: Factura\nContent-Type: multipart/mixed; boundary=b\n\n"
            + b"--b\nContent-Type: text/plain\n\nx\n" * 900,
            "podría dañar",
        ),
        (
            b"From: pagos@c1.example\nSubject: Re: Factura\nContent-Type: text/plain; charset=x-nothing\n"
            b"Content-Transfer-Encoding: base64\n\n%%%",
            "Re: Factura",
        ),
    ],
    ids=["ten megabytes", "hundreds of parts", "broken encoding"],
)
def test_whatever_came_has_its_page_and_nothing_is_lost(
    world: World, owner: Client, cast: Cast, raw: bytes, said: str
) -> None:
    with acting_for(cast.id):
        customer = world.customer("Quenara")
        answer, _new = land(world.by, raw)
        assert Hold.objects.get().customer_id == customer.pk, "whoever wrote is left in peace"
    page = text(owner, f"{LIST}{answer.pk}")
    assert said in page and "Quenara" in page
    whole = owner.get(f"{LIST}{answer.pk}.eml")
    assert whole.content == raw[: 10 * 1024 * 1024]


def test_whoever_follows_is_entered_with_the_answer(world: World, owner: Client, cast: Cast) -> None:
    answer = answered(
        world,
        "Quenara",
        "Elvira ya no trabaja aquí. Por favor escriba a Rosa Quispe Ríos (rosa.quispe@c1.example).",
        Auto_Submitted="auto-replied",
    )
    page = text(owner, f"{LIST}{answer.pk}")
    assert 'value="wrong_person" required checked' in page
    assert 'value="Rosa Quispe Ríos"' in page and 'value="rosa.quispe@c1.example"' in page
    given = {"successor_name": "Rosa Quispe Ríos", "successor_address": "rosa.quispe@c1.example"}
    assert owner.post(f"{LIST}{answer.pk}/outcome", {"outcome": "wrong_person", **given}).status_code == 302
    with acting_for(cast.id):
        rosa = Person.objects.get(name="Rosa Quispe Ríos")
        assert (rosa.roles, rosa.ends_on, rosa.customer_id) == (["billing"], None, answer.customer_id)
        assert ContactPoint.objects.get(person=rosa).value == "rosa.quispe@c1.example"
        assert Person.objects.get(name="Elvira Montalván").ends_on is not None
        assert not Activity.objects.filter(step="find_contact").exists(), "nobody has to be looked for"


def test_what_was_said_about_an_address_is_read_beside_it(world: World, owner: Client, cast: Cast) -> None:
    answer = answered(world, "Quenara", "BAJA")
    people = f"/o/sembria/customers/{answer.customer_id}/people"
    page = text(owner, people)
    assert "No quiere que le contacten aquí" in page
    assert f'href="{LIST}{answer.pk}"' in page and "Respondió a nuestro mensaje" in page
    assert page.count("Estados de cuenta") >= 1 and page.count(": no</b>") == 1, "said at once, it is one line"
    assert "no se le envía nada más" in text(owner, f"{LIST}{answer.pk}")
    with acting_for(cast.id):
        point = ContactPoint.objects.get(customer_id=answer.customer_id, kind="email")
    given = {"purpose": "statements", "granted": "yes", "given_on": "2026-11-23", "source": "una llamada"}
    owner.post(f"/o/sembria/customers/points/{point.pk}/consent", {**given, "evidence": "Llamó Elvira a las 10"})
    page = text(owner, people)
    assert "<b>Estados de cuenta: sí</b>" in page and "Llamó Elvira a las 10" in page
    assert "luego hubo otra respuesta" in page


def test_who_may_only_read_sees_no_form(world: World, client: Client, cast: Cast, morning: None) -> None:
    answer = answered(world, "Quenara", "Pagaremos el viernes.")
    client.force_login(make_member(cast.organization, "auditor", "ana@sembria.example"))
    assert 'name="outcome"' not in text(client, f"{LIST}{answer.pk}")
    assert client.post(f"{LIST}{answer.pk}/outcome", {"outcome": "no_action"}).status_code == 403


def test_the_list_costs_the_same_however_long(world: World, owner: Client) -> None:
    answered(world, "Uno", "Pagaremos el viernes.")
    text(owner, LIST)
    with CaptureQueriesContext(connection) as few:
        text(owner, LIST)
    for name in ("Dos", "Tres", "Cuatro"):
        answered(world, name, "Ya pagamos.")
    with CaptureQueriesContext(connection) as many:
        text(owner, LIST)
    assert len(many) == len(few)
    assert not any('"outreach_answer"."raw"' in query["sql"] for query in many)
