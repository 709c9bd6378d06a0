"""Segments in the reader's words: what a condition asks for, and the names of its fields and operators."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from puntual.agreements.profiles import words as profile_words
from puntual.desk import formats, places
from puntual.desk.labels import label
from puntual.desk.words import LANGUAGES
from puntual.kernel.problems import N_
from puntual.strategies.segments import FIELDS, Condition, Kind, Segment

FIELD_NAMES = {
    "overdue": N_("Overdue amount"),
    "open": N_("Open amount"),
    "days_overdue": N_("Days overdue"),
    "known_days": N_("Days as a customer"),
    "invoices": N_("Invoices so far"),
    "usual_delay": N_("Usual delay, days"),
    "paid_late": N_("Paid late, %"),
    "broken_promises": N_("Broken promises"),
    "promises_kept": N_("Promises kept, %"),
    "creditor": N_("Creditor"),
    "country": N_("Country"),
    "language": N_("Language"),
    "party": N_("Company or person"),
    "consumer": N_("Consumer"),
    "handling": N_("Handling"),
    "tags": N_("Tags"),
    "willing": N_("Wants to pay"),
    "able": N_("Can pay"),
    "arrears_reason": N_("Reason for the arrears"),
}
FIELD_HELP = {
    "overdue": N_("Reached in one of the currencies."),
    "open": N_("Reached in one of the currencies."),
    "days_overdue": N_("Of the oldest item that may be asked for; 0 where nothing is."),
    "known_days": N_("Since the first invoice."),
    "invoices": N_("1 is a first-time customer."),
    "usual_delay": N_("The mean of the last 12 items paid; below 0 is early. Who never paid is in neither."),
    "paid_late": N_("Of the last 12 items paid. Who never paid is in neither."),
    "broken_promises": N_("Of the last 180 days, broken in whole or in part."),
    "promises_kept": N_("Of all that were judged. Who promised nothing is in neither."),
    "tags": N_("Several, separated by commas: one of them is enough."),
    "willing": N_("As it was last found. Of whom nobody knows is in neither."),
    "able": N_("As it was last found. Of whom nobody knows is in neither."),
    "arrears_reason": N_("As it was last found. Of whom nobody knows is in neither."),
}
OPERATOR_NAMES = {
    "at_least": N_("at least"),
    "at_most": N_("at most"),
    "below": N_("below"),
    "is": N_("is"),
    "is_not": N_("is not"),
    "has": N_("has"),
    "has_not": N_("has not"),
}
_SENTENCES = {
    ("overdue", "at_least"): N_("{value} or more overdue"),
    ("overdue", "below"): N_("less than {value} overdue"),
    ("open", "at_least"): N_("{value} or more open"),
    ("open", "below"): N_("less than {value} open"),
    ("days_overdue", "at_least"): N_("overdue for {value} days or more"),
    ("days_overdue", "at_most"): N_("overdue for {value} days at most"),
    ("known_days", "at_least"): N_("a customer for {value} days or more"),
    ("known_days", "at_most"): N_("a customer for {value} days at most"),
    ("invoices", "at_least"): N_("{value} invoices so far or more"),
    ("invoices", "at_most"): N_("{value} invoices so far at most"),
    ("usual_delay", "at_least"): N_("pays {value} days late or later"),
    ("usual_delay", "at_most"): N_("pays {value} days late at most"),
    ("paid_late", "at_least"): N_("{value} % paid late or more"),
    ("paid_late", "at_most"): N_("{value} % paid late at most"),
    ("broken_promises", "at_least"): N_("broke {value} promises or more in half a year"),
    ("broken_promises", "at_most"): N_("broke {value} promises at most in half a year"),
    ("promises_kept", "at_least"): N_("keeps {value} % of its promises or more"),
    ("promises_kept", "at_most"): N_("keeps {value} % of its promises at most"),
    ("creditor", "is"): N_("customer of {value}"),
    ("creditor", "is_not"): N_("not a customer of {value}"),
    ("country", "is"): N_("in {value}"),
    ("country", "is_not"): N_("not in {value}"),
    ("language", "is"): N_("written to in {value}"),
    ("language", "is_not"): N_("not written to in {value}"),
    ("party", "is"): N_("is {value}"),
    ("party", "is_not"): N_("is not {value}"),
    ("handling", "is"): N_("handling: {value}"),
    ("handling", "is_not"): N_("handling other than: {value}"),
    ("tags", "has"): N_("with the tag {value}"),
    ("tags", "has_not"): N_("without the tag {value}"),
    ("arrears_reason", "is"): N_("late because: {value}"),
    ("arrears_reason", "is_not"): N_("late, but not because: {value}"),
}
_FLAGS = {
    "consumer": (N_("a consumer"), N_("not a consumer")),
    "willing": (N_("wants to pay"), N_("does not want to pay")),
    "able": (N_("can pay"), N_("cannot pay now")),
}


def condition(one: Condition, creditors: Mapping[str, str]) -> str:
    """What a customer must be, in a few words; `creditors` are names by code."""
    if one.field in _FLAGS:
        return _(_FLAGS[one.field][0 if one.value else 1])
    return _(_SENTENCES[one.field, one.operator]).format(value=_value(one, creditors))


def conditions(segment: Segment, creditors: Mapping[str, str]) -> str:
    """All of them in one sentence."""
    if not segment.conditions:
        return _("every customer")
    return "; ".join(condition(one, creditors) for one in segment.conditions)


def word(field: str, value: str, creditors: Mapping[str, str]) -> str:
    """What a word of a choice is called."""
    match field:
        case "creditor":
            return creditors.get(value, value)
        case "country":
            return places.country_name(value)
        case "language":
            return LANGUAGES.get(value, value)
        case "handling":
            return label("handling", value)
        case "arrears_reason":
            return profile_words.reason(value)
        case "party":
            return pgettext("segment", "a company") if value == "legal" else pgettext("segment", "a person")
    return value


def _value(one: Condition, creditors: Mapping[str, str]) -> str:
    value: Any = one.value
    if isinstance(value, Mapping):
        amounts = [f"{currency} {formats.money(amount, currency)}" for currency, amount in value.items()]
        return _(" or ").join(amounts)
    if FIELDS[one.field].kind is Kind.NUMBER:
        return formats.number(value)
    return _(" or ").join(word(one.field, each, creditors) for each in value)
