"""What a decision needs besides the facts, and what comes out of it: `Do` or `Nothing`, each with its reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from puntual.conduct.gate import Refused
from puntual.conduct.rules import NO_POLICY, Pack, Policy
from puntual.kernel.calendars import BusinessCalendar
from puntual.strategies.facts import Approved, Item

INTERNAL = "internal"
"""The channel of a task for the team."""


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """What an organization decided for all its manuals, on one day.

    `earliest` (with offset) is the first moment anything may happen that day, `channels` are those set up, `calendar` holds
    the team's working days. `packs` and `policies` go by country; "" stands for every other one. An item with no more
    open than its currency's `tolerance` never leads a contact. `approved` is what may be said by WhatsApp to whom did not write.
    """

    earliest: datetime
    channels: frozenset[str]
    calendar: BusinessCalendar
    packs: Mapping[str, Pack]
    policies: Mapping[str, Policy] = field(default_factory=dict)
    tolerance: Mapping[str, Decimal] = field(default_factory=dict)
    tone_rest_days: int = 21
    minimum_gap_days: int = 3
    approved: Approved | None = None

    def pack(self, country: str) -> Pack:
        """The conduct pack that holds in a country."""
        return self.packs.get(country) or self.packs[""]

    def policy(self, country: str) -> Policy:
        """The organization's own policy for a country."""
        return self.policies.get(country) or self.policies.get("", NO_POLICY)


class Reason(StrEnum):
    """Why nothing is done: a closed list, and the first that holds is the answer. The day's planner gives the last one."""

    HARD_STOP = "hard_stop"
    HELD = "held"
    NOTHING_DEMANDED = "nothing_demanded"
    NO_STEP_DUE = "no_step_due"
    RESTING = "resting"
    NO_USABLE_POINT = "no_usable_point"
    CONDUCT = "conduct"
    CAPACITY = "capacity"


class Why(NamedTuple):
    """A reason as data: `words.sentence` says it. Parameters are plain, dates in ISO 8601, amounts as text."""

    code: str
    params: Mapping[str, str | int]


class Do(NamedTuple):
    """One activity: with the customer, or a task for the team (channel `internal`, no tone, and `items` the lead alone).

    `demand` is what may be asked for by currency or, before the due date, what is announced. `items` has the lead first; with
    each goes the step its own age reached, never beyond the step now taken: the mark it gets once delivered ("" for none).
    `not_before` and `not_after` (excluded) are the moments conduct allows. `approval` asks for a person's yes first; an
    internal task never does. `days` counts from the lead's due date, negative before it.
    """

    step: str
    tone: str
    channel: str
    not_before: datetime
    not_after: datetime | None
    lead: Item
    demand: Mapping[str, Decimal]
    items: tuple[tuple[str, str], ...]
    approval: bool
    days: int
    why: Why


class Nothing(NamedTuple):
    """Nothing today, and why. `again_on` is the first day the answer may change by itself, where that is known."""

    reason: Reason
    why: Why
    again_on: date | None = None
    refusal: Refused | None = None
