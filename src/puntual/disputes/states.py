"""A dispute's states, what leads from one to the other, and how its amount lies on the invoice's installments. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple
from uuid import UUID

from puntual.kernel.calendars import BusinessCalendar
from puntual.kernel.problems import N_, Problem

LIVE: Final = frozenset({"open", "accepted"})
"""Nobody has decided, or the document that follows from the decision is still to come: what is disputed is held."""

TRANSITIONS: Final[Mapping[tuple[str, str], str]] = {
    ("open", "restate"): "open",
    ("open", "extend"): "open",
    ("open", "accept"): "accepted",
    ("open", "credit"): "credited",
    ("open", "correct"): "corrected",
    ("open", "reject"): "rejected",
    ("open", "withdraw"): "withdrawn",
    ("accepted", "extend"): "accepted",
    ("accepted", "credit"): "credited",
    ("accepted", "correct"): "corrected",
    ("accepted", "reopen"): "open",
    ("rejected", "reopen"): "open",
    ("withdrawn", "reopen"): "open",
}
"""(state, verb) -> the state after it; what is not here is refused. Talk, evidence and another owner change no state."""

VERBS: Final = ("restate", "extend", "accept", "credit", "correct", "reject", "withdraw", "reopen")

REVIEW_DAYS: Final = 5
"""Business days after the deadline until what is disputed and still undecided is looked at again; it is held meanwhile."""

FURTHEST_DAYS: Final = 180
"""Calendar days from today to which a deadline can be put off: a dispute is not put to sleep."""


class NotInThisState(Problem):
    """What was asked for does not follow from the state the dispute is in."""


class OpenPart(NamedTuple):
    """An installment of the disputed invoice with what is open of it."""

    id: UUID
    due_on: date
    open: Decimal


def state_after(state: str, verb: str) -> str:
    """The state a verb leads to. Raises NotInThisState where it leads nowhere, KeyError for no verb of ours."""
    if verb not in VERBS:
        raise KeyError(verb)
    after = TRANSITIONS.get((state, verb))
    if after is None:
        raise NotInThisState(
            N_(
                "This dispute was settled meanwhile, or is at another point. Load the page again to see how it stands now."
            )
        )
    return after


def verbs_in(state: str) -> tuple[str, ...]:
    """What can be done with a dispute in this state."""
    return tuple(verb for verb in VERBS if (state, verb) in TRANSITIONS)


def cover(amount: Decimal, parts: Sequence[OpenPart]) -> list[tuple[UUID, Decimal]]:
    """How an amount lies on an invoice's open installments: the earliest due first, since that is asked for first.

    No installment is covered beyond what is open of it; the parts add up to `amount`, or to all that is open where it is more.
    """
    covered = []
    rest = amount
    for part in sorted(parts, key=lambda one: (one.due_on, one.id)):
        taken = min(rest, part.open)
        if taken > 0:
            covered.append((part.id, taken))
            rest -= taken
    return covered


def answer_by(calendar: BusinessCalendar, opened_on: date, business_days: int) -> date:
    """The day by which a dispute is answered that came up on a day."""
    return calendar.add_business_days(opened_on, business_days)


def review_on(calendar: BusinessCalendar, deadline: date, today: date) -> date:
    """Through which day what is disputed is held before somebody looks at it again: after the deadline, or after today."""
    return calendar.add_business_days(max(deadline, today), REVIEW_DAYS)
