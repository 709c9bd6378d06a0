"""What a customer's page shows: what is open with this creditor as of now, what of it is due, and what stands apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from babel import Locale
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from puntual.kernel.aging import days_past_due
from puntual.outreach.formats import day_and_month, money, short_date
from puntual.outreach.paying import accounts, as_svg, bank_code, spaced
from puntual.outreach.statement import books_of
from puntual.parties.models import CreditorAccount, Customer
from puntual.parties.references import payment_reference
from puntual.receivables.grouping import Group, grouped
from puntual.receivables.grouping import Line as OpenLine

_ZERO = Decimal(0)
_APART = ("promise", "plan", "extension", "instrument")
"""Pauses that stand for something agreed; under any other something is being looked at."""


@dataclass(frozen=True, slots=True)
class Line:
    """One document or part of it, in words. `amount` is what is open; `invoice_id` is empty where nothing is asked for it."""

    id: str
    invoice_id: str
    number: str
    when: str
    amount: str
    details: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Part:
    """What is open in one currency: due now, to come, and apart, each with its lines; totals are never mixed."""

    currency: str
    due: Decimal
    due_words: str
    sentence: str
    overdue: Sequence[Line]
    to_come: Sequence[Line]
    apart: Sequence[Line]
    credit: str
    accounts: Sequence[CreditorAccount]
    qr: str

    @property
    def asked(self) -> Sequence[Line]:
        """What may be paid now: overdue first, then what is to come."""
        return [*self.overdue, *self.to_come]


def parts_of(customer: Customer, day: date, locale: Locale) -> list[Part]:
    """What is open with a customer by currency, the creditor's own first; empty where nothing is.

    The customer needs its creditor and party. Inside `acting_for`, in the customer's language.
    """
    books = books_of(customer.organization_id, [customer.id], day)[customer.id]
    groups = {group.name: group for group in grouped(books.items, books.holds, day)}
    found = {item.currency for item in books.items} | {code for code, left in books.credits.items() if left}
    own = customer.creditor.currency
    return [
        _part(customer, day, locale, groups, code, books.credits.get(code, _ZERO))
        for code in sorted(found, key=lambda code: (code != own, code))
    ]


def _part(
    customer: Customer, day: date, locale: Locale, groups: dict[str, Group], currency: str, credit: Decimal
) -> Part:
    def lines(name: str) -> list[OpenLine]:
        return [line for line in groups[name].lines if line.item.currency == currency] if name in groups else []

    open_lines = lines("overdue"), lines("to_come")
    late, to_come = ([line for line in group if askable(line)] for group in open_lines)
    held = lines("held") + lines("not_ours")
    deducted = [line for group in open_lines for line in group if not askable(line)]
    due = sum((askable(line) for line in late), _ZERO)
    return Part(
        currency=currency,
        due=due,
        due_words=money(due, currency, locale),
        sentence=_sentence(late, to_come, currency, locale),
        overdue=[_line(line, day, locale) for line in late],
        to_come=[_line(line, day, locale) for line in to_come],
        apart=[
            *(_apart(line, day, locale) for line in held),
            *(
                _said(line, _("Only the withholding or deposit is missing"), _open(line, locale), locale)
                for line in deducted
            ),
        ],
        credit=money(credit, currency, locale) if credit else "",
        accounts=accounts(customer.creditor, currency, day),
        qr=as_svg(bank_code(customer, currency, due, day)),
    )


def askable(line: OpenLine) -> Decimal:
    """What of a line may be asked for: open, not held, and without what the law has the customer pay elsewhere."""
    return max(line.item.open - line.held - line.item.expected_deduction, _ZERO)


def _sentence(late: Sequence[OpenLine], to_come: Sequence[OpenLine], currency: str, locale: Locale) -> str:
    said = []
    if late:
        words = ngettext("That is {n} document.", "Those are {n} documents.", len(late))
        said.append(words.format(n=len(late)))
    else:
        said.append(_("Nothing is overdue. Thank you."))
    if to_come:
        soonest = min(to_come, key=lambda line: line.item.expected_on)
        amount = money(askable(soonest), currency, locale)
        day = day_and_month(soonest.item.expected_on, locale)
        said.append(_("The next one, of {amount}, is due on {day}.").format(amount=amount, day=day))
    return " ".join(said)


def _line(line: OpenLine, day: date, locale: Locale) -> Line:
    item = line.item
    days = days_past_due(item.expected_on, day)
    due = short_date(item.expected_on, locale)
    if days > 0:
        when = ngettext("Was due on {due}, {days} day ago", "Was due on {due}, {days} days ago", days)
    elif days == 0:
        when = _("Is due today, {due}")
    else:
        when = ngettext("Is due on {due}, in {days} day", "Is due on {due}, in {days} days", -days)
    return _said(line, when.format(due=due, days=abs(days)), money(askable(line), item.currency, locale), locale)


def _apart(line: OpenLine, day: date, locale: Locale) -> Line:
    if not line.holds:
        when = _("To be paid to somebody else")
    elif line.holds[0].reason == "payment_claimed":
        when = _("You told us that it is paid; we are looking for it")
    elif line.holds[0].reason in _APART:
        until = line.holds[0].until_on
        when = (
            _("Agreed, until {day}").format(day=short_date(until, locale)) if until else pgettext("open item", "Agreed")
        )
    else:
        when = _("Under review")
    return _said(line, when, _open(line, locale), locale)


def _open(line: OpenLine, locale: Locale) -> str:
    return money(line.item.open, line.item.currency, locale)


def _said(line: OpenLine, when: str, amount: str, locale: Locale) -> Line:
    item = line.item
    several = _("{number}, part {position}")
    number = item.number if item.position == 1 else several.format(number=item.number, position=item.position)
    details = [
        (_("Issued on"), short_date(item.issued_on, locale)),
        (_("Due date"), short_date(item.due_on, locale)),
        (_("Amount"), money(item.amount, item.currency, locale)),
        (_("Open"), money(item.open, item.currency, locale)),
    ]
    if item.expected_deduction:
        details.append((_("Withholding or deposit"), money(item.expected_deduction, item.currency, locale)))
    return Line(str(item.installment_id), str(item.invoice_id), number, when, amount, details)


def reference_of(customer: Customer) -> str:
    """The reference to pay with, in groups of four."""
    return spaced(payment_reference(customer.id))


def initials(name: str) -> str:
    """ST for Sembria Talento S.A.C.: the first letters of the first two words."""
    return "".join(word[0] for word in name.split()[:2]).upper()
