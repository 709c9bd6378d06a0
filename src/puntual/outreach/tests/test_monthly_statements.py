"""Account statements that go out by themselves: when, to whom, once a month, and never as a reminder."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from puntual.audit.actions import Actor
from puntual.daily.run import run_day
from puntual.kernel.problems import Problem
from puntual.organizations.models import Organization
from puntual.outreach.actions import approve, drop_schedule, plan_statements, set_schedule
from puntual.outreach.models import Activity, Mark
from puntual.outreach.monthly_statements import Scope
from puntual.outreach.observe import observe
from puntual.outreach.outbox import send_due
from puntual.outreach.prepare import prepare
from puntual.outreach.surroundings import surroundings
from puntual.outreach.tests.build import World
from puntual.parties.actions import record_consent
from puntual.parties.models import ContactPoint, Customer
from puntual.receivables.actions import hold
from puntual.tenancy.scope import acting_for

DAY = timedelta(days=1)


def _on(world: World, day: date, hour: int = 14) -> Actor:
    now = datetime(day.year, day.month, day.day, hour, 12, tzinfo=UTC)
    return Actor(world.by.organization_id, now, day, world.by.user_id, "x")


def _statements() -> list[str]:
    return list(
        Activity.objects.filter(step="statement").order_by("customer__code").values_list("customer__code", flat=True)
    )


def _owing(world: World, name: str = "Uno", late: int = 1, **fields: object) -> Customer:
    customer = world.customer(name, **fields)
    world.invoice(customer, f"F-{customer.code}", late)
    return customer


@pytest.fixture
def monthly(world: World) -> World:
    """Statements for everybody on the 23rd, which is today."""
    set_schedule(world.by, Scope(), 23)
    return world


def test_it_is_planned_once_a_month(monthly: World) -> None:
    _owing(monthly)
    assert plan_statements(monthly.by) == 1
    found = Activity.objects.get()
    assert (found.step, found.tone, found.state, found.items, found.version_id) == ("statement", "", "queued", [], None)
    assert plan_statements(monthly.by) == 0
    Activity.objects.update(state="sent", settled_at=monthly.by.now)
    for days, planned in ((1, 0), (7, 0), (10, 0), (30, 1)):  # 3 December is before its day, the 23rd is not
        assert plan_statements(_on(monthly, monthly.by.today + days * DAY)) == planned


@pytest.mark.parametrize(
    ("state", "result", "again"),
    [
        ("lapsed", "another_contact", 1),
        ("lapsed", "not_approved", 0),
        ("failed", "refused", 1),
        ("dropped", "dropped", 0),
    ],
)
def test_what_did_not_leave_is_planned_again_this_month_unless_somebody_said_no(
    monthly: World, state: str, result: str, again: int
) -> None:
    _owing(monthly)
    plan_statements(monthly.by)
    Activity.objects.update(state=state, result=result)
    assert plan_statements(_on(monthly, monthly.by.today + DAY)) == again


@pytest.mark.parametrize(("day", "since", "planned"), [(23, 0, 1), (22, 0, 0), (22, -1, 1), (24, 0, 0), (None, 0, 0)])
def test_the_day_of_the_month(world: World, day: int | None, since: int, planned: int) -> None:
    _owing(world)
    set_schedule(_on(world, world.by.today + since * DAY), Scope(), day)
    assert plan_statements(world.by) == planned


def test_the_closest_schedule_decides(monthly: World) -> None:
    _owing(monthly, "Uno")
    two, three = _owing(monthly, "Dos"), _owing(monthly, "Tres")
    set_schedule(monthly.by, Scope(creditor=monthly.creditor), None)
    own = set_schedule(monthly.by, Scope(customer=two), 23)
    set_schedule(monthly.by, Scope(customer=three), 1)
    plan_statements(monthly.by)
    assert _statements() == ["C-0002"]
    drop_schedule(monthly.by, own.pk)
    with pytest.raises(Problem):
        set_schedule(monthly.by, Scope(), 31)


@pytest.mark.parametrize(
    ("what", "planned"),
    [
        ("nothing open", 0),
        ("only not yet due", 1),
        ("paused for a dispute", 1),
        ("placed with an agency", 0),
        ("insolvent", 0),
        ("not to be contacted", 0),
        ("bounced", 0),
        ("withdrawn", 0),
        ("no statements wanted", 0),
        ("said to today", 0),
    ],
)
def test_who_gets_one(monthly: World, what: str, planned: int) -> None:
    customer = monthly.customer("Uno")
    if what != "nothing open":
        monthly.invoice(customer, "F-1", -10 if what == "only not yet due" else 1)
    match what:
        case "paused for a dispute":
            hold(monthly.by, reason="dispute", customer_id=customer.id)
        case "placed with an agency":
            hold(monthly.by, reason="placement", customer_id=customer.id)
        case "insolvent":
            type(customer.party).objects.update(status="insolvent", status_on=monthly.by.today)
        case "not to be contacted":
            Customer.objects.update(handling="none")
        case "bounced":
            ContactPoint.objects.update(bounce="hard")
        case "withdrawn":
            ContactPoint.objects.update(consent="withdrawn")
        case "no statements wanted":
            point = ContactPoint.objects.get()
            record_consent(
                monthly.by, point.id, purpose="statements", granted=False, given_on=monthly.by.today, source="x"
            )
        case "said to today":
            item = monthly.invoice(customer, "F-2", 18)
            monthly.plan(customer, [item])
            Activity.objects.update(state="sent", settled_at=monthly.by.now)
    assert plan_statements(monthly.by) == planned


def test_conduct_counts_it_as_a_contact(monthly: World) -> None:
    """In Colombia one direct contact a week is the law for natural persons, whatever it is about."""
    customer = _owing(monthly, kind="natural", time_zone="America/Bogota", consumer=True)
    type(customer.party).objects.update(country="CO")
    item = monthly.invoice(customer, "F-2", 30)
    monthly.plan(customer, [item])
    Activity.objects.update(state="sent", day=monthly.by.today - DAY, settled_at=monthly.by.now - DAY)
    assert plan_statements(monthly.by) == 0


def test_it_is_no_reminder_and_holds_no_step_up(monthly: World) -> None:
    customer = _owing(monthly, late=10)
    plan_statements(monthly.by)
    Activity.objects.update(state="sent", settled_at=monthly.by.now)
    organization = Organization.objects.get(pk=monthly.by.organization_id)
    for days, last in ((0, monthly.by.today), (1, None)):
        by = _on(monthly, monthly.by.today + days * DAY)
        (facts,) = observe(
            organization.id, by.today, by.now, surroundings(organization, by.today), customers=[customer.id]
        )
        assert (facts.last_contact_on, facts.delivered) == (last, 1 - days)
        assert len(facts.history.contacts) == 1
    assert run_day(_on(monthly, monthly.by.today)).planned == 0  # never on the same day
    assert run_day(_on(monthly, monthly.by.today + DAY)).planned == 1
    assert not Mark.objects.exists()


def test_the_days_own_step_goes_first(monthly: World) -> None:
    _owing(monthly, "Le toca un paso", late=10)
    _owing(monthly, "No le toca", late=1)
    report = run_day(monthly.by)
    assert (report.planned, report.statements) == (1, 1)
    assert _statements() == ["C-0002"]


@pytest.mark.parametrize("late", [1, -10])
@pytest.mark.parametrize("consumer", [False, True])
def test_it_leaves_with_the_statement_attached(committed: World, late: int, consumer: bool) -> None:
    world, org = committed, committed.by.organization_id
    with acting_for(org):
        customer = _owing(world, late=late, kind="natural" if consumer else "legal")
        if late > 0:
            hold(world.by, reason="dispute", customer_id=customer.id)
        set_schedule(world.by, Scope(), 23, approve=True)
        plan_statements(world.by)
        activity = Activity.objects.get()
        assert activity.state == "proposed"
        shown = prepare(Organization.objects.get(pk=org), activity, world.by.now)
        assert shown.wording and shown.books and not shown.asked.amounts
        approve(world.by, activity)
    assert send_due(org, world.by.now).counts == {"sent": 1}
    with acting_for(org):
        sent = Activity.objects.get()
        assert (sent.state, sent.demand, sent.captured) == ("sent", {}, True)
        assert "estado de cuenta" in sent.subject.lower() and "F-C-0001" in sent.body
        from puntual.outreach.models import CapturedMessage

        raw = bytes(CapturedMessage.objects.get().raw)
        assert b"application/pdf" in raw and b"estado-de-cuenta" in raw


def test_what_was_said_meanwhile_keeps_it_back(committed: World) -> None:
    world, org = committed, committed.by.organization_id
    with acting_for(org):
        customer = _owing(world, late=1)
        set_schedule(world.by, Scope(), 23)
        plan_statements(world.by)
        item = world.invoice(customer, "F-9", 18)
        done = world.plan(customer, [item])
        Activity.objects.filter(pk=done.pk).update(state="sent", settled_at=world.by.now)
    assert send_due(org, world.by.now).counts == {"lapsed": 1}
    with acting_for(org):
        assert Activity.objects.get(step="statement").result == "another_contact"


def test_nothing_is_asked_where_nobody_wants_statements(world: World, django_assert_num_queries) -> None:
    _owing(world)
    with django_assert_num_queries(1):
        assert plan_statements(world.by) == 0


def test_paid_meanwhile_nothing_leaves(committed: World) -> None:
    from puntual.payments.actions import record_payment

    world, org = committed, committed.by.organization_id
    with acting_for(org):
        customer = _owing(world)
        set_schedule(world.by, Scope(), 23)
        plan_statements(world.by)
        record_payment(
            world.by,
            customer_id=customer.id,
            reference="r",
            received_on=world.by.today,
            currency="PEN",
            amount=Decimal(4720),
        )
    assert send_due(org, world.by.now).counts == {"lapsed": 1}
