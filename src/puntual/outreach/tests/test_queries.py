"""Lists: in their order, with today's demand, in a number of queries that does not grow."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from pytest_django import DjangoAssertNumQueries

from conftest import NOW, Cast
from puntual.outreach import queries
from puntual.outreach.actions import plan_many, postpone, record_contact
from puntual.outreach.models import Activity
from puntual.outreach.tests.build import World
from puntual.payments.actions import record_payment
from puntual.receivables.actions import hold


def _planned(world: World, tones: Sequence[tuple[str, int]], **changes: object) -> None:
    rows = []
    for tone, value in tones:
        customer = world.customer(f"Cliente {len(world.customers)}")
        items = [
            world.invoice(customer, f"F-{len(world.customers)}-1", 18, "100.00"),
            world.invoice(customer, f"F-{len(world.customers)}-2", 5, "50.00", "USD"),
        ]
        rows.append(world.row(customer, items, tone=tone, value=Decimal(value), **{"state": "proposed", **changes}))
    plan_many(world.by, rows)


def test_what_waits_comes_gravest_first_then_by_value(world: World, django_assert_num_queries) -> None:
    _planned(world, [("courteous", 90), ("firm", 5), ("final", 1), ("firm", 7), ("friendly", 3)])
    with django_assert_num_queries(1):
        found = queries.gravest(world.by.organization_id, 4)
        assert [one.customer.name for one in found]  # nothing is fetched row by row
    assert [(one.tone, int(one.value)) for one in found] == [("final", 1), ("firm", 7), ("firm", 5), ("friendly", 3)]
    firm = queries.waiting(world.by.organization_id, "firm").order_by("-value", "-id")
    assert [int(one.value) for one in firm] == [7, 5]


def test_a_list_shows_todays_demand_in_one_query(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    _planned(world, [("firm", 9), ("firm", 8), ("firm", 7)])
    page = queries.gravest(world.by.organization_id, 10)
    paid, held, same = page
    for currency, amount in (("PEN", "100.00"), ("USD", "20.00")):
        record_payment(
            world.by,
            customer_id=paid.customer_id,
            reference=currency,
            received_on=world.by.today,
            currency=currency,
            amount=Decimal(amount),
        )
    hold(world.by, reason="dispute", customer_id=held.customer_id)
    with django_assert_num_queries(1):
        lines = queries.lines(world.by.organization_id, page, world.by.today)
    assert [line.demand for line in lines] == [
        {"USD": Decimal(30)},
        {},
        {"PEN": Decimal(100), "USD": Decimal(50)},
    ]
    assert [(line.number, line.activity) for line in lines] == [(f"F-{n}-1", page[n - 1]) for n in (1, 2, 3)]
    assert lines[2].due_on == world.by.today - timedelta(days=18) and same.pk == lines[2].activity.pk


def test_tallies_count_what_has_not_ended(world: World) -> None:
    _planned(world, [("firm", 1), ("firm", 2), ("courteous", 3)])
    _planned(world, [("", 1)], channel="internal", state="to_do")
    Activity.objects.filter(value=2).update(state="sent")
    found = {
        (tally.tone, tally.channel, tally.state): tally.count for tally in queries.tallies(world.by.organization_id)
    }
    assert found == {
        ("firm", "email", "proposed"): 1,
        ("courteous", "email", "proposed"): 1,
        ("", "internal", "to_do"): 1,
    }
    day = queries.tallies_of_day(world.by.organization_id, world.by.today)
    assert sum(tally.count for tally in day) == 4


def test_the_list_of_calls_is_ones_own_and_what_is_due(world: World, acting: Cast) -> None:
    _planned(world, [("firm", 5), ("firm", 9), ("firm", 7)], channel="call", state="to_do")
    first, second, third = Activity.objects.order_by("-value")
    Activity.objects.filter(pk=second.pk).update(assigned_to=acting.colleague.id)
    postpone(world.by, third, NOW + timedelta(hours=1))
    calls = queries.to_make(acting.id, NOW, assigned_to=acting.owner.id).order_by("-value", "-id")
    assert [one.pk for one in calls] == [first.pk]
    everybodys = queries.to_make(acting.id, NOW + timedelta(hours=2)).order_by("-value", "-id")
    assert [one.pk for one in everybodys] == [first.pk, second.pk, third.pk]


def test_a_customers_history_holds_plans_and_what_was_logged(world: World) -> None:
    customer = world.customer("Textiles Quenara S.A.")
    world.plan(customer, [world.invoice(customer, "F001-1", 18)])
    record_contact(world.by, customer, channel="email", direction="in", note="Paga el jueves")
    found = queries.timeline(world.by.organization_id, customer.id).order_by("-created_at", "-id")
    assert [one.direction for one in found] == ["in", "out"]


def test_another_organization_sees_none_of_it(world: World, acting: Cast) -> None:
    _planned(world, [("firm", 1)])
    other = acting.other_organization.id
    page = list(Activity.objects.all())
    assert queries.gravest(other, 10) == [] and queries.tallies(other) == []
    assert not queries.unsettled(other).exists() and not queries.captured(other).exists()
    assert not queries.to_make(other, NOW).exists() and not queries.timeline(other, page[0].customer_id).exists()
