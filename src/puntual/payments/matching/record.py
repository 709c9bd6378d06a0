"""How often each rule was right of what it called sure, and the bar it has to reach to post by itself."""

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import NamedTuple

BAR = Decimal("0.995")
"""What a rule has to reach at least."""

ENOUGH = 200
"""From so many answers a record counts."""


class Record(NamedTuple):
    """How often a rule was right out of how many answers that it called sure."""

    right: int
    answers: int
    own: bool  # measured at the organization, not on the seeded bank

    @property
    def precision(self) -> Decimal | None:
        """The share of right answers; None where there is none."""
        return Decimal(self.right) / self.answers if self.answers else None

    def reaches(self, bar: Decimal) -> bool:
        """Whether it is known well enough, and was right often enough."""
        return self.answers >= ENOUGH and (self.precision or 0) >= bar


@cache
def seeded() -> Mapping[str, Record]:
    """What was measured on the seeded bank, whose truth is known (`bench/matching.py` writes it)."""
    measured = tomllib.loads(files(__package__).joinpath("measured.toml").read_text("utf-8"))
    return {rule: Record(right, answers, own=False) for rule, (right, answers) in measured["rules"].items()}
