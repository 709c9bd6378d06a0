"""The manual's pages: read, changed in a draft part by part, compared, put into force."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from conftest import TODAY, Cast
from puntual.desk.tests.book import Book
from puntual.strategies.actions import activate, import_draft
from puntual.strategies.drafts import change_step, make_draft
from puntual.strategies.manual import read_content, to_toml
from puntual.strategies.models import Assignment, Version
from puntual.strategies.segment_actions import store_segment
from puntual.strategies.segments import Condition, Segment
from puntual.strategies.tests.test_manual_files import FULL, SOURCE
from puntual.tenancy.scope import acting_for

HOME = "/o/sembria/manual/"
HTMX = {"headers": {"HX-Request": "true"}}


@pytest.fixture
def active(cast: Cast, book: Book) -> Version:
    """The manual in force, of which the organization's own assignment speaks."""
    version = activate(cast.actor(), import_draft(cast.actor(), to_toml(FULL)))
    with acting_for(cast.id):
        Assignment.objects.filter(organization_id=cast.id).update(strategy=version.strategy)
    return version


@pytest.fixture
def draft(cast: Cast, active: Version) -> Version:
    return make_draft(cast.actor(), active.id)


def address(version: Version, rest: str = "") -> str:
    return f"{HOME}versions/{version.id}{rest}"


def stored(cast: Cast, version: Version):
    with acting_for(cast.id):
        return read_content(Version.objects.get(pk=version.pk).content)


def test_the_manual_in_force_is_read(active: Version, owner: Client) -> None:
    html = owner.get(HOME).content.decode()
    assert "Llamada" in html and "Tres partes" in html and "De usted." in html
    assert "hasta 3 partes en 90 días, al menos 30" in html
    assert "data-move" not in html, "what is in force is not moved"
    assert owner.get(address(active)).status_code == 200
    listed = owner.get(f"{HOME}versions/").content.decode()
    assert "2 manuales" in listed or "1 manual" in listed
    toml = owner.get(address(active, "/toml"))
    assert toml.content.decode() == SOURCE and "standard-es-" in toml["Content-Disposition"]


def test_a_draft_is_made_changed_and_put_into_force(cast: Cast, active: Version, owner: Client) -> None:
    made = owner.post(address(active, "/draft"))
    with acting_for(cast.id):
        draft = Version.objects.get(organization_id=cast.id, state="draft")
    assert made.url == address(draft)
    assert 'data-move="' in owner.get(address(draft)).content.decode()

    moved = owner.post(address(draft, "/steps/call/move"), {"day": "25"}, **HTMX)
    assert moved.status_code == 200 and moved["HX-Retarget"] == "#editor"
    assert 'data-focus="card-call"' in moved.content.decode()
    owner.post(address(draft, "/steps/call/move"), {"by": "-1"})
    assert stored(cast, draft).step("call").day == 24

    form = owner.get(address(draft, "/steps/call")).content.decode()
    assert 'value="Llamada"' in form
    given = {
        "name": "Llamar",
        "day": "26",
        "channel_1": "call",
        "channel_2": "email",
        "channel_3": "",
        "tone": "firm",
        "template": "call",
        "offer": "week",
        "role": "approver",
        "assignee": "manager",
        "approval": "approve",
        "gap_days": "4",
        "minimum-PEN": "1,500.50",
    }
    saved = owner.post(address(draft, "/steps/call"), given, **HTMX)
    assert saved.status_code == 200
    step = stored(cast, draft).step("call")
    assert (step.name, step.day, step.channels, step.offer, step.role, step.assignee, step.gap_days) == (
        "Llamar",
        26,
        ("call", "email"),
        "week",
        "approver",
        "manager",
        4,
    )
    assert str(step.minimum["PEN"]) == "1500.50"
    wrong = owner.post(address(draft, "/steps/call"), {**given, "minimum-PEN": "1,5"}, **HTMX)
    assert wrong.status_code == 422

    page = owner.get(address(draft, "/activate")).content.decode()
    assert "Llamada" in page and "Llamar" in page
    owner.post(address(draft, "/activate"))
    with acting_for(cast.id):
        assert Version.objects.get(pk=draft.pk).state == "active"
        assert Version.objects.get(pk=active.pk).state == "retired"
    assert owner.post(address(draft, "/steps/call/move"), {"day": "9"}).status_code == 404
    compared = owner.get(address(draft, "/changes")).content.decode()
    assert re.search(r"<del>Llamada</del>.*<ins>Llamar</ins>", compared)


def test_what_is_wrong_stands_beside_the_step(cast: Cast, draft: Version, owner: Client) -> None:
    html = owner.post(address(draft, "/steps/formal/move"), {"day": "5"}, **HTMX).content.decode()
    assert "faulty" in html and html.count('class="wrong"') == 3
    assert "cosas por corregir" in owner.get(address(draft)).content.decode()
    owner.post(address(draft, "/activate"))
    with acting_for(cast.id):
        assert Version.objects.get(pk=draft.pk).state == "draft"


def test_a_step_names_its_segment_and_what_it_lacks(cast: Cast, draft: Version, owner: Client) -> None:
    with acting_for(cast.id):
        store_segment(cast.actor(), Segment("big", "Los grandes", (Condition("days_overdue", "at_least", 30),)))
        call = stored(cast, draft).step("call")
        change_step(cast.actor(), draft.id, replace(call, segments=("big",), channels=("email",), template="our_way"))
    page = owner.get(address(draft)).content.decode()
    assert "Los grandes" in page
    assert "No hay un texto «our_way» para correo en español." in page
    refused = owner.get(address(draft, "/activate")).content.decode()
    assert "junto al paso" in refused


def test_steps_offers_and_policies_come_and_go(cast: Cast, draft: Version, owner: Client) -> None:
    task = {"name": "Bloquear crédito", "day": "50", "internal": "credit_block", "assignee": "accountant"}
    assert owner.post(address(draft, "/steps/?for=team"), task, **HTMX).status_code == 200
    assert stored(cast, draft).step("bloquear-credito").assignee == "accountant"
    owner.post(address(draft, "/steps/bloquear-credito/remove"), **HTMX)
    assert stored(cast, draft).step("bloquear-credito") is None

    offer = {
        "name": "Dos semanas",
        "kind": "extension",
        "days": "14",
        "times": "1",
        "installments": "3",
        "from_day": "1",
        "granted_by": "collector",
        "words": "Dos semanas más.",
    }
    assert owner.post(address(draft, "/offers/"), offer, **HTMX).status_code == 200
    made = stored(cast, draft).offer("dos-semanas")
    assert (made.days, made.times, made.installments, made.granted_by) == (14, 1, 0, "collector")
    assert owner.post(address(draft, "/offers/dos-semanas"), {**offer, "days": "15"}, **HTMX).status_code == 200
    assert stored(cast, draft).offer("dos-semanas").days == 15
    refused = owner.post(address(draft, "/offers/parts/remove"), **HTMX)
    assert refused["HX-Retarget"] == "#editor" or refused.status_code == 422
    assert stored(cast, draft).offer("parts")

    policy = {"title": "Plazos", "text": "Treinta días.\r\nNi uno más.", "team_only": "on"}
    assert owner.post(address(draft, "/policies/"), policy, **HTMX).status_code == 200
    assert stored(cast, draft).policies[-1].text == "Treinta días.\nNi uno más."
    owner.post(address(draft, "/policies/3/remove"), **HTMX)
    assert len(stored(cast, draft).policies) == 2
    assert owner.post(address(draft, "/policies/9/remove")).status_code == 404

    notice = {
        "code": "thank_you",
        "days": "1",
        "rest_days": "30",
        "months": "9",
        "channel_1": "email",
        "tone": "friendly",
        "template": "thank_you",
        "role": "billing",
        "approval": "automatic",
    }
    assert owner.post(address(draft, "/notices/"), notice, **HTMX).status_code == 200
    kept = stored(cast, draft).notice("thank_you")
    assert (kept.days, kept.rest_days, kept.months, kept.approval) == (1, 30, 0, "automatic")
    assert (
        "thank_you"
        not in owner.get(address(draft, "/notices/")).content.decode().split('name="code"')[1].split("</select>")[0]
    ), "an occasion has one notice"
    assert owner.post(address(draft, "/notices/thank_you"), {**notice, "days": "2"}, **HTMX).status_code == 200
    assert stored(cast, draft).notice("thank_you").days == 2
    assert b"notice-thank_you" in owner.get(address(draft, "")).content
    owner.post(address(draft, "/notices/thank_you/remove"), **HTMX)
    assert stored(cast, draft).notice("thank_you") is None
    assert owner.get(address(draft, "/notices/thank_you")).status_code == 404

    owner.post(address(draft, "/heading"), {"name": "Otro", "language": "es"})
    assert stored(cast, draft).name == "Otro"
    owner.post(address(draft, "/discard"))
    with acting_for(cast.id):
        assert not Version.objects.filter(pk=draft.pk).exists()


def test_a_file_makes_a_draft_or_says_on_which_line_it_is_wrong(cast: Cast, active: Version, owner: Client) -> None:
    def upload(text: str):
        file = SimpleUploadedFile("manual.toml", text.encode(), "application/toml")
        return owner.post(f"{HOME}versions/import", {"file": file})

    source = SOURCE.replace("day = 22", "day = 23")
    line = source.split("\n").index("day = 23") + 1
    refused = upload(source.replace("day = 23", 'day = "23"'))
    assert refused.status_code == 422 and f"Línea {line}." in refused.content.decode()
    assert upload(source).status_code == 302
    with acting_for(cast.id):
        assert Version.objects.filter(organization_id=cast.id, state="draft").count() == 1
        assert Version.objects.get(pk=active.pk).state == "active"


def test_bars_count_customers_by_the_days_of_their_oldest(active: Version, book: Book, owner: Client) -> None:
    first, second = book.customer("Uno"), book.customer("Dos")
    book.invoice(first, "F-1", due=-20)
    book.invoice(first, "F-2", due=-3)
    book.invoice(second, "F-3", due=-20)
    html = owner.get(address(active, "/where")).content.decode()
    assert "2 clientes" in html and html.count("<rect") == 1


def test_what_came_of_the_steps_is_told(active: Version, book: Book, owner: Client) -> None:
    assert owner.get(address(active, "/results")).content.decode().strip() == ""
    customer = book.customer("Viñas")
    item = book.invoice(customer, "F-1", due=-40)
    for attempt, days in enumerate((30, 20), 1):
        day = TODAY - timedelta(days=days)
        book.activity(customer, item, "sent", day=day, step="friendly", attempt=attempt)
    told = owner.get(address(active, "/results")).content.decode()
    assert "Recordatorio amistoso" in told and "0\u00a0%" in told


def test_who_may_not_change_the_manual_reads_it(cast: Cast, draft: Version, client: Client, morning: None) -> None:
    client.force_login(cast.colleague)
    html = client.get(address(draft)).content.decode()
    assert "data-move" not in html and "activate" not in html
    assert client.post(address(draft, "/steps/call/move"), {"day": "25"}).status_code == 403
    assert client.get(address(draft, "/steps/call")).status_code == 403
