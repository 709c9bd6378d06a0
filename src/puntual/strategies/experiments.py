"""Champion and challenger: which customer is in which arm of an experiment, and the manual each arm follows. Pure.

The arm hangs on the customer and the experiment alone, so that it is the same every day and on every machine, and says nothing
about who the customer is.
"""

from dataclasses import dataclass, replace
from hashlib import md5
from typing import Literal, TypeAlias

from puntual.strategies.manual import Manual

Arm: TypeAlias = Literal["champion", "challenger", "holdback"]
ARMS: tuple[Arm, ...] = ("champion", "challenger", "holdback")
_PARTS = 10_000


@dataclass(frozen=True, slots=True)
class Split:
    """How customers are divided: percent in the `challenger` and the `holdback` arm; everybody else is in the champion's."""

    salt: str
    challenger: int
    holdback: int

    def arm(self, customer_id: str) -> Arm:
        """The arm of a customer, by a stable hash of its id (as text)."""
        digest = md5((self.salt + customer_id).encode(), usedforsecurity=False).hexdigest()
        place = int(digest[:8], 16) % _PARTS
        if place < self.challenger * 100:
            return "challenger"
        return "holdback" if place < (self.challenger + self.holdback) * 100 else "champion"


def delayed(manual: Manual, days: int) -> Manual:
    """The same manual, every step `days` later: a hold-back shows what a reminder does, and nobody goes without one.

    Steps that are required keep their day: what the law or a contract asks for is no experiment.
    """
    steps = [step if step.required else replace(step, day=step.day + days) for step in manual.steps]
    return replace(manual, steps=tuple(sorted(steps, key=lambda step: step.day)))
