"""Segments on random portfolios: one definition, told by SQL and by Python, from figures worked out twice."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

import pytest
from django.db import connection

from conftest import TODAY, Cast
from puntual.agreements.models import Promise
from puntual.kernel.problems import Problem
from puntual.organizations.tolerances import tolerances
from puntual.outreach.observe import observe
from puntual.outreach.surroundings import surroundings
from puntual.outreach.tests.build import World, make_world
from puntual.parties.models import Creditor
from puntual.payments.actions import record_payment
from puntual.receivables.actions import issue_credit_note
from puntual.receivables.holds import hold
from puntual.receivables.models import Installment
from puntual.strategies.facts import CustomerFacts
from puntual.strategies.figures import fresh_figures, refresh_figures
from puntual.strategies.models import CustomerFigures
from puntual.strategies.segment_actions import store_segment
from puntual.strategies.segment_queries import count, examples, figures_of, memberships
from puntual.strategies.segments import FIELDS, OPERATORS, Condition, Figures, Kind, Segment, segments_of
from puntual.tenancy.scope import acting_for

TAGS = ("vip", "school", "north")


def portfolio(world: World, random: Random) -> None:
    """Customers of every kind, with what they owe, paid, had credited and held."""
    other = Creditor.objects.create(
        organization_id=world.by.organization_id,
        code="other",
        name="Otra S.A.C.",
        country="PE",
        currency="PEN",
        language="es",
        invoices_through=TODAY,
        bank_through=TODAY,
    )
    first = world.creditor
    for number in range(24):
        world.creditor = random.choice([first, other])
        customer = world.customer(
            f"Cliente {number}",
            kind=random.choice(["legal", "natural"]),
            language=random.choice(["es", "es-PE", "pt-BR"]),
            consumer=random.random() < 0.3,
            handling=random.choice(["automatic", "automatic", "approve"]),
            tags=random.sample(TAGS, random.randint(0, 2)),
            created_on=TODAY - timedelta(days=random.randint(0, 700)),
        )
        for item in range(random.randint(0, 5)):
            amount = random.choice(["0.40", "50.00", "400.00", "4720.00"])
            currency = random.choice(["PEN", "PEN", "USD"])
            found = world.invoice(customer, f"{number}-{item}", random.randint(-20, 150), amount, currency)
            something_happens(world, random, found, f"{number}-{item}")


def something_happens(world: World, random: Random, item: Installment, name: str) -> None:
    by, customer = world.by, item.customer_id
    match random.randint(0, 8):
        case 0 | 1 | 2:
            paid = min(item.due_on + timedelta(days=random.randint(-10, 40)), TODAY)
            paid = max(paid, item.due_on - timedelta(days=25))
            part = random.choice([Decimal(1), Decimal(1), Decimal("0.5"), Decimal("1.3")])
            if paid <= TODAY:
                record_payment(
                    by,
                    customer_id=customer,
                    reference=name,
                    received_on=paid,
                    currency=item.currency,
                    amount=max(item.amount * part, Decimal("0.01")).quantize(Decimal("0.01")),
                )
        case 3:
            hold(by, reason="dispute", installment_id=item.id, amount=item.amount / 2 if item.amount > 1 else None)
        case 4:
            hold(by, reason="dispute", invoice_id=item.invoice_id)
        case 5:
            hold(by, reason="person", customer_id=customer, until_on=TODAY + timedelta(days=random.randint(0, 3)))
        case 7:
            promised(world, random, item)
        case 6:
            issue_credit_note(
                by, customer_id=customer, number=name, issued_on=TODAY, currency=item.currency, amount=Decimal(410)
            )


def promised(world: World, random: Random, item: Installment) -> None:
    """A promise that was judged, lately or long ago."""
    day = TODAY - timedelta(days=random.choice([3, 179, 180, 300]))
    Promise.objects.create(
        organization_id=world.by.organization_id,
        creditor_id=item.creditor_id,
        customer_id=item.customer_id,
        currency=item.currency,
        amount=item.amount,
        promised_for=day,
        made_on=day,
        state=random.choice(["kept", "partly_kept", "broken", "withdrawn"]),
        valued_on=TODAY,
        ended_on=TODAY,
        recorded_at=world.by.now,
        recorded_by="Owner",
    )


def naive_days(facts: CustomerFacts, tolerance: dict[str, Decimal]) -> int:
    """Days of the oldest item that may be asked for, the slow way."""
    left = dict(facts.credits)
    for item in facts.items:
        if facts.hold or item.due_on >= TODAY or not item.ours or item.hold:
            continue
        used = min(left.get(item.currency, Decimal(0)), item.askable)
        left[item.currency] = left.get(item.currency, Decimal(0)) - used
        if item.askable - used > tolerance[item.currency]:
            return (TODAY - item.due_on).days
    return 0


def random_condition(random: Random, known: list[Figures]) -> Condition:
    """A condition near what some customer's figures are, so that it tells customers apart."""
    name = random.choice(list(FIELDS))
    kind = FIELDS[name].kind
    operator = random.choice(OPERATORS[kind])
    one = getattr(random.choice(known), name)
    if kind is Kind.AMOUNT:
        amounts = {currency: random.choice([amount, amount + 1]) for currency, amount in one.items()}
        return Condition(name, operator, amounts or {"PEN": Decimal(100)})
    if kind is Kind.NUMBER:
        near = (one or 0) + random.randint(-1, 1)
        return Condition(name, operator, min(max(near, FIELDS[name].low), FIELDS[name].high))
    if kind is Kind.FLAG:
        return Condition(name, operator, bool(one))
    return Condition(name, operator, tuple(one) or ("vip",) if kind is Kind.TAGS else (one or FIELDS[name].choices[0],))


@pytest.mark.parametrize("seed", range(4))
def test_sql_and_python_tell_the_same(acting: Cast, seed: int) -> None:
    random = Random(seed)
    world = make_world(acting.actor())
    portfolio(world, random)
    by, org = world.by, acting.id
    ids = [customer.id for customer in world.customers]
    assert refresh_figures(by) == len(ids)
    figures = figures_of(org, ids, TODAY)
    assert figures == figures_of(org, ids, TODAY, kept=True) and set(figures) == set(ids)

    segments = []
    for number in range(40):
        conditions = tuple(random_condition(random, list(figures.values())) for _ in range(random.choice([1, 1, 2])))
        segments.append(store_segment(by, Segment(f"s{number}", f"S {number}", conditions)))
    wanted = {pk: segments_of(segments, one) for pk, one in figures.items()}
    assert memberships(org, ids) == wanted
    sizes = []
    for segment in segments:
        among = {pk for pk in ids if segment.code in wanted[pk]}
        sizes.append(len(among))
        assert count(org, segment, TODAY) == len(among)
        assert {one.id for one in examples(org, segment, TODAY, limit=100)} == among
    assert sum(0 < size < len(ids) for size in sizes) > 15  # they do tell customers apart

    around = surroundings(acting.organization, TODAY)
    tolerance = tolerances(org, ["PEN", "USD"])
    for options in ({"kept_figures": True}, {}, {"customers": ids}):
        seen = 0
        for facts in observe(org, TODAY, by.now, around, **options):
            seen += 1
            pk = UUID(facts.customer_id)
            assert facts.segments == wanted[pk], options
            assert figures[pk].days_overdue == naive_days(facts, tolerance)
        assert seen > 10


def test_figures_are_written_where_they_differ(acting: Cast) -> None:
    world = make_world(acting.actor())
    a, b = world.customer("Ana"), world.customer("Beto")
    late = world.invoice(a, "1", 30, "100.00")
    world.invoice(b, "2", -5, "100.00")
    assert refresh_figures(world.by) == 2
    assert refresh_figures(world.by) == 0
    record_payment(world.by, customer_id=a.id, reference="p", received_on=TODAY, currency="PEN", amount=late.amount)
    assert refresh_figures(world.by) == 1
    row = CustomerFigures.objects.get(organization_id=acting.id, id=a.id)
    assert (row.overdue_amounts, row.overdue_since, row.usual_delay, row.paid_late) == ({}, None, 30, 100)
    # Days go by without a row being written: dates are kept, not days.
    assert refresh_figures(acting.actor(TODAY + timedelta(days=3))) == 0
    assert refresh_figures(acting.actor(TODAY + timedelta(days=6))) == 1  # what was to come is overdue


def test_they_are_brought_up_to_date_when_something_was_done(acting: Cast) -> None:
    world = make_world(acting.actor())
    customer = world.customer("Ana")
    later = world.by.now + timedelta(minutes=1)
    fresh_figures(world.by.on(TODAY, later))
    overdue = Segment("late", "Late", (Condition("days_overdue", "at_least", 1),))
    assert count(acting.id, overdue, TODAY) == 0
    world.by = world.by.on(TODAY, later + timedelta(minutes=1))
    world.invoice(customer, "1", 30)
    fresh_figures(world.by.on(TODAY, later + timedelta(minutes=2)))
    assert count(acting.id, overdue, TODAY) == 1


def test_a_past_day_is_told_from_what_was_open_then(acting: Cast) -> None:
    world = make_world(acting.actor())
    customer = world.customer("Ana")
    item = world.invoice(customer, "1", 30, "100.00")
    record_payment(
        world.by, customer_id=customer.id, reference="p", received_on=TODAY, currency="PEN", amount=item.amount
    )
    store_segment(world.by, Segment("late", "Late", (Condition("overdue", "at_least", {"PEN": Decimal(100)}),)))
    before: date = TODAY - timedelta(days=5)
    around = surroundings(acting.organization, before)
    (then,) = observe(acting.id, before, world.by.now - timedelta(days=5), around)
    assert then.segments == {"late"}
    assert not list(observe(acting.id, TODAY, world.by.now, around))


def test_without_segments_nothing_is_asked(acting: Cast) -> None:
    world = make_world(acting.actor())
    world.invoice(world.customer("Ana"), "1", 30)
    (facts,) = observe(acting.id, TODAY, world.by.now, surroundings(acting.organization, TODAY))
    assert facts.segments == frozenset()


def test_the_row_of_another_organization_is_never_read(cast: Cast) -> None:
    with acting_for(cast.id):
        world = make_world(cast.actor())
        world.invoice(world.customer("Ana"), "1", 30)
        refresh_figures(world.by)
    with acting_for(cast.other_organization.id), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM strategies_customerfigures")
        assert cursor.fetchone()[0] == 0
        with pytest.raises(Problem):
            store_segment(cast.actor(), Segment("Wrong code", "x"))
