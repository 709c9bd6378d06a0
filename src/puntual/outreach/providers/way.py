"""One way out during a run: the transport of a channel, behind its provider's limits and what is known of it."""

import time
from collections.abc import Callable, Collection
from datetime import datetime
from functools import partial
from typing import Final

from django.conf import settings

from puntual.outreach.channels import Message, Receipt, Transport
from puntual.outreach.providers import circuit
from puntual.outreach.providers.limits import NONE, Limits, read_limits
from puntual.outreach.ways import provider_of, set_up, transport_of

_AHEAD: Final = 2.0
"""Where there is a limit, no more is claimed together than may leave in so many seconds."""


class Way:
    """A way out for the messages of some channels. Without a provider (the capture mailbox) it is always open."""

    def __init__(
        self, channels: Collection[str], make: Callable[[], Transport], provider: str = "", limits: Limits = NONE
    ) -> None:
        self.channels, self.provider, self._limits = channels, provider, limits
        self._make = make
        self._transport: Transport | None = None
        self._shut = self._probing = False
        self.is_down = False

    def most(self, now: datetime) -> int | None:
        """How many messages may be claimed together now: none where the way is shut, None for as many as one likes."""
        if self._shut:
            return 0
        if not self.provider:
            return None
        found = circuit.way(self.provider, now)
        self._probing = found == "probe"
        if found == "shut" or not self._opened(now):
            self._shut = True
            return 0
        if self._probing:
            return 1
        return max(1, int(_AHEAD / self._limits.spacing)) if self._limits.spacing else None

    def turn(self, clock: Callable[[], datetime]) -> bool:
        """Wait for the moment at which the next message may leave; False where the way is shut, or that is too far off."""
        if self._shut or not self._limits.are_some:
            return not self._shut
        turn = circuit.take_turn(self.provider, self._limits, clock())
        if not turn.had:
            self._shut = True
            return False
        time.sleep(max(0.0, (turn.at - clock()).total_seconds()))
        return True

    def deliver(self, message: Message) -> Receipt:
        """Hand a message to the transport. Raises Undeliverable."""
        return self._opened_transport().deliver(message)

    def note(self, receipt: Receipt, now: datetime) -> None:
        """Keep in mind what the provider answered, for every sender."""
        if not self.provider:
            return
        self.is_down = self.is_down or receipt.outcome == "unreachable"
        self._shut = circuit.note(self.provider, receipt, now, failing=self._probing) == "shut"
        self._probing = False

    def rest(self) -> None:
        """Nothing is in hand: a probe that never reached the provider is somebody else's again."""
        if self._probing:
            circuit.not_tried(self.provider)
            self._probing = False

    def close(self) -> None:
        """Give back what is open."""
        self.rest()
        if self._transport is not None:
            self._transport.close()

    def _opened(self, now: datetime) -> bool:
        """Whether the provider is there; asked before a message is claimed, so that a dead one costs none."""
        receipt = self._opened_transport().open()
        if receipt is not None:
            self.note(receipt, now)
        return receipt is None

    def _opened_transport(self) -> Transport:
        if self._transport is None:
            self._transport = self._make()
        return self._transport


def ways_out() -> list[Way]:
    """The ways that are set up. Raises Problem where an address or the limits cannot be read."""
    limits = read_limits(settings.LIMITS)
    return [
        Way([channel], partial(transport_of, channel), provider_of(channel), limits.get(channel, NONE))
        for channel in sorted(set_up())
    ]
