"""What is asked for when a message leaves is what the day run decided on, as long as nothing happened in between."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings

from puntual.outreach.demand import asked_now
from puntual.strategies.decide import decide
from puntual.strategies.facts import CustomerFacts
from puntual.strategies.manual import Manual
from puntual.strategies.outcomes import INTERNAL, Do
from puntual.strategies.tests.build import DAY, facts, item
from puntual.strategies.tests.test_properties import RULES, cases


@settings(max_examples=300, deadline=None)
@given(cases())
def test_the_sender_asks_for_what_was_decided(case: tuple[CustomerFacts, Manual]) -> None:
    known, manual = case
    decided = decide(known, manual, DAY, RULES)
    if not isinstance(decided, Do) or decided.channel == INTERNAL:
        return
    asked = asked_now(known, DAY, decided.lead.id, {key for key, _ in decided.items})
    assert asked.stop == ""
    assert asked.amounts == decided.demand
    assert next(one.id for one, _ in asked.lines) == decided.lead.id
    assert {one.id for one, _ in asked.lines} == {key for key, _ in decided.items}
    assert not {one.id for one, _ in asked.lines} & {one.id for one in (*asked.to_come, *asked.held)}


@settings(max_examples=200, deadline=None)
@given(cases())
def test_whatever_the_facts_nothing_held_or_settled_is_asked_for(case: tuple[CustomerFacts, Manual]) -> None:
    known, _ = case
    for lead in known.items:
        asked = asked_now(known, DAY, lead.id, {lead.id})
        for one, amount in asked.lines:
            assert 0 < amount <= one.askable and one.ours and not one.time_barred
            assert not (one.hold_pre_due if one.due_on >= DAY else one.hold)
        for currency, amount in asked.amounts.items():
            assert amount == sum(left for one, left in asked.lines if one.currency == currency)
        assert bool(asked.lines) != bool(asked.stop)


OLD, NEW = item(20, "100"), item(5, "50")


@pytest.mark.parametrize(
    ("known", "stop"),
    [
        (facts(OLD, NEW), ""),
        (facts(NEW), "settled"),  # the lead was paid
        (facts(OLD, NEW, credits={"PEN": Decimal(100)}), "settled"),  # a credit covers it
        (facts(OLD, NEW, credits={"PEN": Decimal(99)}), ""),
        (facts(OLD, NEW, credits={"USD": Decimal(500)}), ""),  # another currency's money
        (facts(OLD._replace(hold="dispute"), NEW), "held"),
        (facts(OLD, NEW, hold="promise"), "held"),
        (facts(OLD, NEW, party_status="deceased"), "stopped"),
        (facts(OLD, NEW, handling="none"), "stopped"),
        (facts(OLD._replace(ours=False), NEW), "settled"),
    ],
)
def test_when_a_message_stops(known: CustomerFacts, stop: str) -> None:
    assert asked_now(known, DAY, OLD.id).stop == stop


def test_a_notice_before_the_due_date_asks_for_nothing_overdue() -> None:
    coming = item(-3, "70")
    known = facts(OLD, coming)
    asked = asked_now(known, DAY, coming.id, {coming.id})
    assert [one.id for one, _ in asked.lines] == [coming.id]
    assert asked_now(replace(known, hold_pre_due=True), DAY, coming.id, {coming.id}).stop == "held"
    assert asked_now(known, DAY + timedelta(days=4), coming.id, {coming.id}).amounts == {"PEN": Decimal(170)}
