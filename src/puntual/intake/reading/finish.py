"""From typed columns to rows: what a row must have, what follows from what, what contradicts itself."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, NamedTuple

from puntual.intake.reading.convert import Typed
from puntual.intake.reading.fields import Kind
from puntual.intake.reading.proposals import Proposal
from puntual.intake.reading.rows import BalanceRow, CustomerRow, DueBy, InvoiceRow, PaymentRow, Row
from puntual.kernel.sheets.reasons import Bad, fault
from puntual.receivables.early_terms import parse

_ZERO = Decimal(0)
_WHOSE: Final = (
    "creditor",
    "customer_code",
    "customer_name",
    "customer_tax_id",
    "customer_email",
    "customer_phone",
    "customer_country",
)
NOTHING_OWED: Final = Bad("nothing_owed")  # not refused: there is nothing in the row to import

Finish = Callable[[Typed, Sequence[int], Proposal], list[Row]]


class _Sums(NamedTuple):
    amount: Decimal
    open_amount: Decimal
    paid_amount: Decimal | None
    credit_note: bool


def finish_invoices(typed: Typed, lines: Sequence[int], proposal: Proposal) -> list[Row]:
    """Invoices and credit notes; a row that cannot be one is noted among the faults."""
    headers = {name: reading.header for name, reading in proposal.readings.items()}
    names = (
        *_WHOSE, "number", "document_type", "issue_date", "due_date", "terms_days", "currency", "amount", "open_amount",
        "paid_on", "paid_amount", "disputed", "description", "early_payment",
    )  # fmt: skip
    rows: list[Row] = []
    refused = typed.faults
    for row, (creditor, code, name, tax_id, emails, phone, country, number, is_credit, issued, due, days, currency,
              amount, open_amount, paid_on, paid, disputed, description, early_text) in enumerate(
        zip(*(typed.columns[name] for name in names), strict=True)
    ):  # fmt: skip
        if row in refused:
            continue
        bad: Bad | None = None
        about = ""
        if not (code or name or tax_id):
            bad = Bad("missing_customer")
        elif not number:
            about, bad = "number", Bad("missing")
        elif not currency:
            about, bad = "currency", Bad("missing_currency")
        else:
            early = parse(early_text) if early_text else None
            days = early.net if early and days is None else days
            when, due_by = _due(issued, due, days, proposal.terms_days)
            sums = _sums(amount, open_amount, paid_on, paid, is_credit)
            if isinstance(when, Bad):
                about, bad = "due_date", when
            elif isinstance(sums, Bad):
                about, bad = "open_amount" if open_amount is not None else "amount", sums
            else:
                rows.append(
                    InvoiceRow(
                        lines[row], creditor, code, name, tax_id, emails, phone, country, number, issued, when, days,
                        currency, sums[0], sums[1], paid_on, sums[2], disputed, description, sums[3], early, due_by,
                    )
                )  # fmt: skip
                if early_text and not early:
                    remark = fault(headers.get("early_payment", ""), early_text, Bad("early_unreadable"))
                    typed.remarks.append((row, remark))
        if bad:
            value = typed.columns[about][row] if about else None
            typed.refuse(row, headers.get(about, ""), value, bad)
    return rows


def _due(issued: date | None, due: date | None, days: int | None, default: int | None) -> tuple[date | Bad, DueBy]:
    """The due date, and where it comes from; the customer's own terms go before the default ones."""
    if due is not None:
        if issued is not None and due < issued:
            return Bad("date_due_before_issue", {"issued": str(issued)}), "file"
        return due, "file"
    if issued is None:
        return Bad("missing_due_date"), "nothing"
    if days is not None:
        return issued + timedelta(days), "file"
    return issued + timedelta(default or 0), "nothing" if default is None else "default"


def _sums(
    amount: Decimal | None, open_amount: Decimal | None, paid_on: date | None, paid: Decimal | None, is_credit: bool
) -> _Sums | Bad:
    """Amount, open amount and paid amount as they follow from each other, none of them negative."""
    if amount is None:
        if open_amount is None:
            return Bad("missing_amount")
        # With a date of payment the only amount of a row is what was paid, not what is left.
        amount, open_amount = open_amount, None if paid_on else open_amount
    if amount < 0:
        is_credit = True
        amount = -amount
        open_amount = None if open_amount is None else -open_amount
        paid = None if paid is None else abs(paid)
    if open_amount is not None and open_amount < 0:
        return Bad("amount_signs")
    if paid is not None and paid < 0:
        return Bad("amount_paid_negative")
    if not amount and not open_amount:
        return NOTHING_OWED
    if open_amount is None:
        settled = paid if paid is not None else amount if paid_on else _ZERO
        open_amount = max(amount - settled, _ZERO)
    if open_amount > amount:
        return Bad("amount_open_exceeds", {"amount": str(amount)})
    if paid_on and not paid:
        paid = amount - open_amount
        if not paid:
            return Bad("amount_open_after_paid", {"paid_on": str(paid_on)})
    return _Sums(amount, open_amount, paid or None, is_credit)


def finish_customers(typed: Typed, lines: Sequence[int], _proposal: Proposal) -> list[Row]:
    """Customers: each row that names one."""
    names = (*_WHOSE, "language", "terms_days", "address", "contact_name", "contact_role", "salesperson", "tags")
    rows: list[Row] = []
    for row, values in enumerate(zip(*(typed.columns[name] for name in names), strict=True)):
        if row in typed.faults:
            continue
        if values[1] or values[2] or values[3]:
            rows.append(CustomerRow(lines[row], *values))
        else:
            typed.refuse(row, "", None, Bad("missing_customer"))
    return rows


def finish_payments(typed: Typed, lines: Sequence[int], proposal: Proposal) -> list[Row]:
    """Payments: whose (or for which invoices), when, how much."""
    names = (*_WHOSE, "date", "amount", "currency", "reference", "invoice_numbers", "method", "memo")
    rows: list[Row] = []
    for row, values in enumerate(zip(*(typed.columns[name] for name in names), strict=True)):
        if row in typed.faults:
            continue
        received_on, amount, currency, _reference, invoices = values[7:12]
        if not (values[1] or values[2] or values[3] or invoices):
            typed.refuse(row, "", None, Bad("missing_customer"))
        elif received_on is None:
            typed.refuse(row, _header(proposal, "date"), None, Bad("missing"))
        elif amount is None:
            typed.refuse(row, _header(proposal, "amount"), None, Bad("missing_amount"))
        elif amount <= 0:
            typed.refuse(row, _header(proposal, "amount"), amount, Bad("amount_not_positive"))
        elif not currency:
            typed.refuse(row, _header(proposal, "currency"), None, Bad("missing_currency"))
        else:
            rows.append(PaymentRow(lines[row], *values))
    return rows


def finish_balances(typed: Typed, lines: Sequence[int], proposal: Proposal) -> list[Row]:
    """Balances: whose, how much."""
    names = (*_WHOSE, "open_amount", "currency", "date", "due_date", "description")
    rows: list[Row] = []
    for row, values in enumerate(zip(*(typed.columns[name] for name in names), strict=True)):
        if row in typed.faults:
            continue
        if not (values[1] or values[2] or values[3]):
            typed.refuse(row, "", None, Bad("missing_customer"))
        elif values[7] is None:
            typed.refuse(row, _header(proposal, "open_amount"), None, Bad("missing_amount"))
        elif not values[8]:
            typed.refuse(row, _header(proposal, "currency"), None, Bad("missing_currency"))
        else:
            rows.append(BalanceRow(lines[row], *values))
    return rows


def _header(proposal: Proposal, name: str) -> str:
    reading = proposal.readings.get(name)
    return reading.header if reading else ""


FINISH: Final[dict[Kind, Finish]] = {
    Kind.INVOICES: finish_invoices,
    Kind.CUSTOMERS: finish_customers,
    Kind.PAYMENTS: finish_payments,
    Kind.BALANCES: finish_balances,
}
