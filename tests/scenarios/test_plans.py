"""Stories of payment plans and settlements, day by day, through the real tables."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from puntual.agreements.actions import agree_plan
from puntual.agreements.models import Plan, PlanPart
from puntual.agreements.plans.actions import Yes
from puntual.agreements.plans.schedule import Wish
from puntual.parties.models import Customer
from puntual.payments.actions import reverse_payment
from puntual.receivables.models import Entry, Installment
from tests.scenarios.story import Story

CALL = Yes("by_phone", "Ana Ruiz", "Call of today")


def items(story: Story) -> dict[str, Installment]:
    with story.inside():
        rows = Installment.objects.filter(organization_id=story.organization.id).select_related("invoice")
        return {item.invoice.number: item for item in rows}


def agree(story: Story, customer: Customer, numbers: list[str], wish: Wish) -> Plan:
    known = items(story)
    ids: list[UUID] = [known[number].id for number in numbers]
    return agree_plan(story.by(11), customer.id, ids, wish, yes=CALL)


def now(story: Story, plan: Plan) -> tuple[str, list[str]]:
    with story.inside():
        parts = PlanPart.objects.filter(organization_id=story.organization.id, plan=plan).order_by("position")
        return Plan.objects.get(id=plan.id).state, [part.state for part in parts]


def open_of(story: Story, *numbers: str) -> list[Decimal]:
    known = items(story)
    return [known[number].open_amount for number in numbers]


def mentions(told: list, number: str) -> bool:
    """Whether anything chased it; a notice of a plan's part demands nothing."""
    return any(number in one.items for one in told)


def test_a_plan_kept_to_the_end(story: Story) -> None:
    """Two late invoices in three parts: nothing of them is chased while it runs, a newer one is; paid, it is over."""
    customer = story.customer("Quenara")
    story.invoice(customer, "F-1", date(2026, 2, 2), "600.00")
    story.invoice(customer, "F-2", date(2026, 2, 16), "300.00")
    (first,) = story.play()
    assert set(first.items) == {"F-1", "F-2"}
    plan = agree(story, customer, ["F-1", "F-2"], Wish(3, date(2026, 3, 20), story.day))
    story.invoice(customer, "F-3", date(2026, 3, 25), "150.00")
    story.day += timedelta(days=1)
    told = []
    for day, amount in ((date(2026, 3, 20), "300.00"), (date(2026, 4, 20), "300.00"), (date(2026, 5, 20), "300.00")):
        told += story.play(day)
        with story.inside():
            assert Plan.objects.get(id=plan.id).state == "active"
        story.pay(customer, amount)
        story.day += timedelta(days=1)
    told += story.play()
    assert now(story, plan) == ("completed", ["paid"] * 3)
    assert not mentions(told, "F-1") and not mentions(told, "F-2")
    assert mentions(told, "F-3"), "what the plan does not cover goes its way"
    assert open_of(story, "F-1", "F-2") == [0, 0]


def test_a_plan_broken_and_settled(story: Story) -> None:
    """One part paid, two missed: chased again at the age it has. Then a settlement that is met, and only then its discount."""
    customer = story.customer("Lonkura")
    story.invoice(customer, "F-1", date(2026, 2, 2), "1000.00")
    story.play()
    plan = agree(story, customer, ["F-1"], Wish(4, date(2026, 3, 9), story.day, rhythm="fortnightly"))
    story.day = date(2026, 3, 9)
    story.pay(customer, "250.00")
    told = story.play(date(2026, 4, 8))
    assert now(story, plan) == ("active", ["paid", "missed", "due", "due"])
    assert not mentions(told, "F-1")
    story.day += timedelta(days=1)
    told = story.play(date(2026, 4, 30))
    assert now(story, plan)[0] == "broken"
    chased = [one for one in told if "F-1" in one.items]
    assert chased and chased[0].demand == {"PEN": "750.00"}
    settled = agree(story, customer, ["F-1"], Wish(1, story.day + timedelta(days=8), story.day, discount=Decimal(150)))
    assert (settled.kind, settled.principal, settled.discount) == ("settlement", 750, 150)
    story.day += timedelta(days=1)
    settled_day = story.day + timedelta(days=6)
    assert not mentions(story.play(settled_day), "F-1")
    story.pay(customer, "599.99")
    story.day = settled_day + timedelta(days=1)
    story.play()
    assert open_of(story, "F-1") == [Decimal("150.01")]
    story.pay(customer, "0.01")
    story.day += timedelta(days=1)
    story.play()
    assert now(story, settled) == ("completed", ["paid"])
    assert open_of(story, "F-1") == [0]
    with story.inside():
        (given,) = Entry.objects.filter(organization_id=story.organization.id, kind="discount")
    assert given.amount == -150


def test_a_settlement_whose_check_bounces_gives_nothing(story: Story) -> None:
    """Met, and the discount given; then the check comes back: the discount is gone with it, and all of it is open again."""
    customer = story.customer("Miralba")
    story.invoice(customer, "F-1", date(2026, 2, 2), "1000.00")
    story.play()
    plan = agree(story, customer, ["F-1"], Wish(1, date(2026, 3, 9), story.day, discount=Decimal(200)))
    paid = story.pay(customer, "800.00")
    story.day += timedelta(days=1)
    story.play()
    assert (now(story, plan)[0], open_of(story, "F-1")) == ("completed", [0])
    story.day += timedelta(days=3)
    reverse_payment(story.by(), paid.id, reason="No funds")
    story.day += timedelta(days=1)
    story.play()
    assert (now(story, plan)[0], open_of(story, "F-1")) == ("active", [1000])
    story.day += timedelta(days=1)
    told = story.play(date(2026, 4, 30))
    assert now(story, plan)[0] == "broken"
    assert mentions(told, "F-1")
