"""Targets of a month: what counts for whom, and what is refused."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from conftest import NOW, TODAY, Cast
from puntual.agreements.models import Promise
from puntual.agreements.promises.actions import promise
from puntual.analytics.targets.actions import set_targets
from puntual.analytics.targets.models import Target
from puntual.analytics.targets.progress import Progress, progress_of
from puntual.kernel.problems import Problem
from puntual.outreach.actions import record_result
from puntual.outreach.tests.build import World
from puntual.outreach.tests.conftest import world as world
from puntual.parties.models import Customer
from puntual.payments.actions import record_payment

FIRST, AFTER = date(2026, 11, 1), date(2026, 12, 1)
BEGINS, ENDS = NOW - timedelta(days=20), NOW + timedelta(days=5)


def _progress(cast: Cast) -> Progress:
    return progress_of(cast.id, FIRST, AFTER, BEGINS, ENDS).get(cast.owner.id) or Progress()


def test_money_and_promises_are_the_owners_and_conversations_whose_they_were(world: World, acting: Cast) -> None:
    mine, other = world.customer("Ana"), world.customer("Beto")
    Customer.objects.filter(pk=mine.pk).update(owner=acting.owner)
    items = [world.invoice(one, f"F-{one.name}", 40, "1000.00") for one in (mine, other)]
    for one, day in ((mine, TODAY), (mine, FIRST - timedelta(days=1)), (other, TODAY)):
        record_payment(
            world.by,
            customer_id=one.id,
            reference=f"{one.name} {day}",
            received_on=day,
            currency="PEN",
            amount=Decimal(300),
        )
    for one, item, result in ((mine, items[0], "reached_other"), (other, items[1], "no_answer")):
        call = world.plan(one, [item], channel="call", state="to_do", step="call")
        record_result(world.by, call, result)
    promise(world.by, mine.id, currency="PEN", promised_for=TODAY + timedelta(days=2), amount=Decimal(100))
    assert _progress(acting).judged == 0
    Promise.objects.update(state="kept", ended_on=TODAY)
    found = _progress(acting)
    assert found.collected == {"PEN": Decimal(300)}
    assert (found.contacts, found.kept, found.judged, found.kept_share) == (1, 1, 1, 100)


def test_targets_take_the_place_of_what_stood(acting: Cast) -> None:
    by, owner = acting.actor(), acting.owner.id
    set_targets(by, owner, TODAY, collected={"PEN": Decimal(5000), "USD": Decimal(100)}, contacts=50, kept=80)
    assert _progress(acting).goals == {
        ("collected", "PEN"): 5000, ("collected", "USD"): 100, ("contacts", ""): 50, ("kept", ""): 80,
    }  # fmt: skip
    set_targets(by, owner, TODAY, collected={}, contacts=60)
    assert _progress(acting).goals == {("contacts", ""): 60}
    assert not progress_of(acting.id, AFTER, date(2027, 1, 1), ENDS, ENDS)


@pytest.mark.parametrize("given", [{"contacts": 0}, {"kept": 101}, {"collected": {"PEN": Decimal(-1)}}])
def test_what_is_no_target(acting: Cast, given: dict[str, object]) -> None:
    with pytest.raises(Problem, match="above zero"):
        set_targets(acting.actor(), acting.owner.id, TODAY, **{"collected": {}, **given})  # type: ignore[arg-type]
    with pytest.raises(Problem, match="no longer a member"):
        set_targets(acting.actor(), acting.outsider.id, TODAY, collected={}, contacts=1)
    assert not Target.objects.exists()
