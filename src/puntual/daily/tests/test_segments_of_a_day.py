"""A day with segments: the step for some only reaches them, each follows its segment's manual, and `why` says so."""

from dataclasses import replace
from decimal import Decimal

import pytest

from conftest import TODAY, Cast
from puntual.daily.run import run_day
from puntual.daily.why import explain
from puntual.outreach.models import Activity
from puntual.outreach.tests.build import World, make_world
from puntual.strategies.actions import activate, assign, import_draft
from puntual.strategies.builtin import builtin
from puntual.strategies.manual import to_toml
from puntual.strategies.models import FiguresRead, StoredSegment
from puntual.strategies.outcomes import Do
from puntual.strategies.queries import Scope
from puntual.strategies.segment_actions import store_segment
from puntual.strategies.segments import Condition, Segment

LARGE = Segment("large", "Large", (Condition("overdue", "at_least", {"PEN": Decimal(1000)}),))
VIP = Segment("vip", "VIP", (Condition("tags", "has", ("vip",)),))


@pytest.fixture
def world(acting: Cast) -> World:
    """Everybody hears of an invoice five days before; the large ones (by what is overdue) a second word of it."""
    world = make_world(acting.actor())
    store_segment(world.by, LARGE)
    store_segment(world.by, VIP)
    usual = builtin("es")
    early = next(step for step in usual.steps if step.day < 0)
    steps = tuple(replace(step, segments=("large",)) if step is early else step for step in usual.steps)
    activated = activate(world.by, import_draft(world.by, to_toml(replace(usual, steps=steps))))
    assign(world.by, activated.strategy)
    return world


def planned(customer) -> Activity | None:
    return Activity.objects.filter(customer=customer).first()


def test_a_limited_step_reaches_its_segment_alone(world: World) -> None:
    small, large = world.customer("Ana"), world.customer("Beto")
    for customer, number in ((small, "1"), (large, "2")):
        world.invoice(customer, number, -5, "100.00")
    old = world.invoice(large, "3", 40, "1200.00")
    with_credit = world.customer("Carla")
    world.invoice(with_credit, "4", -5, "100.00")
    run_day(world.by)
    assert planned(small) is None and planned(with_credit) is None
    assert planned(large).lead_id == old.id  # what is overdue comes before what is to come
    explained = explain(world.by, small)
    assert not isinstance(explained.decision, Do) and not explained.segments
    assert explain(world.by, large).segments == {"large": "Large"}


def test_each_follows_the_manual_of_its_segment(world: World) -> None:
    ana, beto = world.customer("Ana", tags=["vip"]), world.customer("Beto")
    for customer, number in ((ana, "1"), (beto, "2")):
        world.invoice(customer, number, 40, "100.00")
    other = activate(world.by, import_draft(world.by, to_toml(builtin("en"))))
    assign(world.by, other.strategy, segment=StoredSegment.objects.get(code="vip"))
    told = explain(world.by, ana)
    assert (told.follows.scope, told.follows.segment, told.follows.name) == (Scope.SEGMENT, "VIP", builtin("en").name)
    assert "VIP" in told.followed and builtin("en").name in told.followed
    assert explain(world.by, beto).follows.scope is Scope.ORGANIZATION
    dry = run_day(world.by, dry_run=True)
    assert {customer for customer, _do in dry.decisions} == {str(ana.id), str(beto.id)}
    run_day(world.by)
    assert planned(ana).version_id == other.id and planned(beto).version_id != other.id
    assert FiguresRead.objects.get().day == TODAY


def test_somebody_who_owes_nothing_is_told_its_manual_too(world: World) -> None:
    told = explain(world.by, world.customer("Ana", tags=["vip"]))
    assert told.facts is None and told.segments == {"vip": "VIP"} and told.follows.scope is Scope.ORGANIZATION
