"""The order of the work: the value of a contact and its parts, and the lists put in that order."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random
from uuid import uuid4

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import Cast
from puntual.analytics.work.beside import kept_beside
from puntual.analytics.work.models import ContactCost, ContactWorth
from puntual.analytics.work.ranking import candidates, rank_work, set_contact_cost
from puntual.analytics.work.words import why_here
from puntual.analytics.work.worth import Candidate, Worth, worths
from puntual.kernel.problems import Problem
from puntual.outreach.models import Activity
from puntual.outreach.tests.build import World, make_world
from puntual.parties.models import ContactPoint
from puntual.payments.actions import Designation, record_payment
from puntual.tenancy.scope import acting_for

AVERAGE = {"PEN": Decimal(1000), "USD": Decimal(250)}


def candidate(**changes: object) -> Candidate:
    values = {
        "demand": {"PEN": Decimal(2000)},
        "days": 10,
        "seen": 0,
        "still": 0,
        "tried": 0,
        "reached": 0,
        "usable": True,
    }
    return Candidate(uuid4(), "call", **{**values, **changes})


def worth(one: Candidate, *others: Candidate, costs: dict[str, Decimal] | None = None) -> Worth:
    return worths([one, *others], AVERAGE, costs or {})[one.activity_id]


def test_the_value_is_amount_times_risk_times_chance_to_reach_less_cost() -> None:
    one = worth(candidate(seen=10, still=10, tried=5), costs={"call": Decimal("0.1")})
    assert (one.size, one.risk, one.reach, one.cost) == (2, Decimal("0.981"), Decimal("0.062"), Decimal("0.1"))
    assert one.value == Decimal("0.0216")


@pytest.mark.parametrize(
    ("less", "more"),
    [
        ({}, {"demand": {"PEN": Decimal(2001)}}),
        ({"demand": {"PEN": Decimal(900)}}, {"demand": {"USD": Decimal(250)}}),  # each in its own average
        ({"seen": 10, "still": 2}, {"seen": 10, "still": 3}),
        ({"tried": 10, "reached": 2}, {"tried": 10, "reached": 3}),
        ({"usable": False}, {}),
        ({"seen": 4, "still": 0}, {}),  # who is not known stands for the others
    ],
)
def test_more_of_each_part_is_worth_more(less: dict[str, object], more: dict[str, object]) -> None:
    first, second = candidate(**less), candidate(**more)
    assert worth(first, second).value < worth(second, first).value


def test_nobody_with_experience_is_a_coin() -> None:
    one = worth(candidate())
    assert (one.risk, one.reach) == (Decimal("0.5"), Decimal("0.5"))


def test_a_model_says_who_is_like_whom() -> None:
    """Who is not known stands for those to whom the model gives a like chance; of a few, for all who were as late."""
    payers = [candidate(seen=10, still=1, late=0.1) for _ in range(20)]
    others = [candidate(seen=10, still=9, late=0.9) for _ in range(20)]
    found = worths([*payers, *others, new := candidate(late=0.95), odd := candidate(late=0.5)], AVERAGE, {})
    assert found[new.activity_id].risk > Decimal("0.8") and found[new.activity_id].by_model
    assert found[odd.activity_id].risk == Decimal("0.500"), "nobody is like this one"
    plain = worths([replace(one, late=None) for one in (*payers, *others, new)], AVERAGE, {})
    assert plain[new.activity_id].risk == Decimal("0.500") and not plain[new.activity_id].by_model


def test_a_model_that_tells_apart_makes_risks_better() -> None:
    """Four hundred customers with a risk of their own, of whom little is known; the model sees part of it."""
    draw, listed, came = Random(4), [], {}
    for _customer in range(400):
        truth = draw.betavariate(0.8, 0.8)
        seen = draw.choice([0, 0, 1, 2, 3])
        one = candidate(
            seen=seen,
            still=sum(draw.random() < truth for _item in range(seen)),
            late=min(max(draw.gauss(truth, 0.15), 0), 1),
        )
        listed.append(one)
        came[one.activity_id] = draw.random() < truth
    errors = []
    for late in (True, False):
        found = worths([one if late else replace(one, late=None) for one in listed], AVERAGE, {})
        errors.append(sum((float(found[key].risk) - unpaid) ** 2 for key, unpaid in came.items()) / len(came))
    assert errors[0] < 0.95 * errors[1], errors


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(
            st.integers(0, 300), st.integers(0, 40), st.integers(0, 40), st.booleans(), st.none() | st.floats(0, 1)
        ),
        min_size=1,
        max_size=8,
    )
)
def test_shares_stay_shares_and_the_order_of_the_list_does_not_matter(
    rows: list[tuple[int, int, int, bool, float | None]],
) -> None:
    listed = [
        candidate(
            days=days, seen=max(a, b), still=min(a, b), tried=max(a, b), reached=min(a, b), usable=usable, late=late
        )
        for days, a, b, usable, late in rows
    ]
    found = worths(listed, AVERAGE, {})
    assert found == worths(listed[::-1], AVERAGE, {})
    assert all(0 <= one.risk <= 1 and 0 <= one.reach <= 1 and one.value >= 0 for one in found.values())


@pytest.fixture
def world(cast: Cast) -> World:
    with acting_for(cast.id):
        return make_world(cast.actor())


def listed(world: World, name: str, late: int = 20, amount: str = "1000.00", **changes: object) -> Activity:
    """A customer with a phone and a call on the list."""
    customer = world.customer(name)
    world.point(customer, "phone", f"+5198765{len(world.customers):04}")
    item = world.invoice(customer, f"F-{len(world.customers)}", late, amount)
    return world.plan(customer, [item], channel="call", state="to_do", step="call", template="call", **changes)


def paid(world: World, activity: Activity, *days: int) -> None:
    """Items of the past of the same customer, each paid so many days late."""
    for number, late in enumerate(days):
        due = world.by.today - timedelta(days=200 + number)
        item = world.invoice(activity.customer, f"{activity.customer.code}-{number}", 200 + number, "100.00")
        on = due + timedelta(days=late)
        record_payment(
            world.by,
            customer_id=activity.customer_id,
            reference=f"P-{item.id}",
            received_on=on,
            currency="PEN",
            amount=Decimal(100),
            designations=[Designation(item.id, Decimal(100))],
        )


def test_the_list_is_put_in_the_order_of_what_is_worth_most(world: World, cast: Cast) -> None:
    with acting_for(cast.id):
        slow, quick, gone = (
            listed(world, "Lenta"),
            listed(world, "Rápida"),
            listed(world, "Sin teléfono", amount="9000.00"),
        )
        paid(world, slow, 50, 60, 70)
        paid(world, quick, 21, 22, 21)
        ContactPoint.objects.filter(customer=gone.customer).update(retired_on=world.by.today)
        found = {one.activity_id: one for one in candidates(world.by)}
        assert (found[slow.pk].seen, found[slow.pk].still) == (3, 3)
        assert (found[quick.pk].seen, found[quick.pk].still) == (3, 0)
        assert rank_work(world.by) == 3
        order = list(Activity.objects.order_by("-value").values_list("customer__name", flat=True))
        assert order == ["Lenta", "Rápida", "Sin teléfono"]
        first, last = (
            kept_beside(cast.id, slow.pk, slow.customer_id)[0],
            kept_beside(cast.id, gone.pk, gone.customer_id)[0],
        )
        assert first and last and last.reach == 0
        before = list(ContactWorth.objects.order_by("activity_id").values_list("activity_id", "risk", "reach"))
        rank_work(world.by)
        assert before == list(ContactWorth.objects.order_by("activity_id").values_list("activity_id", "risk", "reach"))
        assert "9000" in why_here(first, "S/ 9000.00", 0)
        with translation.override("en"):
            assert why_here(last, "S/ 1.00", 2).startswith("Last")


def test_how_often_they_were_reached_counts(world: World, cast: Cast) -> None:
    with acting_for(cast.id):
        one, two = listed(world, "Contesta"), listed(world, "No contesta")
        for activity, result in ((one, "reached_other"), (two, "no_answer")):
            for attempt in (2, 3, 4):
                Activity.objects.create(
                    **{
                        field.attname: getattr(activity, field.attname)
                        for field in Activity._meta.fields
                        if field.attname not in ("id", "attempt", "state", "result")
                    },
                    attempt=attempt,
                    state="done",
                    result=result,
                )
        found = {one.reached: one.tried for one in candidates(world.by)}
        assert found == {3: 3, 0: 3}


def test_what_a_contact_costs_is_taken_off(world: World, cast: Cast) -> None:
    with acting_for(cast.id):
        listed(world, "Uno")
        rank_work(world.by)
        (before,) = Activity.objects.values_list("value", flat=True)
        set_contact_cost(world.by, "call", Decimal("50.00"))
        assert ContactCost.objects.get().currency == "PEN"
        rank_work(world.by)
        assert Activity.objects.get().value == before - Decimal("0.05")  # a twentieth of the only open item
        set_contact_cost(world.by, "call", None)
        rank_work(world.by)
        assert Activity.objects.get().value == before
        for channel, amount, error in (("email", Decimal(1), ValueError), ("call", Decimal(0), Problem)):
            with pytest.raises(error):
                set_contact_cost(world.by, channel, amount)
