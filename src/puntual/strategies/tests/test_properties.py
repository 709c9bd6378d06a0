"""What always holds, whatever the facts: judged by naive arithmetic of its own."""

import json
from datetime import timedelta
from decimal import Decimal

from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from puntual.strategies.decide import decide
from puntual.strategies.facts import TONES, CustomerFacts, Item, Mark, UnderWay
from puntual.strategies.manual import FORMAL, FRIENDLY, RANK, TASKS, Manual, Step, check
from puntual.strategies.outcomes import INTERNAL, Do, Nothing
from puntual.strategies.tests.build import BOTH, COMPANY, DAY, MANUAL, Replay, item, rules
from puntual.strategies.words import sentence

RULES = rules(tone_rest_days=5, minimum_gap_days=2)
_DAYS = st.integers(-40, 0).map(lambda n: DAY + timedelta(days=n))
_OFTEN_NOT = st.sampled_from([False, False, False, True])


@st.composite
def manuals(draw: st.DrawFn) -> Manual:
    """A sound manual: some steps per tone, some of them internal, required, in business days or with a minimum."""
    steps: list[Step] = []
    day = 0
    if draw(st.booleans()):
        steps.append(Step("before", "before", -5, channels=("email",), tone="courteous", template="courtesy"))
    for rank in range(1, draw(st.integers(2, 5))):
        for number in range(draw(st.integers(1, 2))):
            day += draw(st.integers(1, 20))
            entry, required = rank == 1 and number == 0, draw(_OFTEN_NOT)
            steps.append(
                Step(
                    f"{TONES[rank]}-{number}",
                    "step",
                    day,
                    business_days=draw(_OFTEN_NOT),
                    channels=draw(st.sampled_from([("email",), ("call", "email")])),
                    tone=TONES[rank],
                    template="firm",
                    entry=entry,
                    required=required,
                    proof="receipt" if required else "",
                    minimum={"PEN": Decimal(60)} if not entry and not required and draw(_OFTEN_NOT) else {},
                    needs_delivered=rank - 1 if rank >= FORMAL else 0,
                )
            )
        if draw(_OFTEN_NOT):
            steps.append(Step(f"tell-{rank}", "tell", day, internal="tell_salesperson"))
    manual = Manual("m", "m", "en", (*steps, Step("decision", "decision", day + 5, internal="decision")))
    check(manual)
    return manual


@st.composite
def cases(draw: st.DrawFn) -> tuple[CustomerFacts, Manual]:
    """Any facts and a manual, with marks of its steps, of the tasks and of steps it does not know."""
    manual = draw(st.just(MANUAL) | manuals())
    known = [Mark(step.code, step.tone) for step in manual.steps] + [Mark(task, "") for task in TASKS]
    marks = st.lists(st.sampled_from([*known, Mark("unknown", "firm")]), max_size=4, unique=True)
    items = []
    for number in range(draw(st.integers(0, 6))):
        due_on = DAY - timedelta(days=draw(st.integers(-8, 100)))
        items.append(
            Item(
                id=str(number),
                currency=draw(st.sampled_from(["PEN", "USD"])),
                due_on=due_on,
                chase_from=due_on + timedelta(days=draw(st.integers(0, 2))),
                askable=draw(st.decimals(0, 100, places=2)),
                hold="dispute" if draw(_OFTEN_NOT) else "",
                hold_pre_due=draw(_OFTEN_NOT),
                ours=not draw(_OFTEN_NOT),
                marks=tuple(draw(marks)),
                time_barred=draw(_OFTEN_NOT) and draw(_OFTEN_NOT),
            )
        )
    return (
        CustomerFacts(
            customer_id="c",
            subject=COMPANY,
            items=tuple(sorted(items, key=lambda one: one.due_on)),
            credits=draw(st.dictionaries(st.sampled_from(["PEN", "USD"]), st.decimals(0, 150, places=2), max_size=2)),
            party_status=draw(st.sampled_from(["active"] * 9 + ["represented"])),
            handling=draw(st.sampled_from(["automatic"] * 6 + ["approve", "owner_only", "none"])),
            hold=draw(st.sampled_from([""] * 9 + ["promise"])),
            hold_pre_due=draw(_OFTEN_NOT),
            reachable=draw(st.sampled_from([BOTH, BOTH, frozenset({"email"}), frozenset()])),
            unusable=draw(st.sampled_from([{}, {"email": "bounced"}, {"call": "withdrawn"}])),
            last_contact_on=draw(st.none() | _DAYS),
            tone_last_on=draw(st.dictionaries(st.sampled_from(TONES), _DAYS, max_size=2)),
            tone_rounds=draw(st.dictionaries(st.sampled_from(TONES), st.integers(0, 3), max_size=2)),
            delivered=draw(st.integers(0, 3)),
            under_way=UnderWay("to_do", DAY, "x") if draw(_OFTEN_NOT) and draw(_OFTEN_NOT) else None,
            rest_until=DAY + timedelta(days=1) if draw(_OFTEN_NOT) and draw(_OFTEN_NOT) else None,
            stale=draw(_OFTEN_NOT),
        ),
        manual,
    )


def _owed(facts: CustomerFacts) -> dict[str, Decimal]:
    """What may be demanded, the slow way."""
    owed: dict[str, Decimal] = {}
    for one in facts.items:
        if one.ours and not one.time_barred and not one.hold and one.due_on < DAY and one.chase_from <= DAY:
            owed[one.currency] = owed.get(one.currency, Decimal(0)) + one.askable
    net = {currency: amount - facts.credits.get(currency, Decimal(0)) for currency, amount in owed.items()}
    return {currency: amount for currency, amount in net.items() if amount > 0}


@settings(max_examples=300, deadline=None)
@given(cases())
def test_whatever_the_facts(case: tuple[CustomerFacts, Manual]) -> None:
    facts, manual = case
    found = decide(facts, manual, DAY, RULES)
    assert found == decide(facts, manual, DAY, RULES)
    _said(found)
    if isinstance(found, Nothing):
        if found.why.code == "ended":
            assert any(mark.step == manual.steps[-1].code for one in facts.items for mark in one.marks)
        return
    assert not facts.hold and facts.party_status == "active" and facts.handling != "none"
    assert not facts.under_way
    by_id = {one.id: one for one in facts.items}
    assert found.items[0][0] == found.lead.id and len({key for key, _ in found.items}) == len(found.items)
    for key, _ in found.items:
        assert by_id[key].ours and not by_id[key].time_barred
    assert found.step not in {mark.step for mark in found.lead.marks}
    if found.channel == INTERNAL:
        assert found.tone == "" and not found.approval and found.items == ((found.lead.id, found.step),)
        return
    _contact(facts, manual, found, by_id)


def _contact(facts: CustomerFacts, manual: Manual, found: Do, by_id: dict[str, Item]) -> None:
    assert found.channel in facts.reachable
    assert found.approval or found.channel == "call"
    assert not facts.last_contact_on or facts.last_contact_on <= DAY - timedelta(days=2)
    assert not facts.rest_until
    asked = [by_id[key] for key, _ in found.items]
    codes = [step.code for step in manual.steps]
    for _, code in found.items:
        assert not code or codes.index(code) <= codes.index(found.step)
    if found.days <= 0:
        assert found.tone == "courteous" and not _leads(facts) and not facts.hold_pre_due
        assert not any(one.hold_pre_due for one in asked)
        for currency, amount in found.demand.items():
            assert 0 < amount <= sum(one.askable for one in asked if one.currency == currency)
        return
    assert found.demand == _owed(facts)
    assert not any(one.hold for one in asked)
    assert found.lead.id == _leads(facts)[0] or any(
        mark.step == manual.steps[-1].code for one in facts.items for mark in one.marks
    )
    heard = [RANK[mark.tone] for mark in found.lead.marks if mark.tone]
    step = manual.step(found.step)
    assert step
    if heard:
        assert RANK[found.tone] <= max(heard) + 1
    else:
        assert step.entry
    if RANK[found.tone] >= FORMAL:
        assert found.approval
        assert step.needs_delivered <= max(facts.delivered, len(heard))
    if facts.stale:
        assert RANK[found.tone] <= FRIENDLY
    assert found.days >= step.day


def _leads(facts: CustomerFacts) -> list[str]:
    """The items that may lead, oldest first: what is above the tolerance once the credits were used up."""
    left = dict(facts.credits)
    leads = []
    for one in facts.items:
        if not one.ours or one.time_barred or one.hold or one.due_on >= DAY or one.chase_from > DAY:
            continue
        used = min(left.get(one.currency, Decimal(0)), one.askable)
        left[one.currency] = left.get(one.currency, Decimal(0)) - used
        if one.askable - used > 1:
            leads.append(one.id)
    return leads


def _said(found: Do | Nothing) -> None:
    """Every reason survives JSON and is a whole sentence in each language."""
    code, params = json.loads(json.dumps([found.why.code, dict(found.why.params)]))
    said = []
    for language in ("en", "es", "pt"):
        with override(language):
            said.append(sentence(code, params))
    assert len(set(said)) == 3 and all(one.endswith(".") and "{" not in one for one in said)


@settings(max_examples=40, deadline=None)
@given(manuals(), st.decimals(2, 100, places=2), st.integers(0, 30))
def test_a_ladder_never_ends_in_silence(manual: Manual, amount: Decimal, late: int) -> None:
    """An unpaid item reaches the decision, whatever the manual and however late it was imported."""
    replay = Replay([item(late, str(amount), manual=manual)], manual).run(DAY, 300)
    assert replay.log[-1][1].step == "decision"
