"""A manual in people's words: its fields, what stands in them, steps and offers as sentences. The reader's language is active."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from babel.lists import format_list
from django.utils.formats import number_format
from django.utils.translation import get_language, gettext, ngettext, pgettext

from puntual.agreements.guardrails import Allowance
from puntual.kernel.money import is_currency, minor_units
from puntual.kernel.problems import N_
from puntual.strategies.steps import Manual, Offer, Step
from puntual.strategies.words import CHANNELS, TONES

FIELDS = {
    "": {"name": N_("name"), "language": N_("language")},
    "step": {
        "name": N_("name"),
        "day": N_("day"),
        "business_days": N_("business days"),
        "segments": N_("segments"),
        "channels": N_("channels"),
        "tone": N_("tone"),
        "template": N_("text"),
        "offer": N_("offer"),
        "role": N_("whom it speaks to"),
        "assignee": N_("whose task it is"),
        "approval": N_("approval"),
        "entry": N_("where an old invoice begins"),
        "required": N_("required"),
        "proof": N_("proof"),
        "minimum": N_("minimum"),
        "gap_days": N_("days since the last contact"),
        "needs_delivered": N_("contacts before it"),
        "internal": N_("what the team does"),
        "attach_statement": N_("account statement attached"),
        "attach_invoices": N_("invoices attached"),
        "next_after_days": N_("days without an answer before the next channel"),
    },
    "offer": {
        "name": N_("name"),
        "kind": N_("kind"),
        "percent": N_("percent"),
        "days": N_("days"),
        "installments": N_("parts"),
        "times": N_("times"),
        "down_percent": N_("first part"),
        "from_day": N_("from day"),
        "to_day": N_("through day"),
        "balance_from": N_("balance from"),
        "balance_below": N_("balance below"),
        "segments": N_("segments"),
        "granted_by": N_("who may grant it"),
        "words": N_("words"),
    },
    "policy": {"title": N_("title"), "text": N_("text"), "team_only": N_("for the team alone")},
    "notice": {
        "channels": N_("channels"),
        "tone": N_("tone"),
        "template": N_("text"),
        "days": N_("days"),
        "months": N_("months"),
        "rest_days": N_("days until it may come again"),
        "offer": N_("benefit"),
        "role": N_("whom it speaks to"),
        "approval": N_("approval"),
    },
}
TABLES = {"": N_("Heading"), "step": N_("Step"), "offer": N_("Offer"), "policy": N_("Policy"), "notice": N_("Notice")}
MEMBER_ROLES = {
    "collector": N_("collector"),
    "manager": N_("manager"),
    "owner": N_("owner"),
    "accountant": N_("accountant"),
}
PERSON_ROLES = {
    "billing": N_("billing contact"),
    "approver": N_("who approves payments"),
    "escalation": N_("management"),
    "notices": N_("address for notices"),
}
APPROVALS = {"automatic": N_("leaves by itself"), "approve": N_("waits for approval")}
INTERNALS = {
    "decision": N_("decide what to do with it"),
    "credit_block": N_("stop selling on credit"),
    "tell_salesperson": N_("tell the salesperson"),
}
KINDS = {
    "early_payment": N_("discount for paying early"),
    "extension": N_("extension"),
    "plan": N_("payment plan"),
    "discount": N_("partial discount"),
}
LANGUAGES = {"es": N_("Spanish"), "en": N_("English"), "pt": N_("Portuguese")}
_TABLES_OF_VALUES: Mapping[str, Mapping[str, str]] = {
    "tone": TONES,
    "role": PERSON_ROLES,
    "assignee": MEMBER_ROLES,
    "granted_by": MEMBER_ROLES,
    "approval": APPROVALS,
    "internal": INTERNALS,
    "kind": KINDS,
    "language": LANGUAGES,
}


def field(table: str, name: str) -> str:
    """What a field is called: "days since the last contact", for "gap_days" of a step."""
    return gettext(FIELDS[table].get(name, name))


def value(name: str, given: Any, manual: Manual) -> str:
    """What stands in a field, for whoever compares two versions. `manual` is the one it stands in."""
    if given is None or given == "" or given == () or given == {}:
        return pgettext("no value", "none")
    if isinstance(given, bool):
        return pgettext("is it so", "yes") if given else pgettext("is it so", "no")
    if name == "channels":
        return channels(given)
    if name == "offer":
        offer = manual.offer(given)
        return offer.name if offer else str(given)
    if isinstance(given, Mapping):
        return minimum(given)
    if isinstance(given, tuple):
        return ", ".join(given)
    if name in _TABLES_OF_VALUES:
        return gettext(_TABLES_OF_VALUES[name].get(given, given))
    if isinstance(given, Decimal):
        return percent(given)
    return number_format(given) if isinstance(given, int) else str(given)


def channels(names: tuple[str, ...]) -> str:
    """E-mail, else call."""
    said = [gettext(CHANNELS[name]) for name in names]
    return gettext(", else ").join(said)


def minimum(amounts: Mapping[str, Decimal]) -> str:
    """PEN 50.00, USD 20.00."""
    return ", ".join(_amount(currency, amount) for currency, amount in amounts.items())


def percent(share: Decimal) -> str:
    """2.5 %."""
    text = number_format(share.normalize() + 0)
    return f"{text}%" if (get_language() or "en").startswith("en") else f"{text}\N{NO-BREAK SPACE}%"


def when(step: Step) -> str:
    """5 days before the due date; on the due date; on business day 3 after it."""
    days = abs(step.day)
    if step.day == 0:
        return gettext("on the due date")
    if step.business_days:
        if step.day < 0:
            text = ngettext("{n} business day before the due date", "{n} business days before the due date", days)
        else:
            text = ngettext("{n} business day after the due date", "{n} business days after the due date", days)
    elif step.day < 0:
        text = ngettext("{n} day before the due date", "{n} days before the due date", days)
    else:
        text = ngettext("{n} day after the due date", "{n} days after the due date", days)
    return text.format(n=number_format(days))


def conditions(step: Step) -> list[str]:
    """What has to hold before a step is taken, and what follows from it: sentences for the team."""
    said: list[str] = []
    if step.entry:
        said.append(gettext("An invoice that is already old begins here."))
    if step.gap_days:
        text = ngettext(
            "At least {n} day since the last contact.", "At least {n} days since the last contact.", step.gap_days
        )
        said.append(text.format(n=number_format(step.gap_days)))
    if step.needs_delivered:
        text = ngettext("Only after {n} delivered contact.", "Only after {n} delivered contacts.", step.needs_delivered)
        said.append(text.format(n=number_format(step.needs_delivered)))
    if step.minimum:
        said.append(gettext("Only from {amounts} on.").format(amounts=minimum(step.minimum)))
    if step.required:
        said.append(gettext("Never skipped; proved by: {proof}.").format(proof=step.proof.rstrip(".")))
    if step.attach_statement:
        said.append(gettext("The account statement goes with it."))
    if step.attach_invoices:
        said.append(gettext("The files of the invoices go with it."))
    if step.next_after_days:
        text = ngettext(
            "Without an answer or a payment after {n} day it goes on by the next channel.",
            "Without an answer or a payment after {n} days it goes on by the next channel.",
            step.next_after_days,
        )
        said.append(text.format(n=number_format(step.next_after_days)))
    if step.internal:
        return said
    said.append(
        gettext("A person approves it first.") if step.approval == "approve" else gettext("It leaves by itself.")
    )
    return said


def limits(offer: Offer | Allowance) -> str:
    """Up to 3 parts within 90 days, at least 30 % at once."""
    days = ngettext("{n} day", "{n} days", offer.days).format(n=number_format(offer.days))
    match offer.kind:
        case "early_payment":
            return gettext("{percent} less when paid at least {days} before the due date").format(
                percent=percent(offer.percent), days=days
            )
        case "extension":
            text = ngettext(
                "{days} more, {n} time per invoice", "{days} more, up to {n} times per invoice", offer.times
            )
            return text.format(days=days, n=number_format(offer.times))
        case "plan":
            text = gettext("up to {n} parts within {days}").format(n=number_format(offer.installments), days=days)
            if not offer.down_percent:
                return text
            return gettext("{plan}, at least {percent} at once").format(plan=text, percent=percent(offer.down_percent))
        case "discount":
            text = gettext("up to {percent} less when the rest is paid within {days}").format(
                percent=percent(offer.percent), days=days
            )
            if offer.installments < 2:
                return text
            return gettext("{discount}, in up to {n} parts").format(discount=text, n=number_format(offer.installments))
    return offer.kind


def from_when(offer: Offer) -> str:
    """From which day on it may be offered, in words."""
    since = when(Step("", "", offer.from_day))
    if offer.to_day is None:
        return since
    return gettext("{since}, through {until}").format(since=since, until=when(Step("", "", offer.to_day)))


def for_whom(offer: Offer, segments: Mapping[str, str]) -> str:
    """Whom it is for besides the days: "balance from PEN 5,000.00, below PEN 20,000.00; only: Small shops". "everyone" where
    nothing else counts. `segments` are names by code.
    """
    said: list[str] = []
    for currency in dict.fromkeys([*offer.balance_from, *offer.balance_below]):
        least, below = offer.balance_from.get(currency), offer.balance_below.get(currency)
        if least is not None and below is not None:
            text = gettext("balance from {least} to below {below}")
        else:
            text = gettext("balance from {least}") if least is not None else gettext("balance below {below}")
        said.append(text.format(least=_amount(currency, least), below=_amount(currency, below)))
    if offer.segments:
        names = [segments.get(code, code) for code in offer.segments]
        said.append(gettext("only {segments}").format(segments=format_list(names, "or", _language())))
    return "; ".join(said) or gettext("everyone")


def granters(offer: Offer) -> str:
    """collector, manager or owner."""
    names = [
        gettext(MEMBER_ROLES[role]) for role in MEMBER_ROLES if role != "accountant" and offer.may_be_granted_by(role)
    ]
    return format_list(names, "or", _language())


def day_text(day: date) -> str:
    """A date written out as the reader writes it."""
    from babel.dates import format_date

    return format_date(day, "long", _language())


def _amount(currency: str, amount: Decimal | None) -> str:
    if amount is None:
        return ""
    decimals = minor_units(currency) if is_currency(currency) else 2
    return f"{currency} {number_format(amount, decimal_pos=decimals, force_grouping=True)}"


def _language() -> str:
    return (get_language() or "en").split("-")[0]
