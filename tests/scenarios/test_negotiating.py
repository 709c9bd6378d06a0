"""A talk and what comes of it, told by the days: a finding, what the situation allows, an exception decided, and the report."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from puntual.agreements import approvals
from puntual.agreements.actions import agree_plan, record_finding
from puntual.agreements.models import Approval, Plan
from puntual.agreements.plans.agreeing import asked as asked_of
from puntual.agreements.plans.schedule import Wish, work_out
from puntual.analytics.fairness import given, tallies
from puntual.analytics.queries import DEFAULT
from puntual.kernel.calendars import BusinessCalendar
from puntual.kernel.problems import Problem
from puntual.parties.models import Customer
from puntual.receivables.models import Installment
from puntual.strategies.allowances import allowances, within_for
from puntual.strategies.negotiation import options
from puntual.strategies.segment_actions import store_segment
from puntual.strategies.segment_queries import memberships_now
from puntual.strategies.segments import Condition, Segment
from tests.scenarios.story import Story

DUE = date(2026, 2, 26)  # a Thursday


def ask_for(story: Story, customer: Customer, parts: int, role: str, reason: str = "") -> Plan:
    """A plan in so many monthly parts with half at once, agreed or asked for by somebody in that role."""
    with story.inside():
        (item,) = Installment.objects.filter(customer=customer)
        wish = Wish(parts - 1, story.day.replace(day=28), story.day, down_percent=Decimal(50))
        asked = asked_of(work_out(item.open_amount, "PEN", wish, BusinessCalendar("PE")))
        within = within_for(story.organization.id, customer.id, role, story.day, "plan", "PEN", asked)
    return agree_plan(story.by(11), customer.id, [item.id], wish, within=within, reason=reason)


def test_the_same_for_both_and_the_exception_told(story: Story) -> None:
    store_segment(story.by(), Segment("short", "Sin liquidez", (Condition("able", "is", False),)))
    ana, zoe = story.customer("Ana"), story.customer("Zoe")
    for number, customer in enumerate((ana, zoe), 1):
        story.invoice(customer, f"F001-{number}", DUE, "4720.00")
    story.day = date(2026, 3, 20)
    record_finding(
        story.by(10), ana.id, willing=True, able=False, reason="late_income", evidence="Su cliente le paga en mayo."
    )
    with story.inside():
        org = story.organization.id
        assert memberships_now(org, [ana.id, zoe.id], story.day) == {ana.id: {"short"}, zoe.id: set()}
        mine = allowances(org, ana.id, "collector", story.day)
        assert mine == allowances(org, zoe.id, "collector", story.day), "in the same situation, whoever it is"
    ranked = [one.within.allowance.offer if one.within else one.kind for one in options("wants_but_cannot", mine)]
    assert ranked[:3] == ["promise", "plan_short", "plan"]

    plain = ask_for(story, zoe, 2, "collector")
    with pytest.raises(Problem, match="Say why"):
        ask_for(story, ana, 5, "manager")
    wanted = ask_for(story, ana, 5, "manager", "Su cliente le paga en mayo.")
    assert (plain.state, plain.offer, wanted.state) == ("offered", "plan_short", "awaiting")
    with story.inside():
        waiting = Approval.objects.get(subject_id=wanted.id)
    assert waiting.needs_role == "owner"

    story.day = date(2026, 3, 23)
    other = replace(story.by(9), user_id=uuid4(), name="Bea")
    with pytest.raises(Problem):
        approvals.decide(other, waiting.id, approve=True, why="Sí.", role="manager")
    approvals.decide(other, waiting.id, approve=True, why="Siempre cumplió.", role="owner")
    with story.inside():
        assert Plan.objects.get(pk=wanted.id).state == "offered"
        found = given(story.organization.id, date(2026, 3, 1), story.day, "America/Lima")
    told = {one.name: one for one in found}
    assert told["Ana"].exception and told["Ana"].exception.reason == "Su cliente le paga en mayo."
    assert (told["Ana"].exception.decided_by, told["Ana"].exception.why) == ("Bea", "Siempre cumplió.")
    ((_cell, tally),) = tallies(found, {}, DEFAULT).items()
    assert (tally.given, tally.exceptions, tally.ranges["parts"]) == (2, 1, (2, 2))
