"""What the variables of a text stand for, for one customer today: as plain text and, where it differs, as HTML."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from babel import Locale
from django.db import connection
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from puntual.conduct.gate import Subject, duties
from puntual.conduct.packs import pack_for
from puntual.kernel.remembering import remembered
from puntual.kernel.tax_ids import check_tax_id
from puntual.organizations.models import Organization
from puntual.organizations.queries import organization_of
from puntual.outreach.demand import Asked
from puntual.outreach.formats import amounts, day_and_month, locale_of, long_date, money, short_date
from puntual.outreach.notices.told import Told
from puntual.outreach.optout import stop_link
from puntual.outreach.origins import on_behalf
from puntual.outreach.points import Recipient
from puntual.outreach.portal_link import advice_link, portal_link
from puntual.outreach.surroundings import calendar_of
from puntual.parties.models import Creditor, CreditorAccount, Customer, Party
from puntual.parties.signers import Signatory
from puntual.receivables.early import Early, early_of
from puntual.strategies.facts import Item
from puntual.strategies.manual import LANGUAGES
from puntual.strategies.texts import base_language

ANSWER_DAYS = 5
"""Working days, in the customer's country, that a text gives for an answer."""
# The middle column gives way, so that a table fits a phone.
_CELL = "padding:6px 16px 6px 0;border-bottom:1px solid #e3e4e8;vertical-align:top"
_FIRST, _MIDDLE, _LAST = f"{_CELL};white-space:nowrap", _CELL, f"{_CELL};white-space:nowrap;text-align:right"


Numbers = Mapping[str, tuple[str, int, int]]
"""Of each installment: its invoice's number, its place in the invoice, and of how many."""


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything a text speaks of: who writes to whom, in which language, on which day, and what is asked for."""

    customer: Customer
    recipient: Recipient | None
    asked: Asked
    day: date
    caller: str = ""
    offer: str = ""
    signs: Signatory | None = None  # None: nobody by name, so the creditor does
    wanted: str = ""  # a language to be tried, whatever the customer reads
    numbers: "Numbers | None" = None  # of its items at least; None: not read yet
    told: Told | None = None  # what a notice speaks of
    early: Mapping[str, Early] | None = None  # what may be kept for paying early, by item; None: not read yet

    @property
    def consumer(self) -> bool:
        """Whether a natural person reads it: their texts and subjects give nothing away."""
        return self.customer.consumer or self.customer.party.kind == Party.Kind.NATURAL

    @property
    def language(self) -> str:
        """The point's own language, else the customer's, else the creditor's; English where there are no texts in it."""
        asked = self.recipient.language if self.recipient else ""
        language = asked or self.customer.language or self.customer.creditor.language
        language = language if language[:2].lower() in LANGUAGES else "en"
        return language if not self.wanted or base_language(language) == self.wanted else self.wanted

    @property
    def locale(self) -> Locale:
        return locale_of(self.language, self.customer.party.country)


@dataclass(frozen=True, slots=True)
class Row:
    """One item as it is listed: its document, its due date with the days beside it, and what is asked for it ("" for nothing)."""

    number: str
    due: str
    amount: str


def listed(letter: Letter) -> tuple[list[Row], list[tuple[str, list[Row]]]]:
    """What a letter asks for, the lead first; and what it lists apart and does not ask for now, each part under its heading.

    Must run with the letter's language active.
    """
    numbers = _numbers(letter)
    return [_row(item, amount, letter, numbers) for item, amount in letter.asked.lines], _apart(letter, numbers)


def values(letter: Letter, channel: str) -> tuple[dict[str, str], dict[str, SafeString]]:
    """Every name of `variables.VARIABLES` as text, as it stands in a channel, and those that have a form of their own in HTML.

    An optional one without a value is empty. Must run with the letter's language active.
    """
    numbers = _numbers(letter)
    rows = [_row(item, amount, letter, numbers) for item, amount in letter.asked.lines]
    apart = _apart(letter, numbers)
    lead = letter.asked.lines[0][0] if letter.asked.lines else None  # an account statement may find nothing late
    creditor = letter.customer.creditor
    organization = organization_of(creditor.organization_id)
    calendar = calendar_of(letter.customer.organization_id, letter.customer.party.country)
    person = letter.recipient.person if letter.recipient else ""
    text = {
        "greeting_name": person or letter.customer.name,
        "customer_name": letter.customer.name,
        "creditor_name": creditor.name,
        "agency_name": organization.name,
        "agency_phone": organization.phone,
        "agency_email": organization.email,
        "invoice_list": _plain_list(rows, apart),
        "invoice_count": ngettext("{n} invoice", "{n} invoices", len(rows)).format(n=len(rows)),
        "first_number": numbers[lead.id] if lead else "",
        "days_late": _days(max(0, (letter.day - lead.said_due).days)) if lead else "",
        "due_date": long_date(lead.said_due, letter.locale) if lead else "",
        "total": amounts(letter.asked.amounts, letter.locale, _(" and ")),
        "answer_by": day_and_month(calendar.add_business_days(letter.day, ANSWER_DAYS), letter.locale),
        "early_payment": _early(letter),
        "payment_details": "\n".join(_payment_details(letter)),
        "offer": letter.offer,
        **_of_notice(letter.told or Told(), letter.locale),
        "advice_link": advice_link(letter.language),
        "portal_link": portal_link(organization.id, letter.customer.id, letter.day),
        "creditor_phone": creditor.phone,
        "creditor_email": creditor.email,
        "signature": _signature(letter, channel, organization),
        "opt_out": _with_link(opt_out(channel), letter, channel),
        "caller_name": letter.caller or (letter.signs.name if letter.signs else creditor.name),
    }
    if channel == "sms":  # no-break spaces are none of GSM-7 either
        text = {name: " ".join(value.split()) for name, value in text.items()}
    return text, {"invoice_list": _html_list(rows, apart)}


def _of_notice(told: Told, locale: Locale) -> dict[str, str]:
    """What only a notice has to say, as far as it does."""
    joined = _(" and ")
    months = ngettext("{n} month", "{n} months", told.months).format(n=told.months)
    part = _("{part} of {parts}").format(part=told.part[0], parts=told.part[1]) if told.part else ""
    return {
        "agreed_amount": amounts(told.asked, locale, joined) if told.asked else "",
        "agreed_date": long_date(told.on, locale) if told.on else "",
        "agreed_part": part,
        "agreed_left": amounts(told.left, locale, joined) if told.left else "",
        "agreement_number": told.number,
        "decision": _decision(told, locale) if told.verdict else "",
        "paid_amount": amounts(told.paid, locale, joined) if told.paid else "",
        "kept_months": months if told.months else "",
    }


def _decision(told: Told, locale: Locale) -> str:
    """What was decided of an objection, and why."""
    right = amounts(told.paid, locale, _(" and "))
    said = {
        "credited": _("About invoice {number}: you are right about {amount}, and there is a credit note for it."),
        "corrected": _("About invoice {number}: you are right, and a corrected invoice takes its place."),
        "rejected": _("About invoice {number}: we looked at it, and it is owed as it stands."),
    }[told.verdict].format(number=told.number, amount=right)
    return f"{said} {told.why}".strip()


def _with_link(words: str, letter: Letter, channel: str) -> str:
    if channel != "email" or letter.recipient is None:
        return words
    link = stop_link(letter.customer.organization_id, letter.recipient.point_id)
    return " ".join([words, _("It can also be done here: {link}").format(link=link)])


def _early(letter: Letter) -> str:
    """What is to be paid by when, and what may be kept then; a sentence for each day and currency, empty where nothing may."""
    asked = [item.id for item, _left in letter.asked.lines]
    known = letter.early
    if known is None:
        known = early_of(letter.customer.organization_id, asked, letter.day)
    sums: dict[tuple[date, str], tuple[Decimal, Decimal]] = {}
    for one in (known[key] for key in asked if key in known):
        pay, keep = sums.get((one.until_on, one.currency), (Decimal(0), Decimal(0)))
        sums[one.until_on, one.currency] = pay + one.pay, keep + one.keep
    return " ".join(
        _("Paid by {date}, {amount} is enough: the discount is {discount}.").format(
            date=day_and_month(until_on, letter.locale),
            amount=money(pay, currency, letter.locale),
            discount=money(keep, currency, letter.locale),
        )
        for (until_on, currency), (pay, keep) in sorted(sums.items())
    )


def opt_out(channel: str) -> str:
    """How not to hear from us this way any more, in the language of the text."""
    if channel == "sms":  # translations keep to the signs of GSM-7: one other more than doubles an SMS's price
        return _("Reply STOP to receive no more.")
    if channel == "letter":
        return _("If you prefer us to write to you by another means, tell us and we will note it.")
    return _("If you prefer not to receive these messages by this means, answer this one and we will note it.")


def _signature(letter: Letter, channel: str, organization: Organization) -> str:
    """Who writes; an SMS is signed with the name, and with all the country's law wants on a document where it wants that."""
    creditor = letter.customer.creditor
    if channel != "sms":
        return "\n".join(signature_of(organization, creditor, letter.signs))
    country = letter.customer.party.country
    subject = Subject(
        natural=letter.customer.party.kind == Party.Kind.NATURAL,
        consumer=letter.customer.consumer,
        country=country,
        time_zone=letter.customer.time_zone,
    )
    asked = {each.code for each in duties(pack_for(country), channel, subject) if each.law}
    if "identify_document" not in asked:
        return on_behalf(organization, creditor)
    return ", ".join([on_behalf(organization, creditor, _company(creditor)), *creditor.address.split("\n")]).strip(", ")


def _days(days: int) -> str:
    return ngettext("{days} day", "{days} days", days).format(days=days)


def _row(item: Item, amount: Decimal, letter: Letter, numbers: Mapping[str, str]) -> Row:
    days = (letter.day - item.said_due).days
    if days > 0:
        said = ngettext("{days} day ago", "{days} days ago", days).format(days=days)
    elif days == 0:
        said = _("today")
    else:
        said = ngettext("in {days} day", "in {days} days", -days).format(days=-days)
    due_on = short_date(item.said_due, letter.locale)
    return Row(numbers[item.id], f"{due_on} ({said})", money(amount, item.currency, letter.locale))


def _apart(letter: Letter, numbers: Mapping[str, str]) -> list[tuple[str, list[Row]]]:
    """What is listed and not asked for now; a paused item without an amount, since that is what is being looked at."""
    to_come = [_row(item, item.askable, letter, numbers) for item in letter.asked.to_come if item.askable > 0]
    held = [replace(_row(item, item.askable, letter, numbers), amount="") for item in letter.asked.held]
    return [
        (heading, rows)
        for heading, rows in (
            (_("Not yet due, for your information:"), to_come),
            (_("Under review or agreed, not asked for now:"), held),
        )
        if rows
    ]


def _numbers(letter: Letter) -> dict[str, str]:
    """The invoice number of each item; with its place where the invoice has several installments."""
    items = [item.id for item, _ in letter.asked.lines]
    items += [item.id for item in (*letter.asked.to_come, *letter.asked.held)]
    known = numbers_of(letter.customer.organization_id, items) if letter.numbers is None else letter.numbers
    found = {}
    for key in items:
        number, position, count = known[key]
        said = _("{number}, installment {position} of {count}") if count > 1 else "{number}"
        found[key] = said.format(number=number, position=position, count=count)
    return found


def numbers_of(organization_id: UUID, items: Collection[str]) -> Numbers:
    """How installments are called, by their ids. Inside `acting_for`."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT i.id::text, v.number, i.position,
                   (SELECT count(*) FROM receivables_installment o
                    WHERE o.organization_id = i.organization_id AND o.invoice_id = i.invoice_id)
            FROM receivables_installment i
            JOIN receivables_invoice v ON v.organization_id = i.organization_id AND v.id = i.invoice_id
            WHERE i.organization_id = %s AND i.id = ANY(%s::uuid[])
            """,
            [organization_id, list(items)],
        )
        return {key: (number, position, count) for key, number, position, count in cursor}


def _plain_list(rows: Sequence[Row], apart: Sequence[tuple[str, list[Row]]]) -> str:
    blocks = ["\n".join(_plain_row(row) for row in rows)]
    blocks += ["\n".join([heading, *(_plain_row(row) for row in others)]) for heading, others in apart]
    return "\n\n".join(blocks)


def _plain_row(row: Row) -> str:
    return "  ".join(part for part in (row.number, row.due, row.amount) if part)


def _html_list(rows: Sequence[Row], apart: Sequence[tuple[str, list[Row]]]) -> SafeString:
    head = format_html(
        '<tr style="color:#5a5d6a"><td style="{}">{}</td><td style="{}">{}</td><td style="{}">{}</td></tr>',
        _FIRST,
        _("Invoice"),
        _MIDDLE,
        _("Due date"),
        _LAST,
        _("Amount"),
    )
    others = (
        format_html(
            '<tr style="color:#5a5d6a"><td colspan="3" style="padding:14px 0 2px">{}</td></tr>{}', heading, _body(block)
        )
        for heading, block in apart
    )
    return format_html(
        '<table cellspacing="0" style="border-collapse:collapse;margin:4px 0 14px">{}{}{}</table>',
        head,
        _body(rows),
        format_html_join("", "{}", ((block,) for block in others)),
    )


def _body(rows: Sequence[Row]) -> SafeString:
    return format_html_join(
        "",
        f'<tr><td style="{_FIRST}">{{}}</td><td style="{_MIDDLE}">{{}}</td><td style="{_LAST}">{{}}</td></tr>',
        ((row.number, row.due, row.amount) for row in rows),
    )


def _payment_details(letter: Letter) -> list[str]:
    """The creditor's accounts in the currencies asked for, and in no other."""
    creditor = letter.customer.creditor
    lines = []
    for account in _accounts(creditor, letter.day):
        if account.currency not in letter.asked.amounts:
            continue
        parts = [account.currency, account.bank, account.number]
        if account.interbank_number:
            parts.append(_("interbank {number}").format(number=account.interbank_number))
        parts.append(account.holder or creditor.name)
        lines.append(" · ".join(parts))
    return lines or [_("Answer this message and we will tell you how to pay.")]


@remembered
def _accounts(creditor: Creditor, day: date) -> list[CreditorAccount]:
    accounts = CreditorAccount.objects.filter(organization_id=creditor.organization_id, creditor=creditor)
    return list(accounts.exclude(ends_on__lt=day).order_by("currency", "bank", "id"))


def signature_of(organization: Organization, creditor: Creditor, signs: Signatory | None) -> list[str]:
    """The lines under a creditor's message: who signs, the company with its tax id, and where whoever signs is reached.

    An agency signs on the creditor's behalf, and is reached at its own phone and e-mail. With nobody to sign, the creditor does.
    """
    who = signs or Signatory("")
    if organization.is_agency:
        phone, mailbox = organization.phone, organization.email
    else:
        phone, mailbox = creditor.phone, creditor.email
    return _said(
        who.name,
        who.position,
        on_behalf(organization, creditor, _company(creditor)),
        *creditor.address.splitlines(),
        who.phone or phone,
        who.email or mailbox,
    )


def letterhead_of(creditor: Creditor) -> list[str]:
    """The lines below a creditor's name at the head of a document: its tax id, and where it is reached."""
    return _said(_tax_id(creditor), *creditor.address.splitlines(), creditor.phone, creditor.email)


def _said(*lines: str) -> list[str]:
    return [line for line in lines if line.strip()]


def _tax_id(creditor: Creditor) -> str:
    kind = check_tax_id(creditor.country, creditor.tax_id).kind if creditor.tax_id else ""
    return f"{kind} {creditor.tax_id}".strip()


def _company(creditor: Creditor) -> str:
    """Andina S.A.C., RUC 20512345678."""
    return ", ".join(_said(creditor.name, _tax_id(creditor)))
