"""Calls and tasks, what is to be cleared up, the capture mailbox; and what holds for every page of the daily work."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conftest import NOW, TODAY, Cast
from puntual.agreements.models import Promise
from puntual.desk.tests.work import HTMX, LIST, call, capture, now, plan, text
from puntual.disputes.models import Dispute
from puntual.outreach.models import Activity
from puntual.outreach.outbox import send_due
from puntual.outreach.tests.build import World, make_world
from puntual.receivables.models import Hold, Installment
from puntual.tenancy.scope import acting_for


def test_a_call_shows_whom_and_what_to_say(world: World, owner: Client) -> None:
    activity = call(world, "Lucma")
    listed = text(owner, "/o/sembria/queue/")
    assert "1 llamada por hacer" in listed and "+51 987 650 001" in listed
    page = text(owner, f"/o/sembria/queue/{activity.pk}")
    assert "<em>S/" in page  # what a variable filled is tinted
    assert "F-1" in page and "4,720.00" in page
    assert "Se puede llamar" in page
    assert owner.get(f"{LIST}{activity.pk}").headers["Location"] == f"/o/sembria/queue/{activity.pk}"


def test_a_result_pauses_what_was_promised_and_goes_on(world: World, owner: Client) -> None:
    first, second = call(world, "Uno", amount="900"), call(world, "Dos", amount="300")
    address = f"/o/sembria/queue/{first.pk}/result"
    assert owner.post(address, {"result": "task_done"}).status_code == 422
    promised = {"result": "reached_promises", "note": "viernes", "promise_by": "Elvira"}
    for day in ({}, {"promise_day": "2026-11-01"}, {"promise_day": "2026-11-27", "promise_amount": "901.00"}):
        assert owner.post(address, {**promised, **day}).status_code == 422
    assert now(first).state == "to_do"
    answer = owner.post(address, {**promised, "promise_day": "2026-11-27", "promise_amount": "500.00"})
    assert answer.headers["Location"] == f"/o/sembria/queue/{second.pk}"
    assert (now(first).state, now(first).result, now(first).note) == ("done", "reached_promises", "viernes")
    with acting_for(world.by.organization_id):
        made = Promise.objects.get()
        assert (made.amount, str(made.promised_for), made.made_by, made.source_id) == (
            500,
            "2026-11-27",
            "Elvira",
            first.pk,
        )
        (hold,) = Hold.objects.filter(reason="promise")
        assert (hold.amount, str(hold.until_on)) == (500, "2026-12-01")
    assert owner.post(address, {"result": "no_answer"}).status_code == 422


def test_what_they_dispute_becomes_a_dispute(world: World, owner: Client) -> None:
    activity = call(world, "Uno", amount="900")
    address = f"/o/sembria/queue/{activity.pk}/result"
    with acting_for(world.by.organization_id):
        invoice = Installment.objects.get(id=activity.lead_id).invoice_id
    given = {"result": "reached_disputes", "dispute_reason": "price", "note": "El precio era otro"}
    too_much = {**given, "dispute_invoice": str(invoice), "dispute_amount": "901.00"}
    assert owner.post(address, too_much).status_code == 422 and now(activity).state == "to_do"
    assert owner.post(address, {**too_much, "dispute_amount": "200.00"}).status_code == 302
    with acting_for(world.by.organization_id):
        made = Dispute.objects.get()
        assert (made.reason, made.amount, made.said, made.source_id) == ("price", 200, given["note"], activity.pk)


def test_a_call_is_put_off(world: World, owner: Client) -> None:
    activity = call(world, "Uno")
    address = f"/o/sembria/queue/{activity.pk}/result"
    assert owner.post(address, {"result": "later"}).status_code == 422
    assert owner.post(address, {"result": "later", "again": "2026-11-23T16:00"}).status_code == 302
    assert now(activity).not_before == NOW.replace(hour=21, minute=0)  # 16:00 in Lima
    page = text(owner, "/o/sembria/queue/")
    assert "1 más para otra hora" in page
    assert "Uno" in text(owner, "/o/sembria/queue/?channel=call&later")


def test_an_old_call_tells_its_day_and_not_the_hours_of_then(world: World, owner: Client) -> None:
    call(world, "Uno", not_after=NOW + timedelta(hours=5))
    assert "hasta" in text(owner, "/o/sembria/queue/")
    with acting_for(world.by.organization_id):
        Activity.objects.update(day=TODAY - timedelta(days=3), not_after=NOW - timedelta(days=3))
    page = text(owner, "/o/sembria/queue/")
    assert "hasta" not in page
    assert "desde el <time" in page and "20 nov" in page


def test_what_may_have_arrived_is_cleared_up_by_a_person(world: World, owner: Client) -> None:
    lost, found = plan(world, "Uno"), plan(world, "Dos")
    with acting_for(world.by.organization_id):
        Activity.objects.update(state="unknown", result="interrupted", claimed_at=NOW - timedelta(hours=1))
    assert "2 mensajes por aclarar" in text(owner, f"{LIST}unclear/")
    assert "Mensajes por aclarar" in text(owner, "/o/sembria/")
    where = f"{LIST}unclear/{lost.pk}"
    assert owner.get(f"{LIST}{lost.pk}").headers["Location"] == where
    owner.post(f"{LIST}unclear/{found.pk}/resolve", {"answer": "arrived"})
    assert now(found).state == "sent"
    assert owner.post(f"{where}/resolve", {"answer": "retry"}).status_code == 422
    owner.post(f"{where}/resolve", {"answer": "lost"})
    assert (now(lost).state, now(lost).result) == ("failed", "interrupted")
    assert "Enviarlo otra vez" in text(owner, where)
    owner.post(f"{where}/resolve", {"answer": "retry"})
    assert now(lost).state == "queued"
    assert owner.post(f"{where}/resolve", {"answer": "what"}).status_code == 404


def test_a_captured_message_is_read_as_it_would_have_looked(world: World, owner: Client) -> None:
    assert "Todavía no hay nada capturado" in text(owner, "/o/sembria/mailbox/")
    message = capture(world, '<p style="color:red" onclick="x()">Hola</p><script>x()</script>')
    where = f"/o/sembria/mailbox/{message.pk}"
    page = text(owner, where)
    assert "Elvira, pagos@c1.example" in page
    assert f'<iframe class="letter" sandbox src="{where}/letter"' in page
    assert "onclick" not in page
    assert "Hola en texto" in text(owner, f"{where}?text=1")
    letter = owner.get(f"{where}/letter")
    policy = letter.headers["Content-Security-Policy"]
    assert "sandbox;" in policy and "default-src 'none'" in policy and "script-src" not in policy
    assert letter.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert b"color:red" in letter.content
    file = owner.get(f"{where}.eml")
    assert file.headers["Content-Type"] == "message/rfc822"
    assert file.content == bytes(message.raw)


def test_the_mailbox_of_another_organization_is_closed(world: World, cast: Cast, client: Client) -> None:
    message = capture(world)
    client.force_login(cast.outsider)
    for slug in ("sembria", "lonkura"):
        for tail in ("", "/letter", ".eml"):
            assert client.get(f"/o/{slug}/mailbox/{message.pk}{tail}").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_what_is_approved_in_rehearsal_lands_in_the_mailbox(cast: Cast, client: Client) -> None:
    with acting_for(cast.id):
        world = make_world(cast.actor())
    activity = plan(world, "Lucma")
    client.force_login(cast.owner)
    client.post(f"{LIST}{activity.pk}/approve")
    send_due(cast.id, NOW)
    page = text(client, "/o/sembria/mailbox/")
    assert "1 mensaje se quedó aquí" in page
    assert "Elvira Montalván, pagos@c1.example" in page


PAGES: list[tuple[str, Callable[[dict[str, UUID]], str]]] = [
    ("today", lambda ids: "/o/sembria/"),
    ("activities", lambda ids: LIST),
    ("one tone", lambda ids: f"{LIST}?tone=friendly"),
    ("activity", lambda ids: f"{LIST}{ids['proposed']}"),
    ("preview", lambda ids: f"{LIST}approve?tone=friendly"),
    ("queue", lambda ids: "/o/sembria/queue/"),
    ("call", lambda ids: f"/o/sembria/queue/{ids['call']}"),
    ("unclear", lambda ids: f"{LIST}unclear/"),
    ("mailbox", lambda ids: "/o/sembria/mailbox/"),
]


def test_no_page_asks_more_where_there_is_more(world: World, owner: Client) -> None:
    ids: dict[str, UUID] = {}

    def grow(count: int) -> None:
        for number in range(count):
            name = f"{len(world.customers)}-{number}"
            ids["proposed"] = plan(world, f"P{name}").pk
            plan(world, f"C{name}", tone="courteous", late=-2)
            ids["call"] = call(world, f"L{name}").pk
            unknown = plan(world, f"U{name}")
            with acting_for(world.by.organization_id):
                Activity.objects.filter(pk=unknown.pk).update(state="unknown", claimed_at=NOW)
            capture(world)

    def counted() -> dict[str, int]:
        found = {}
        for name, address in PAGES:
            with CaptureQueriesContext(connection) as queries:
                assert owner.get(address(ids)).status_code == 200, name
            found[name] = len(queries)
        return found

    grow(2)
    counted()  # what a process keeps is read once
    few = counted()
    grow(6)
    assert counted() == few
    assert max(few.values()) < 40


def test_every_page_keeps_the_strict_policy(world: World, owner: Client) -> None:
    ids = {"proposed": plan(world, "Uno").pk, "call": call(world, "Dos").pk}
    capture(world)
    addresses = [address(ids) for _name, address in PAGES]
    addresses += [f"{LIST}{ids['proposed']}?do={form}" for form in ("edit", "pause", "drop")]
    for address in addresses:
        for headers in ({}, HTMX):
            answer = owner.get(address, headers=headers)
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy, address
            page = answer.content.decode()
            assert " style=" not in page and " onclick=" not in page, address
            assert "<script>" not in page, address


@pytest.mark.parametrize("language", ["en", "pt"])
def test_the_pages_speak_the_readers_language(world: World, cast: Cast, owner: Client, language: str) -> None:
    ids = {"proposed": plan(world, "Uno").pk, "call": call(world, "Dos").pk}
    cast.owner.language = language
    cast.owner.save()
    titles = {"en": "1 contact awaits your approval", "pt": "1 contato espera a sua aprovação"}
    assert titles[language] in text(owner, LIST)
    for _name, address in PAGES:
        page = text(owner, address(ids))
        assert "Gestiones" not in page and "Guardar" not in page
