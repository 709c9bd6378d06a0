"""What matching is asked, and what it answers: a credit, and proposals for it with their rule and evidence. Pure."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from puntual.payments.matching.adjusting import Adjustment, Limits
from puntual.payments.matching.portfolio import Family


class Credit(NamedTuple):
    """One credit of a bank statement; the amount in minor units."""

    id: UUID
    booked_on: date
    currency: str
    amount: int
    texts: tuple[str, ...] = ()
    references: tuple[str, ...] = ()  # that the bank passes on as structured
    payer_name: str = ""
    payer_account: str = ""


class By(StrEnum):
    """What tells whose a credit is, the strongest first."""

    REFERENCE = "reference"
    NUMBER = "number"
    MENDED = "mended_number"
    ACCOUNT = "account"
    ALIAS = "alias"
    TAIL = "number_tail"
    NAME = "name"
    LIKE_NAME = "like_name"
    AMOUNT = "amount"


class How(StrEnum):
    """How the amount fits, the surest first."""

    EXACT = "exact"  # all the named items, or one item of exactly the amount
    NET = "net"  # the same after what the law deducts
    SUBSET = "subset"  # the only items of the payer that add up
    ADJUSTED = "adjusted"  # with a fee, a discount, a withholding or a rounding
    PART = "part"  # less than the one item named
    OVER = "over"  # more than the items named
    OLDEST = "oldest"  # no items fit: the payer's oldest first
    ON_ACCOUNT = "on_account"  # nothing is open


class Part(NamedTuple):
    """What an item takes, in minor units."""

    item_id: UUID
    amount: int


class Proposal(NamedTuple):
    """What a credit may be for. `rest` stays on account.

    `sure` says that nothing speaks for another answer; whether it is posted without a person is decided by what the rule has been
    worth so far.
    """

    family: Family
    by: By
    how: How
    parts: tuple[Part, ...]
    rest: int
    adjustments: tuple[Adjustment, ...]
    evidence: tuple[tuple[str, str], ...]  # what tells it, and the words of the bank or the books
    sure: bool

    @property
    def rule(self) -> str:
        """The rule's name, by which its precision is kept: number_exact."""
        return f"{self.by}_{self.how}"


LATE_DISCOUNT = "late_discount"
"""Evidence: what is missing is a discount for paying early, and the money came after its day."""
SETTLED = "settled"
"""Evidence: the text names an item of which nothing is open."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What an organization allows."""

    limits: Limits = field(default_factory=Limits)
