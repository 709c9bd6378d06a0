"""The queue: who gets whom next, two people never the same, passing over, and taking the last result back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from conftest import NOW, Cast
from puntual.agreements.models import Promise
from puntual.agreements.promises.actions import promise
from puntual.audit.actions import Actor
from puntual.audit.models import Record
from puntual.conduct.actions import add_rule
from puntual.disputes.models import Dispute
from puntual.kernel.problems import Problem
from puntual.organizations.absences.actions import end_absence, set_absence
from puntual.outreach.actions import (
    engage,
    next_for,
    postpone,
    rank,
    record_contact,
    record_result,
    skip,
    take_back,
    take_next,
)
from puntual.outreach.engaging import RESERVED_FOR, engaged_with
from puntual.outreach.models import Activity, Engaged, Mark, Turn
from puntual.outreach.objecting import Objection
from puntual.outreach.plan import room_left
from puntual.outreach.promising import Word
from puntual.outreach.queue.resting import Resting
from puntual.outreach.queue.taking import Next
from puntual.outreach.queue.turns import SKIPS, UNDO_FOR, last_turn
from puntual.outreach.results import RESULTS
from puntual.outreach.tests.build import World
from puntual.parties.models import ContactPoint, Customer
from puntual.receivables.models import Hold
from puntual.tenancy.scope import acting_for

FOUR_PM = datetime(2026, 11, 23, 21, 0, tzinfo=UTC)  # in Lima, that day


def _call(world: World, value: int, **changes: object) -> Activity:
    customer = world.customer(f"Cliente {len(world.customers)}")
    world.point(customer, "phone", f"+51987650{len(world.customers):03}")
    item = world.invoice(customer, f"F001-{len(world.customers)}", 50)
    values = {"channel": "call", "state": "to_do", "tone": "firm", "step": "call", "template": "call", "value": value}
    return world.plan(customer, [item], **{**values, **changes})


@pytest.fixture
def colleague(acting: Cast) -> Actor:
    by = acting.actor()
    return Actor(by.organization_id, by.now, by.today, acting.colleague.id, "Colega")


def _next(by: Actor, channel: str = "call") -> Activity | None:
    return take_next(by, "collector", channel)


def test_two_people_get_two_customers_and_each_gets_the_own_one_again(world: World, colleague: Actor) -> None:
    low, high = _call(world, 1), _call(world, 2)
    assert (_next(world.by), _next(colleague)) == (high, low)
    assert (_next(world.by), _next(colleague)) == (high, low)
    held = engaged_with(world.by, [high.customer.party_id])[high.customer.party_id]
    assert (held.user_id, held.until) == (world.by.user_id, NOW + RESERVED_FOR)
    with pytest.raises(Problem, match="is calling this customer"):
        engage(colleague, high)
    record_result(world.by, high, "no_answer")
    assert _next(world.by) is None
    assert Record.objects.filter(action="outreach.take").count() >= 2


def test_what_is_kept_and_forgotten_goes_to_somebody_else(world: World, colleague: Actor) -> None:
    one = _call(world, 1)
    assert _next(world.by) == one and _next(colleague) is None
    later = colleague.on(colleague.today, NOW + RESERVED_FOR)
    assert _next(later) == one


def test_another_customer_of_the_same_party_is_the_same_for_both(world: World, colleague: Actor) -> None:
    one, two = _call(world, 2), _call(world, 1)
    Customer.objects.filter(pk=two.customer_id).update(party=one.customer.party_id, code="other")
    assert _next(world.by) == one and _next(colleague) is None


def test_call_backs_come_at_their_hour_before_what_is_worth_more(world: World, colleague: Actor) -> None:
    first, second = _call(world, 1), _call(world, 9)
    record_result(world.by, first, "reached_call_back", again_at=FOUR_PM)
    assert _next(world.by) == second
    Engaged.objects.all().delete()
    at_four = [by.on(by.today, FOUR_PM) for by in (world.by, colleague)]
    found = _next(at_four[1])
    assert found == second  # the call-back is whose it is
    found = _next(at_four[0])
    assert found and found.customer_id == first.customer_id and found.attempt == 2


@pytest.mark.parametrize(
    ("changes", "customer"),
    [
        ({"not_before": NOW + timedelta(hours=1)}, {}),
        ({"not_after": NOW}, {}),
        ({"assigned_to": "colleague"}, {}),
        ({"channel": "visit"}, {}),
        ({}, {"handling": "none"}),
        ({}, {"handling": "owner_only", "owner": "colleague"}),
    ],
)
def test_what_is_not_ones_own_to_do_now_is_not_given(
    world: World, acting: Cast, changes: dict[str, object], customer: dict[str, object]
) -> None:
    changes = {name: acting.colleague.id if value == "colleague" else value for name, value in changes.items()}
    one = _call(world, 5, **changes)
    customer = {name: acting.colleague if value == "colleague" else value for name, value in customer.items()}
    if customer:
        Customer.objects.filter(pk=one.customer_id).update(**customer)
    assert _next(world.by) is None


def test_passing_over_leaves_it_to_others(world: World, colleague: Actor) -> None:
    high, low = _call(world, 2), _call(world, 1)
    assert _next(world.by) == high
    for reason, note in (("", ""), ("other", " ")):
        with pytest.raises(Problem):
            skip(world.by, high, reason, note)
    skip(world.by, high, "language")
    assert (_next(world.by), _next(colleague)) == (low, high)
    tomorrow = world.by.on(world.by.today + timedelta(days=1), NOW + timedelta(days=1))
    assert _next(tomorrow) == high
    assert set(SKIPS) > {"language"}


@pytest.mark.parametrize("result", [code for code, result in RESULTS.items() if "call" in result.channels])
def test_every_result_can_be_taken_back(world: World, result: str) -> None:
    one = _call(world, 1, point_id=None)
    assert _next(world.by) == one
    point = ContactPoint.objects.get(customer=one.customer, kind="phone")
    outcome = RESULTS[result]
    record_result(
        world.by,
        one,
        result,
        "lo que dijo",
        again_at=FOUR_PM if outcome.again else None,
        pause_until=world.by.today + timedelta(days=3) if outcome.hold else None,
        word=Word(world.by.today + timedelta(days=4)) if outcome.opens == "promise" else None,
        objection=Objection("price") if outcome.opens == "dispute" else None,
        point_id=point.pk,
    )
    turn = last_turn(world.by)
    assert turn and (turn.kind, turn.reason) == ("result", result)
    back = take_back(world.by, turn.pk)
    assert (back.state, back.result, back.note, back.settled_at, back.point_id) == ("to_do", "", "", None, None)
    kept = Activity.objects.get(pk=one.pk)
    assert (kept.state, kept.result, kept.note) == ("lapsed", "taken_back", "lo que dijo")
    assert not Mark.objects.exists()
    assert not Hold.objects.filter(released_on=None).exists()
    assert not Promise.objects.filter(state="open").exists() and not Dispute.objects.filter(state="open").exists()
    assert ContactPoint.objects.get(pk=point.pk).retired_on is None
    assert list(Activity.objects.filter(state="to_do")) == [back]
    assert Record.objects.filter(action="outreach.take_back").count() == 1
    assert _next(world.by) == back
    record_result(world.by, back, "reached_call_back", again_at=FOUR_PM)  # the next attempt has a number of its own
    with pytest.raises(Problem, match="no longer"):
        take_back(world.by, turn.pk)


def test_what_was_put_off_and_passed_over_is_taken_back(world: World) -> None:
    one = _call(world, 1)
    postpone(world.by, one, FOUR_PM)
    assert _next(world.by) is None
    turn = last_turn(world.by)
    assert turn and take_back(world.by, turn.pk).not_before == one.not_before
    skip(world.by, one, "moment")
    assert _next(world.by) is None
    turn = last_turn(world.by)
    assert turn and take_back(world.by, turn.pk) == one and _next(world.by) == one
    assert last_turn(world.by) is None


def test_what_cannot_be_taken_back(world: World, colleague: Actor) -> None:
    one = _call(world, 1)
    earlier = _call(world, 1)
    record_result(world.by, earlier, "reached_promises", word=Word(world.by.today + timedelta(days=2)))
    record_result(world.by, one, "no_answer")
    turn = last_turn(world.by)
    assert turn
    with pytest.raises(Turn.DoesNotExist):
        take_back(colleague, turn.pk)
    with pytest.raises(Problem, match="no longer"):
        take_back(world.by.on(world.by.today, NOW + UNDO_FOR + timedelta(seconds=1)), turn.pk)
    promised = Turn.objects.get(activity_id=earlier.pk)
    Promise.objects.update(state="kept", ended_on=world.by.today)
    with pytest.raises(Problem, match="Something else followed"):
        take_back(world.by, promised.pk)
    assert Activity.objects.get(pk=earlier.pk).state == "done"


def test_a_promise_that_took_anothers_place_is_set_right_by_hand(world: World) -> None:
    one = _call(world, 1)
    two = world.plan(one.customer, [world.invoice(one.customer, "F-2", 60)], channel="call", state="to_do", step="call")
    soon, later = (world.by.today + timedelta(days=days) for days in (2, 4))
    record_result(world.by, one, "reached_promises", word=Word(soon))
    promise(world.by, one.customer_id, currency="PEN", promised_for=soon, amount=Decimal(9440))
    record_result(world.by, two, "reached_promises", word=Word(later))
    turn = last_turn(world.by)
    assert turn
    with pytest.raises(Problem, match="earlier one"):
        take_back(world.by, turn.pk)


def test_the_order_is_what_it_is_told_to_be(world: World) -> None:
    one, two = _call(world, 2), _call(world, 1)
    assert rank(world.by, {one.pk: Decimal(1), two.pk: Decimal(5)}) == 2
    assert _next(world.by) == two


def test_at_the_same_instant_each_gets_another(committed: World, cast: Cast) -> None:
    with acting_for(cast.id):
        calls = {_call(committed, value).pk for value in range(4)}
    people = [Actor(cast.id, NOW, committed.by.today, user, "x") for user in (cast.owner.id, cast.colleague.id)]

    def take(by: Actor) -> Activity | None:
        try:
            return _next(by)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        found = [one.pk for one in pool.map(take, people) if one]
    assert len(found) == 2 == len(set(found)) and calls.issuperset(found)


def test_one_gets_the_own_portfolio_first_then_nobodys_then_helps_out(world: World, colleague: Actor) -> None:
    others, nobodys, own = _call(world, 9), _call(world, 5), _call(world, 1)
    Customer.objects.filter(pk=others.customer_id).update(owner=world.by.user_id)
    Customer.objects.filter(pk=own.customer_id).update(owner=colleague.user_id)
    got = []
    for _turn in range(3):
        one = _next(colleague)
        assert one is not None
        got.append(one)
        record_result(colleague, one, "no_answer")
    assert got == [own, nobodys, others]


def test_while_one_is_away_the_work_is_the_substitutes_and_comes_back(world: World, colleague: Actor) -> None:
    theirs, called_back, plain = _call(world, 1), _call(world, 2), _call(world, 9)
    Customer.objects.filter(pk=theirs.customer_id).update(owner=world.by.user_id, handling="owner_only")
    Activity.objects.filter(pk=called_back.pk).update(assigned_to=world.by.user_id)
    assert _next(colleague) == plain
    record_result(colleague, plain, "no_answer")
    assert _next(colleague) is None
    before = room_left(colleague.organization_id, colleague.today)["call"]
    away = set_absence(world.by, world.by.person, colleague.person, starts_on=world.by.today)
    assert {_next(colleague)} <= {theirs, called_back}
    engage(colleague, theirs)
    record_result(colleague, theirs, "no_answer")
    assert _next(colleague) == called_back
    assert room_left(colleague.organization_id, colleague.today)["call"] == before  # an owner is no caller here
    Engaged.objects.all().delete()
    end_absence(world.by, away.id)
    assert _next(colleague) is None and _next(world.by) == called_back


def test_whom_conduct_refuses_at_this_hour_is_left_out_until_it_does_not(world: World) -> None:
    high, low = _call(world, 9), _call(world, 1)
    Customer.objects.filter(pk=high.customer_id).update(time_zone="Pacific/Auckland")  # 3:12 in the morning
    found = next_for(world.by, "collector")
    assert found.activity == low
    assert found.resting.count == 1
    assert found.resting.again_from is not None
    assert found.resting.again_from > NOW
    later = world.by.on(found.resting.again_from.astimezone(ZoneInfo("America/Lima")).date(), found.resting.again_from)
    Customer.objects.filter(pk=low.customer_id).update(time_zone="Pacific/Auckland")
    record_result(world.by, low, "no_answer")
    assert next_for(world.by, "collector") == Next(None, found.resting)
    assert next_for(later, "collector") == Next(high, Resting())


def test_a_whole_time_zone_is_left_out_without_looking_at_each(
    world: World, django_assert_max_num_queries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("puntual.outreach.queue.resting._PORTIONS", (1, 1))
    asleep = [_call(world, 100 + number) for number in range(6)]
    Customer.objects.filter(pk__in=[one.customer_id for one in asleep]).update(time_zone="Pacific/Auckland")
    awake = _call(world, 1)
    found = next_for(world.by, "collector")
    assert (found.activity, found.resting.count) == (awake, 6)


def test_who_was_spoken_to_as_often_as_the_law_lets_is_left_out_alone(world: World) -> None:
    spoken, other = _call(world, 9), _call(world, 1)
    add_rule(world.by, "", "frequency", ["call"], times=1, days=30, per="party")
    an_hour_ago = NOW - timedelta(hours=1)
    record_contact(world.by, spoken.customer, channel="call", direction="out", note="", at=an_hour_ago, spoke=True)
    found = next_for(world.by, "collector")
    assert (found.activity, found.resting.count) == (other, 1)


def test_what_is_no_contact_is_never_left_out(world: World) -> None:
    task = _call(world, 1, channel="internal", step="decide")
    Customer.objects.filter(pk=task.customer_id).update(time_zone="Pacific/Auckland")
    assert next_for(world.by, "collector", "internal") == Next(task, Resting())
