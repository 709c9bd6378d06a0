"""The team's pages: the day as it goes, absences, and the portfolios' rules with their live count."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from conftest import TODAY, Cast
from puntual.desk.tests.work import HTMX, call, text
from puntual.organizations.models import Absence, Membership
from puntual.outreach.actions import approve, engage, record_result, take_next
from puntual.outreach.models import Activity
from puntual.outreach.tests.build import World
from puntual.parties.models import Customer
from puntual.strategies.models import PortfolioRule
from puntual.tenancy.scope import acting_for

TEAM = "/o/sembria/team/"
RULES = f"{TEAM}portfolios/"


@pytest.fixture
def colleague(cast: Cast, morning: None) -> Client:
    client = Client()
    client.force_login(cast.colleague)
    return client


def _owner_of(name: str) -> object:
    return Customer.objects.get(name=name).owner_id


def test_the_day_is_counted_by_person_and_channel_as_it_goes(world: World, cast: Cast, owner: Client) -> None:
    first, second, third = (
        call(world, name, amount=f"{n}000.00") for name, n in (("Ana", 9), ("Beto", 8), ("Carla", 7))
    )
    assert "3 aún esperan" in text(owner, TEAM)
    with acting_for(cast.id):
        Customer.objects.filter(pk=third.customer_id).update(owner=cast.colleague)
        record_result(world.by, first, "no_answer")
        engage(world.by, second)
        mail = world.plan(first.customer, [world.invoice(first.customer, "F-9", 20)], state="proposed", step="later")
        approve(world.by, mail)
    found = text(owner, f"{TEAM}day")
    rows = [row.split("</tr>")[0] for row in found.split("<tr>")]
    mine, theirs = (next(row for row in rows if name in row) for name in ("<b>Owner", "<b>Colleague"))
    assert "Beto" in mine and ">1 <span" in mine.replace("\n", "")
    assert theirs.count('<td class="n">1</td>') == 1  # still to call
    assert "Para quien esté libre" in found
    assert 'hx-trigger="every' in text(owner, TEAM)
    with acting_for(cast.id):
        record_result(world.by, second, "no_answer")
    assert "2 conversaciones registradas hoy" in text(owner, TEAM)


def test_calls_of_later_today_wait_and_those_of_tomorrow_do_not(world: World, cast: Cast, owner: Client) -> None:
    later, tomorrow = (call(world, name) for name in ("Ana", "Beto"))
    midnight = world.by.now.replace(hour=0, minute=0)
    with acting_for(cast.id):
        Activity.objects.filter(pk=later.pk).update(not_before=midnight + timedelta(hours=23))
        Activity.objects.filter(pk=tomorrow.pk).update(not_before=midnight + timedelta(hours=32))
    assert "1 aún espera" in text(owner, TEAM)


def test_a_rule_is_written_with_a_live_count_and_gives_customers_away(
    world: World, cast: Cast, owner: Client, colleague: Client
) -> None:
    with acting_for(cast.id):
        for name, tags in (("Ana", ["vip"]), ("Beto", ["vip"]), ("Carla", [])):
            world.customer(name, tags=tags)
    assert "Todavía" in text(owner, RULES) or "libre" in text(owner, RULES)
    wanted = {"name": "Especiales", "member": str(cast.colleague.id), "tags": "vip"}
    found = owner.post(f"{RULES}try", wanted, headers=HTMX).content.decode()
    assert "2 clientes" in found and "Ana" in found and "Carla" not in found
    assert owner.post(f"{RULES}new", {**wanted, "name": ""}).status_code == 422
    assert owner.post(f"{RULES}new", wanted).status_code == 302
    assert owner.post(f"{RULES}new", {"name": "Lo demás", "member": str(cast.owner.id)}).status_code == 302
    page = text(owner, RULES)
    assert page.index("Especiales") < page.index("Lo demás") and "vip" in page
    owner.post(f"{RULES}apply")
    with acting_for(cast.id):
        assert {_owner_of("Ana"), _owner_of("Beto")} == {cast.colleague.id} and _owner_of("Carla") == cast.owner.id
        first, last = PortfolioRule.objects.order_by("position")
    owner.post(f"{RULES}{last.id}/move", {"by": "-1"})
    owner.post(f"{RULES}apply", {"anew": "1"})
    assert owner.post(f"{RULES}{first.id}", {**wanted, "tags": "vip, oro"}).status_code == 302
    owner.post(f"{RULES}{last.id}/delete")
    with acting_for(cast.id):
        assert _owner_of("Ana") == cast.owner.id
        assert list(PortfolioRule.objects.values_list("tags", flat=True)) == [["vip", "oro"]]
    assert owner.get(f"{RULES}{uuid4()}").status_code == 404
    with acting_for(cast.id):
        PortfolioRule.objects.update(countries=["PE"])  # the only country there is: still to be seen, so that it stays
    assert 'value="PE"' in text(owner, f"{RULES}{first.id}")
    assert colleague.get(RULES).status_code == 200 and colleague.get(f"{RULES}new").status_code == 403


def test_an_absence_is_written_down_and_ended(world: World, cast: Cast, owner: Client, colleague: Client) -> None:
    theirs = call(world, "Ana")
    with acting_for(cast.id):
        Customer.objects.filter(pk=theirs.customer_id).update(owner=cast.owner, handling="owner_only")
    sent = {"user": cast.owner.id, "substitute": cast.colleague.id, "starts_on": TODAY.isoformat()}
    assert owner.post(f"{TEAM}absences/new", {**sent, "substitute": cast.owner.id}).status_code == 422
    assert owner.post(f"{TEAM}absences/new", sent).status_code == 302
    page = text(owner, TEAM)
    assert "Colleague reemplaza" in page
    taken = colleague.post("/o/sembria/queue/next", {"channel": "call"})
    assert taken.headers["Location"].endswith(f"/queue/{theirs.pk}")
    with acting_for(cast.id):
        away = Absence.objects.get()
    owner.post(f"{TEAM}absences/{away.id}/end")
    with acting_for(cast.id):
        assert not Absence.objects.exists()
    assert owner.post(f"{TEAM}absences/{uuid4()}/end").status_code == 404


def test_who_leaves_names_who_takes_over(world: World, cast: Cast, owner: Client) -> None:
    theirs = call(world, "Ana")
    with acting_for(cast.id):
        Customer.objects.filter(pk=theirs.customer_id).update(owner=cast.colleague, handling="owner_only")
    member = Membership.objects.get(user=cast.colleague, organization=cast.organization)
    where = f"/o/sembria/settings/members/{member.id}"
    assert "Quién" in text(owner, where)
    refused = owner.post(f"{where}/end", {})
    assert refused.status_code == 422
    assert owner.post(f"{where}/end", {"successor": str(cast.owner.id)}).status_code == 302
    with acting_for(cast.id):
        assert _owner_of("Ana") == cast.owner.id
        assert take_next(world.by, "owner") == theirs
    member.refresh_from_db()
    assert member.ends_on == TODAY - timedelta(days=1)


def test_targets_are_set_for_a_month_and_shown_with_what_is_reached(world: World, cast: Cast, owner: Client) -> None:
    done = call(world, "Ana")
    with acting_for(cast.id):
        record_result(world.by, done, "reached_other")
    member = Membership.objects.get(user=cast.owner, organization=cast.organization)
    where = f"{TEAM}targets/{member.id}?month=2026-11"
    assert owner.post(where, {"PEN": "cinco mil"}).status_code == 422
    assert owner.post(where, {"PEN": "5,000.00", "contacts": "4"}).status_code == 302
    page = text(owner, f"{TEAM}targets/")
    assert "noviembre" in page and "5,000.00" in page and 'value="25"' in page
    assert "5,000.00" in text(owner, where) and "5,000.00" not in text(owner, f"{TEAM}targets/?month=2026-10")
    assert owner.get(f"{TEAM}targets/?month=nunca").status_code == 200
    assert owner.get(f"{TEAM}targets/{uuid4()}").status_code == 404
