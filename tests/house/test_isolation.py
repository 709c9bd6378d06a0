"""No organization sees another: every address of the desk is tried with another organization's ids, and by an outsider."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from django.http import HttpResponseNotFound
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.urls.converters import IntConverter, SlugConverter, StringConverter, UUIDConverter

from puntual.agreements.actions import agree_plan
from puntual.agreements.plans.schedule import Wish
from puntual.disputes.actions import add_evidence, open_dispute
from puntual.kernel.ids import uuid7
from puntual.outreach.answers.actions import land
from puntual.outreach.models import Activity
from puntual.parties.models import Creditor, Customer, Party, Person
from puntual.payments.actions import record_payment
from puntual.receivables.actions import Part, hold, issue_invoice
from puntual.receivables.models import Installment
from puntual.tenancy.scope import acting_for

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def inside() -> list[tuple[str, URLPattern]]:
    """Every address below /o/<slug>/, with what stands between the slug and it."""
    found = []

    def walk(patterns: list, prefix: str) -> None:
        for one in patterns:
            if isinstance(one, URLPattern):
                found.append((prefix + str(one.pattern), one))
            else:
                walk(one.url_patterns, prefix + str(one.pattern))

    for resolver in get_resolver().url_patterns:
        walk([resolver], "")
    return [(route, pattern) for route, pattern in found if route.startswith("o/<slug:slug>/")]


def fill(route: str, pattern: URLPattern, slug: str, key: UUID) -> str:
    address = route.replace("<slug:slug>", slug)
    for name, converter in pattern.pattern.converters.items():
        if isinstance(converter, UUIDConverter):
            value = str(key)
        elif isinstance(converter, IntConverter):
            value = "1"
        elif isinstance(converter, SlugConverter | StringConverter):
            value = "csv"
        else:
            value = "x"
        for kind in ("uuid", "int", "slug", "str", "path"):
            address = address.replace(f"<{kind}:{name}>", value)
        address = address.replace(f"<{name}>", value)
    return "/" + address


@pytest.fixture
def foreign(cast) -> list[UUID]:
    """One of each thing in the other organization."""
    from conftest import NOW, TODAY
    from puntual.audit.actions import Actor

    by = Actor(cast.other_organization.id, NOW, TODAY, cast.outsider.id, "Outsider")
    org = cast.other_organization.id
    with acting_for(org):
        creditor = Creditor.objects.create(
            organization_id=org, code="x", name="X", country="CL", currency="CLP", language="es"
        )
        party = Party.objects.create(organization_id=org, name="P", search_name="p", country="CL")
        customer = Customer.objects.create(
            organization_id=org,
            creditor=creditor,
            party=party,
            code="c",
            name="P",
            search_name="p",
            language="es",
            time_zone="America/Santiago",
            created_on=TODAY,
        )
        person = Person.objects.create(organization_id=org, customer=customer, name="Somebody")
    invoice = issue_invoice(
        by,
        customer_id=customer.id,
        number="1",
        issued_on=date(2026, 10, 1),
        currency="CLP",
        parts=[Part(date(2026, 11, 1), Decimal(5000))],
    )
    payment = record_payment(
        by, customer_id=customer.id, reference="r", received_on=TODAY, currency="CLP", amount=Decimal(10)
    )
    pause = hold(by, reason="person", customer_id=customer.id)
    with acting_for(org):
        item = Installment.objects.get(invoice=invoice)
        activity = Activity.objects.create(
            organization_id=org,
            customer=customer,
            day=TODAY,
            channel="email",
            tone="friendly",
            state="proposed",
            step="friendly",
            lead_id=item.id,
            created_at=NOW,
        )
    plan = agree_plan(by, customer.id, [item.id], Wish(2, TODAY, TODAY))
    answer, _new = land(by, b"From: somebody@else.example\nSubject: Re: 1\n\nPaid.")
    dispute = open_dispute(by, invoice.id, reason="price")
    evidence = add_evidence(by, dispute.id, "orden.pdf", b"%PDF-1")
    return [
        dispute.id,
        evidence.id,
        creditor.id,
        party.id,
        customer.id,
        person.id,
        invoice.id,
        payment.id,
        pause.id,
        item.id,
        activity.id,
        answer.id,
        plan.id,
        cast.outsider.id,
    ]


def test_another_organizations_ids_lead_nowhere(cast, foreign, monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of times the same page that says so would take minutes: here its status alone is asked for."""
    monkeypatch.setattr("puntual.config.urls.handler404", lambda _request, **_why: HttpResponseNotFound())
    client = Client()
    client.force_login(cast.owner, backend=BACKEND)
    tried = 0
    for route, pattern in inside():
        if not any(isinstance(one, UUIDConverter) for one in pattern.pattern.converters.values()):
            continue
        for key in [*foreign, uuid7()]:
            address = fill(route, pattern, cast.organization.slug, key)
            for method in (client.get, client.post):
                answer = method(address)
                assert answer.status_code in (404, 405), f"{address} answered {answer.status_code}"
                tried += 1
    assert tried > 100, "the addresses were not found"


def test_an_outsider_finds_no_page(cast) -> None:
    client = Client()
    client.force_login(cast.outsider, backend=BACKEND)
    for route, pattern in inside():
        address = fill(route, pattern, cast.organization.slug, uuid7())
        for method in (client.get, client.post):
            assert method(address).status_code in (404, 405), address


def test_nobody_signed_in_is_asked_to(cast) -> None:
    for route, pattern in inside():
        answer = Client().get(fill(route, pattern, cast.organization.slug, uuid7()))
        assert answer.status_code in (302, 404, 405), route
        if answer.status_code == 302:
            assert answer["Location"].startswith("/accounts/login/")
