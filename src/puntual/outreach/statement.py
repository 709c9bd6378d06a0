"""The account statement: everything open between a customer and a creditor on a day, in the customer's language, as a PDF.

It informs and asks for nothing: it is the same for everybody and belongs to no step. What is under review or agreed, and what is
not due, stands apart and is never totaled with what is overdue.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from typing import Any
from uuid import UUID

from babel import Locale
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext

from puntual.kernel.aging import Buckets, days_past_due
from puntual.kernel.documents import pdf
from puntual.outreach.channels import Document
from puntual.outreach.formats import locale_of, long_date, money, short_date
from puntual.outreach.paying import account_line, accounts, as_svg, bank_code, spaced
from puntual.outreach.portal_link import advice_link
from puntual.outreach.variables import letterhead_of
from puntual.parties.logos.queries import printed_logo
from puntual.parties.models import Customer
from puntual.parties.references import payment_reference
from puntual.payments.queries import on_account
from puntual.receivables.grouping import Group, Line, grouped
from puntual.receivables.models import CreditNote, Hold
from puntual.receivables.queries import ItemBalance, active_holds, open_items
from puntual.strategies.manual import LANGUAGES

_BUCKETS = Buckets()
_ZERO = Decimal(0)
_AGREED = frozenset({"promise", "plan", "extension", "instrument"})
"""Pauses the customer agreed to; under any other something is being looked at."""


@dataclass(frozen=True, slots=True)
class Books:
    """What is open with a customer: items, the pauses on them, and by currency the credits that no item has taken."""

    items: list[ItemBalance] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)
    credits: dict[str, Decimal] = field(default_factory=dict)


def books_of(organization_id: UUID, customers: Collection[UUID], day: date) -> dict[UUID, Books]:
    """The books of customers as of now, read together. Inside `acting_for`."""
    found = {customer: Books() for customer in customers}
    for item in open_items(organization_id, customers):
        found[item.customer_id].items.append(item)
    for hold in active_holds(organization_id, day, customers):
        found[hold.customer_id].holds.append(hold)
    notes = CreditNote.objects.filter(
        organization_id=organization_id, customer_id__in=customers, unapplied__gt=0, withdrawn_on=None
    ).values_list("customer_id", "currency", "unapplied")
    money_left = [(one.customer_id, one.currency, one.amount) for one in on_account(organization_id, customers)]
    for customer, currency, amount in [*notes, *money_left]:
        credits = found[customer].credits
        credits[currency] = credits.get(currency, _ZERO) + amount
    return found


def statement(
    customer: Customer, day: date, made_at: datetime, language: str = "", books: Books | None = None
) -> Document:
    """The statement of a customer (with its creditor and party) as of now, dated `day`, in the customer's language or another.

    Must run inside `acting_for`. `books` were just read by `books_of`. Raises Problem where the document cannot be made.
    """
    if books is None:
        books = books_of(customer.organization_id, [customer.id], day)[customer.id]
    spoken = language or customer.language or customer.creditor.language
    spoken = spoken if spoken[:2].lower() in LANGUAGES else "en"
    with override(spoken):
        locale = locale_of(spoken, customer.party.country)
        values = _Values(customer, day, locale, books).all()
        name = _("account-statement-{date}.pdf").format(date=day.isoformat())
    return Document(name, "application/pdf", pdf(_layout(), values, made_at))


@lru_cache(maxsize=1)
def _layout() -> bytes:
    return resources.files("puntual.outreach").joinpath("statement.typ").read_bytes()


class _Values:
    """What the layout shows, said in words: it only sets them."""

    def __init__(self, customer: Customer, day: date, locale: Locale, books: Books) -> None:
        self.customer, self.day, self.locale = customer, day, locale
        self.groups = grouped(books.items, books.holds, day)
        self.credits = books.credits
        own = customer.creditor.currency
        found = {item.currency for item in books.items} | self.credits.keys()
        self.currencies = sorted(found, key=lambda currency: (currency != own, currency))

    def all(self) -> dict[str, Any]:
        creditor = self.customer.creditor
        return {
            "language": self.locale.language,
            "title": _("Account statement"),
            "dated": long_date(self.day, self.locale),
            "creditor": creditor.name,
            "letterhead": letterhead_of(creditor),
            "logo": printed_logo(creditor),
            "customer": self.customer.name,
            "code": _("Customer {code}").format(code=self.customer.code),
            "reference_label": _("Reference for your payment"),
            "reference": spaced(payment_reference(self.customer.id)),
            "nothing": "" if self.currencies else _("Nothing is open on this day. Thank you."),
            "heads": [_("Document"), _("Issued"), _("Due date"), _("Amount"), pgettext("statement", "Open")],
            "parts": [self._part(currency) for currency in self.currencies],
            "closing": _(
                "This statement informs and asks for nothing beyond what was invoiced. If a payment of yours is missing or "
                "something does not agree, tell us and we will look at it."
            ),
            "advice": _("Invoices and payments in plain words: {link}").format(link=advice_link(self.locale.language)),
            "page": _("Page"),
            "of": _("of"),
        }

    def _part(self, currency: str) -> dict[str, Any]:
        order = {
            "overdue": _("Overdue"),
            "to_come": _("Not yet due"),
            "held": _("Under review or agreed apart"),
            "not_ours": _("To be paid to somebody else"),
        }
        lines = {group.name: [line for line in group.lines if line.item.currency == currency] for group in self.groups}
        groups = [
            {
                "name": said,
                "rows": [self._row(line, aged=name == "overdue") for line in lines[name]],
                "total": self._money(sum((line.item.open for line in lines[name]), _ZERO), currency),
            }
            for name, said in order.items()
            if lines.get(name)
        ]
        credit = self.credits.get(currency, _ZERO)
        return {
            "currency": f"{self.locale.currencies.get(currency, currency).capitalize()} ({currency})",
            "groups": groups,
            "credit": self._money(credit, currency) if credit else "",
            "credit_label": _("In your favor, not yet applied"),
            "aging": self._aging(currency),
            "pay": self._how_to_pay(currency),
            "pay_label": _("How to pay"),
            "qr": self._code(currency),
        }

    def _row(self, line: Line, *, aged: bool) -> list[str]:
        item = line.item
        number = (
            item.number
            if item.position == 1
            else _("{number}, part {position}").format(number=item.number, position=item.position)
        )
        days = days_past_due(item.due_on, self.day)
        due = short_date(item.due_on, self.locale)
        if aged:
            late = ngettext("{days} day", "{days} days", days).format(days=days)
            due = f"{due} · {late}"
        elif line.holds:
            apart = _("agreed") if line.holds[0].reason in _AGREED else _("under review")
            due = f"{due} · {apart}"
        issued = short_date(item.issued_on, self.locale)
        return [number, issued, due, self._money(item.amount, item.currency), self._money(item.open, item.currency)]

    def _aging(self, currency: str) -> list[list[str]]:
        """What is overdue and not set apart, by age; empty where nothing is."""
        sums = dict.fromkeys(_BUCKETS.names, _ZERO)
        for line in _overdue(self.groups):
            if line.item.currency == currency:
                sums[_BUCKETS.name(days_past_due(line.item.due_on, self.day))] += line.item.open
        if not any(sums.values()):
            return []
        between, over = _("{bucket} days late"), _("more than {days} days late")
        names = [between.format(bucket=name.replace("-", "–")) for name in _BUCKETS.names[1:-1]]
        names.append(over.format(days=_BUCKETS.edges[-1]))
        return [[name, self._money(sums[key], currency)] for name, key in zip(names, _BUCKETS.names[1:], strict=True)]

    def _how_to_pay(self, currency: str) -> list[str]:
        creditor = self.customer.creditor
        return [account_line(account, creditor) for account in accounts(creditor, currency, self.day)]

    def _code(self, currency: str) -> str:
        """The code a bank's application reads, as SVG; empty where there is none."""
        due = sum((line.item.open for line in _overdue(self.groups) if line.item.currency == currency), _ZERO)
        return as_svg(bank_code(self.customer, currency, due, self.day))

    def _money(self, amount: Decimal, currency: str) -> str:
        return money(amount, currency, self.locale)


def _overdue(groups: Iterable[Group]) -> list[Line]:
    return [line for group in groups if group.name == "overdue" for line in group.lines]
