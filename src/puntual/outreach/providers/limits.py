"""How fast a provider may be used, as whoever runs this server says it: `email=14/s,50000/d sms=1/s`. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from puntual.kernel.problems import N_, Problem

_RATE: Final = re.compile(r"([1-9]\d{0,8})/([smd])")
_SECONDS: Final = {"s": 1, "m": 60}


@dataclass(frozen=True, slots=True)
class Limits:
    """At most so many messages in any second, minute and 24 hours; None is no limit."""

    per_second: int | None = None
    per_minute: int | None = None
    per_day: int | None = None

    @property
    def are_some(self) -> bool:
        return any((self.per_second, self.per_minute, self.per_day))

    @property
    def spacing(self) -> float:
        """The seconds from one message to the next: evenly spaced, no second and no minute ever has more than its share."""
        return max(1 / (self.per_second or float("inf")), 60 / (self.per_minute or float("inf")))


NONE: Final = Limits()
USUAL: Final[Mapping[str, Limits]] = {"whatsapp": Limits(per_second=80)}
"""What a provider sets for everybody: Meta's Cloud API takes 80 messages a second per number (WhatsApp, "Throughput")."""


def read_limits(text: str) -> dict[str, Limits]:
    """The limits by channel; a channel that is not named keeps the usual ones. Raises Problem where it cannot be read."""
    found = dict(USUAL)
    for part in text.split():
        channel, equals, rates = part.partition("=")
        given: dict[str, int] = {}
        for rate in rates.split(","):
            match = _RATE.fullmatch(rate)
            if match is None or not equals or not channel.isalpha() or match[2] in given:
                raise Problem(
                    N_("PUNTUAL_LIMITS cannot be read at “{part}”. It should look like email=14/s,50000/d sms=1/s."),
                    part=part,
                )
            given[match[2]] = int(match[1])
        found[channel] = Limits(given.get("s"), given.get("m"), given.get("d"))
    return found
