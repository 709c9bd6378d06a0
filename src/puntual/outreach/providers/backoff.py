"""How long to wait before trying again: twice as long each time, never quite the same, and no longer than makes sense. Pure."""

from datetime import timedelta
from typing import Final

MOST_TRIES: Final = 6
"""How often one message is offered before it counts as failed."""
FAILURES_UNTIL_DOWN: Final = 3
"""So many failures in a row, and a provider counts as down."""
_SPREAD: Final = 0.25


def growing(times: int, *, first: timedelta, most: timedelta, luck: float) -> timedelta:
    """The wait after the `times`-th time in vain (from 1), a quarter more or less by `luck` (0 to 1), so that not all come back
    at once.
    """
    plain: timedelta = first * (1 << min(times - 1, 20))
    return min(plain, most) * (1 - _SPREAD + 2 * _SPREAD * luck)


def before_next_try(tries: int, luck: float) -> timedelta:
    """For one message that was put off: 5 minutes, 10, 20 … at most two hours (RFC 5321, 4.5.4.1 wants no hurry)."""
    return growing(tries, first=timedelta(minutes=5), most=timedelta(hours=2), luck=luck)


def before_next_use(failures: int, reason: str, luck: float) -> timedelta:
    """For a provider after so many failures in a row.

    One that cannot be reached is asked again soon: nothing left. One that takes messages and never answers leaves each of them in
    doubt, so it is tried rarely.
    """
    if reason == "interrupted":
        return growing(failures, first=timedelta(minutes=1), most=timedelta(hours=1), luck=luck)
    return growing(failures, first=timedelta(seconds=5), most=timedelta(minutes=15), luck=luck)
