"""The decision of a day: the next step with one customer, or nothing, and why. Pure, deterministic, and quick."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from puntual.conduct.gate import NO_HISTORY, Allowed, ContactHistory, Refused, Subject, first_moment
from puntual.conduct.preferring import TIMED
from puntual.conduct.rules import Pack, Policy
from puntual.strategies.climb import Asked, Case, may_decide, next_step
from puntual.strategies.facts import CustomerFacts, Item, UnderWay, after_credits
from puntual.strategies.ladder import Ladder, Rung, ladder, worth
from puntual.strategies.manual import CREDIT_TO_APPLY, FIND_CONTACT, FORMAL, REVIEW_OF_TERMS, Manual
from puntual.strategies.onward import still_to_try, unanswered
from puntual.strategies.outcomes import INTERNAL, Do, Nothing, Reason, Rules, Why

__all__ = ["Do", "Nothing", "Reason", "Rules", "Why", "decide"]

ROUNDS = 2
"""Deliveries of one tone in 90 days after which the next becomes a call or a review of terms."""
_BY_PERSON = frozenset({"call", "visit", "meeting"})
_NONE: Mapping[str, Decimal] = {}
_ZERO = Decimal(0)


class _Demand(NamedTuple):
    """What is overdue and may be asked for after credits, and the item that leads."""

    lead: Item | None
    asked: Asked
    amounts: Mapping[str, Decimal]
    credits: dict[str, Decimal]  # what is left of them
    held: Item | None  # the oldest overdue item that is held
    to_come: int  # where in the facts the items begin that are not yet due


def decide(facts: CustomerFacts, manual: Manual, day: date, rules: Rules) -> Do | Nothing:
    """The next step with a customer on `day`, or nothing. The first reason in the order of `Reason` is the answer.

    An item due today is not overdue. Raises what `conduct.gate.first_moment` raises, nothing else.
    """
    stop = _hard_stop(facts)
    if stop:
        return Nothing(Reason.HARD_STOP, stop)
    if facts.hold:
        return _held("customer_held", facts.hold, facts.hold_until)
    steps = ladder(manual, day, rules.calendar, facts.segments)
    demand = _demand(facts, day, rules.tolerance, steps.decision.step.code)
    if demand.lead is None:
        if demand.held:
            return _held("item_held", demand.held.hold, demand.held.hold_until)
        return _nothing_overdue(facts, demand, steps, day, rules)
    if facts.under_way:
        return _busy(facts.under_way)
    case = Case(facts, rules, day, steps, demand.lead, demand.asked, demand.amounts)
    rung, why = next_step(case)
    if rung is None:
        again = unanswered(case) if facts.tried else None
        if again is None:
            return Nothing(Reason.NO_STEP_DUE, why)
        rung, channels, why = again
    elif rung.step.internal:
        return _task(case, rung.step.code, why)
    else:
        channels = still_to_try(case, rung) if facts.tried else rung.step.channels
    return _resting(case, rung) or _third_round(case, rung) or _contact(case, rung, channels, why)


def _hard_stop(facts: CustomerFacts) -> Why | None:
    if facts.party_status != "active":
        return Why("party_status", {"status": facts.party_status})
    if facts.handling == "none":
        return Why("handling_none", {})
    for item in facts.items:
        if item.ours and not item.time_barred:
            return None
    if not facts.items:
        return None
    return Why("not_ours" if any(not item.ours for item in facts.items) else "time_barred", {})


def _held(code: str, reason: str, until: date | None) -> Nothing:
    params = {"hold": reason, "until": until.isoformat()} if until else {"hold": reason}
    return Nothing(Reason.HELD, Why(code, params), until + timedelta(days=1) if until else None)


def _busy(under_way: UnderWay) -> Nothing:
    code = "unknown" if under_way.state == "unknown" else "under_way"
    return Nothing(Reason.NO_STEP_DUE, Why(code, {"day": under_way.day.isoformat(), "state": under_way.state}))


def _demand(facts: CustomerFacts, day: date, tolerance: Mapping[str, Decimal], decision: str) -> _Demand:
    """Overdue, ours, not held, net of the same currency's credits, which are set against the oldest first.

    An item that was decided on (and kept) leads only where no other can: it must not silence the manual for newer ones.
    """
    credits = dict(facts.credits) if facts.credits else {}
    asked: Asked = []
    amounts: dict[str, Decimal] = {}
    lead = decided = held = None
    to_come = 0
    for item in facts.items:
        if item.due_on >= day:
            break
        to_come += 1
        if not item.ours or item.time_barred or item.chase_from > day:
            continue
        if item.hold:
            held = held or item
            continue
        left = after_credits(item, credits)
        if left > 0:
            asked.append((item, left))
            currency = item.currency
            amounts[currency] = amounts.get(currency, _ZERO) + left
            if lead is None and left > tolerance.get(currency, 0):
                if any(mark.step == decision for mark in item.marks):
                    decided = decided or item
                else:
                    lead = item
    return _Demand(lead or decided, asked, amounts, credits, held, to_come)


def _nothing_overdue(facts: CustomerFacts, demand: _Demand, steps: Ladder, day: date, rules: Rules) -> Do | Nothing:
    """A notice before the due date, a credit to apply, or nothing at all."""
    coming = facts.items[demand.to_come :]
    if coming and coming[0].due_on <= steps.announced and not facts.hold_pre_due:
        found = _announcement(coming, demand.credits, steps, rules.tolerance)
        if found:
            lead, rung, asked, amounts = found
            if facts.under_way:
                return _busy(facts.under_way)
            case = Case(facts, rules, day, steps, lead, asked, amounts)
            params: dict[str, str | int] = {"days": -case.days, "step": rung.step.name}
            why = Why("before_due" if case.days else "due_today", params)
            return _resting(case, rung) or _contact(case, rung, rung.step.channels, why)
    for currency, amount in facts.credits.items():
        lead_for = _credited(facts.items, currency) if amount > rules.tolerance.get(currency, 0) else None
        if lead_for:
            why = Why(CREDIT_TO_APPLY, {"currency": currency, "amount": str(amount)})
            case = Case(facts, rules, day, steps, lead_for, [], _NONE)
            if facts.under_way or case.had(CREDIT_TO_APPLY):
                return Nothing(Reason.NOTHING_DEMANDED, why)
            return _task(case, CREDIT_TO_APPLY, why)
    if demand.amounts:
        return Nothing(Reason.NOTHING_DEMANDED, Why("below_tolerance", {}))
    if not coming:
        return Nothing(Reason.NOTHING_DEMANDED, Why("nothing_open", {}))
    return Nothing(Reason.NOTHING_DEMANDED, Why("nothing_overdue", {"due": coming[0].due_on.isoformat()}))


def _announcement(
    coming: tuple[Item, ...], credits: dict[str, Decimal], steps: Ladder, tolerance: Mapping[str, Decimal]
) -> tuple[Item, Rung, Asked, Mapping[str, Decimal]] | None:
    """The first item to come with a notice it has not had, that notice, and every item a notice already speaks of."""
    asked: Asked = []
    amounts: dict[str, Decimal] = {}
    lead: tuple[Item, Rung] | None = None
    for item in coming:
        if item.due_on > steps.announced:
            break
        if not item.ours or item.time_barred or item.hold_pre_due:
            continue
        left = after_credits(item, credits)
        if left <= 0:
            continue
        asked.append((item, left))
        amounts[item.currency] = amounts.get(item.currency, _ZERO) + left
        if lead is None and left > tolerance.get(item.currency, 0):
            rung = next(rung for rung in steps.pre_due if item.due_on <= rung.come)
            had = max((steps.places.get(mark.step, -1) for mark in item.marks), default=-1)
            if rung.place > had and worth(rung.step, {item.currency: left}):
                lead = (item, rung)
    return (*lead, asked, amounts) if lead else None


def _credited(items: tuple[Item, ...], currency: str) -> Item | None:
    """The oldest item a credit in that currency could be set against."""
    fitting = (item for item in items if item.currency == currency and item.ours and not item.time_barred)
    return next((item for item in fitting if item.askable > 0), None)


def _resting(case: Case, rung: Rung) -> Nothing | None:
    """The minimum gap, the rest of a tone, the rest after a large payment.

    A tone rests for the customer, not for an item that has heard it: the manual itself says when that one hears it again.
    """
    facts, rules, day, tone = case.facts, case.rules, case.day, rung.step.tone
    if facts.last_contact_on:
        again = facts.last_contact_on + timedelta(days=max(rules.minimum_gap_days, rung.step.gap_days or 0, 1))
        if day < again:
            return _rest("minimum_gap", facts.last_contact_on, again, rung)
    last = facts.tone_last_on.get(tone)
    if last and not any(mark.tone == tone for mark in case.lead.marks):
        again = last + timedelta(days=rules.tone_rest_days)
        if day < again:
            return _rest("tone_rest", last, again, rung)
    if facts.rest_until and day < facts.rest_until:
        return _rest("after_payment", day, facts.rest_until, rung)
    return None


def _rest(code: str, since: date, again: date, rung: Rung) -> Nothing:
    params = {"date": since.isoformat(), "again": again.isoformat(), "tone": rung.step.tone, "step": rung.step.name}
    return Nothing(Reason.RESTING, Why(code, params), again)


def _third_round(case: Case, rung: Rung) -> Do | Nothing | None:
    """The third round of a tone in 90 days is a call instead or, where none is possible, a review of terms."""
    facts, step = case.facts, rung.step
    if facts.tone_rounds.get(step.tone, 0) < ROUNDS:
        return None
    params: dict[str, str | int] = {"days": case.days, "step": step.name, "tone": step.tone}
    if "call" in facts.reachable and "call" in case.rules.channels:
        return _contact(case, rung, ("call",), Why("third_round_call", params))
    if case.had(REVIEW_OF_TERMS):
        return None
    return _task(case, REVIEW_OF_TERMS, Why(REVIEW_OF_TERMS, params))


def _task(case: Case, code: str, why: Why) -> Do:
    return Do(
        step=code,
        tone="",
        channel=INTERNAL,
        not_before=case.rules.earliest,
        not_after=None,
        lead=case.lead,
        demand=case.amounts,
        items=((case.lead.id, code),),
        approval=False,
        days=case.days,
        why=why,
    )


def _contact(case: Case, rung: Rung, channels: tuple[str, ...], why: Why) -> Do | Nothing:
    """The first channel with a usable point that is set up and that conduct allows that day."""
    facts, rules = case.facts, case.rules
    history = facts.history
    if facts.planned and not rung.step.required:  # what is required does not wait for what is only planned
        history = ContactHistory((*history.contacts, *facts.planned))
    refusals: list[Refused] = []
    allowed = channels
    if facts.prefers:  # it orders what the step allows, and adds nothing
        channels = tuple(sorted(channels, key=lambda channel: channel not in facts.prefers))
    if rung.step.required and "letter" not in channels:
        channels = (*channels, "letter")
    for channel in channels:
        if not _reaches(facts, rung, channel) or channel not in rules.channels or channel in facts.no_sender:
            continue
        country, authorized = facts.subject.country, channel in facts.authorized
        asked = (rules.pack(country), facts.subject, channel, case.day, rules.earliest)
        if history is NO_HISTORY:
            answer = _first_moment(*asked, rules.policy(country), authorized)
        else:
            answer = first_moment(*asked, history, rules.policy(country), authorized=authorized)
        if not isinstance(answer, Allowed):
            refusals.append(answer)
        elif facts.sayable(rung.step.template, channel, rules.approved, answer.not_before):
            return _do(case, rung, channel, answer, _as_preferred(why, facts, channel, allowed))
        else:
            why = Why(why.code, {**why.params, "passed": channel})
    if refusals:
        return _refused(refusals)
    if "passed" in why.params:
        return Nothing(Reason.NO_USABLE_POINT, Why("no_approved_text", {"step": rung.step.name}))
    return _unreachable(case, rung, channels)


def _as_preferred(why: Why, facts: CustomerFacts, channel: str, allowed: tuple[str, ...]) -> Why:
    """The reason with what the customer's preferences had to do with it."""
    hours = facts.subject.prefers_hours if channel in TIMED else None
    moved = channel in facts.prefers and channel in allowed[1:]
    if not hours and not moved:
        return why
    params = dict(why.params)
    if moved:
        params["prefers"] = channel
    if hours:
        params |= {"prefers_from": f"{hours[0]}:00", "prefers_until": f"{hours[1]}:00"}
    return Why(why.code, params)


def _reaches(facts: CustomerFacts, rung: Rung, channel: str) -> bool:
    """Whether a channel has a usable point. What is required goes by letter also to who wants no messages."""
    unwanted = facts.unusable.get(channel) == "withdrawn"
    return channel in facts.reachable or (rung.step.required and channel == "letter" and unwanted)


@lru_cache(maxsize=4096)
def _first_moment(
    pack: Pack, subject: Subject, channel: str, day: date, earliest: datetime, policy: Policy, authorized: bool
) -> Allowed | Refused:
    """Of a customer whom nobody contacted lately: the same for all of a place."""
    return first_moment(pack, subject, channel, day, earliest, NO_HISTORY, policy, authorized=authorized)


def _do(case: Case, rung: Rung, channel: str, allowed: Allowed, why: Why) -> Do:
    step, lead, handling = rung.step, case.lead, case.facts.handling
    reached = case.ladder.reached
    marks = [(item.id, reached(item.due_on, rung)) for item, _ in case.asked if item is not lead]
    waits = step.approval == "approve" and channel not in _BY_PERSON  # a call is on a person's list anyway
    return Do(
        step=step.code,
        tone=step.tone,
        channel=channel,
        not_before=allowed.not_before,
        not_after=allowed.until,
        lead=lead,
        demand=case.amounts,
        items=((lead.id, step.code), *marks),
        approval=waits or handling != "automatic" or rung.rank >= FORMAL,
        days=case.days,
        why=why,
    )


def _refused(refusals: list[Refused]) -> Nothing:
    """The refusal that gives way first."""
    first = min(refusals, key=lambda one: (one.again_from is None, one.again_from.timestamp() if one.again_from else 0))
    params = {**first.params, "refusal": first.code, "law": int(first.law), "source": first.source}
    if first.again_from:
        params["again"] = first.again_from.isoformat()
    return Nothing(Reason.CONDUCT, Why("conduct", params), first.again_from.date() if first.again_from else None, first)


def _unreachable(case: Case, rung: Rung, channels: tuple[str, ...]) -> Do | Nothing:
    """A task to find a contact; once that was tried in vain, the decision when its day has come."""
    facts = case.facts
    with_point = [channel for channel in channels if channel in facts.reachable]
    if with_point:
        return Nothing(Reason.NO_USABLE_POINT, Why("not_set_up", {"channel": with_point[0], "step": rung.step.name}))
    unusable = next(((channel, facts.unusable[channel]) for channel in channels if channel in facts.unusable), None)
    params: dict[str, str | int] = {"days": case.days, "step": rung.step.name}
    if unusable:
        params |= {"channel": unusable[0], "unusable": unusable[1]}
    early = rung.step.day <= 0 and facts.reachable  # known by another channel, and nothing is late yet
    if not case.had(FIND_CONTACT) and not early:
        return _task(case, FIND_CONTACT, Why(FIND_CONTACT, params))
    if may_decide(case):
        return _task(case, case.ladder.decision.step.code, Why("decision_unreachable", params))
    return Nothing(Reason.NO_USABLE_POINT, Why("no_point", params))
