"""What the pages of contacts, calls and tasks are written with, beside the tags of every page."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import template
from django.utils.translation import gettext as _

from puntual.desk import formats, words
from puntual.kernel.phones import spaced
from puntual.kernel.problems import N_
from puntual.outreach.answers.outcomes import said
from puntual.strategies.manual import (
    ANSWER_REQUEST,
    ASK_INSTRUMENT,
    ASK_PAYER,
    CREDIT_TO_APPLY,
    FIND_CONTACT,
    GIVE_MISSING,
    OTHER_WAY,
    REVIEW_OF_TERMS,
)
from puntual.strategies.words import BESIDE_STEPS

register = template.Library()
_HELP = {
    "decision": N_(
        "Decide what follows: place it with an agency, sue, write it off or keep it. Note what was decided."
    ),
    FIND_CONTACT: N_("Find an address or a phone that works and enter it with the customer."),
    CREDIT_TO_APPLY: N_("Apply what stands in the customer's favor to what is open."),
    REVIEW_OF_TERMS: N_("Review terms and way of payment with this customer."),
    ASK_PAYER: N_(
        "Ask them which invoices the money is for, and note it here: whoever reconciles waits for the answer."
    ),
    ASK_INSTRUMENT: N_(
        "Ask the bank, or the customer, what became of it, and record it under Payments, Instruments: paid or returned."
    ),
    ANSWER_REQUEST: N_(
        "Grant it, propose a plan or say no: until then nothing is asked for, for some days. Tell the customer what was decided."
    ),
    GIVE_MISSING: N_("Send or upload what the note names, and record on the invoice that it is approved."),
    OTHER_WAY: N_(
        "They asked not to be written to there any more. Agree on another way and enter it with the customer."
    ),
}

register.filter("tone_name", words.tone)
register.filter("tone_count", words.tone_count)
register.filter("phone", spaced)
register.filter("outcome", said)


@register.filter
def days_late(due_on: date, today: date) -> str:
    """18, or −5 for what falls due in five days."""
    return formats.number((today - due_on).days)


@register.filter
def with_do(query: str, form: str) -> str:
    """?tone=firm&do=edit: the address' query with the form to open."""
    return f"{query}&do={form}" if query else f"?do={form}"


@register.filter
def task_help(step: str) -> str:
    """What a task of the team asks for; nothing for a task only its manual knows."""
    return _(_HELP[step]) if step in _HELP else ""


@register.filter
def beside(step: str) -> str:
    """Thanks for the payment, for "thank_you": what is called by no step of a manual."""
    return _(BESIDE_STEPS.get(step, step))


@register.filter
def at(names: Mapping[Any, Any], key: object) -> Any:
    """What `names` has for a key; nothing where it has none."""
    return names.get(key, "")


@register.filter
def last_digit(place: int) -> str:
    """The key for the tenth choice is 0, as on the keyboard."""
    return str(place % 10)
