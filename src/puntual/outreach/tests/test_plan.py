"""Planning a day: once, by value within the capacity, again only what came to nothing."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest

from conftest import Cast, make_member
from puntual.audit.models import Record
from puntual.organizations.models import Membership
from puntual.outreach.models import Activity, Capacity
from puntual.outreach.plan import plan_many
from puntual.outreach.tests.build import World


def _rows(world: World, values: list[int], **changes: object) -> list:
    rows = []
    for value in values:
        customer = world.customer(f"Cliente {len(world.customers)}")
        item = world.invoice(customer, f"F-{len(world.customers)}", late=10)
        rows.append(world.row(customer, [item], value=Decimal(value), **changes))
    return rows


def test_a_day_planned_twice_changes_nothing(world: World) -> None:
    rows = _rows(world, [5, 3, 9])
    first = plan_many(world.by, iter(rows))
    before = list(Activity.objects.order_by("id").values())
    second = plan_many(world.by, iter(rows))
    assert (first.total, first.by_channel, first.by_step) == (3, {"email": 3}, {"friendly": 3})
    assert (second.total, second.repeated) == (0, 3)
    assert list(Activity.objects.order_by("id").values()) == before


def test_one_audit_entry_for_all(world: World) -> None:
    rows = _rows(world, [1, 2])
    count = Record.objects.count()
    plan_many(world.by, rows)
    assert Record.objects.count() == count + 1
    assert Record.objects.latest("id").detail["planned"] == 2


def test_what_does_not_fit_the_day_goes_by_value(world: World) -> None:
    Capacity.objects.create(organization_id=world.by.organization_id, channel="email", per_day=2)
    done = plan_many(world.by, _rows(world, [5, 30, 9, 20]))
    assert (done.total, done.over_capacity) == (2, {"email": 2})
    assert sorted(Activity.objects.values_list("value", flat=True)) == [20, 30]


def test_capacity_counts_what_the_day_has_already(world: World) -> None:
    Capacity.objects.create(organization_id=world.by.organization_id, channel="email", per_day=3)
    plan_many(world.by, _rows(world, [1, 2]))
    done = plan_many(world.by, _rows(world, [7, 8]))
    assert (done.total, done.over_capacity) == (1, {"email": 1})
    assert Activity.objects.filter(value=8).exists()


@pytest.mark.parametrize(
    ("roles", "room"),
    [
        ([("collector", 2, None), ("manager", 1, None), ("accountant", 50, None)], 3),
        ([("collector", 2, -1), ("manager", 1, 0)], 1),  # who left yesterday calls nobody, who leaves today still does
    ],
)
def test_calls_are_what_the_callers_can_make(world: World, acting: Cast, roles: list, room: int) -> None:
    Membership.objects.filter(organization_id=acting.id, role="collector").delete()
    for number, (role, calls, ends) in enumerate(roles):
        make_member(acting.organization, role, f"m{number}@sembria.example")
        Membership.objects.filter(user__email=f"m{number}@sembria.example").update(
            calls_per_day=calls, ends_on=None if ends is None else world.by.today + timedelta(days=ends)
        )
    done = plan_many(world.by, _rows(world, [1, 2, 3, 4], channel="call", state="to_do"))
    assert done.by_channel == {"call": room}


def test_where_nobody_else_calls_the_owner_does(world: World, acting: Cast) -> None:
    Membership.objects.filter(organization_id=acting.id).exclude(role="owner").delete()
    Membership.objects.filter(organization_id=acting.id).update(calls_per_day=2)
    assert plan_many(world.by, _rows(world, [1, 2, 3], channel="call", state="to_do")).total == 2


@pytest.mark.parametrize(
    ("state", "result", "again"),
    [
        ("done", "no_answer", True),
        ("lapsed", "not_approved", True),
        ("failed", "refused", True),
        ("sent", "bounced", True),
        ("proposed", "", False),
        ("unknown", "interrupted", False),
        ("dropped", "dropped", False),
    ],
)
def test_only_what_came_to_nothing_is_tried_again(world: World, state: str, result: str, again: bool) -> None:
    rows = _rows(world, [1])
    plan_many(world.by, rows)
    Activity.objects.update(state=state, result=result)
    assert plan_many(world.by, rows).total == 0  # not on the same day
    tomorrow = world.by.on(world.by.today + timedelta(days=1), world.by.now + timedelta(days=1))
    assert plan_many(tomorrow, rows).total == int(again)
    assert plan_many(tomorrow, rows).total == 0
    assert Counter(Activity.objects.values_list("attempt", flat=True)) == ({1: 1, 2: 1} if again else {1: 1})


def test_decisions_may_read_while_they_are_written(world: World) -> None:
    """A day run decides from a cursor of the same connection; a COPY must not be open while it reads on."""
    rows = _rows(world, [1, 2, 3])

    def reading():
        for row in rows:
            assert Activity.objects.count() == 0
            yield row

    assert plan_many(world.by, reading()).total == 3
