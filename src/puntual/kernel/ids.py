"""UUID version 7 (RFC 9562): keys in the order in which they were made.

The one place of the kernel that reads a clock and a random source: an id says nothing about the business and no rule
depends on it, so making one is the edge's affair.
"""

import os
import secrets
import time
from array import array
from datetime import timedelta
from itertools import accumulate
from threading import Lock
from uuid import UUID

_RANDOM_BITS = 74  # rand_a (12) and rand_b (62)
_LOW = (1 << 62) - 1

# The last id's 48-bit milliseconds and 74 random bits as one number. Within a millisecond, or when the clock goes back,
# it grows by a random step (RFC 9562, 6.2, method 2), and overflows into the milliseconds by itself.
_last = 0
_lock = Lock()


def uuid7(now_ms: int | None = None) -> UUID:
    """A new UUIDv7, greater than every one this process made before; safe between threads.

    With `now_ms` (Unix milliseconds) it carries that time instead, outside the order: for data made with its own dates.
    """
    if now_ms is not None:
        return _uuid(_fresh(now_ms))
    return uuid7_batch(1)[0]


def uuid7_batch(n: int) -> list[UUID]:
    """`n` rising UUIDv7 at once: about a microsecond each."""
    global _last
    if n < 1:
        return []
    steps = array("I", os.urandom(4 * n))
    with _lock:
        now = time.time_ns() // 1_000_000
        start = _fresh(now) if now > _last >> _RANDOM_BITS else _last
        made = [place + risen for place, risen in enumerate(accumulate(steps), start + 1)]
        _last = made[-1]
    if made[0] >> 62 != made[-1] >> 62:
        return [_uuid(value) for value in made]
    high = _uuid(made[0]).int & ~_LOW  # the same for all, as good as always
    return [UUID(int=high | value & _LOW) for value in made]


def _fresh(milliseconds: int) -> int:
    # The highest random bit stays free, so that steps do not push a busy millisecond into the next one.
    return milliseconds << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS - 1)


def _uuid(value: int) -> UUID:
    return UUID(int=(value >> 62 >> 12) << 80 | 0x7 << 76 | (value >> 62 & 0xFFF) << 64 | 0b10 << 62 | value & _LOW)


def earlier(made: UUID, by: timedelta) -> UUID:
    """The least UUIDv7 of the moment that lies `by` before the one `made` carries."""
    milliseconds = max(0, (made.int >> 80) - by // timedelta(milliseconds=1))
    return UUID(int=milliseconds << 80 | 0x7 << 76 | 0b10 << 62)


def _forget() -> None:
    global _last, _lock
    _last, _lock = 0, Lock()


# A forked child must not go on from its parent's number, nor inherit a lock that nobody in it will release.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
