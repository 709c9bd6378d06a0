"""One tax id under several creditors: what its frequency allows is given out among them, in the plan and again when sending."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from conftest import NOW
from puntual.daily.run import run_day
from puntual.daily.why import explain
from puntual.outreach.claiming import claim
from puntual.outreach.models import Activity
from puntual.outreach.outbox import send_due
from puntual.outreach.plan import plan_many
from puntual.outreach.refusals import in_words
from puntual.outreach.tests.build import World
from puntual.parties.models import Creditor, Customer
from puntual.strategies.manual import from_content, to_content
from puntual.strategies.models import Version
from puntual.tenancy.scope import acting_for


def siblings(world: World, count: int = 2, country: str = "UY") -> list[Customer]:
    """One party with an account at several creditors, each with a mailbox and something overdue."""
    made = []
    for number in range(count):
        creditor = Creditor.objects.create(
            organization_id=world.by.organization_id,
            code=f"acreedor-{number}",
            name=f"Acreedor {number}",
            country="PE",
            currency="PEN",
            language="es",
            email=f"cobranzas{number}@acreedor.example",
            invoices_through=world.by.today,
            bank_through=world.by.today,
        )
        world.creditor = creditor
        made.append(world.customer(f"Ferretería {number}"))
        if number:
            made[-1].party = made[0].party
            made[-1].save(update_fields=["party"])
    made[0].party.country = country
    made[0].party.save(update_fields=["country"])
    return made


def _rows(world: World, customers: list[Customer], values: list[int], **changes: object) -> list:
    items = [world.invoice(one, f"F-{number}", 10) for number, one in enumerate(customers)]
    return [
        world.row(one, [item], value=Decimal(value), **changes)
        for one, item, value in zip(customers, items, values, strict=True)
    ]


def _planned(world: World) -> list[str]:
    return sorted(Activity.objects.exclude(state="lapsed").values_list("customer__name", flat=True))


def test_the_more_valuable_one_goes_and_the_rule_is_named(world: World) -> None:
    rows = _rows(world, siblings(world, 3), [5, 90, 7])
    done = plan_many(world.by, rows)
    assert (done.total, done.gave_way) == (1, {"generic-day": 2})
    assert _planned(world) == ["Ferretería 1"]
    assert plan_many(world.by, rows).total == 0


def test_the_law_of_each_country_says_how_many(world: World) -> None:
    done = plan_many(world.by, _rows(world, siblings(world, 3, country="DO"), [5, 90, 7]))
    assert (done.total, done.gave_way) == (3, {})  # five a day per debt there


def _requiring(world: World) -> Version:
    """The manual with a final notice that is never skipped."""
    version = Version.objects.get(pk=world.version)
    manual = from_content(version.content)
    steps = tuple(replace(one, required=True, proof="carta") if one.code == "final" else one for one in manual.steps)
    return Version.objects.create(
        organization_id=world.by.organization_id,
        strategy=version.strategy,
        number=7,
        state="draft",
        content=to_content(replace(manual, steps=steps)),
        created_at=world.by.now,
    )


def test_a_required_notice_goes_before_value_and_before_what_was_planned(world: World) -> None:
    first, second, third = _rows(world, siblings(world, 3), [5, 90, 700])
    plan_many(world.by, [third])
    required = first._replace(version_id=_requiring(world).id, step="final", template="final", tone="final")
    done = plan_many(world.by, [required, second])
    assert done.total == 1
    assert _planned(world) == ["Ferretería 0"]
    lapsed = Activity.objects.get(state="lapsed")
    assert (lapsed.result, lapsed.refusal["rule"]) == ("conduct", "generic-day")
    with translation.override("en"):
        assert in_words(lapsed.refusal) == "Your policy allows 1 contact a day at most."


def test_a_call_back_keeps_its_place(world: World) -> None:
    call, message = _rows(world, siblings(world), [5, 90])
    plan_many(world.by, [call._replace(channel="call", state="to_do")])
    assert plan_many(world.by, [message]).gave_way == {"generic-day": 1}
    yesterday = Activity.objects.get()
    Activity.objects.update(day=world.by.today - timedelta(days=1))
    assert plan_many(world.by, [message]).total == 1, "a call that nobody made yesterday is in nobody's way"
    assert Activity.objects.get(pk=yesterday.pk).state == "to_do"


def test_the_day_run_tells_why_and_the_next_day_the_other_has_its_turn(world: World) -> None:
    customers = siblings(world)
    for number, customer in enumerate(customers):
        world.invoice(customer, f"F-{number}", 10, amount=f"{(number + 1) * 1000}.00")
    rehearsed = run_day(world.by, dry_run=True)
    assert (rehearsed.planned, rehearsed.refusals) == (1, {"generic-day": 1})
    report = run_day(world.by)
    assert (report.planned, report.refusals["generic-day"], report.nothing["conduct"]) == (1, 1, 1)
    explained = explain(world.by, customers[0])
    assert explained.decision.reason == "conduct" and explained.decision.refusal.rule_id == "generic-day"
    tomorrow = world.by.on(world.by.today + timedelta(days=1), world.by.now + timedelta(days=1))
    assert run_day(tomorrow).planned == 1
    assert _planned(world) == ["Ferretería 0", "Ferretería 1"]


def test_a_party_with_one_customer_costs_one_statement(world: World) -> None:
    rows = []
    for number in range(3):
        customer = world.customer(f"Solo {number}")
        rows.append(world.row(customer, [world.invoice(customer, f"F-{number}", 10)]))
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert plan_many(world.by, rows).total == 3
    about = [query["sql"] for query in captured if "shared AS" in query["sql"]]
    assert len(about) == 1 and not any("FOR NO KEY" in query["sql"] for query in captured)


def _queued(world: World, count: int) -> list[Activity]:
    """A message to each of several customers of one party, as if nobody had given them out."""
    with acting_for(world.by.organization_id):
        customers = siblings(world, count)
        planned = [
            world.plan(one, [world.invoice(one, f"F-{number}", 10)], not_before=NOW - timedelta(days=1))
            for number, one in enumerate(customers[:1])
        ]
        for number, one in enumerate(customers[1:], 1):
            item = world.invoice(one, f"F-{number}", 10)
            copy = Activity.objects.get(pk=planned[0].pk)
            copy.pk, copy._state.adding = None, True
            copy.id = Activity._meta.pk.get_default()
            copy.customer, copy.lead_id, copy.items = one, item.id, [item.id]
            copy.save(force_insert=True)
            planned.append(copy)
    return planned


def test_one_message_per_party_is_in_hand_at_a_time(committed: World) -> None:
    first, second = _queued(committed, 2)
    org = committed.by.organization_id
    assert [list(claim(org, NOW, most=2)), claim(org, NOW)] == [[first.pk], {}]
    with acting_for(org):
        Activity.objects.filter(pk=first.pk).update(state="sent", settled_at=NOW)
    assert list(claim(org, NOW)) == [second.pk]


@pytest.mark.parametrize("seconds_behind", [0, 3600])
def test_two_senders_at_once_never_both_pass_the_gate(committed: World, seconds_behind: int) -> None:
    """Real connections, several rounds; one of the senders may have a clock that is behind."""
    org = committed.by.organization_id
    _queued(committed, 4)
    gate = Barrier(2)

    def sender(number: int) -> dict[str, int]:
        try:
            gate.wait(10)
            counts: dict[str, int] = {}
            for _ in range(40):  # a round is in vain while the other sender has the party's message in hand
                now = NOW + timedelta(hours=3) - timedelta(seconds=seconds_behind * number)
                for state, count in send_due(org, now, limit=1).counts.items():
                    counts[state] = counts.get(state, 0) + count
                with acting_for(org):
                    if not Activity.objects.filter(state="queued").exists():
                        break
            return counts
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(sender, range(2)))
    with acting_for(org):
        states = sorted(Activity.objects.values_list("state", flat=True))
        refused = [one.refusal["rule"] for one in Activity.objects.filter(state="lapsed")]
    assert states.count("sent") == 1, results
    assert set(refused) <= {"generic-day"} and states.count("lapsed") == 3
