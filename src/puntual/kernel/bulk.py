"""What came of something that was done to many things at once."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many it was done to, and how many were left as they are, by why: a sentence in English, the key of the catalogs."""

    done: int
    left: Mapping[str, int]

    @property
    def chosen(self) -> int:
        """How many it was asked for."""
        return self.done + sum(self.left.values())
