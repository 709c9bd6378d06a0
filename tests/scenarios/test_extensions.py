"""More time, told by the days: within the limits, past them and sent to approval, and the customer's own pay days."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from puntual.agreements import approvals
from puntual.agreements.extensions.actions import extend_many
from puntual.agreements.models import Approval, Extension
from puntual.analytics.queries import aging
from puntual.outreach.models import Activity
from puntual.parties.models import Customer
from puntual.receivables.actions import keep_payment_rules, set_early_terms
from puntual.receivables.models import EarlyDiscount, Hold, Installment, Invoice
from puntual.strategies.allowances import within_for
from tests.scenarios.story import Story

DUE = date(2026, 2, 26)  # a Thursday


def ask_for(story: Story, customer: Customer, invoice: Invoice, to: date, role: str, reason: str = "") -> Extension:
    """What somebody in that role grants or asks for on the story's day."""
    with story.inside():
        item = Installment.objects.get(invoice=invoice)
        asked = {"days": (to - item.due_on).days, "times": 1}
        within = within_for(story.organization.id, customer.id, role, story.day, "extension", "PEN", asked)
    (made,) = extend_many(
        story.by(11), customer.id, [item.id], to, withins={"PEN": within}, reason=reason, asked_by="Rosa"
    )
    return made


def test_within_the_limits_the_manual_starts_afresh_from_the_new_day(story: Story) -> None:
    customer = story.customer("Quenara")
    invoice = story.invoice(customer, "F001-1", DUE, "4720.00")
    story.play(date(2026, 3, 3))
    assert [step for _day, step in story.steps("Quenara")][-1] == "friendly"
    heard = len(story.said)
    ask_for(story, customer, invoice, date(2026, 3, 5), "collector")
    story.day = date(2026, 3, 4)
    story.play(date(2026, 3, 5))
    new = [step for _day, step in story.steps("Quenara")[heard:]]
    assert not new or new == ["due_today"], "until then it is to come, and at most a courtesy"
    with story.inside():
        assert aging(story.organization.id, date(2026, 3, 5)).currencies["PEN"].amounts[1] == Decimal(4720)
    story.day = date(2026, 3, 6)
    story.play(date(2026, 3, 31))
    days = {step: day for day, step in story.steps("Quenara")[heard:]}
    assert days["friendly"] == date(2026, 3, 23), "three weeks after they heard that tone for the first time"


def test_past_the_limits_it_waits_for_an_approval(story: Story) -> None:
    customer = story.customer("Quenara")
    invoice = story.invoice(customer, "F001-1", DUE, "4720.00")
    story.play(date(2026, 3, 10))
    heard = len(story.said)
    story.day = date(2026, 3, 11)
    waiting = ask_for(story, customer, invoice, date(2026, 4, 15), "collector", "Cobra de su cliente en abril")
    assert waiting.state == "awaiting"
    story.play(date(2026, 3, 18))
    assert len(story.said) == heard, "nobody is chased while somebody decides"
    with story.inside():
        hold = Hold.objects.get()
        assert (hold.reason, hold.until_on) == ("extension", date(2026, 3, 18))
        asked = Approval.objects.get()
    manager = story.by(12)
    decided = approvals.decide(
        type(manager)(manager.organization_id, manager.now, manager.today, uuid4(), "Carla"), asked.id,
        approve=True, why="Paga siempre", role="owner",
    )  # fmt: skip
    assert decided.decision == "approved"
    story.day = date(2026, 3, 19)
    story.play(date(2026, 4, 14))
    steps = [step for _day, step in story.steps("Quenara")[heard:]]
    assert set(steps) <= {"courtesy"}, "before the new day it is announced, never chased"
    with story.inside():
        assert aging(story.organization.id, date(2026, 4, 14)).currencies["PEN"].amounts[2] == Decimal(4720)
    story.day = date(2026, 4, 15)
    story.play(date(2026, 4, 25))
    assert "friendly" in [step for _day, step in story.steps("Quenara")[heard:]]
    assert "firm" not in [step for _day, step in story.steps("Quenara")[heard:]][: len(steps) + 1]


def test_a_refusal_lets_the_manual_go_on(story: Story) -> None:
    customer = story.customer("Quenara")
    invoice = story.invoice(customer, "F001-1", DUE, "4720.00")
    story.play(date(2026, 3, 3))
    heard = len(story.said)
    ask_for(story, customer, invoice, date(2026, 4, 15), "collector", "Pide dos meses")
    with story.inside():
        asked = Approval.objects.get()
    approvals.decide(story.by(12), asked.id, approve=False, why="Ya tuvo dos", role="owner")
    story.day = date(2026, 3, 4)
    story.play(date(2026, 3, 16))
    assert [step for _day, step in story.steps("Quenara")[heard:]][:1] == ["firm"]


def test_what_waits_to_leave_does_not_leave_once_more_time_was_given(story: Story) -> None:
    customer = story.customer("Quenara")
    invoice = story.invoice(customer, "F001-1", DUE, "4720.00")
    story.day = date(2026, 3, 2)
    story.plan()
    ask_for(story, customer, invoice, date(2026, 3, 5), "collector")
    with story.inside():
        waiting = Activity.objects.get(step="friendly")
        assert waiting.state in ("queued", "proposed")
    story.day = date(2026, 3, 3)
    story.plan()
    with story.inside():
        waiting.refresh_from_db()
    assert (waiting.state, waiting.result) == ("lapsed", "extended")


@pytest.mark.parametrize(
    ("rules", "first"), [({}, date(2026, 3, 2)), ({"pay_days": [5], "cap_days": 30}, date(2026, 3, 12))]
)
def test_a_customers_own_pay_days_move_the_reminder_and_not_the_age(
    story: Story, rules: dict[str, object], first: date
) -> None:
    customer = story.customer("Quenara")
    invoice = story.invoice(customer, "F001-1", DUE, "4720.00")
    keep_payment_rules(story.by(), customer.id, **rules)
    story.play(date(2026, 3, 14))
    chased = [day for day, step in story.steps("Quenara") if step == "friendly"]
    assert chased[:1] == [first], "on 5 March they pay, and money needs two working days: late from the 10th on"
    with story.inside():
        assert Installment.objects.get(invoice=invoice).due_on == DUE
        assert aging(story.organization.id, story.day).currencies["PEN"].amounts[1] == Decimal(4720)


def test_paid_early_the_discount_is_taken_and_nothing_is_left_to_ask(story: Story) -> None:
    customer = story.customer("Quenara")
    set_early_terms(story.by(), customer.id, percent=Decimal(2), days=10)
    story.invoice(customer, "F001-1", story.day + timedelta(days=30), "1000.00")
    story.pay(customer, "980.00")
    with story.inside():
        assert (EarlyDiscount.objects.get().state, Installment.objects.get().open_amount) == ("taken", 0)
    story.play(story.day + timedelta(days=40))
    assert story.steps("Quenara") == []
