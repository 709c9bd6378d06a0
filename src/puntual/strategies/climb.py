"""Which step comes next for the item that leads, and why."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from puntual.strategies.facts import CustomerFacts, Item
from puntual.strategies.ladder import Ladder, Rung, comes_on, worth
from puntual.strategies.manual import FRIENDLY, RANK
from puntual.strategies.outcomes import Rules, Why

Asked: TypeAlias = list[tuple[Item, Decimal]]


class Case(NamedTuple):
    """A lead and everything known about it."""

    facts: CustomerFacts
    rules: Rules
    day: date
    ladder: Ladder
    lead: Item
    asked: Asked
    amounts: Mapping[str, Decimal]

    @property
    def days(self) -> int:
        return (self.day - self.lead.due_on).days

    def had(self, step: str) -> bool:
        return any(mark.step == step for mark in self.lead.marks)


def next_step(case: Case) -> tuple[Rung | None, Why]:
    """The latest step whose day has come, after what the lead had, at most one tone above the hardest it heard."""
    facts, steps, lead = case.facts, case.ladder, case.lead
    had, hardest, after, heard = _heard(case)
    if steps.decision.step.code in had:
        return None, Why("ended", {"days": case.days})
    if hardest < 0:
        if lead.due_on <= steps.entry.come:
            return steps.entry, Why("entry", {"days": case.days, "step": steps.entry.step.name})
        return None, _later(case, steps.entry.place - 1)
    cap = min(hardest + 1, FRIENDLY) if facts.stale else hardest + 1
    top = steps.top(case.amounts) if steps.limited else len(RANK)
    due_legally = next((rung for rung in steps.required if rung.step.code not in had), None)
    delivered = max(facts.delivered, heard)
    blocked: Why | None = None
    skipped = False
    for rung in steps.chase:
        if (rung.place <= after and rung is not due_legally) or rung.step.code in had:
            continue
        if (due_legally and rung.place > due_legally.place) or lead.due_on > rung.come:
            continue
        step, rank = rung.step, rung.rank if rung.step.tone else min(rung.rank, top + 1)
        if step.tone and ((rank < hardest and rung is not due_legally) or not worth(step, case.amounts)):
            continue
        if rank > cap:
            skipped = skipped or bool(step.tone)
            if rank <= hardest + 1:
                blocked = Why("stale", {"step": step.name})
        elif step.needs_delivered > delivered:
            needed: dict[str, str | int] = {"step": step.name, "needed": step.needs_delivered}
            blocked = blocked or Why("needs_delivered", {**needed, "delivered": delivered})
        else:
            return rung, _why(case, rung, skipped=skipped, required=rung is due_legally)
    return _end(case, after, blocked, wait=bool(due_legally and lead.due_on > due_legally.come))


def _heard(case: Case) -> tuple[set[str], int, int, int]:
    """The steps the lead had, the hardest tone among them, the last place that tone allows, and how many had a tone.

    A step may have moved up in a newer version; it then does not lift the lead over what stands between.
    """
    marks = case.lead.marks
    if not marks:
        return set(), -1, -1, 0
    tones = [RANK[mark.tone] for mark in marks if mark.tone]
    hardest = max(tones, default=-1)
    places, rungs = case.ladder.places, case.ladder.rungs
    known = [places[mark.step] for mark in marks if mark.step in places]
    after = max((place for place in known if rungs[place].rank - (not rungs[place].step.tone) <= hardest), default=-1)
    return {mark.step for mark in marks}, hardest, after, len(tones)


def _end(case: Case, after: int, blocked: Why | None, *, wait: bool) -> tuple[Rung | None, Why]:
    """No step can be taken: the next one is still to come, or nothing is left but to decide."""
    if may_decide(case) and not wait and (blocked is None or blocked.code == "needs_delivered"):
        decision = case.ladder.decision
        if blocked:
            return decision, Why("decision_too_few", {**blocked.params, "days": case.days})
        return decision, _why(case, decision, skipped=False, required=False)
    return None, blocked or _later(case, after)


def _why(case: Case, rung: Rung, *, skipped: bool, required: bool) -> Why:
    step = rung.step
    params: dict[str, str | int] = {"days": case.days, "step": step.name, "day": step.day, "tone": step.tone}
    if step.internal:
        return Why("decision" if step.internal == "decision" else "internal", params)
    if required:
        return Why("required", params)
    if skipped:
        return Why("next_tone", params)
    return Why("step_due_business" if step.business_days else "step_due", params)


def may_decide(case: Case) -> bool:
    """Whether the day of the decision has come for the lead, and it was not taken yet."""
    decision = case.ladder.decision
    return case.lead.due_on <= decision.come and not case.had(decision.step.code)


def _later(case: Case, after: int) -> Why:
    """Which step comes next, and when; or that the manual has come to its end for this item."""
    for rung in case.ladder.own:
        if rung.place > after and rung.step.day > 0 and case.lead.due_on > rung.come:
            comes = comes_on(rung.step, case.lead.due_on, case.rules.calendar)
            return Why("next_step", {"days": case.days, "step": rung.step.name, "on": comes.isoformat()})
    return Why("ended", {"days": case.days})
