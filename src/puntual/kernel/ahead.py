"""Two things at once, where one of them waits for the database and the other computes."""

import gc
import sys
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")

_USUAL_COLLECTIONS, _USUAL_INTERVAL = gc.get_threshold(), sys.getswitchinterval()


def ahead(items: Iterator[T], hand: Executor, depth: int = 1) -> Iterator[T]:
    """The same items in the same order, the next `depth` made by `hand` while the last one is used. None ends them.

    `hand` has one thread. Whatever else it is given for the same connection comes before or after an item, never in between;
    where that takes longer than an item is used, more than one ahead keeps the user from waiting for it.
    """
    coming = deque(hand.submit(next, items, None) for _ in range(depth))
    while (item := coming.popleft().result()) is not None:
        coming.append(hand.submit(next, items, None))
        yield item


@contextmanager
def at_full_speed() -> Iterator[None]:
    """The interpreter set for rows by the hundred thousand, and set back afterwards.

    Rows hold no cycles: the garbage collector would walk all that is alive, again and again, for nothing. And a statement that
    has its answer should not wait five milliseconds for the thread that computes: a chunk of rows comes in over a hundred pieces,
    and after each the thread that reads asks for its turn.
    """
    gc.set_threshold(100_000, *_USUAL_COLLECTIONS[1:])
    sys.setswitchinterval(0.00005)
    try:
        yield
    finally:
        gc.set_threshold(*_USUAL_COLLECTIONS)
        sys.setswitchinterval(_USUAL_INTERVAL)
