"""Aging: days past due, and the buckets they fall into.

The basis is the due date, never the issue date; the due date itself and the future are "current".
Buckets are data: an organization may add 91–180, 181–360 and so on.
"""

from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import date


def days_past_due(due_on: date, as_of: date) -> int:
    """Calendar days from the due date to `as_of`: 0 on the due date, negative before it."""
    return (as_of - due_on).days


@dataclass(frozen=True, slots=True)
class Buckets:
    """Aging buckets; `edges` are the last day (inclusive) of each bounded one.

    Raises ValueError unless the edges are positive and rise.
    """

    edges: tuple[int, ...] = (30, 60, 90)
    names: tuple[str, ...] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        starts = (1, *(edge + 1 for edge in self.edges))
        if not self.edges or any(edge < start for start, edge in zip(starts, self.edges, strict=False)):
            raise ValueError("The edges of aging buckets are positive days, each later than the one before.")
        bounded = (f"{start}-{edge}" for start, edge in zip(starts, self.edges, strict=False))
        object.__setattr__(self, "names", ("current", *bounded, f"{starts[-1]}+"))

    def index(self, days_past_due: int) -> int:
        """The position in `names` of the bucket for that many days past due."""
        return 0 if days_past_due <= 0 else 1 + bisect_left(self.edges, days_past_due)

    def name(self, days_past_due: int) -> str:
        """The name of the bucket for that many days past due, such as "31-60"."""
        return self.names[self.index(days_past_due)]
