"""Today's contacts: approving, editing, pausing, dropping, and approving many."""

import re
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from conftest import NOW, TODAY, Cast, make_member
from puntual.audit.models import Record
from puntual.desk import letters
from puntual.desk.tests.work import HTMX, LIST, now, plan, text
from puntual.outreach.actions import plan_notices
from puntual.outreach.tests.build import World
from puntual.outreach.tests.noticing import pay, reminded
from puntual.parties.models import Customer
from puntual.payments.actions import record_payment, reverse_payment
from puntual.receivables.models import Hold
from puntual.tenancy.scope import acting_for


def test_the_list_is_by_tone_and_the_courteous_ones_are_folded(world: World, owner: Client) -> None:
    plan(world, "Amable", tone="friendly")
    plan(world, "Grave", tone="final")
    plan(world, "Cortesano", tone="courteous", late=-3)
    page = text(owner, LIST)
    assert page.index("Grave") < page.index("Amable")
    assert "Cortesano" not in page
    assert "Aprobar el 1 cortés" in page
    assert "Cortesano" in text(owner, f"{LIST}?tone=courteous")
    only = text(owner, f"{LIST}?tone=final")
    assert "Grave" in only and "Amable" not in only


def test_a_notice_reads_as_what_it_is(world: World, owner: Client) -> None:
    with acting_for(world.by.organization_id):
        customer = world.customer("Agradecida")
        item = world.invoice(customer, "F-1", 10)
        reminded(world, customer, item)
        payment = pay(world.by, customer, "4720")
        plan_notices(world.by)
    page = text(owner, f"{LIST}?tone=courteous")
    assert "Agradecimiento por el pago" in page and "ya nada" not in page
    assert "Se pagó lo que se había pedido: el manual lo agradece." in page
    with acting_for(world.by.organization_id):
        reverse_payment(world.by, payment.id, reason="devuelto")
    assert "ya nada" in text(owner, f"{LIST}?tone=courteous")


def test_approve_goes_on_with_the_next_one(world: World, owner: Client) -> None:
    first, second = plan(world, "Uno", amount="900.00"), plan(world, "Dos", amount="300.00")
    answer = owner.post(f"{LIST}{first.pk}/approve")
    assert answer.headers["Location"] == f"{LIST}{second.pk}"
    assert now(first).state == "queued"
    assert now(first).approved_by == world.by.user_id
    page = text(owner, answer.headers["Location"])
    assert "Es un ensayo: va al buzón de captura y a nadie más." in page
    last = owner.post(f"{LIST}{second.pk}/approve", headers=HTMX, follow=True)
    part = last.content.decode()
    assert "Todo leído y decidido" in part
    assert "<html" not in part and "<title>" in part


def test_approving_twice_is_harmless(world: World, owner: Client) -> None:
    activity = plan(world, "Uno")
    owner.post(f"{LIST}{activity.pk}/approve")
    approved_at = now(activity).approved_at
    again = owner.post(f"{LIST}{activity.pk}/approve")
    assert again.status_code == 422
    assert "Esto cambió mientras tanto" in again.content.decode()
    assert now(activity).approved_at == approved_at
    with acting_for(world.by.organization_id):
        assert Record.objects.filter(action="outreach.approve").count() == 1


def test_an_sms_is_edited_without_a_subject(world: World, owner: Client) -> None:
    activity = plan(world, "Uno", channel="sms")
    assert 'name="subject"' not in text(owner, f"{LIST}{activity.pk}?do=edit")
    told = owner.post(f"{LIST}{activity.pk}/edit", {"body": "Debe S/ 100.00"}, headers=HTMX)
    assert "La primera línea menciona un monto" in told.content.decode()
    owner.post(f"{LIST}{activity.pk}/edit", {"body": "Hola, le escribe Sembria.\r\nQuedan S/ 100.00."})
    assert now(activity).body == "Hola, le escribe Sembria.\nQuedan S/ 100.00.\n"


def test_two_edit_the_same_message_and_the_second_reads_the_words_of_the_first(world: World, owner: Client) -> None:
    activity = plan(world, "Dos")
    seen = re.search(r'name="seen" value="([^"]*)"', text(owner, f"{LIST}{activity.pk}?do=edit"))
    assert seen
    mine = {"subject": "Lo mío", "body": "Hola, le escribo yo.", "seen": unescape(seen[1])}
    owner.post(f"{LIST}{activity.pk}/edit", {**mine, "subject": "Lo suyo"})
    told = owner.post(f"{LIST}{activity.pk}/edit", mine, headers=HTMX)
    page = told.content.decode()
    assert told.status_code == 422
    assert "Entretanto alguien lo cambió a «Lo suyo»" in page and 'value="Lo mío"' in page
    assert now(activity).subject == "Lo suyo"
    again = unescape(re.search(r'name="seen" value="([^"]*)"', page)[1])
    owner.post(f"{LIST}{activity.pk}/edit", {**mine, "seen": again})
    assert now(activity).subject == "Lo mío"


def test_a_persons_words_are_kept_and_watched(world: World, owner: Client) -> None:
    activity = plan(world, "Uno")
    assert "Guardar este texto" in text(owner, f"{LIST}{activity.pk}?do=edit")
    refused = owner.post(f"{LIST}{activity.pk}/edit", {"subject": "Debe S/ 100.00", "body": "Hola"}, headers=HTMX)
    assert refused.status_code == 422
    assert "El asunto menciona un monto" in refused.content.decode()
    assert refused.headers["HX-Push-Url"] == "false"
    assert not now(activity).edited
    owner.post(f"{LIST}{activity.pk}/edit", {"subject": "Conversemos", "body": "Hola, <b>Elvira</b>."})
    assert now(activity).subject == "Conversemos"
    page = text(owner, f"{LIST}{activity.pk}")
    assert "Hola, &lt;b&gt;Elvira&lt;/b&gt;." in page
    assert "Con las palabras de una persona." in page


@pytest.mark.parametrize("whole", [True, False])
def test_a_pause_ends_the_message_and_has_an_end(world: World, owner: Client, whole: bool) -> None:
    activity = plan(world, "Uno")
    address = f"{LIST}{activity.pk}/pause"
    given = {"until": "2026-12-05", "why": "Lo pidió"} | ({"whole_customer": "on"} if whole else {})
    assert owner.post(address, {**given, "why": " "}).status_code == 422
    assert owner.post(address, {**given, "until": "2026-11-20"}).status_code == 422
    assert now(activity).state == "proposed"
    assert owner.post(address, given).status_code == 302
    assert (now(activity).state, now(activity).result) == ("lapsed", "held")
    with acting_for(world.by.organization_id):
        [hold] = Hold.objects.all()
    assert (hold.reason, str(hold.until_on), hold.installment_id is None) == ("person", "2026-12-05", whole)
    assert owner.post(address, given).status_code == 422


def test_dropping_asks_for_a_reason(world: World, owner: Client) -> None:
    activity = plan(world, "Uno")
    assert owner.post(f"{LIST}{activity.pk}/drop", {"why": ""}).status_code == 422
    assert owner.post(f"{LIST}{activity.pk}/drop", {"why": "Lo ve gerencia"}).status_code == 302
    assert (now(activity).state, now(activity).note) == ("dropped", "Lo ve gerencia")


def test_many_are_shown_before_they_are_approved(world: World, owner: Client) -> None:
    one, two, three = (plan(world, name) for name in ("Uno", "Dos", "Tres"))
    with acting_for(world.by.organization_id):
        Customer.objects.filter(name="Tres").update(handling="none")
    preview = text(owner, f"{LIST}approve?tone=friendly")
    assert "Se aprobarían 2 mensajes" in preview
    assert "1 queda como está" in preview
    assert now(one).state == "proposed"
    chosen = text(owner, f"{LIST}approve?id={one.pk}")
    assert "Se aprobaría 1 mensaje" in chosen
    assert owner.get(f"{LIST}approve").status_code == 422
    assert owner.get(f"{LIST}approve?id=x").status_code == 404
    owner.post(f"{LIST}approve", {"id": [str(one.pk), str(three.pk)]})
    assert [now(each).state for each in (one, two, three)] == ["queued", "proposed", "proposed"]
    owner.post(f"{LIST}approve", {"tone": "friendly"})
    assert now(two).state == "queued"


def test_what_was_paid_meanwhile_cannot_be_approved(world: World, cast: Cast, owner: Client) -> None:
    activity = plan(world, "Uno", amount="100")
    record_payment(
        cast.actor(),
        customer_id=activity.customer_id,
        reference="r",
        received_on=TODAY,
        currency="PEN",
        amount=Decimal(100),
    )
    page = text(owner, f"{LIST}{activity.pk}")
    assert "No se enviará: Lo que pedía ya no se debe" in page
    assert f"{activity.pk}/approve" not in page


def test_out_of_hours_the_light_says_from_when(world: World, owner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    activity = plan(world, "Uno")
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(hours=13))  # 22:12
    page = text(owner, f"{LIST}{activity.pk}")
    assert 'class="light wait"' in page
    assert "Desde mañana a las" in page


def test_roles_see_what_they_may_do(world: World, cast: Cast, client: Client) -> None:
    activity, other = plan(world, "Uno"), plan(world, "Dos")
    client.force_login(make_member(cast.organization, "auditor", "auditor@sembria.example"))
    page = text(client, f"{LIST}{activity.pk}")
    assert "Buen" in page or "Hola" in page
    assert f"{activity.pk}/approve" not in page and 'name="id"' not in page
    for verb in ("approve", "edit", "pause", "drop"):
        assert client.post(f"{LIST}{activity.pk}/{verb}").status_code == 403, verb
    for address in (f"{LIST}approve", "/o/sembria/run", f"/o/sembria/queue/{activity.pk}/result"):
        assert client.post(address).status_code == 403, address
    assert now(activity).state == "proposed"
    client.force_login(make_member(cast.organization, "accountant", "accountant@sembria.example"))
    assert client.post(f"{LIST}{activity.pk}/approve").status_code == 403
    assert client.post(f"{LIST}{other.pk}/pause", {"until": "2026-12-01", "why": "x"}).status_code == 302


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<p style="margin:0">Hola<br>¿Qué tal?</p>', "<p>Hola<br>¿Qué tal?</p>"),
        ("<p>a &lt;b&gt; &amp; c</p>", "<p>a &lt;b&gt; &amp; c</p>"),
        ("<script>alert(1)</script><p onclick='x'>a</p>", "<p>a</p>"),
        ("<div style='display: none'><p>oculto</p></div><p>a</p>", "<p>a</p>"),
        ("<head><title>t</title><style>p{}</style></head><body>a</body>", "a"),
        ('<img src="https://x.example/p.gif"><a href="javascript:x">b</a>', "b"),
        (
            '<table><tr><td style="text-align:right" colspan="3">1</td><td colspan="x">2</td></tr></table>',
            '<table class="table compact"><tr><td class="n" colspan="3">1</td><td>2</td></tr></table>',
        ),
    ],
)
def test_a_letter_inside_a_page_is_words_and_tables_only(html: str, expected: str) -> None:
    assert letters.body(html) == expected
