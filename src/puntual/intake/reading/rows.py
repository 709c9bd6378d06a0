"""Typed rows: what one line of a file says, whatever the file looked like.

Text is never None but empty; dates, amounts and days are None where the file says nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple, TypeAlias

from puntual.kernel.sheets.reasons import Reject, Remark, Skipped
from puntual.receivables.early_terms import EarlyPayment

DueBy: TypeAlias = Literal["file", "default", "nothing", "customer"]


class CustomerRow(NamedTuple):
    """A customer. At least one of code, name and tax id is there."""

    line: int
    creditor: str
    customer_code: str
    customer_name: str
    customer_tax_id: str
    customer_emails: tuple[str, ...]
    customer_phone: str
    customer_country: str  # ISO 3166-1 alpha-2
    language: str  # es, en, pt
    terms_days: int | None
    address: str
    contact_name: str
    contact_role: str
    salesperson: str
    tags: tuple[str, ...]


class InvoiceRow(NamedTuple):
    """An invoice, or a credit note: amounts are never negative, `credit_note` says which way they go.

    `open_amount` is at most `amount`. With `paid_on` the paid amount is there too, and the open amount is what is left.
    A paid amount without `paid_on` was paid on a day the file does not tell. `due_by` says where the due date comes from: the
    *file*, its *default* terms, which the customer's own replace, or *nothing*: only the customer's terms can tell (until then it
    is the issue date); *customer* once they have.
    """

    line: int
    creditor: str
    customer_code: str
    customer_name: str
    customer_tax_id: str
    customer_emails: tuple[str, ...]
    customer_phone: str
    customer_country: str
    number: str
    issue_date: date | None
    due_date: date
    terms_days: int | None
    currency: str
    amount: Decimal
    open_amount: Decimal
    paid_on: date | None
    paid_amount: Decimal | None
    disputed: bool
    description: str
    credit_note: bool
    early: EarlyPayment | None = None  # what may be kept for paying early
    due_by: DueBy = "file"


class PaymentRow(NamedTuple):
    """Money that came in. It names its payer, or the invoices it pays."""

    line: int
    creditor: str
    customer_code: str
    customer_name: str
    customer_tax_id: str
    customer_emails: tuple[str, ...]
    customer_phone: str
    customer_country: str
    received_on: date
    amount: Decimal
    currency: str
    reference: str
    invoice_numbers: tuple[str, ...]
    method: str
    memo: str


class BalanceRow(NamedTuple):
    """What a customer owes in all; negative for a credit in the customer's favor."""

    line: int
    creditor: str
    customer_code: str
    customer_name: str
    customer_tax_id: str
    customer_emails: tuple[str, ...]
    customer_phone: str
    customer_country: str
    open_amount: Decimal
    currency: str
    as_of: date | None
    due_date: date | None
    description: str


Row = CustomerRow | InvoiceRow | PaymentRow | BalanceRow


@dataclass(slots=True)
class Chunk:
    """Rows of consecutive lines, up to `last_line`: reading goes on after it."""

    last_line: int
    rows: Sequence[Row] = ()
    rejects: list[Reject] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
