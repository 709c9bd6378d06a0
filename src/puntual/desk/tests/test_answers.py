"""Answers to read: the list, one answer with what it seems to say, and what a person makes of it."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conftest import NOW, Cast, make_member
from puntual.desk.tests.work import HTMX, plan, text
from puntual.outreach.answers.actions import land
from puntual.outreach.answers.models import Answer
from puntual.outreach.answers.tests.post import letter
from puntual.outreach.models import Activity
from puntual.outreach.tests.build import World
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
    page = text(owner, LIST)
    assert "1 respuesta por leer" in page
    assert "Prometió pago" in page and "viernes, 27 de noviembre de 2026" in page
    assert 'value="promises" required checked' in page and 'value="2026-11-27"' in page
    done = owner.post(f"{LIST}{answer.pk}/outcome", {"outcome": "promises", "until": "2026-11-27"})
    assert done.headers["Location"] == LIST
    with acting_for(world.by.organization_id):
        (hold,) = Hold.objects.filter(released_on=None)
        assert (hold.reason, str(hold.until_on), hold.note) == (
            "promise",
            "2026-11-27",
            "Pagaremos S/ 4,720.00 el viernes.",
        )
    assert "Todas las respuestas están leídas" in text(owner, LIST)
    assert "Prometió pago" in text(owner, f"{LIST}?all")
    history = text(owner, f"/o/sembria/customers/{answer.customer_id}/history")
    assert "Pagaremos S/ 4,720.00 el viernes." in history and "Correo del cliente" in history


def test_what_is_missing_is_said_beside_the_form(world: World, owner: Client) -> None:
    answer = answered(world, "Quenara", "Hola")
    refused = owner.post(f"{LIST}{answer.pk}/outcome", {"outcome": "promises"})
    assert refused.status_code == 422
    assert "hasta qué día" in refused.content.decode()
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
