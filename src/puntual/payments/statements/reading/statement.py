"""What every bank file becomes, whatever its format."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from puntual.kernel.problems import Problem

ZERO = Decimal(0)


class Kind(StrEnum):
    """What the lines of a statement are worth."""

    POSTED = "posted"  # booked: the money is there
    PROVISIONAL = "provisional"  # of the day that still runs (camt.052): shown, and replaced by what is posted
    SPLIT = "split"  # says only what a posted bulk credit is made of (camt.054)


class Scheme(StrEnum):
    """What a structured reference refers to."""

    CREDITOR = "creditor"  # what our invoice asked to be quoted: ISO 11649 (SCOR) or a national form of it
    QR = "qr"  # Swiss QRR and the like: ours too, printed in the payment code
    NOSSO_NUMERO = "nosso_numero"  # the bank's number of a boleto
    INVOICE = "invoice"  # a document number the payer put in a field of its own
    DOCUMENT = "document"  # a number given by us or the payer that may be a document's (seu número, N43 references)
    ORDER = "order"  # what a checkout was opened for (external_reference, invoice id)
    END_TO_END = "end_to_end"
    MANDATE = "mandate"
    CHECK = "check"
    TRANSACTION = "transaction"  # a payment system's own id
    ORIGINAL = "original"  # of a reversal: the transaction it takes back
    OTHER = "other"


class Reference(NamedTuple):
    """A structured reference as it stands in the file, spaces at its ends apart."""

    scheme: Scheme
    value: str


@dataclass(frozen=True, slots=True)
class Line:
    """One movement. `amount` is what the account moved by: positive for money in.

    `fees` is what the bank or provider kept before (never negative): the payer paid `amount + fees`. `original` is what was
    paid in another currency, where the file says it. `bank_key` is the bank's own key of the movement, empty where it gives
    none or one that is no key. `code` is the bank's kind of transaction. `parts` are the payments a bulk credit is made of.
    """

    booked_on: date
    amount: Decimal
    currency: str
    value_on: date | None = None
    texts: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    payer_name: str = ""
    payer_account: str = ""
    payer_tax_id: str = ""
    bank_key: str = ""
    code: str = ""
    fees: Decimal = ZERO
    original: tuple[Decimal, str] | None = None
    reverses: bool = False
    parts: tuple["Line", ...] = ()
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """One account's lines. Balances are signed, None where the file has none; `currency` is empty where it names none."""

    format: str
    kind: Kind
    account: str
    currency: str
    entries: tuple[Line, ...]
    opening: Decimal | None = None
    closing: Decimal | None = None
    number: str = ""
    from_on: date | None = None
    to_on: date | None = None
    bank: str = ""

    @property
    def credits(self) -> Decimal:
        """The sum of what came in."""
        return sum((line.amount for line in self.entries if line.amount > 0), ZERO)

    @property
    def debits(self) -> Decimal:
        """The sum of what went out, as a positive amount."""
        return -sum((line.amount for line in self.entries if line.amount < 0), ZERO)

    @property
    def difference(self) -> Decimal | None:
        """Opening balance and entries less the closing balance: zero where they add up, None where a balance is missing."""
        if self.opening is None or self.closing is None:
            return None
        return self.opening + self.credits - self.debits - self.closing


@dataclass(frozen=True, slots=True)
class Warned:
    """Something a person should know about a file that was read all the same: a sentence with its places."""

    message: str
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """What a file holds. `signature` tells the layout of a spreadsheet from every other: a mapping is remembered by it."""

    format: str
    statements: tuple[Statement, ...]
    warnings: tuple[Warned, ...] = ()
    signature: str = ""


class Unreadable(Problem):
    """The file cannot be read as a statement: nothing of it is taken."""


class Undecided(Unreadable):
    """The file can be read in more than one way, and only a person can say which."""
