"""What the negotiation desk shows for the customer on the line: the options this situation allows, and the words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import urlencode
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from puntual.agreements import beyond
from puntual.agreements.guardrails import Within
from puntual.agreements.profiles.findings import procedure
from puntual.agreements.profiles.models import Finding
from puntual.desk.navigation import pages
from puntual.desk.pages import DeskRequest, address
from puntual.outreach.formats import amounts, locale_of
from puntual.parties.models import Customer, Party
from puntual.receivables.queries import open_items
from puntual.strategies import wording
from puntual.strategies.allowances import allowances
from puntual.strategies.negotiation import DISPUTE, PAY, PROMISE, SITUATIONS, UNKNOWN, Option, options
from puntual.strategies.proofreading import asked_by
from puntual.strategies.scripts.queries import script_for
from puntual.strategies.scripts.words import situation_name
from puntual.strategies.segment_queries import figures_of
from puntual.strategies.texts import Place

FORMS: Mapping[str, str] = {
    PROMISE: "customer_promise",
    "extension": "extension_grant",
    "plan": "plan_new",
    "discount": "plan_new",
}
_WHOLE_PAGES = ("plan", "discount")
"""Kinds that are agreed on a page of their own; the others in a sheet over this one."""
"""The page where each kind of option is agreed; it is told the currency, the offer and the call by its address."""
_TITLES = {
    PAY: gettext_lazy("Pay it now"),
    PROMISE: gettext_lazy("A day to pay"),
    DISPUTE: gettext_lazy("Something does not match"),
}
_WORDS = {
    PAY: gettext_lazy("Give the account and the reference; the payment is seen when the bank reports it."),
    PROMISE: gettext_lazy("An amount and a day: while it is kept no other notice goes out."),
    DISPUTE: gettext_lazy("What is questioned is not asked for while it is reviewed; the rest is."),
}


@dataclass(frozen=True, slots=True)
class Way:
    """One option as the page shows it; `decides` is who has to approve it where the reader may not grant it alone."""

    title: str
    words: str
    limits: str
    currency: str
    href: str
    decides: str
    in_sheet: bool


@dataclass(frozen=True, slots=True)
class Talk:
    """The words of a situation, filled in for the customer. `why` says whether the law lets one ask for the reason."""

    language: str
    goal: str
    opening: list[str]
    questions: list[str]
    objections: list[tuple[str, str]]
    steps: tuple[str, ...]
    notes: tuple[str, ...]
    why: bool


def chosen(asked: str, known: Finding | None) -> str:
    """The situation asked for, else that of what is known."""
    if asked in SITUATIONS:
        return asked
    return (procedure(known.willing, known.able) if known else None) or UNKNOWN


def situations() -> list[tuple[str, str]]:
    """Each with its words, in their order."""
    return [(code, situation_name(code)) for code in SITUATIONS]


def ways(request: DeskRequest, customer: Customer, situation: str, source: UUID | None) -> list[Way]:
    """What may be proposed now, the first to be tried first; nothing while nothing is open."""
    allowed = allowances(request.organization.id, customer.id, request.membership.role, request.actor.today)
    if not allowed and not _overdue(request, customer):
        return []
    still = [one for one in allowed if one.allowance.kind != "extension" or _still_to_come(request, customer, one)]
    return [_way(request, customer, option, source) for option in options(situation, still)]


def talk(request: DeskRequest, customer: Customer, situation: str) -> Talk:
    """The words for the situation, in the customer's language."""
    found = script_for(request.organization.id, situation, customer.language or customer.creditor.language)
    why = may_ask_why(customer)
    values = {
        "caller_name": request.actor.name,
        "creditor_name": customer.creditor.name,
        "customer_name": customer.name,
        "total": amounts(_overdue(request, customer), locale_of(customer.language, customer.party.country), _(" and ")),
    }
    return Talk(
        language=customer.language,
        goal=found.goal,
        opening=[words.format(**values) for words in found.opening],
        questions=[question.text.format(**values) for question in found.allowed_questions(why=why)],
        objections=[(one.says, one.answer.format(**values)) for one in found.objections],
        steps=found.steps,
        notes=found.notes,
        why=why,
    )


def may_ask_why(customer: Customer) -> bool:
    """Whether the conduct rules of the customer's country allow asking for the reason of the arrears."""
    person = customer.consumer or customer.party.kind == Party.Kind.NATURAL
    place = Place("", "call", "consumer" if person else "company")
    return "no_question_why" not in asked_by(frozenset({customer.party.country}), place)


def _still_to_come(request: DeskRequest, customer: Customer, within: Within) -> bool:
    """Whether an extension gives a day that is not over yet: it counts from what each item is expected on."""
    items = open_items(request.organization.id, [customer.id])
    latest = max((item.expected_on for item in items if item.currency == within.situation.currency), default=date.min)
    return latest > request.actor.today - timedelta(days=within.allowance.days)


def _overdue(request: DeskRequest, customer: Customer) -> Mapping[str, Decimal]:
    """What is overdue by currency, else all that is open."""
    figures = figures_of(request.organization.id, [customer.id], request.actor.today).get(customer.id)
    return (figures.overdue or figures.open) if figures else {}


def _way(request: DeskRequest, customer: Customer, option: Option, source: UUID | None) -> Way:
    told = {"source": str(source)} if source else {}
    within = option.within
    if within is None:
        return Way(
            title=str(_TITLES[option.kind]),
            words=str(_WORDS[option.kind]),
            limits="",
            currency="",
            href=_href(request, customer, option.kind, told),
            decides="",
            in_sheet=option.kind == PROMISE,
        )
    allowance = within.allowance
    told |= {"currency": within.situation.currency, "offer": allowance.offer}
    if option.kind == "discount":
        told["kind"] = "settlement"
    return Way(
        title=allowance.name,
        words=_sentence(allowance.words),
        limits=wording.limits(allowance),
        currency=within.situation.currency,
        href=_href(request, customer, option.kind, told),
        decides="" if option.alone else beyond.role(allowance.role),
        in_sheet=option.kind not in _WHOLE_PAGES,
    )


def _href(request: DeskRequest, customer: Customer, kind: str, told: Mapping[str, str]) -> str:
    if kind == DISPUTE:
        return address(request, "customer_tab", customer.id, "invoices")
    form = FORMS.get(kind, "")
    if not form or not pages[form]:
        return ""
    query = urlencode(told)
    return address(request, form, customer.id) + (f"?{query}" if query else "")


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:].rstrip(".") + "." if words else ""
