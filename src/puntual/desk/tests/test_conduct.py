"""The rules of conduct on their page, one's own on top of them, and the report on what was done."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from conftest import NOW, Cast
from puntual.conduct.queries import own_rules
from puntual.desk.tests.book import Book
from puntual.organizations.models import Holiday, Membership, User
from puntual.outreach.models import Activity
from puntual.outreach.outbox import send_due
from puntual.outreach.tests.build import World
from puntual.parties.models import Party
from puntual.tenancy.scope import acting_for

CONDUCT = "/o/sembria/manual/conduct/"
REPORT = "/o/sembria/reports/conduct"


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_each_rule_says_where_it_stands_and_for_whom(world: World, owner: Client) -> None:
    with acting_for(world.by.organization_id):
        world.customer("Lima")
        other = world.customer("Montevideo")
        Party.objects.filter(pk=other.party_id).update(country="UY")
    page = text(owner, CONDUCT)
    for said in ("Perú", "Uruguay", "Ley 29571, art. 62", "elegirservicio.pe", "art", "21 nov"):
        assert said in page, said
    assert "Ley 2300" not in page  # nobody in Colombia
    assert "Solo lunes a viernes 7:00–20:00, hora de donde está el cliente." in page
    assert "Norma para consumidores" in page and "Su política" in page
    assert "Código Civil, arts. 1996 y 2001" in page


@pytest.mark.parametrize(
    ("kind", "values", "content"),
    [
        (
            "hours",
            {"weekdays_from": "10:00", "weekdays_until": "17:00", "saturday_from": "", "saturday_until": ""},
            {"hours": {"mon-fri": "10:00-17:00"}},
        ),
        ("frequency", {"times": "1", "days": "14"}, {"times": 1, "days": 14, "full_days": True, "per": "party"}),
        ("spacing", {"days": "4", "after": "conversation"}, {"days": 4, "after": "conversation"}),
        ("days_off", {"weekdays": ["fri"], "holidays": "on"}, {"weekdays": ["fri"], "holidays": True}),
        ("forbidden_channel", {}, {}),
        ("consent", {}, {}),
    ],
)
def test_a_rule_of_ones_own_is_added_and_ended(
    book: Book, owner: Client, kind: str, values: dict[str, object], content: dict[str, object]
) -> None:
    form = {"country": "PE", "channels": ["call", "visit"], **values}
    assert owner.post(f"{CONDUCT}rules/{kind}", form).status_code == 302
    with book.inside():
        (rule,) = own_rules(book.cast.id)
    assert (rule.country, rule.content["what"], rule.content["channels"]) == ("PE", kind, ["call", "visit"])
    assert content.items() <= rule.content.items()
    assert f"rules/{rule.id}/end" in text(owner, CONDUCT)
    owner.post(f"{CONDUCT}rules/{rule.id}/end")
    with book.inside():
        assert own_rules(book.cast.id) == []


def test_what_makes_no_rule_is_said_beside_the_form(book: Book, owner: Client) -> None:
    hours = {"channels": ["call"], "weekdays_from": "17:00", "weekdays_until": "10:00"}
    answer = owner.post(f"{CONDUCT}rules/hours", hours)
    assert answer.status_code == 422 and "El horario termina antes de empezar." in answer.content.decode()
    assert owner.post(f"{CONDUCT}rules/frequency", {"times": "1", "days": "7"}).status_code == 422  # no channel
    assert owner.post(f"{CONDUCT}rules/days_off", {"channels": ["call"]}).status_code == 422
    assert owner.post(f"{CONDUCT}rules/anything", {}).status_code == 404
    with book.inside():
        assert own_rules(book.cast.id) == []


def test_a_date_without_contact(book: Book, owner: Client) -> None:
    assert owner.post(f"{CONDUCT}days", {"country": "PE", "day": "2026-12-24", "name": "Nochebuena"}).status_code == 302
    with book.inside():
        assert Holiday.objects.get().works is False
    assert "Nochebuena" in text(owner, CONDUCT)


def test_who_may_not_change_the_manual_reads_it(cast: Cast, book: Book, owner: Client) -> None:
    Membership.objects.filter(user=cast.owner).update(role="auditor")
    assert "rules/hours" not in text(owner, CONDUCT)
    assert owner.post(f"{CONDUCT}rules/consent", {"channels": ["call"]}).status_code == 403


def test_the_report_shows_what_was_against_a_rule_first(world: World, owner: Client) -> None:
    sunday = datetime(2026, 11, 22, 15, tzinfo=UTC)
    with acting_for(world.by.organization_id):
        customer = world.customer("Lima")
        Activity.objects.create(
            organization_id=world.by.organization_id,
            customer=customer,
            day=date(2026, 11, 22),
            channel="call",
            state="done",
            result="no_answer",
            settled_at=sunday,
            created_at=sunday,
        )
    page = text(owner, REPORT)
    assert "1 gestión, 1 contra una norma" in page and "22 nov 2026, 10:00" in page
    assert 'data-chart="bars"' in page and "/reports/conduct.pdf" in page
    assert "No se contact\u00f3 a nadie" in text(owner, f"{REPORT}?since=2026-11-23&through=2026-11-23")
    nobodys = User.objects.get(email="colleague@sembria.example").id  # looks after no customer
    assert "No se contact\u00f3 a nadie" in text(owner, f"{REPORT}?collector={nobodys}")
    assert text(owner, f"{REPORT}?since=2026-11-23&through=2026-11-01")  # no period: the last thirty days
    for kind in ("csv", "json", "xlsx"):
        answer = owner.get(f"{REPORT}.{kind}?since=2026-11-01&through=2026-11-23")
        content = b"".join(answer.streaming_content)
        assert answer.status_code == 200 and (kind == "xlsx" or b"pe-hours" in content)
    assert owner.get(f"{REPORT}.pdf")["Content-Type"] == "application/pdf"
    assert owner.get(f"{REPORT}.doc").status_code == 404
    assert "/o/sembria/reports/conduct" in text(owner, "/o/sembria/reports/")


def test_what_conduct_stopped_names_the_rule_where_it_is_read(
    transactional_db: None, world: World, owner: Client
) -> None:
    evening = NOW + timedelta(hours=13)
    with acting_for(world.by.organization_id):
        customer = world.customer("Lima")
        activity = world.plan(customer, [world.invoice(customer, "F-1", 10)])
    assert send_due(world.by.organization_id, evening).counts == {"lapsed": 1}
    with acting_for(world.by.organization_id):
        assert Activity.objects.get(pk=activity.pk).refusal["rule"] == "pe-hours"
    page = text(owner, f"/o/sembria/customers/{customer.id}")
    assert "no permite escribir por correo electrónico después de las 20:00" in page
