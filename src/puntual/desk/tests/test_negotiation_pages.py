"""The negotiation desk: what this situation allows whoever is on the line, with the words; and what was found out, kept."""

from datetime import timedelta

import pytest
from django.test import Client

from conftest import NOW, Cast, make_member
from puntual.agreements.models import Finding
from puntual.outreach.models import Activity
from puntual.parties.models import Customer
from puntual.receivables.tests.build import Books, books_for
from puntual.strategies.actions import install_builtin
from puntual.tenancy.scope import acting_for

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def books(cast: Cast) -> Books:
    with acting_for(cast.id):
        install_builtin(cast.actor(), "es")
        return books_for(cast.actor())


@pytest.fixture
def ana(cast: Cast, books: Books) -> Customer:
    with acting_for(cast.id):
        made = books.customer("Ana Ríos")
        books.item(made, "1500", late=20)
        books.item(made, "300", late=-5)
    return made


def signed_in(cast: Cast, role: str = "collector") -> Client:
    client = Client()
    client.force_login(make_member(cast.organization, role, f"{role}@sembria.pe"))
    return client


def address(customer: Customer, more: str = "") -> str:
    return f"/o/sembria/customers/{customer.id}/negotiation{more}"


def test_it_says_what_may_be_proposed_and_how(cast: Cast, ana: Customer) -> None:
    said = signed_in(cast).get(address(ana)).content.decode()
    for text in (
        "¿Recibió las facturas",
        "¿A qué se debe la demora?",
        "Ya pagué.",
        "Pago en dos partes",
        "hasta 2 partes",
    ):
        assert text in said, text


@pytest.mark.parametrize(
    ("situation", "goal"),
    [
        ("can_and_wants", "Una fecha y un monto concretos"),
        ("wants_but_cannot", "Algo que de verdad pueda cumplir"),
        ("can_but_does_not_want", "Encontrar qué le molesta"),
        ("neither", "Cerrar con respeto"),
        ("moon", "Saber qué pasó"),
    ],
)
def test_each_situation_has_its_procedure(cast: Cast, ana: Customer, situation: str, goal: str) -> None:
    answer = signed_in(cast).get(address(ana, f"?situation={situation}"), **HTMX)
    assert answer.status_code == 200 and goal in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_in_colombia_nobody_is_told_to_ask_why(cast: Cast, ana: Customer) -> None:
    with acting_for(cast.id):
        Customer.objects.filter(pk=ana.pk).update(consumer=True)
        ana.party.country, ana.party.kind = "CO", "natural"
        ana.party.save()
    said = signed_in(cast).get(address(ana)).content.decode()
    assert "¿A qué se debe la demora?" not in said and "¿Qué día tiene previsto el pago?" in said
    assert "No pregunte por qué no se pagó" in said


def test_what_a_collector_may_not_grant_alone_says_who_decides(cast: Cast, ana: Customer) -> None:
    for role, asks in (("collector", True), ("manager", False)):
        said = signed_in(cast, role).get(address(ana, "?situation=wants_but_cannot")).content.decode()
        assert ("Lo pide usted; decide: responsable" in said) is asks, role


def test_an_option_leads_to_where_it_is_agreed(cast: Cast, ana: Customer) -> None:
    client = signed_in(cast, "manager")
    said = client.get(address(ana)).content.decode()
    for where in (
        f"/o/sembria/agreements/promises/of/{ana.id}",
        f"/o/sembria/agreements/extensions/of/{ana.id}?currency=PEN&amp;offer=extension",
        f"/o/sembria/customers/{ana.id}/plan?currency=PEN&amp;offer=plan",
    ):
        assert f'href="{where}' in said, where
        assert client.get(where.replace("&amp;", "&")).status_code == 200
    assert "kind=settlement" not in said, "it is too young for a discount"


def test_an_extension_that_would_end_in_the_past_is_not_proposed(cast: Cast, books: Books) -> None:
    with acting_for(cast.id):
        old = books.customer("Zoe")
        books.item(old, "1500", late=8)
    said = signed_in(cast, "manager").get(address(old)).content.decode()
    assert "Prórroga mayor" in said and "Prórroga breve" not in said


def test_where_nothing_is_open_there_is_nothing_to_propose(cast: Cast, books: Books) -> None:
    with acting_for(cast.id):
        zoe = books.customer("Zoe")
    assert "no hay nada que proponer" in signed_in(cast).get(address(zoe)).content.decode()


def test_a_finding_is_kept_with_its_evidence_and_decides_the_procedure(cast: Cast, ana: Customer) -> None:
    client, where = signed_in(cast), f"/o/sembria/customers/{ana.id}/finding"
    assert client.get(f"{where}?situation=wants_but_cannot").content.decode().count("checked") == 2
    given = {"willing": "yes", "able": "no", "reason": "late_income"}
    refused = client.post(where, {**given, "evidence": ""}, **HTMX)
    assert refused.status_code == 422
    kept = client.post(where, {**given, "evidence": "Su cliente le paga el 30."}, **HTMX)
    assert kept.headers["HX-Redirect"] == address(ana)
    said = client.get(address(ana)).content.decode()
    assert "Algo que de verdad pueda cumplir" in said
    tab = client.get(f"/o/sembria/customers/{ana.id}/agreements").content.decode()
    assert "quiere pagar, pero ahora no puede" in tab and "Su cliente le paga el 30." in tab


def test_from_a_call_it_goes_back_to_the_call(cast: Cast, ana: Customer) -> None:
    with acting_for(cast.id):
        call = Activity.objects.create(
            organization_id=cast.id,
            customer=ana,
            channel="call",
            direction="out",
            state="to_do",
            day=NOW.date(),
            created_at=NOW - timedelta(hours=1),
        )
    client = signed_in(cast)
    assert f"source={call.id}" in client.get(address(ana, f"?source={call.id}")).content.decode()
    given = {"willing": "yes", "able": "yes", "evidence": "Lo dijo."}
    kept = client.post(f"/o/sembria/customers/{ana.id}/finding?source={call.id}", given, **HTMX)
    assert kept.headers["HX-Redirect"] == f"/o/sembria/queue/{call.id}"
    with acting_for(cast.id):
        assert Finding.objects.get().source_id == call.id
    assert f"/customers/{ana.id}/negotiation" in client.get(f"/o/sembria/queue/{call.id}").content.decode()


@pytest.mark.parametrize("role", ["accountant", "auditor"])
def test_it_is_for_those_who_speak_with_customers(cast: Cast, ana: Customer, role: str) -> None:
    client = signed_in(cast, role)
    assert client.get(address(ana)).status_code == 403
    assert client.post(f"/o/sembria/customers/{ana.id}/finding", {"evidence": "x"}).status_code == 403


def test_of_another_organization_nothing_is_found(cast: Cast, ana: Customer) -> None:
    client = Client()
    client.force_login(cast.outsider)
    for path in ("negotiation", "finding"):
        assert client.get(f"/o/lonkura/customers/{ana.id}/{path}").status_code == 404


def test_the_form_of_an_option_begins_with_its_offer(cast: Cast, ana: Customer) -> None:
    client = signed_in(cast)
    ways = client.get(address(ana)).context["ways"]
    begun = {way.title: client.get(way.href).context["form"].initial for way in ways if "/plan?" in way.href}
    parts = {title: (one["parts"], one["down"]) for title, one in begun.items()}
    assert len(parts) > 1 and len(set(parts.values())) == len(parts), "each on its own terms"
