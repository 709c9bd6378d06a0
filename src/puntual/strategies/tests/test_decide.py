"""One decision at a time: which step, which reason, in tables."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from puntual.conduct.gate import Contact, ContactHistory, Subject
from puntual.conduct.packs import packs
from puntual.strategies.decide import decide
from puntual.strategies.facts import Mark, UnderWay
from puntual.strategies.manual import Manual, Step, check
from puntual.strategies.outcomes import Do, Nothing, Reason
from puntual.strategies.tests.build import DAY, MANUAL, facts, item, outcome, rules

LONG_AGO = DAY - timedelta(days=200)


@pytest.mark.parametrize(
    ("late", "had", "step", "why"),
    [
        (-6, (), None, "nothing_overdue"),
        (-5, (), "courtesy", "before_due"),
        (-2, (), "courtesy", "before_due"),
        (-2, ("courtesy",), None, "nothing_overdue"),
        (0, (), "due_today", "due_today"),
        (0, ("courtesy",), "due_today", "due_today"),
        (0, ("due_today",), None, "nothing_overdue"),
        (1, (), None, "next_step"),
        (2, ("courtesy", "due_today"), None, "next_step"),
        (3, (), "friendly", "entry"),
        (3, ("due_today",), "friendly", "step_due"),
        (14, ("friendly",), None, "next_step"),
        (15, ("friendly",), "firm", "step_due"),
        (15, ("due_today",), "friendly", "next_tone"),
        (22, ("friendly",), "call", "step_due"),
        (22, ("friendly", "firm"), "call", "step_due"),
        (34, ("friendly", "firm", "call"), None, "next_step"),
        (35, ("friendly", "firm", "call"), "formal", "step_due"),
        (35, ("friendly", "call"), "formal", "step_due"),
        (59, ("friendly", "call"), "formal", "step_due"),
        (60, ("friendly", "call"), "formal", "next_tone"),
        (60, ("friendly", "firm", "formal"), "final", "step_due"),
        (74, ("friendly", "firm", "formal", "final"), None, "next_step"),
        (75, ("friendly", "firm", "formal", "final"), "decision", "decision"),
        (75, ("friendly", "firm", "formal"), "final", "step_due"),
        (400, (), "friendly", "entry"),
        (400, ("friendly",), "call", "next_tone"),
        (400, ("friendly", "call"), "formal", "next_tone"),
        (400, ("friendly", "call", "formal"), "final", "step_due"),
        (400, ("friendly", "call", "formal", "final"), "decision", "decision"),
        (400, ("friendly", "call", "formal", "final", "decision"), None, "ended"),
    ],
)
def test_which_step(late: int, had: tuple[str, ...], step: str | None, why: str) -> None:
    found = outcome(item(late, "100", *had))
    assert (found.step if isinstance(found, Do) else None, found.why.code) == (step, why)


def test_a_due_date_on_a_holiday_is_chased_from_the_next_business_day() -> None:
    saturday = item(3)._replace(chase_from=DAY + timedelta(days=1))
    assert outcome(saturday).why.code == "nothing_open"
    assert outcome(saturday._replace(chase_from=DAY)).why.code == "entry"


def test_steps_of_another_manual_count_by_their_tone() -> None:
    heard = item(40)._replace(marks=(Mark("aviso-2", "firm"),))
    found = outcome(heard)
    assert isinstance(found, Do) and found.step == "call"  # formal asks for two, and only one is known
    assert outcome(heard, delivered=2).step == "formal"


REASONS = [
    ({"party_status": "insolvent"}, Reason.HARD_STOP, "party_status"),
    ({"handling": "none"}, Reason.HARD_STOP, "handling_none"),
    ({"hold": "dispute", "hold_until": DAY}, Reason.HELD, "customer_held"),
    ({"credits": {"PEN": Decimal(999)}}, Reason.NOTHING_DEMANDED, "credit_to_apply"),
    ({"under_way": UnderWay("proposed", DAY, "friendly")}, Reason.NO_STEP_DUE, "under_way"),
    ({"under_way": UnderWay("unknown", DAY, "friendly")}, Reason.NO_STEP_DUE, "unknown"),
    ({"last_contact_on": DAY - timedelta(days=2)}, Reason.RESTING, "minimum_gap"),
    ({"tone_last_on": {"friendly": DAY - timedelta(days=20)}}, Reason.RESTING, "tone_rest"),
    ({"rest_until": DAY + timedelta(days=1)}, Reason.RESTING, "after_payment"),
]


@pytest.mark.parametrize(("first", "reason", "why"), REASONS)
def test_each_reason_and_its_order(first: dict[str, object], reason: Reason, why: str) -> None:
    """Every reason wins over all that come later in the list."""
    later: dict[str, object] = {"reachable": frozenset(), "unusable": {"email": "bounced"}}
    for values, other, _ in reversed(REASONS):
        if list(Reason).index(other) > list(Reason).index(reason):
            later |= values
    had = (Mark("find_contact", ""), Mark("credit_to_apply", ""))
    found = outcome(item(10)._replace(marks=had), **{**later, **first})
    assert isinstance(found, Nothing)
    assert (found.reason, found.why.code) == (reason, why)


def test_rests_end_when_they_say() -> None:
    for values in (
        {"last_contact_on": DAY - timedelta(days=3)},
        {"tone_last_on": {"friendly": DAY - timedelta(days=21)}},
        {"rest_until": DAY},
    ):
        assert isinstance(outcome(item(10), **values), Do)
    found = outcome(item(10), last_contact_on=DAY)
    assert isinstance(found, Nothing) and found.again_on == DAY + timedelta(days=3)


def test_a_step_asks_for_its_own_gap() -> None:
    found = outcome(item(20, "100", "friendly"), last_contact_on=DAY - timedelta(days=6))
    assert isinstance(found, Nothing) and found.again_on == DAY + timedelta(days=1)  # firm wants seven days


def test_a_tone_rests_for_the_customer_not_for_the_item_that_heard_it() -> None:
    spoken = {"tone_last_on": {"firm": DAY - timedelta(days=7)}, "last_contact_on": DAY - timedelta(days=7)}
    assert outcome(item(22, "100", "friendly", "firm"), **spoken).step == "call"
    assert outcome(item(22, "100", "friendly"), **spoken).why.code == "tone_rest"


def test_claims_that_are_not_ours_stop_only_themselves() -> None:
    factored, barred, ours = item(30, ours=False), item(29, time_barred=True), item(10)
    assert outcome(factored).why.code == "not_ours"
    assert outcome(barred).why.code == "time_barred"
    found = outcome(factored, barred, ours)
    assert isinstance(found, Do) and found.lead == ours and found.demand == {"PEN": Decimal(100)}


def test_a_held_item_is_left_out_and_holds_where_it_is_all() -> None:
    held = item(30, hold="dispute", hold_until=DAY)
    found = outcome(held)
    assert isinstance(found, Nothing) and (found.reason, found.why.code) == (Reason.HELD, "item_held")
    assert found.again_on == DAY + timedelta(days=1)
    assert outcome(held, item(10)).lead.id == "10"


def test_a_residue_never_leads_but_rides_along() -> None:
    residue, fresh = item(200, "0.40"), item(3)
    assert outcome(residue).why.code == "below_tolerance"
    found = outcome(residue, fresh)
    assert isinstance(found, Do)
    assert (found.step, found.days, found.demand) == ("friendly", 3, {"PEN": Decimal("100.40")})
    assert found.items == (("3", "friendly"), ("200", "friendly"))
    assert outcome(residue, item(-4)).step == "courtesy"


def test_credits_are_set_against_the_oldest_of_their_currency() -> None:
    found = outcome(item(50), item(20), item(16, "70", currency="USD"), credits={"PEN": Decimal(120)})
    assert isinstance(found, Do)
    assert (found.lead.id, found.days) == ("20", 20)
    assert found.demand == {"PEN": Decimal(80), "USD": Decimal(70)}


def test_a_credit_that_covers_everything_is_to_be_applied() -> None:
    found = outcome(item(50), credits={"PEN": Decimal(100)})
    assert isinstance(found, Do)
    assert (found.step, found.channel, found.items) == ("credit_to_apply", "internal", (("50", "credit_to_apply"),))
    assert outcome(item(50), credits={"PEN": Decimal(100)}, under_way=UnderWay("to_do", DAY, "x")).why.code == (
        "credit_to_apply"
    )
    assert outcome(item(50, "100", "credit_to_apply"), credits={"PEN": Decimal(100)}).reason == Reason.NOTHING_DEMANDED
    assert outcome(item(-50), credits={"USD": Decimal(100)}).why.code == "nothing_overdue"


def test_notices_before_the_due_date() -> None:
    assert outcome(item(-4), item(-3), credits={"PEN": Decimal(100)}).lead.id == "-4"
    assert outcome(item(-4, hold_pre_due=True)).reason == Reason.NOTHING_DEMANDED
    assert outcome(item(-4), hold_pre_due=True).reason == Reason.NOTHING_DEMANDED
    assert outcome(item(-4), item(1)).reason == Reason.NO_STEP_DUE  # never alone while something is overdue
    found = outcome(item(0, "10", "courtesy"), item(-4, "20"), item(-9, "40"))
    assert isinstance(found, Do)
    assert found.items == (("0", "due_today"), ("-4", "courtesy"))
    assert found.demand == {"PEN": Decimal(30)}


def test_every_item_is_marked_with_its_own_age_and_never_beyond_the_step() -> None:
    found = outcome(item(40), item(16), item(1), item(38, "50", currency="USD"))
    assert found.items == (("40", "friendly"), ("38", "friendly"), ("16", "friendly"), ("1", "due_today"))
    found = outcome(item(40, "100", "friendly", "call"), item(16), item(1))
    assert found.items == (("40", "formal"), ("16", "firm"), ("1", "due_today"))


def test_stale_data_keeps_it_friendly() -> None:
    assert outcome(item(10), stale=True).step == "friendly"
    for had in (("friendly",), ("friendly", "firm", "formal", "final")):
        found = outcome(item(80, "100", *had), stale=True)
        assert isinstance(found, Nothing) and found.why.code == "stale"


@pytest.mark.parametrize(
    ("handling", "approval", "expected"),
    [
        ("automatic", "automatic", False),
        ("automatic", "approve", True),
        ("approve", "automatic", True),
        ("owner_only", "automatic", True),
    ],
)
def test_who_approves(handling: str, approval: str, expected: bool) -> None:
    steps = tuple(replace(step, approval=approval) if step.code == "friendly" else step for step in MANUAL.steps)
    found = outcome(item(5), handling=handling, manual=replace(MANUAL, steps=steps))
    assert isinstance(found, Do) and found.approval is expected


def test_channels_in_order() -> None:
    due = item(22, "100", "friendly", "firm")
    assert outcome(due).channel == "call"
    assert outcome(due, reachable=frozenset({"email"})).channel == "email"
    assert outcome(due, given=rules(channels=frozenset({"email"}))).channel == "email"
    found = outcome(item(35, "100", "friendly", "firm", "call"), given=rules(channels=frozenset({"call"})))
    assert (found.reason, found.why.code) == (Reason.NO_USABLE_POINT, "not_set_up")


def test_nobody_to_reach_becomes_a_task_and_in_the_end_a_decision() -> None:
    gone: dict[str, object] = {"reachable": frozenset(), "unusable": {"email": "bounced"}}
    found = outcome(item(10), **gone)
    assert isinstance(found, Do) and (found.step, found.channel) == ("find_contact", "internal")
    assert found.why.params["unusable"] == "bounced"
    assert outcome(item(10, "100", "find_contact"), **gone).why.code == "no_point"
    found = outcome(item(75, "100", "find_contact"), **gone)
    assert (found.step, found.why.code) == ("decision", "decision_unreachable")
    assert outcome(item(-3), reachable=frozenset({"call"})).why.code == "no_point"  # no search before anything is late
    assert outcome(item(-3), **gone).step == "find_contact"


def test_the_third_round_of_a_tone() -> None:
    heard: dict[str, object] = {"tone_rounds": {"friendly": 2}, "tone_last_on": {"friendly": LONG_AGO}}
    found = outcome(item(5), **heard)
    assert isinstance(found, Do) and (found.step, found.channel, found.why.code) == (
        "friendly",
        "call",
        "third_round_call",
    )
    by_mail = frozenset({"email"})
    found = outcome(item(5), reachable=by_mail, **heard)
    assert (found.step, found.channel) == ("review_of_terms", "internal")
    assert outcome(item(5, "100", "review_of_terms"), reachable=by_mail, **heard).channel == "email"
    assert outcome(item(5), tone_rounds={"friendly": 1}).channel == "email"
    assert outcome(item(-3), tone_rounds={"courteous": 9}).channel == "email"  # notices are no chasing


def test_conduct_says_when() -> None:
    given = rules(packs=packs())
    found = decide(facts(item(5)), MANUAL, DAY, given)
    assert isinstance(found, Do)
    assert found.not_before.isoformat() == "2026-11-24T08:00:00-05:00"
    assert found.not_after.isoformat() == "2026-11-24T20:00:00-05:00"
    late = rules(packs=packs(), earliest=datetime(2026, 11, 25, 2, tzinfo=UTC))  # 21:00 in Lima
    found = decide(facts(item(5)), MANUAL, DAY, late)
    assert isinstance(found, Nothing) and found.reason == Reason.CONDUCT
    assert found.refusal and found.again_on == DAY + timedelta(days=1)


def test_a_law_that_asks_for_consent_is_asked_channel_by_channel() -> None:
    person = Subject(natural=True, consumer=True, country="CO", time_zone="America/Bogota")
    given = rules(packs=packs())
    assert decide(facts(item(5), subject=person), MANUAL, DAY, given).reason == Reason.CONDUCT
    found = decide(facts(item(5), subject=person, authorized=frozenset({"call"})), MANUAL, DAY, given)
    assert isinstance(found, Do) and found.channel == "call"
    spoke = ContactHistory((Contact("email", datetime(2026, 11, 23, 15, tzinfo=UTC)),))
    found = decide(facts(item(5), subject=person, authorized=frozenset({"call"}), history=spoke), MANUAL, DAY, given)
    assert isinstance(found, Nothing) and found.refusal.code == "one_channel"


def _with(*steps: Step, **changes: dict[str, object]) -> Manual:
    changed = tuple(replace(step, **changes.get(step.code, {})) for step in MANUAL.steps)
    manual = replace(MANUAL, steps=tuple(sorted((*changed, *steps), key=lambda step: step.day)))
    check(manual)
    return manual


def test_a_required_step_is_never_skipped() -> None:
    manual = _with(firm={"required": True, "proof": "delivery receipt"})
    found = outcome(item(60, "100", "friendly"), manual=manual)
    assert (found.step, found.why.code) == ("firm", "required")
    found = outcome(item(60, "100", "friendly", "call"), manual=manual)  # even where it was passed over
    assert (found.step, found.why.code) == ("firm", "required")
    assert outcome(item(60, "100", "friendly", "firm"), manual=manual).step == "formal"
    assert outcome(item(14, "100", "friendly"), manual=manual).why.code == "next_step"


def test_small_amounts_end_the_ladder_earlier() -> None:
    least = {"PEN": Decimal(500)}
    manual = _with(formal={"minimum": least}, final={"minimum": least})
    heard = ("friendly", "firm", "call")
    assert outcome(item(80, "499", *heard), manual=manual).step == "decision"
    assert outcome(item(80, "500", *heard), manual=manual).step == "formal"
    assert outcome(item(80, "500", *heard, currency="USD"), manual=manual).step == "formal"


def test_internal_steps_wait_for_the_tone_before_them_and_reach_nobody() -> None:
    manual = _with(Step("credit", "Suspender crédito", 30, internal="credit_block"))
    assert outcome(item(31, "100", "friendly"), manual=manual).step == "call"
    found = outcome(item(31, "100", "friendly", "firm", "call"), manual=manual, last_contact_on=DAY)
    assert (found.step, found.channel, found.tone, found.approval) == ("credit", "internal", "", False)
    assert outcome(item(36, "100", "friendly", "call", "credit"), manual=manual).step == "formal"


def test_a_team_task_marks_nothing_a_customer_heard() -> None:
    manual = _with(Step("credit", "Suspender crédito", 30, internal="credit_block"))
    found = outcome(item(40, "100", "friendly", "call"), item(31), manual=manual)
    assert found.items == (("40", "formal"), ("31", "call"))


def test_a_step_that_moved_up_in_a_newer_version_lifts_nobody_over_the_rest() -> None:
    friendly = Mark("friendly", "friendly")
    heard = item(80)._replace(marks=(friendly, Mark("final", "firm")))
    assert outcome(heard).step == "formal"
    heard = item(40)._replace(marks=(friendly, Mark("formal", "firm")))
    assert outcome(heard).step == "call"


def test_a_required_step_still_to_come_puts_off_the_decision() -> None:
    late = {"required": True, "proof": "receipt", "day": 74, "business_days": True, "needs_delivered": 3}
    manual = _with(final=late)
    heard = ("friendly", "firm", "call", "formal")
    assert outcome(item(80, "100", *heard), manual=manual).why.code == "next_step"
    assert outcome(item(120, "100", *heard), manual=manual).step == "final"


def test_a_formal_call_waits_for_approval_too() -> None:
    heard: dict[str, object] = {"tone_rounds": {"formal": 2, "friendly": 2}}
    found = outcome(item(40, "100", "friendly", "call"), **heard)
    assert isinstance(found, Do) and (found.channel, found.tone, found.approval) == ("call", "formal", True)
    found = outcome(item(5), **heard)
    assert isinstance(found, Do) and (found.channel, found.approval) == ("call", False)


def test_business_days_before_the_due_date() -> None:
    manual = _with(courtesy={"business_days": True, "day": -3})
    assert outcome(item(-5), manual=manual).step == "courtesy"  # Sunday: Wednesday to Friday lie between
    assert outcome(item(-6), manual=manual).reason == Reason.NOTHING_DEMANDED


def test_business_days() -> None:
    manual = _with(friendly={"business_days": True})
    thursday = item(5)  # due on Thursday 19: Friday, Monday and Tuesday are three business days
    assert outcome(thursday, manual=manual).step == "friendly"
    assert outcome(item(4), manual=manual).why.code == "next_step"


def test_too_few_contacts_end_in_a_decision() -> None:
    manual = _with(formal={"needs_delivered": 2})
    heard = item(40)._replace(marks=(Mark("call", "firm"),))
    found = outcome(heard, manual=manual)
    assert (found.reason, found.why.code) == (Reason.NO_STEP_DUE, "needs_delivered")
    found = outcome(heard._replace(due_on=LONG_AGO, chase_from=LONG_AGO), manual=manual)
    assert (found.step, found.why.code) == ("decision", "decision_too_few")


def test_what_was_decided_on_does_not_silence_what_is_newer() -> None:
    kept = item(200, "100", "friendly", "firm", "formal", "final", "decision")
    found = outcome(kept, item(5))
    assert isinstance(found, Do) and (found.lead.id, found.step) == ("5", "friendly")
    assert found.demand == {"PEN": Decimal(200)}
    assert outcome(kept).why.code == "ended"
