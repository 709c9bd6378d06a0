"""The extensions of one installment, one after the other, and what a further one would ask for. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from puntual.agreements.guardrails import Asked


@dataclass(frozen=True, slots=True)
class Chain:
    """The due date, and the days that granted extensions have moved it to since, in their order."""

    due_on: date
    days: tuple[date, ...] = ()

    @property
    def ends_on(self) -> date:
        """The day the next extension would begin at."""
        return self.days[-1] if self.days else self.due_on

    @property
    def times(self) -> int:
        """How often it was extended."""
        return len(self.days)

    def asked(self, to: date) -> Asked:
        """What an extension to a day asks for, by limit: the days beyond the chain's end, and how often it would then be."""
        return {"days": (to - self.ends_on).days, "times": self.times + 1}


def longest(chain: Chain, days: int, times: int) -> date | None:
    """The latest day within limits of `days` each and `times` in all; None where it was extended that often."""
    if chain.times >= times:
        return None
    return date.fromordinal(chain.ends_on.toordinal() + days)


def most_asked(chains: Sequence[Chain], to: date) -> Asked:
    """What extending several items to one day asks for: the most of any of them."""
    each = [chain.asked(to) for chain in chains]
    return {name: max(one[name] for one in each) for name in ("days", "times")}
