"""Alerts on the desk: the list and what narrows it, closed and given in place, on the customer's page, at home, as a report."""

import json
import re

import pytest
from django.test import Client

from conftest import TODAY, Cast
from puntual.analytics.alerts.models import Alert
from puntual.desk.sparks import spark
from puntual.desk.tests.book import Book
from puntual.organizations.models import Membership
from puntual.parties.models import Customer

BASE = "/o/sembria/alerts/"


@pytest.fixture
def customer(book: Book) -> Customer:
    return book.customer("Viñas Trehuelén")


@pytest.fixture
def alert(book: Book, customer: Customer) -> Alert:
    return make(book, customer, kind="later", facts={"usual": 3, "now": 25, "weeks": 3})


def make(book: Book, customer: Customer | None, **fields: object) -> Alert:
    with book.inside():
        values = {"raised_on": TODAY, "series": [3, 3, 25], "fresh": 1, "usual": 3, **fields}
        creditor = values.pop("creditor_id", None) or customer.creditor_id
        return Alert.objects.create(organization_id=book.cast.id, customer=customer, creditor_id=creditor, **values)


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def again(book: Book, alert: Alert) -> Alert:
    with book.inside():
        return Alert.objects.get(id=alert.id)


def test_the_list_says_what_changed_with_its_shape(book: Book, owner: Client, alert: Alert) -> None:
    shown = text(owner, BASE)
    assert "Viñas Trehuelén" in shown and "25" in shown
    assert 'role="img"' in shown and 'class="fresh"' in shown and " style=" not in shown.split("<main")[1]
    assert f"{BASE}{alert.id}/close" in shown


def test_every_kind_is_said(book: Book, owner: Client, customer: Customer) -> None:
    money = {"now": "1200.00", "usual": "500.00", "limit": "1000.00", "currency": "PEN"}
    facts = {
        "missed": {"on_time": 12, "now": 15},
        "growing": money | {"items": 4, "larger": 2.5},
        "limit": money,
        "parts": {"parts": 2, "before": 0, "settled": 20},
        "silence": {"contacts": 4, "since": "2026-11-01"},
        "disputes": {"disputes": 3, "before": 1, "months": 9},
        "limitation": money | {"number": "F001-9", "last_day": "2027-01-05", "days": 43},
    }
    for kind, each in facts.items():
        make(book, customer, kind=kind, facts=each)
    slipped = {"usual": 10, "now": 40, "customers": 20, "late": 8}
    make(book, None, creditor_id=customer.creditor_id, kind="creditor", facts=slipped)
    make(
        book, None, creditor_id=customer.creditor_id, kind="sector", subject="retail", facts=slipped | {"tag": "retail"}
    )
    shown = text(owner, BASE)
    assert "F001-9" in shown and "retail" in shown
    assert shown.count("1,200.00") == 3 and "2.5" in shown
    assert "F001-9" in text(owner, f"{BASE}?kind=limitation") and "retail" not in text(owner, f"{BASE}?kind=limitation")
    report = json.loads(b"".join(owner.get("/o/sembria/reports/alerts.json").streaming_content))
    assert len(report["alerts"]) == 9 and report["kinds"]["limit"]["open"] == 1


def test_closed_in_place_with_an_outcome(book: Book, owner: Client, alert: Alert) -> None:
    place = f"{BASE}{alert.id}/close"
    assert "25" in text(owner, place)
    assert owner.post(place, {"note": "?"}).status_code == 422
    answer = owner.post(f"{place}?from=customer", {"outcome": "acted", "note": "Plan acordado"})
    assert answer.status_code == 302 and str(alert.customer_id) in answer["Location"]
    closed = again(book, alert)
    assert (closed.outcome, closed.note, closed.closed_by) == ("acted", "Plan acordado", str(book.cast.owner))
    assert str(alert.id) not in text(owner, BASE)
    assert "Viñas" in text(owner, f"{BASE}?state=closed")
    assert owner.post(place, {"outcome": "acted"}).status_code == 422
    closed_ones = text(owner, f"{BASE}?state=closed")
    assert "1 de 1 alerta fue acertada" in closed_ones
    (again_at,) = re.findall(rf'href="({BASE}{alert.id}/reopen)"', closed_ones)
    assert "Reabrirla" in text(owner, again_at)
    assert owner.post(again_at).status_code == 302
    assert again(book, alert).state == "open"


def test_given_to_a_member_and_found_by_them(book: Book, owner: Client, cast: Cast, alert: Alert) -> None:
    place = f"{BASE}{alert.id}/assign"
    assert f'href="{place}"' in text(owner, BASE)
    assert str(cast.colleague) in text(owner, place)
    assert owner.post(place, {"owner": str(cast.owner.id)}).status_code == 302
    assert again(book, alert).assigned_to_id == cast.owner.id
    assert "Viñas" in text(owner, f"{BASE}?state=mine")
    assert place not in text(owner, BASE)  # it is somebody's: the name stands there
    assert owner.post(place, {"owner": str(cast.outsider.id)}).status_code == 422
    assert owner.post(place, {"owner": ""}).status_code == 302
    assert "Viñas" not in text(owner, f"{BASE}?state=mine")


def test_many_are_closed_at_once(book: Book, owner: Client, alert: Alert) -> None:
    place = "/o/sembria/lists/alerts/bulk/close"
    asked = owner.get(place, {"id": str(alert.id)})
    assert asked.status_code == 200
    answer = owner.post(place, {"id": str(alert.id), "outcome": "false_alarm", "note": "", "step": "do"})
    assert answer.status_code == 302
    assert again(book, alert).outcome == "false_alarm"


def test_it_stands_on_the_customers_page_and_at_home(book: Book, owner: Client, alert: Alert) -> None:
    shown = text(owner, f"/o/sembria/customers/{alert.customer_id}")
    assert f"{BASE}{alert.id}/close?from=customer" in shown
    assert BASE in text(owner, "/o/sembria/")


def test_who_only_reads_is_offered_nothing_to_do(book: Book, client: Client, cast: Cast, alert: Alert) -> None:
    Membership.objects.filter(user=cast.colleague).update(role="auditor")
    client.force_login(cast.colleague)
    assert f"{alert.id}/close" not in text(client, BASE)
    assert client.post(f"{BASE}{alert.id}/close", {"outcome": "acted"}).status_code == 403


def test_paging_asks_as_much_of_many_as_of_few(
    book: Book, owner: Client, alert: Alert, django_assert_max_num_queries
) -> None:
    with book.inside():
        Alert.objects.bulk_create(
            Alert(
                organization_id=book.cast.id,
                customer=alert.customer,
                creditor=alert.creditor,
                kind="later",
                subject=str(number),
                facts=alert.facts,
                raised_on=TODAY,
            )
            for number in range(60)
        )
    with django_assert_max_num_queries(40):
        shown = text(owner, BASE)
    assert "after=" in shown


@pytest.mark.parametrize(
    ("values", "usual", "bars"), [([], None, 0), ([0, 0], None, 2), ([-3, 5, 25], 3.0, 3), ([7], 180.0, 1)]
)
def test_a_chart_of_whatever_there_is(values: list[float], usual: float | None, bars: int) -> None:
    drawn = spark(values, "5 días", fresh=1, usual=usual)
    assert drawn.count("<rect") == bars and drawn.count("<line") == (usual is not None and bars > 0)
    assert "NaN" not in drawn and ('y="-' not in drawn)
