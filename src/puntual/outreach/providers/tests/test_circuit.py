"""Providers that fail, put off or are limited: messages wait, none is lost, none leaves outside its hours."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import connection

from conftest import NOW
from puntual.audit.models import Record
from puntual.kernel.problems import Problem
from puntual.outreach.actions import try_now
from puntual.outreach.channels import Receipt
from puntual.outreach.models import Activity, Provider, ProviderHour
from puntual.outreach.outbox import send_due
from puntual.outreach.providers import circuit
from puntual.outreach.providers.backoff import FAILURES_UNTIL_DOWN, MOST_TRIES
from puntual.outreach.providers.limits import Limits
from puntual.outreach.providers.queries import standings
from puntual.outreach.tests.build import World
from puntual.outreach.tests.faultyserver import Fault, FaultyServer
from puntual.outreach.ways import provider_of
from puntual.tenancy.scope import acting_for

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


def plan(world: World, count: int, **changes: object) -> list[Activity]:
    with acting_for(world.by.organization_id):
        made = []
        for _ in range(count):
            number = len(world.customers) + 1
            customer = world.customer(f"Cliente {number}")
            made.append(world.plan(customer, [world.invoice(customer, f"F-{number}", 10)], **changes))
        return made


def send(world: World, after: timedelta = timedelta()) -> dict[str, int]:
    return send_due(world.by.organization_id, NOW + after).counts


def states(world: World) -> list[tuple[str, str]]:
    with acting_for(world.by.organization_id):
        return sorted(Activity.objects.values_list("state", "result"))


def standing(world: World, after: timedelta = timedelta()):
    with acting_for(world.by.organization_id):
        (found,) = standings(world.by.organization_id, NOW + after, world.by.today)
    return found


@pytest.mark.parametrize("fault", [Fault("CONNECT", "cut"), Fault("CONNECT", "554 never"), Fault("EHLO", "cut")])
def test_a_dead_server_makes_nothing_fail_and_a_probe_opens_the_way(
    live: World, faulty: FaultyServer, fault: Fault
) -> None:
    plan(live, 3)
    faulty.heal(fault)
    for number in range(4):
        assert send(live, number * MINUTE) == {}
    assert states(live) == [("queued", "")] * 3  # not one was even claimed
    seen = standing(live, 3 * MINUTE)
    assert (seen.state, seen.waiting, seen.sent) == ("down", 3, 0)
    assert seen.since == NOW or seen.since - NOW < SECOND
    assert seen.detail and seen.next_try
    faulty.heal()
    assert send(live, 3 * MINUTE + 15 * SECOND) == {}  # it is left in peace until its time
    assert send(live, HOUR) == {"sent": 3}
    assert (standing(live, HOUR).state, standing(live, HOUR).since) == ("working", None)


def test_what_waits_for_a_dead_server_lapses_with_its_hours(live: World, faulty: FaultyServer) -> None:
    plan(live, 2, not_after=NOW + HOUR)
    faulty.heal(Fault("CONNECT", "cut", times=1))
    assert send(live) == {}
    assert send(live, 2 * HOUR) == {"lapsed": 2}
    assert states(live) == [("lapsed", "window_over")] * 2


def test_a_server_that_never_confirms_puts_few_in_doubt(live: World, faulty: FaultyServer) -> None:
    plan(live, 6)
    faulty.heal(Fault("END", "silent"))
    assert send(live) == {"unknown": FAILURES_UNTIL_DOWN}
    assert (standing(live).state, standing(live).waiting) == ("down", 3)


def test_only_one_sender_probes(live: World, faulty: FaultyServer) -> None:
    name = provider_of("email")
    assert circuit.note(name, Receipt("unreachable", "x"), NOW, failing=False) == "shut"
    assert circuit.way(name, NOW + SECOND) == "shut"
    assert [circuit.way(name, NOW + MINUTE), circuit.way(name, NOW + MINUTE)] == ["probe", "shut"]
    assert circuit.way(name, NOW + 4 * MINUTE) == "probe"  # the first one never came back


def test_a_provider_that_says_how_long_is_left_in_peace_as_long(live: World, faulty: FaultyServer) -> None:
    name = provider_of("email")
    assert circuit.note(name, Receipt("busy", "429", wait=600.0), NOW, failing=False) == "shut"
    assert circuit.way(name, NOW + 9 * MINUTE) == "shut"
    assert circuit.way(name, NOW + 11 * MINUTE) == "probe"


def test_trying_now_is_a_persons_action(live: World, faulty: FaultyServer) -> None:
    plan(live, 1)
    circuit.note(provider_of("email"), Receipt("unreachable", "x", wait=3600.0), NOW, failing=False)
    assert send(live, MINUTE) == {}
    try_now(live.by, "email")
    assert send(live, MINUTE) == {"sent": 1}
    with acting_for(live.by.organization_id):
        assert Record.objects.filter(action="outreach.try_provider", actor_id=live.by.user_id).count() == 1


def test_what_is_put_off_again_and_again_fails_with_its_reason(live: World, faulty: FaultyServer) -> None:
    plan(live, 1)
    faulty.heal(Fault("RCPT", "450 4.2.0 greylisted"))
    at, tries = timedelta(), 0
    while tries < MOST_TRIES:
        tries += sum(send(live, at).values())
        at += 10 * MINUTE
    assert states(live) == [("failed", "put_off")]
    assert standing(live, at).state == "working"  # one recipient's server says nothing of ours
    with acting_for(live.by.organization_id):
        assert Activity.objects.get().note == "450 4.2.0 greylisted"


def test_what_cannot_be_tried_again_within_its_hours_fails(live: World, faulty: FaultyServer) -> None:
    plan(live, 1, not_after=NOW + 3 * MINUTE)
    faulty.heal(Fault("RCPT", "450 4.2.0 greylisted"))
    assert send(live) == {"failed": 1}


def test_when_the_hours_end_while_the_queue_waits_for_the_limit_the_rest_stays(
    live: World, faulty: FaultyServer, settings
) -> None:
    settings.LIMITS = "email=2/s"
    closing = NOW + timedelta(seconds=1.2)
    plan(live, 5, not_after=closing)
    counts = send(live)
    assert (
        counts["sent"] in (1, 2, 3) and counts["sent"] + counts["lapsed"] == 5
    )  # the fourth has its turn at 1.5 seconds
    with acting_for(live.by.organization_id):
        assert Activity.objects.filter(state="sent", settled_at__gt=closing + timedelta(seconds=0.3)).count() == 0


def test_the_hours_of_the_law_end_while_the_queue_waits(live: World, faulty: FaultyServer, settings) -> None:
    settings.LIMITS = "email=2/s"
    plan(live, 5)
    evening = datetime(2026, 11, 24, 0, 59, 58, 900_000, tzinfo=UTC)  # 19:59:58.9 in Lima, a Monday
    counts = send_due(live.by.organization_id, evening).counts
    assert counts["sent"] in (2, 3) and counts["sent"] + counts["lapsed"] == 5
    with acting_for(live.by.organization_id):
        last = Activity.objects.filter(state="sent").order_by("-claimed_at")[0]
    assert last.claimed_at < datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


def test_two_senders_share_one_limit(live: World, faulty: FaultyServer) -> None:
    name, limits = provider_of("email"), Limits(per_second=10)
    turns = [circuit.take_turn(name, limits, NOW + n * timedelta(milliseconds=10)) for n in range(30)]
    times = [turn.at for turn in turns if turn.had]
    assert all(later - one >= timedelta(milliseconds=100) for one, later in pairwise(times))
    assert len(times) == 30
    slow = Limits(per_minute=1)
    assert circuit.take_turn("sms", slow, NOW).had
    assert circuit.take_turn("sms", slow, NOW + SECOND) == circuit.Turn(NOW + MINUTE, False)


def test_no_more_than_the_days_limit_leave_in_any_day(live: World, faulty: FaultyServer, settings) -> None:
    settings.LIMITS = "email=3/d"
    plan(live, 5)
    assert send(live) == {"sent": 3}
    seen = standing(live)
    assert (seen.state, seen.used, seen.waiting) == ("full", 3, 2)
    assert send(live, 5 * HOUR) == {}
    assert circuit.way(provider_of("email"), NOW + 23 * HOUR) == "shut"
    assert circuit.take_turn(provider_of("email"), Limits(per_day=3), NOW + 26 * HOUR).had


def test_limits_that_cannot_be_read_let_nothing_out(live: World, faulty: FaultyServer, settings) -> None:
    settings.LIMITS = "email=fast"
    plan(live, 1)
    with pytest.raises(Problem, match="PUNTUAL_LIMITS"):
        send(live)
    assert states(live) == [("queued", "")]


def test_what_vouches_for_unsent_messages_does_not_outlive_a_crash_of_the_database(live: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'outreach_claim'")
        assert cursor.fetchone() == ("u",)
    assert not ProviderHour.objects.exists() and not Provider.objects.filter(failures__gt=0).exists()
