"""Which payment terms a customer had on a day, from those it has now and the changes there were. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Change:
    """From a day on another number of days; `before` is what held until then, None where nobody knew."""

    effective_on: date
    days: int
    before: int | None = None


def days_on(day: date, now: int | None, changes: Sequence[Change]) -> int | None:
    """The days that held for an invoice issued on `day`: those of the latest change by then; before the first one what it found;
    without changes those of now.
    """
    ordered = sorted(changes, key=lambda one: one.effective_on)
    if not ordered:
        return now
    begun = [one for one in ordered if one.effective_on <= day]
    return begun[-1].days if begun else ordered[0].before
