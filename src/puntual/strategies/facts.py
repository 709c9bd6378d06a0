"""What a decision is made from: frozen facts about one customer on one day. No clock, no database, no settings.

The small ones are named tuples: a day run makes millions of them, and they are made four times as fast as frozen dataclasses.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from puntual.conduct.gate import NO_HISTORY, Contact, ContactHistory, Subject

TONES = ("courteous", "friendly", "firm", "formal", "final")


class Mark(NamedTuple):
    """A step an item has had (delivered and not bounced, or a call with a result)."""

    step: str
    tone: str


class Item(NamedTuple):
    """One open installment as a decision sees it.

    `askable` is what may be asked for in the currency's units: open, less expected deductions, less what a partial hold covers;
    zero where a hold covers all of it. `due_on` is the day it is expected on, from which the manual counts: the due date, that of
    an extension or the customer's own pay day. `chase_from` is it, moved to the next business day at the place of payment.
    """

    id: str
    currency: str
    due_on: date
    chase_from: date
    askable: Decimal
    due_generation: int = 1
    hold: str = ""  # the reason of a hold that stops chasing this item, or ""
    hold_until: date | None = None
    hold_pre_due: bool = False
    ours: bool = True
    marks: tuple[Mark, ...] = ()
    time_barred: bool = False  # the claim can no longer be enforced: counsel decides, no manual does
    stated_due: date | None = None  # the due date a message states, where the customer's own pay day comes after it

    @property
    def said_due(self) -> date:
        """The due date as the customer knows it: that of the invoice, or the one an extension gave."""
        return self.stated_due or self.due_on


def after_credits(item: Item, credits: dict[str, Decimal]) -> Decimal:
    """What may be asked for of an item once credits of its currency are set against it; they are used up by that."""
    left = item.askable
    credit = credits.get(item.currency) if credits else None
    if credit and left > 0:
        used = min(credit, left)
        credits[item.currency] = credit - used
        left -= used
    return left


Tried: TypeAlias = Mapping[tuple[str, str], Mapping[str, date]]
"""By (item, step): the channels it was led by in vain, with neither an answer nor a payment since, and since which day."""


class UnderWay(NamedTuple):
    """An activity of this customer that has not ended: `state` as in outreach.Activity, `day` it was planned for."""

    state: str
    day: date
    step: str


Approved: TypeAlias = frozenset[tuple[str, str, str]]
"""What a provider lets us say first: (template, audience, language)."""


@dataclass(frozen=True, slots=True)
class CustomerFacts:
    """Everything `decide` may know about one customer."""

    customer_id: str
    subject: Subject
    items: tuple[Item, ...]  # open, by due date; past and to come
    credits: Mapping[str, Decimal] = field(
        default_factory=dict
    )  # unapplied credit notes and money on account, by currency
    party_status: str = "active"
    handling: str = "automatic"
    hold: str = ""  # a hold on the whole customer
    hold_until: date | None = None
    hold_pre_due: bool = False
    reachable: frozenset[str] = frozenset()  # channels with a usable point
    unusable: Mapping[str, str] = field(default_factory=dict)  # channel -> why its points cannot be used
    authorized: frozenset[str] = frozenset()  # channels the customer expressly authorized
    no_sender: frozenset[str] = frozenset()  # channels in which the creditor has no verified sender
    last_contact_on: date | None = None  # delivered, any tone
    tone_last_on: Mapping[str, date] = field(default_factory=dict)
    tone_rounds: Mapping[str, int] = field(default_factory=dict)  # delivered in the last 90 days
    delivered: int = 0  # activities delivered for the present lead item's episode
    under_way: UnderWay | None = None
    rest_until: date | None = None  # the first day after the rest a large payment brings
    stale: bool = False  # the creditor's data is older than the organization's limit
    history: ContactHistory = NO_HISTORY
    tried: Tried = field(default_factory=dict)
    planned: tuple[Contact, ...] = ()  # not yet made, with other customers of the same party
    creditor_id: str = ""
    party_id: str = ""
    segments: frozenset[str] = frozenset()  # codes of the segments the customer is in
    language: str = ""  # of the texts by WhatsApp: es, en, pt
    prefers: frozenset[str] = frozenset()  # channels somebody there would rather be reached by
    free_until: datetime | None = None  # until then WhatsApp takes any words: they wrote within 24 hours before

    def sayable(self, template: str, channel: str, approved: Approved | None, at: datetime) -> bool:
        """Whether a template's words may leave by a channel at a moment: by WhatsApp only those a provider approved, or while
        the customer may be answered freely. Without `approved` nothing needs to be.
        """
        if channel != "whatsapp" or approved is None or (self.free_until is not None and at < self.free_until):
            return True
        audience = "consumer" if self.subject.consumer or self.subject.natural else "company"
        return (template, audience, self.language) in approved
