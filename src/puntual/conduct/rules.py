"""The vocabulary of conduct: rules, packs and an organization's own policy, as values.

A pack is a starting point for counsel, not legal advice: every rule says whom it covers, where it stands, how sure we
are and when it was checked. Rules only ever restrict, so a policy makes a pack stricter and never looser.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal, TypeAlias

CHANNELS = frozenset({"call", "visit", "email", "whatsapp", "sms", "letter"})
IN_PERSON: Mapping[str, str] = {"meeting": "visit"}
"""Ways to meet that no rule names, each with the channel whose rules it keeps: a meeting is a visit that was arranged."""
WAYS = CHANNELS | IN_PERSON.keys()
"""Every way a customer can be contacted."""
CONDITIONS = frozenset({"natural", "legal", "consumer", "financial_creditor", "third_party_collector"})
CONFIDENCES = frozenset({"V", "Q", "S", "M"})
"""Statute read (V), quoted (Q), secondary source (S), manners without a source (M): these are never called the law."""
HISTORY_DAYS = 31
"""A history of this many days answers every question: no rule looks further back."""
DUTIES = frozenset(
    {
        "agreements_in_writing",
        "bureau_listing",
        "cease_on_request",
        "charges_after_days",
        "charges_capped",
        "debtor_only",
        "free_notice",
        "identifiable_number",
        "identify_creditor",
        "identify_document",
        "keep_log",
        "no_amount_in_preview",
        "no_minors_or_elderly",
        "no_payment_to_agency",
        "no_pseudo_judicial",
        "no_question_why",
        "no_shaming",
        "no_workplace_if_barred",
        "opt_out",
        "validation_notice",
    }
)

CLAIMS = frozenset({"ordinary", "executive"})
"""Kinds of claim whose limitation differs: what any contract gives, and what an enforceable instrument gives."""
INTERRUPTIONS = frozenset({"part_payment", "acknowledgment", "lawsuit", "demand", "protest"})
"""What may start a limitation period anew; "demand" is one out of court that can be proved."""

Span: TypeAlias = tuple[int, int]
"""Minutes of the day, from and up to but not including."""
Per: TypeAlias = Literal["party", "debt"]


@dataclass(frozen=True, slots=True)
class Hours:
    """When contact is allowed, in the debtor's local time: spans by weekday, Monday first; without any it is closed."""

    week: tuple[tuple[Span, ...], ...]


@dataclass(frozen=True, slots=True)
class DaysOff:
    """Days without contact: weekdays (Monday is 0) and, where `holidays`, the holidays of the debtor's calendar."""

    weekdays: frozenset[int]
    holidays: bool


@dataclass(frozen=True, slots=True)
class Frequency:
    """At most `times` attempts by the `counted` channels together within `days` consecutive days.

    `days` are calendar days in the debtor's zone; with `full_days` an attempt also counts until its time of day comes
    round. `per` says whether attempts about the party's other debts count too.
    """

    times: int
    days: int
    full_days: bool
    per: Per
    counted: frozenset[str]


@dataclass(frozen=True, slots=True)
class Spacing:
    """At least `days` since the last attempt, or since the last `conversation`, by one of the `counted` channels."""

    days: int
    full_days: bool
    per: Per
    counted: frozenset[str]
    conversation: bool


@dataclass(frozen=True, slots=True)
class OneChannel:
    """Within `days`, only one channel: the one that was used first."""

    days: int
    full_days: bool
    per: Per


@dataclass(frozen=True, slots=True)
class Consent:
    """Only where the debtor authorized the channel."""


@dataclass(frozen=True, slots=True)
class ForbiddenChannel:
    """Never by this channel."""


@dataclass(frozen=True, slots=True)
class Duty:
    """What a contact must say, or must not do, or what must be kept: a code of `DUTIES` with its numbers."""

    code: str
    params: tuple[tuple[str, int], ...]


Value: TypeAlias = Hours | DaysOff | Frequency | Spacing | OneChannel | Consent | ForbiddenChannel | Duty


def group_of(counted: frozenset[str]) -> str:
    """What a limit counts, in one word: `words.count` makes it "2 calls" or "1 call or visit"."""
    if counted <= {"call", "visit"}:
        return "_or_".join(sorted(counted))
    return "message" if not counted & {"call", "visit"} else "contact"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of conduct.

    `channels` are those the law speaks of, `also` those it is applied to as a sensible default. `applies_to` lists the
    conditions that must all hold for the rule to be the law; elsewhere it is applied as the organization's own policy, except to
    those named in `not_for`, whom it leaves alone where it is not the law.
    """

    id: str
    value: Value
    channels: frozenset[str]
    also: frozenset[str]
    applies_to: frozenset[str]
    article: str
    source: str
    confidence: str
    checked: date | None
    not_for: frozenset[str] = frozenset()

    @property
    def is_law(self) -> bool:
        """Whether it stands in a law or regulation at all; manners do not."""
        return self.confidence != "M"


@dataclass(frozen=True, slots=True)
class Limitation:
    """After how many `years` from the due date a claim of this kind can no longer be enforced, and what starts them anew.

    With `once`, only the first interruption counts.
    """

    claim: str
    years: int
    interrupted_by: frozenset[str]
    once: bool
    article: str
    source: str
    confidence: str
    checked: date


@dataclass(frozen=True)
class Pack:
    """The rules of a country (ISO 3166-1 alpha-2), or of nowhere in particular (""), in the order they are checked.

    `limitations` holds only the periods we have a source for.
    """

    country: str
    rules: tuple[Rule, ...]
    limitations: tuple[Limitation, ...] = ()

    @cached_property
    def _hash(self) -> int:
        return hash((self.country, self.rules, self.limitations))

    def __hash__(self) -> int:
        return self._hash


@dataclass(frozen=True)
class Policy:
    """What an organization asks of itself on top of a pack: its own rules, and further days off.

    It can only be stricter: its rules come on top and are never called the law, and no day becomes less of a holiday by it.
    """

    rules: tuple[Rule, ...] = ()
    added: frozenset[date] = frozenset()

    @cached_property
    def _hash(self) -> int:
        return hash((self.rules, self.added))

    def __hash__(self) -> int:
        return self._hash


NO_POLICY = Policy()
