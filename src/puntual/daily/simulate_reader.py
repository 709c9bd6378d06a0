"""Facts read ahead: while one batch of customers is decided on, a thread has the database work out the next.

Both use the one connection whose transaction holds the copy of the books, in turn: whoever decides leaves it alone meanwhile.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections

from puntual.audit.actions import Actor
from puntual.kernel.ahead import ahead
from puntual.outreach.observe import observe
from puntual.outreach.surroundings import Surroundings
from puntual.strategies.facts import CustomerFacts

_LEAST = 1000


class Reader:
    """Observes for a replay."""

    def __init__(self, hand: Executor) -> None:
        self._hand = hand

    def facts(self, by: Actor, around: Surroundings, customers: set[str] | None) -> Iterator[CustomerFacts]:
        """The facts of these customers on the actor's day, or of everybody. The connection must not be used before the end."""
        if customers is None:
            yield from observe(by.organization_id, by.today, by.now, around)
            return

        def read(batch: Sequence[str]) -> list[CustomerFacts]:
            keys = [UUID(one) for one in batch]
            return list(observe(by.organization_id, by.today, by.now, around, customers=keys))

        everybody = sorted(customers)
        size = max(_LEAST, (len(everybody) + 1) // 2)  # each reading has a price of its own
        batches = (everybody[start : start + size] for start in range(0, len(everybody), size))
        for facts in ahead(map(read, batches), self._hand):
            yield from facts


@contextmanager
def reading_ahead() -> Iterator[Reader]:
    """A reader whose thread shares this thread's connection until the end of the block."""
    shared = connections[DEFAULT_DB_ALIAS]

    def share() -> None:
        connections[DEFAULT_DB_ALIAS] = shared

    shared.inc_thread_sharing()
    try:
        with ThreadPoolExecutor(1, "reader", initializer=share) as hand:
            yield Reader(hand)
    finally:
        shared.dec_thread_sharing()
