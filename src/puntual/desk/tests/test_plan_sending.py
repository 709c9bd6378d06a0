"""Sending a plan to be accepted, from the desk."""

from datetime import timedelta

import pytest
from django.test import Client

from conftest import TODAY, Cast, make_member
from puntual.agreements.models import Acceptance
from puntual.agreements.plans.actions import agree_plan
from puntual.agreements.plans.schedule import Wish
from puntual.desk.tests.book import Book, at
from puntual.outreach.models import Activity, CapturedMessage
from puntual.parties.models import ContactPoint, Customer


def offered(book: Book) -> tuple[str, Customer]:
    customer = book.customer("Viñas del Sur")
    item = book.invoice(customer, "F-1", "600.00", due=-40)
    with book.inside():
        plan = agree_plan(book.by(), customer.id, [item.id], Wish(3, TODAY + timedelta(days=22), TODAY))
    return f"/o/sembria/agreements/plans/{plan.id}", customer


def test_it_is_sent_to_an_address_and_shown(book: Book, owner: Client) -> None:
    place, customer = offered(book)
    with book.inside():
        point = ContactPoint.objects.filter(customer=customer, kind="email").first()
    assert point.value in owner.get(f"{place}/send").content.decode()
    assert owner.post(f"{place}/send", {"point": str(point.id), "days": "7"}).status_code == 302
    assert point.value in owner.get(place).content.decode()
    with book.inside():
        made = Acceptance.objects.get()
        assert (made.state, (made.ends_at - made.made_at).days) == ("sent", 7)
        assert CapturedMessage.objects.count() == 1
        assert Activity.objects.get(customer=customer).state == "sent"
    assert owner.get(f"{place}/accepted/{made.id}.pdf").status_code == 404  # nothing was answered yet


def test_an_address_of_somebody_else_or_too_many_days_is_refused(book: Book, owner: Client) -> None:
    place, _customer = offered(book)
    other = book.customer("Otra")
    with book.inside():
        foreign = ContactPoint.objects.filter(customer=other, kind="email").first()
    assert owner.post(f"{place}/send", {"point": str(foreign.id), "days": "7"}).status_code == 422
    assert owner.post(f"{place}/send", {"point": str(foreign.id), "days": "700"}).status_code == 422
    with book.inside():
        assert not Acceptance.objects.exists()


def test_who_only_looks_sends_nothing(book: Book, cast: Cast, owner: Client) -> None:
    place, _customer = offered(book)
    auditor = Client()
    auditor.force_login(make_member(cast.organization, "auditor", "auditor@sembria.example"))
    assert auditor.post(f"{place}/send", {"point": "x", "days": "7"}).status_code == 403


def test_it_passes_the_rules_of_conduct_like_any_other_contact(
    book: Book, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, customer = offered(book)
    with book.inside():
        point = ContactPoint.objects.filter(customer=customer, kind="email").first()
        Customer.objects.filter(id=customer.id).update(handling="none")
    refused = owner.post(f"{place}/send", {"point": str(point.id), "days": "7"})
    assert refused.status_code == 422 and "No se envía nada a este cliente" in refused.content.decode()
    with book.inside():
        Customer.objects.filter(id=customer.id).update(handling="automatic")
    monkeypatch.setattr("django.utils.timezone.now", lambda: at(TODAY, 3))  # 22:00 of Sunday in Lima
    night = owner.post(f"{place}/send", {"point": str(point.id), "days": "7"})
    assert night.status_code == 422 and "No puede salir ahora" in night.content.decode()
    with book.inside():
        assert not Acceptance.objects.exists() and not CapturedMessage.objects.exists()
