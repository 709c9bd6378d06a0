"""The queue on the desk: the next customer at once, everything on one page, passing over, taking back."""

import re
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client

from conftest import NOW, TODAY, Cast
from puntual.agreements.actions import record_finding
from puntual.agreements.promises.actions import promise
from puntual.analytics.work.models import ContactCost
from puntual.analytics.work.ranking import rank_work
from puntual.desk.tests.work import HTMX, call, now, plan, text
from puntual.disputes.actions import open_dispute
from puntual.outreach.models import Activity, Engaged, Turn
from puntual.outreach.tests.build import World
from puntual.parties.models import Customer
from puntual.receivables.models import Installment
from puntual.tenancy.scope import acting_for

QUEUE = "/o/sembria/queue/"


@pytest.fixture
def colleague(cast: Cast, morning: None) -> Client:
    client = Client()
    client.force_login(cast.colleague)
    return client


def _start(client: Client) -> str:
    return client.post(f"{QUEUE}next", {"channel": "call"}).headers["Location"]


def test_two_people_work_through_the_list_and_meet_nobody_twice(world: World, owner: Client, colleague: Client) -> None:
    calls = [call(world, f"Cliente {number}", amount=f"{9 - number}00") for number in range(4)]
    assert 'data-key="a"' in text(owner, QUEUE)
    seen = []
    where = {owner: _start(owner), colleague: _start(colleague)}
    for client in (owner, colleague, owner, colleague):
        seen.append(where[client])
        assert "Suya: nadie más" in text(client, where[client])
        where[client] = client.post(f"{where[client]}/result", {"result": "no_answer"}).headers["Location"]
    assert sorted(seen) == sorted(f"{QUEUE}{one.pk}" for one in calls)
    assert where[owner] == where[colleague] == f"{QUEUE}?channel=call"
    assert "No queda nadie a quien pueda contactar" in text(owner, where[owner])
    with acting_for(world.by.organization_id):
        assert not Engaged.objects.exists()


def test_a_turn_shows_everything_one_needs(world: World, owner: Client) -> None:
    one = call(world, "Lucma", late=40)
    with acting_for(world.by.organization_id):
        customer = one.customer
        later = world.invoice(customer, "F-9", -7, "100.00")
        old = world.invoice(customer, "F-8", 30, "50.00", currency="USD")
        promise(world.by, customer.id, currency="PEN", promised_for=TODAY + timedelta(days=3), item_ids=[later.id])
        open_dispute(world.by, Installment.objects.get(pk=old.pk).invoice_id, reason="price")
        record_finding(world.by, customer.id, willing=True, able=False, reason="", evidence="x", found_on=TODAY)
        rank_work(world.by)
    page = text(owner, f"{QUEUE}{one.pk}")
    for words in (
        "<b>PEN 4,820.00</b> por cobrar, 4,720.00 vencido",
        "<b>USD 50.00</b>",
        "Prometió PEN\xa0100.00 para el",
        "Disputa USD\xa050.00 de F-8: precio equivocado.",
        "Quiere pagar, pero ahora no puede.",
        "9:12 en Lima",
        "Primero, porque nada en la lista vale más ahora: PEN\xa04,720.00 ×",
        'data-key="e"',
    ):
        assert words in page, words


def test_what_is_asked_for_and_what_stands_apart_add_up_to_what_is_owed(world: World, owner: Client) -> None:
    one = call(world, "Lucma", amount="400.00")
    with acting_for(world.by.organization_id):
        disputed = world.invoice(one.customer, "F-8", 30, "300.00")
        open_dispute(world.by, disputed.invoice_id, reason="price")
        coming = world.invoice(one.customer, "F-9", -7, "100.00")
        Installment.objects.filter(pk=coming.pk).update(expected_deduction=Decimal("12.00"))
    page = " ".join(text(owner, f"{QUEUE}{one.pk}").split())
    assert "<b>PEN 800.00</b> por cobrar, 700.00 vencido" in page
    amounts = re.findall(r'<td class="n(?: mute)?">([\d,.]+)</td>', page)
    assert amounts == ["400.00", "300.00", "88.00", "12.00"]
    assert "No se pide: deducciones, créditos" in page


def test_it_says_when_the_first_of_all_may_be_called(world: World, owner: Client) -> None:
    asleep, planned = call(world, "Kiwi"), call(world, "Madrid")
    with acting_for(world.by.organization_id):
        Customer.objects.filter(pk=asleep.customer_id).update(time_zone="Pacific/Auckland")
        Activity.objects.filter(pk=planned.pk).update(not_before=NOW + timedelta(minutes=20))
    assert "El primero vuelve hoy a las 9:32." in text(owner, QUEUE)
    assert "El primero vuelve hoy a las 9:32." in text(owner, _start(owner)), "and so says who finds nobody"


def test_tasks_that_ask_for_nothing_have_no_empty_columns(world: World, owner: Client) -> None:
    call(world, "Lucma")
    asked = plan(world, "Llama", channel="internal", state="to_do", step="call")
    assert ">Monto</th>" in text(owner, QUEUE)
    assert ">Monto</th>" in text(owner, f"{QUEUE}?channel=internal")
    with acting_for(world.by.organization_id):
        Activity.objects.filter(pk=asked.pk).update(lead_id=None, items=[])
    page = text(owner, f"{QUEUE}?channel=internal")
    assert ">Monto</th>" not in page


def test_one_is_passed_over_with_a_reason(world: World, owner: Client, colleague: Client) -> None:
    first, second = call(world, "Uno", amount="900"), call(world, "Dos", amount="300")
    page = _start(owner)
    assert "No hablo su idioma" in text(owner, f"{page}/skip", headers=HTMX)
    assert owner.post(f"{page}/skip", {"reason": "other"}).status_code == 422
    answer = owner.post(f"{page}/skip", {"reason": "information", "note": "Falta la orden de compra"}, headers=HTMX)
    assert answer.headers["HX-Redirect"] == f"{QUEUE}{second.pk}"
    assert now(first).state == "to_do"
    assert _start(colleague) == f"{QUEUE}{first.pk}"
    assert "Owner pasó de largo: Falta la orden de compra" in text(colleague, f"{QUEUE}{first.pk}")


def test_the_last_result_is_taken_back(world: World, owner: Client, colleague: Client) -> None:
    call(world, "Uno", amount="900")
    where = owner.post(f"{_start(owner)}/result", {"result": "no_answer"}, follow=True)
    assert "Uno: no contesta" in where.content.decode()
    with acting_for(world.by.organization_id):
        turn = Turn.objects.get()
    assert colleague.post(f"{QUEUE}undo/{turn.pk}").status_code == 404
    assert owner.post(f"{QUEUE}undo/{uuid4()}").status_code == 404
    back = owner.post(f"{QUEUE}undo/{turn.pk}")
    with acting_for(world.by.organization_id):
        again = Activity.objects.get(state="to_do")
    assert back.headers["Location"] == f"{QUEUE}{again.pk}"
    assert owner.post(f"{QUEUE}undo/{turn.pk}", headers=HTMX).status_code in (409, 422)
    assert _start(owner) == f"{QUEUE}{again.pk}"


def test_a_call_back_comes_at_its_hour(world: World, owner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    low, high = call(world, "Uno", amount="300"), call(world, "Dos", amount="900")
    given = {"result": "reached_call_back", "again": "2026-11-23T16:00"}
    assert owner.post(f"{QUEUE}{low.pk}/result", given).headers["Location"] == f"{QUEUE}{high.pk}"
    with acting_for(world.by.organization_id):
        Engaged.objects.all().delete()
        again = Activity.objects.get(state="to_do", customer=low.customer)
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW.replace(hour=21, minute=0))
    assert _start(owner) == f"{QUEUE}{again.pk}"


def test_what_a_contact_costs_is_set_beside_the_list(world: World, owner: Client, colleague: Client) -> None:
    call(world, "Uno")
    where = f"{QUEUE}costs"
    assert "Lo que cuesta un contacto" in text(owner, QUEUE)
    assert owner.post(where, {"call": "x"}).status_code == 422
    assert owner.post(where, {"call": "-1"}).status_code == 422
    assert owner.post(where, {"call": "12.50", "visit": ""}).status_code == 302
    with acting_for(world.by.organization_id):
        assert [(one.channel, one.amount) for one in ContactCost.objects.all()] == [("call", Decimal("12.5"))]
    assert 'value="12.50"' in text(owner, where)
    assert colleague.get(where).status_code == 403


def test_it_says_how_many_rest_at_this_hour_and_from_when_they_come_back(world: World, owner: Client) -> None:
    asleep, awake = call(world, "Kiwi", value=9), call(world, "Lucma", value=1)
    with acting_for(world.by.organization_id):
        Customer.objects.filter(pk=asleep.customer_id).update(time_zone="Pacific/Auckland")
    assert _start(owner) == f"{QUEUE}{awake.pk}"
    page = " ".join(text(owner, f"{QUEUE}{awake.pk}").split())
    assert "1 queda aparte por ahora: a esta hora no se le puede contactar. El primero vuelve hoy a las" in page
    _start(owner)
    assert "queda aparte" not in text(owner, f"{QUEUE}{awake.pk}"), "it is said once"
    with acting_for(world.by.organization_id):
        Customer.objects.filter(pk=awake.customer_id).update(time_zone="Pacific/Auckland")
    assert _start(owner) == f"{QUEUE}?channel=call"
    said = " ".join(text(owner, f"{QUEUE}?channel=call").split())
    assert "No queda nadie a quien pueda contactar" in said
    assert "2 quedan aparte por ahora" in said


def test_where_nobody_may_be_reached_now_it_says_from_when_and_offers_the_tasks(world: World, owner: Client) -> None:
    asleep = call(world, "Kiwi")
    assert "Empezar a llamar" in text(owner, QUEUE)
    with acting_for(world.by.organization_id):
        Customer.objects.filter(pk=asleep.customer_id).update(time_zone="Pacific/Auckland")
    page = " ".join(text(owner, QUEUE).split())
    assert "Empezar a llamar" not in page
    assert "1 queda aparte por ahora: a esta hora no se le puede contactar. El primero vuelve hoy a las" in page
    assert "Seguir con las tareas" not in page, "there are none"
    plan(world, "Llama", channel="internal", state="to_do", step="call")
    assert "Seguir con las tareas" in text(owner, f"{QUEUE}?channel=call")
