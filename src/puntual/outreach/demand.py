"""What a message may ask for at the moment it leaves, from the same facts the day run decided on. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from puntual.strategies.facts import CustomerFacts, Item, after_credits


@dataclass(frozen=True, slots=True)
class Asked:
    """The items asked for with what is left of each after credits, the lead first; and, apart, what is not asked for now.

    `stop` is the reason of `results.REASONS` why nothing may be asked for, or "".
    """

    lines: tuple[tuple[Item, Decimal], ...] = ()
    to_come: tuple[Item, ...] = ()
    held: tuple[Item, ...] = ()
    amounts: Mapping[str, Decimal] = field(default_factory=dict)
    stop: str = ""


def asked_now(
    facts: CustomerFacts, day: date, lead_id: str, announced: Collection[str] = (), *, chases: bool = False
) -> Asked:
    """What may be asked for on `day` by a message whose lead is `lead_id`.

    Everything overdue, ours, not held, net of the same currency's credits set against the oldest first; or, before the due date,
    those of the `announced` items that are still to come. Where the lead itself is no longer among them the message stops: the
    next item has its own age and its own step. It stops too where it was planned to ask for what was late (it `chases`) and the
    lead is expected later now: no notice of what is to come speaks like that.
    """
    if facts.party_status != "active" or facts.handling == "none":
        return Asked(stop="stopped")
    lead = next((item for item in facts.items if item.id == lead_id), None)
    if lead is None:
        return Asked(stop="settled")
    before_due = lead.due_on >= day
    if facts.hold or (before_due and facts.hold_pre_due) or _is_held(lead, day):
        return Asked(stop="held")
    if chases and before_due:
        return Asked(stop="extended")
    asked = _sorted_out(facts, day, announced if before_due else None)
    if not any(item.id == lead_id for item, _ in asked.lines):
        return Asked(stop="settled")
    return replace(asked, lines=tuple(sorted(asked.lines, key=lambda line: line[0].id != lead_id)))


def asked_in_all(facts: CustomerFacts, day: date) -> Asked:
    """What may be spoken about on `day` in a contact that a person arranged: everything overdue that may be asked for, the
    oldest first. It stops only where the customer is not to be contacted at all.
    """
    if facts.party_status != "active" or facts.handling == "none":
        return Asked(stop="stopped")
    return _sorted_out(facts, day, None)


def for_information(facts: CustomerFacts, day: date) -> Asked:
    """Everything open, each where it stands, and nothing asked for: what an account statement speaks of."""
    asked = _sorted_out(facts, day, None)
    if facts.hold:
        return replace(asked, lines=(), held=(*(item for item, _ in asked.lines), *asked.held), amounts={})
    return replace(asked, amounts={})


def _sorted_out(facts: CustomerFacts, day: date, announced: Collection[str] | None) -> Asked:
    """Every item to where it belongs; with `announced`, those among them that are still to come are what is asked for."""
    before_due = announced is not None
    credits = dict(facts.credits)
    lines: list[tuple[Item, Decimal]] = []
    to_come: list[Item] = []
    held: list[Item] = []
    amounts: dict[str, Decimal] = {}
    for item in facts.items:
        if not item.ours or item.time_barred:
            continue
        coming = item.due_on >= day
        if _is_held(item, day):
            held.append(item)
        elif (
            item.id in (announced or ())
            if coming and before_due
            else not coming and not before_due and item.chase_from <= day
        ):
            left = after_credits(item, credits)
            if left > 0:
                lines.append((item, left))
                amounts[item.currency] = amounts.get(item.currency, Decimal(0)) + left
        elif coming:
            to_come.append(item)
    return Asked(tuple(lines), tuple(to_come), tuple(held), amounts)


def _is_held(item: Item, day: date) -> bool:
    return item.hold_pre_due if item.due_on >= day else bool(item.hold)
