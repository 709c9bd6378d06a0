"""Who does whose work today. Pure."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

K = TypeVar("K", bound=Hashable)


def final_stand_ins(away: Mapping[K, K]) -> dict[K, K]:
    """Who does the work of each who is away, where a substitute who is away too has one in turn.

    Whoever would come back to somebody away (they stand in for each other, and both are) has nobody: their work stays theirs.
    """
    found: dict[K, K] = {}
    for one in away:
        seen, other = {one}, away[one]
        while other in away and other not in seen:
            seen.add(other)
            other = away[other]
        if other not in seen:
            found[one] = other
    return found
