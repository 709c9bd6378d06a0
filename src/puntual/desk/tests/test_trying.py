"""Trying a manual: what a day would be by a version, and versions played over the past, asked for and read on the desk."""

from datetime import timedelta

import pytest
from django.test import Client

from conftest import TODAY
from puntual.conduct.actions import add_rule
from puntual.daily.models import Replay
from puntual.daily.simulate_jobs import start_replay
from puntual.daily.simulate_preview import preview
from puntual.daily.simulate_running import play
from puntual.outreach.capacities import set_capacity
from puntual.outreach.models import Activity
from puntual.outreach.tests.build import World
from puntual.strategies.actions import install_builtin
from puntual.strategies.models import Version
from puntual.tenancy.scope import acting_for

PREVIEW, REPLAYS = "/o/sembria/manual/preview", "/o/sembria/manual/replays/"


@pytest.fixture
def late(world: World) -> World:
    """Four customers, ten days late, and a manual in force."""
    install_builtin(world.by, "es")
    with acting_for(world.by.organization_id):
        for number in range(4):
            customer = world.customer(f"Cliente {number}")
            world.point(customer, "phone", f"+5198765000{number}")
            world.invoice(customer, f"F-{number}", 10, "4720.00")
    return world


def version(world: World) -> Version:
    with acting_for(world.by.organization_id):
        return Version.objects.get(organization_id=world.by.organization_id, state="active")


def played(world: World, days: int = 20) -> Replay:
    """A replay of the last days, up to yesterday."""
    replay = start_replay(world.by, version(world), TODAY - timedelta(days=days), TODAY - timedelta(days=1))
    play(world.by, replay.id)
    with acting_for(world.by.organization_id):
        return Replay.objects.get(pk=replay.pk)


def test_what_today_would_be(owner: Client, late: World) -> None:
    page = owner.get(PREVIEW).content.decode()
    assert "Cliente 0" in page
    assert "4,720.00" in page
    with acting_for(late.by.organization_id):
        assert not Activity.objects.exists(), "a preview writes nothing"


def test_what_if_on_another_day(owner: Client, late: World) -> None:
    early = owner.get(PREVIEW, {"date": (TODAY - timedelta(days=60)).isoformat(), "show": "nothing_demanded"})
    assert early.status_code == 200
    assert "Cliente 0" not in owner.get(PREVIEW, {"date": "2026-01-05"}).content.decode()
    assert owner.get(PREVIEW, {"date": "yesterday"}).status_code == 422
    assert owner.get(PREVIEW, {"version": "0190b8a0-0000-7000-8000-000000000000"}).status_code == 404


def test_of_very_many_customers_a_fair_sample_is_looked_at(late: World) -> None:
    every = preview(late.by, version(late))
    some = preview(late.by, version(late), most=3)
    assert (every.sampled, every.counts["done"], some.sampled, some.customers) == (None, 4, 3, 4)
    drawn = [customer for customer, _outcome, _manual in some.shown]
    assert sum(some.counts.values()) == 3 and len(drawn) == some.counts["done"] == 3
    assert drawn == [customer for customer, *_rest in preview(late.by, version(late), most=3).shown], (
        "the same each time"
    )
    set_capacity(late.by, "email", 2)
    assert preview(late.by, version(late), most=2).counts["done"] == 1, "half of the customers have half of the room"


@pytest.mark.django_db(transaction=True)
def test_a_version_is_played_and_read(owner: Client, late: World) -> None:
    answer = owner.post(
        f"{REPLAYS}start",
        {"version": version(late).id, "first": TODAY - timedelta(days=20), "last": TODAY - timedelta(days=1)},
    )
    running = owner.get(answer["Location"]).content.decode()
    assert "<progress" in running
    with acting_for(late.by.organization_id):
        replay = Replay.objects.get()
    play(late.by, replay.id)
    done = owner.get(answer["Location"]).content.decode()
    assert 'data-chart="days"' in done
    said = owner.get(f"{REPLAYS}{replay.id}/said.json").json()
    assert {one["customer"] for one in said["activities"]} == {f"C{number}" for number in range(1, 5)} or said[
        "activities"
    ]
    with acting_for(late.by.organization_id):
        assert not Activity.objects.exists(), "a replay writes no contact"
        assert Replay.objects.get().days_done == 20


@pytest.mark.django_db(transaction=True)
def test_two_side_by_side(owner: Client, late: World) -> None:
    one, other = played(late), played(late)
    page = owner.get(f"{REPLAYS}compare", {"a": one.id, "b": other.id}).content.decode()
    assert page.count('data-chart="days"') >= 1
    with acting_for(late.by.organization_id):
        own = add_rule(late.by, "", "days_off", ["call"], weekdays=["fri"], holidays=False)
        put_off = {"pe-hours": 3, own.content["id"]: 2, "day": 1}
        Replay.objects.update(report={**one.report, "refusals": put_off})
    page = owner.get(f"{REPLAYS}compare", {"a": one.id, "b": other.id}).content.decode()
    assert "Llamadas: sin contacto los viernes." in page and "lunes a viernes 7:00–20:00" in page
    assert not any(rule in page for rule in put_off if rule != "day"), "rules are said, not named by their codes"
    shorter = played(late, 5)
    assert owner.get(f"{REPLAYS}compare", {"a": one.id, "b": shorter.id}).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_a_canceled_replay_is_not_played(owner: Client, late: World) -> None:
    replay = start_replay(late.by, version(late), TODAY - timedelta(days=20), TODAY - timedelta(days=1))
    assert owner.post(f"{REPLAYS}{replay.id}/cancel").status_code == 302
    play(late.by, replay.id)
    with acting_for(late.by.organization_id):
        found = Replay.objects.get()
    assert (found.state, found.days_done, found.report) == ("canceled", 0, {})


@pytest.mark.parametrize(("first", "last"), [(10, 20), (900, 1), (10, -3)])
def test_days_that_cannot_be_played(owner: Client, late: World, first: int, last: int) -> None:
    days = {"first": TODAY - timedelta(days=first), "last": TODAY - timedelta(days=last)}
    assert owner.post(f"{REPLAYS}start", {"version": version(late).id, **days}).status_code == 422


def test_an_auditor_reads_and_starts_nothing(cast, late: World, client: Client) -> None:
    from conftest import make_member

    client.force_login(make_member(cast.organization, "auditor", "auditor@sembria.example"))
    assert client.get(REPLAYS).status_code == 200
    assert client.post(f"{REPLAYS}start", {}).status_code == 403
