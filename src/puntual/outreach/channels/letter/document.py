"""One letter in words: everything the layout sets, in the customer's language, from what was prepared a moment ago."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib import resources
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from puntual.kernel.documents import pdf
from puntual.outreach.channels.letter.postal import address_lines, paper
from puntual.outreach.formats import locale_of, long_date, money
from puntual.outreach.paying import account_line, accounts, as_svg, bank_code, spaced
from puntual.outreach.render import Wording
from puntual.outreach.variables import Letter, Row, letterhead_of, listed
from puntual.parties.logos.queries import printed_logo
from puntual.parties.references import payment_reference


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a letter is printed with besides its words: its code, the side of the envelope's window, whether it is a sample."""

    code: str
    window: str = "left"
    sample: bool = False


def set_letters(letters: Sequence[Mapping[str, Any]], title: str, made_at: datetime) -> bytes:
    """The PDF of some letters as `values_of` gives them, each beginning on an odd page with a page one of its own.

    The same letters and moment give the same bytes. Raises Problem where they cannot be set.
    """
    values = {"title": title, "author": letters[0]["creditor"], "letters": list(letters)}
    return pdf(_layout(), values, made_at)


@lru_cache(maxsize=1)
def _layout() -> bytes:
    return resources.files(__package__ or "").joinpath("letter.typ").read_bytes()


def values_of(letter: Letter, wording: Wording, sheet: Sheet) -> dict[str, Any]:
    """What the layout shows of one letter. `letter` has its recipient; the customer comes with creditor and party."""
    if letter.recipient is None:
        raise RuntimeError("a letter was set without an address")
    customer, creditor = letter.customer, letter.customer.creditor
    sender = locale_of(creditor.language, creditor.country)
    with override(wording.language):
        rows, apart = listed(letter)
        letterhead = letterhead_of(creditor)
        return {
            "language": letter.locale.language,
            "paper": paper(creditor.country),
            "window": sheet.window,
            "sample": pgettext("across a letter", "Sample") if sheet.sample else "",
            "creditor": creditor.name,
            "letterhead": letterhead,
            "logo": printed_logo(creditor),
            "address": address_lines(
                customer.name,
                letter.recipient.person,
                letter.recipient.value,
                to_country=customer.party.country,
                from_country=creditor.country,
                attention=_("Attn. {person}"),
                sender=sender,
            ),
            "dated": long_date(letter.day, letter.locale),
            "about_label": _("Customer"),
            "about": customer.code,
            "code_label": pgettext("a sheet of paper", "Letter"),
            "code": sheet.code,
            "code_qr": as_svg(sheet.code),
            "subject": wording.subject,
            "blocks": _blocks(wording, letterhead),
            "heads": [_("Invoice"), _("Due date"), _("Amount")],
            "rows": [_cells(row) for row in rows],
            "totals": _totals(letter, wording),
            "apart": [{"name": name, "rows": [_cells(row) for row in others]} for name, others in apart],
            "pay": [_pay(letter, currency) for currency in sorted(letter.asked.amounts)],
            "reference_label": _("Reference for your payment"),
            "reference": spaced(payment_reference(customer.id)),
            "page": _("Page"),
            "of": _("of"),
        }


def _cells(row: Row) -> list[str]:
    return [row.number, row.due, row.amount]


def _totals(letter: Letter, wording: Wording) -> list[list[str]]:
    """The total per currency, where the words do not say it already."""
    totals = [money(amount, currency, letter.locale) for currency, amount in sorted(letter.asked.amounts.items())]
    listed_apart = "\n".join(words for name, words in wording.blocks if not name)
    return [[_("Total"), total] for total in totals if total not in listed_apart]


def _blocks(wording: Wording, letterhead: Sequence[str]) -> list[dict[str, Any]]:
    """The paragraphs in their order. What asks for money never goes without its table and the way to pay.

    Under the signature the letterhead is not said again.
    """
    blocks = [
        {"name": name, "lines": [line for line in words.splitlines() if name != "signature" or line not in letterhead]}
        for name, words in wording.blocks
        if words.strip()
    ]
    named = {block["name"] for block in blocks}
    return [
        *blocks,
        *({"name": name, "lines": []} for name in ("invoice_list", "payment_details") if name not in named),
    ]


def _pay(letter: Letter, currency: str) -> dict[str, Any]:
    customer, creditor = letter.customer, letter.customer.creditor
    lines = [account_line(one, creditor) for one in accounts(creditor, currency, letter.day)]
    code = bank_code(customer, currency, letter.asked.amounts[currency], letter.day)
    hint = _("To pay with your bank's application") if code else _("To copy the account and the reference")
    if not code and lines:
        code = payment_text(
            lines, payment_reference(customer.id), money(letter.asked.amounts[currency], currency, letter.locale)
        )
    return {
        "label": _("To pay in {currency}").format(currency=letter.locale.currencies.get(currency, currency)),
        "lines": lines or [_("Tell us how you would like to pay and we will send you the details.")],
        "qr": as_svg(code),
        "hint": hint,
    }


def payment_text(lines: Sequence[str], reference: str, amount: str) -> str:
    """What a telephone shows to be copied where banks share no code: where to pay, the amount and the reference."""
    return "\n".join([*lines, amount, reference])
