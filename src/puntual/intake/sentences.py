"""Sentences kept for later: an English message with what fills its places, told in whatever language is read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from puntual.kernel.money import is_currency, minor_units
from puntual.kernel.problems import N_, Problem
from puntual.kernel.sheets.reasons import REFUSED, REMARKED, Fault

Sentence = dict[str, Any]
"""As it is stored: {"message": …, "details": {…}, "kinds": {…}}, the last for those details that are an "amount" or a "date"."""

Translate = Callable[[str], str]

Write = Callable[[Decimal | date], str]
"""How a reader writes amounts and days."""

_DIFFERS: Final = {
    "amount": N_("amount"),
    "currency": N_("currency"),
    "customer": N_("customer"),
    "issued_on": N_("issue date"),
    "due_on": N_("due date"),
    "received_on": N_("date of payment"),
}


_KINDS: Final = {Decimal: "amount", date: "date"}


def as_written(message: str) -> str:
    """English: the message itself."""
    return message


def of_problem(problem: Problem) -> Sentence:
    """The sentence of a Problem."""
    return of_message(problem.message, problem.details)


def of_fault(fault: Fault) -> Sentence:
    """The sentence of a cell's fault or remark."""
    return of_message(REFUSED.get(fault.code) or REMARKED[fault.code], fault.details)


def of_message(message: str, details: Mapping[str, object]) -> Sentence:
    """A message with its details, as it is stored."""
    currency = str(details.get("currency", ""))
    sentence: Sentence = {
        "message": message,
        "details": {name: _plain(value, currency) for name, value in details.items()},
    }
    kinds = {name: _KINDS[type(value)] for name, value in details.items() if type(value) in _KINDS}
    return {**sentence, "kinds": kinds} if kinds else sentence


def _plain(value: object, currency: str) -> str:
    """A value as people read it: an amount with its currency's decimals, not with those of the database."""
    if not isinstance(value, Decimal):
        return str(value)
    decimals = minor_units(currency) if is_currency(currency) else 2
    return f"{value:.{decimals}f}" if round(value, decimals) == value else f"{value.normalize():f}"


def told(sentence: Sentence, translate: Translate = as_written, write: Write | None = None) -> str:
    """The sentence in the language `translate` speaks, its amounts and days as `write` puts them; empty for no sentence."""
    if not sentence:
        return ""
    details = dict(sentence["details"])
    if write:
        for name, kind in sentence.get("kinds", {}).items():
            value = details[name]
            details[name] = write(Decimal(value) if kind == "amount" else date.fromisoformat(value))
    return _filled(sentence["message"], details, translate)


def _filled(message: str, details: Mapping[str, object], translate: Translate) -> str:
    if "differs" in details:  # the names of what two documents do not share
        names = [_DIFFERS.get(name, name) for name in str(details["differs"]).split(", ")]
        details = {**details, "differs": ", ".join(map(translate, names))}
    return translate(message).format(**details)


@dataclass(frozen=True, slots=True)
class StoredFault(Fault):
    """A reason as it was stored: its `code` is the message itself."""

    def text(self, translate: Translate = as_written) -> str:
        """The sentence in the language `translate` speaks."""
        return _filled(self.code, self.details, translate)
