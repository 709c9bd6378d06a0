"""Which days are meant: what lies far before or after every invoice is a slip of the hand, and close to where dates end."""

from datetime import date
from typing import Final

FIRST: Final = date(1950, 1, 1)
LAST: Final = date(2099, 12, 31)


def is_meant(day: date) -> bool:
    """Whether somebody may have meant the day: it is from `FIRST` to `LAST`."""
    return FIRST <= day <= LAST


def as_day(text: str) -> date | None:
    """The day a text says as 2026-11-23, or None where it is none, or none that is meant."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if is_meant(day) else None
