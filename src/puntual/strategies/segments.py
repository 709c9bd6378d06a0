"""Segments: which customers, by conditions on what is known about them. Pure; `segments_sql` says the same in SQL."""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as column
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, NamedTuple, TypeAlias

from puntual.agreements.profiles.findings import REASONS as ARREARS
from puntual.kernel import toml
from puntual.kernel.money import is_currency
from puntual.kernel.problems import N_, Problem

MOST = 60
"""Segments of one organization: what a customer is in is one bit each, in a number the database hands over."""
MOST_CONDITIONS = 20
HANDLINGS = ("automatic", "approve", "owner_only", "none")
PARTIES = ("legal", "natural")
_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
_LARGEST = Decimal(10) ** 16
Value: TypeAlias = int | bool | tuple[str, ...] | Mapping[str, Decimal]


class Kind(StrEnum):
    """What a field's values are, and with it how they can be compared."""

    AMOUNT = "amount"  # by currency
    NUMBER = "number"
    CHOICE = "choice"  # one of several words
    TAGS = "tags"  # any number of words
    FLAG = "flag"


OPERATORS: Mapping[Kind, tuple[str, ...]] = {
    Kind.AMOUNT: ("at_least", "below"),
    Kind.NUMBER: ("at_least", "at_most"),
    Kind.CHOICE: ("is", "is_not"),
    Kind.TAGS: ("has", "has_not"),
    Kind.FLAG: ("is",),
}


class Field(NamedTuple):
    """Something known about every customer that a condition can ask for; `choices` are its only words, where it has such."""

    kind: Kind
    choices: tuple[str, ...] = ()
    high: int = 0  # a number's highest value
    low: int = 0


FIELDS: Mapping[str, Field] = {
    "overdue": Field(Kind.AMOUNT),
    "open": Field(Kind.AMOUNT),
    "days_overdue": Field(Kind.NUMBER, high=3650),
    "known_days": Field(Kind.NUMBER, high=36500),
    "invoices": Field(Kind.NUMBER, high=1_000_000),
    "usual_delay": Field(Kind.NUMBER, high=3650, low=-3650),
    "paid_late": Field(Kind.NUMBER, high=100),
    "broken_promises": Field(Kind.NUMBER, high=1000),
    "promises_kept": Field(Kind.NUMBER, high=100),
    "creditor": Field(Kind.CHOICE),
    "country": Field(Kind.CHOICE),
    "language": Field(Kind.CHOICE),
    "party": Field(Kind.CHOICE, PARTIES),
    "consumer": Field(Kind.FLAG),
    "handling": Field(Kind.CHOICE, HANDLINGS),
    "tags": Field(Kind.TAGS),
    "willing": Field(Kind.FLAG),
    "able": Field(Kind.FLAG),
    "arrears_reason": Field(Kind.CHOICE, ARREARS),
}


class Figures(NamedTuple):
    """What is known about one customer on one day.

    `open` and `overdue` are balances by currency. `days_overdue` are those of the oldest item that may be asked for (ours, not
    held, above the tolerance after credits), 0 for none. `known_days` since the first invoice or since the customer was entered.
    `usual_delay` (days, the mean) and `paid_late` (percent) speak of the last 12 items that were settled by payment; None where
    there are none. `broken_promises`, in whole or in part, are of the last 180 days, `promises_kept` percent of all that were
    judged; None where none was. `creditor` is its code, `language` its general one. `willing` and `able` (to pay) and the
    `arrears_reason` are as they were last found; None where nobody knows.
    """

    open: Mapping[str, Decimal]
    overdue: Mapping[str, Decimal]
    days_overdue: int
    known_days: int
    invoices: int
    usual_delay: int | None
    paid_late: int | None
    creditor: str
    country: str
    language: str
    party: str
    consumer: bool
    handling: str
    tags: tuple[str, ...]
    willing: bool | None = None
    able: bool | None = None
    arrears_reason: str | None = None
    broken_promises: int = 0
    promises_kept: int | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing a customer must be: a field of `FIELDS`, an operator of its kind and what to compare with.

    Amounts are given by currency: “at least” wants one of them reached, “below” none. Of words one must match, or none. What is
    not known (the habits of somebody who never paid) meets no condition.
    """

    field: str
    operator: str
    value: Value = column(hash=False)

    def holds(self, figures: Figures) -> bool:
        """Whether a customer with these figures meets it."""
        known: Any = getattr(figures, self.field)
        value: Any = self.value
        match FIELDS[self.field].kind:
            case Kind.AMOUNT:
                reached = any(known.get(currency, 0) >= amount for currency, amount in value.items())
                return reached == (self.operator == "at_least")
            case Kind.NUMBER:
                return known is not None and (known >= value if self.operator == "at_least" else known <= value)
            case Kind.CHOICE:
                return known is not None and (known in value) == (self.operator == "is")
            case Kind.TAGS:
                return bool(set(known).intersection(value)) == (self.operator == "has")
            case Kind.FLAG:
                return known is not None and bool(known == value)


@dataclass(frozen=True, slots=True)
class Segment:
    """Customers who meet all of the conditions; without any, every customer."""

    code: str
    name: str
    conditions: tuple[Condition, ...] = ()

    def has(self, figures: Figures) -> bool:
        """Whether a customer with these figures belongs to it."""
        return all(condition.holds(figures) for condition in self.conditions)


def segments_of(segments: Sequence[Segment], figures: Figures) -> frozenset[str]:
    """The codes of those a customer belongs to."""
    return frozenset(segment.code for segment in segments if segment.has(figures))


def days_since(since: date | None, day: date) -> int:
    """Days from a past day to `day`; 0 where there is none."""
    return max((day - since).days, 0) if since else 0


def check(segment: Segment) -> None:
    """Raise Problem, naming the segment and the field, where it cannot be used."""
    if not _CODE.fullmatch(segment.code):
        raise _wrong(segment.code, "code", N_("Segment “{segment}”, {field}: use small letters, digits, “-” and “_”."))
    if not 0 < len(segment.name.strip()) <= 100:
        raise _wrong(segment.code, "name", N_("Segment “{segment}”, {field}: write 1 to 100 letters."))
    if len(segment.conditions) > MOST_CONDITIONS:
        message = N_("Segment “{segment}”, {field}: no more than {most} of them.")
        raise _wrong(segment.code, "conditions", message, most=MOST_CONDITIONS)
    for condition in segment.conditions:
        _check_condition(segment.code, condition)


def _check_condition(segment: str, condition: Condition) -> None:
    name, value = condition.field, condition.value
    known = FIELDS.get(name)
    if known is None:
        message = N_(
            "Segment “{segment}”, {field}: nothing of that name is known about customers. Choose one of: {choices}."
        )
        raise _wrong(segment, name, message, choices=", ".join(FIELDS))
    operators = OPERATORS[known.kind]
    if condition.operator not in operators:
        message = N_("Segment “{segment}”, {field}: “{value}” does not compare it. Choose one of: {choices}.")
        raise _wrong(segment, name, message, value=condition.operator, choices=", ".join(operators))
    if isinstance(value, Mapping):
        _check_amounts(segment, name, value)
    elif isinstance(value, tuple):
        _check_words(segment, name, value, known.choices)
    elif known.kind is Kind.NUMBER and not known.low <= value <= known.high:
        message = N_("Segment “{segment}”, {field}: write a number from {low} to {high}.")
        raise _wrong(segment, name, message, low=known.low, high=known.high)


def _check_amounts(segment: str, name: str, amounts: Mapping[str, Decimal]) -> None:
    if not amounts:
        raise _wrong(segment, name, N_("Segment “{segment}”, {field}: write at least one amount."))
    for currency, amount in amounts.items():
        if not is_currency(currency) or not amount.is_finite() or not 0 < amount < _LARGEST:
            message = N_("Segment “{segment}”, {field}: write amounts above zero by currency, such as PEN = “50”.")
            raise _wrong(segment, name, message)


def _check_words(segment: str, name: str, words: tuple[str, ...], choices: tuple[str, ...]) -> None:
    if not words or len(set(words)) < len(words) or any(not 0 < len(word.strip()) <= 60 for word in words):
        raise _wrong(segment, name, N_("Segment “{segment}”, {field}: name at least one, each of them once."))
    for word in words:
        if choices and word not in choices:
            message = N_("Segment “{segment}”, {field}: “{value}” is not known. Choose one of: {choices}.")
            raise _wrong(segment, name, message, value=word, choices=", ".join(choices))


def from_content(content: Mapping[str, Any]) -> Segment:
    """A checked segment from its JSON. Raises Problem naming the segment and the field at fault."""
    code = content.get("code", "")
    left = dict(content)
    conditions = left.pop("condition", [])
    found = Segment(
        code=_take(code, left, "code", toml.text),
        name=_take(code, left, "name", toml.text),
        conditions=tuple(_condition(code, raw) for raw in _typed(code, "condition", conditions, toml.tables)),
    )
    _nothing_left(code, left)
    check(found)
    return found


def to_content(segment: Segment) -> dict[str, Any]:
    """The segment as plain JSON values."""
    return {"code": segment.code, "name": segment.name, "condition": [_plain(one) for one in segment.conditions]}


def from_toml(text: str) -> tuple[Segment, ...]:
    """Checked segments in their order. Raises Problem naming the segment and the field at fault."""
    try:
        left = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Problem(
            N_("The segments are not written in valid TOML: look at line {line}."), line=toml.wrong_line(error, text)
        ) from error
    found = tuple(from_content(raw) for raw in _typed("", "segment", left.pop("segment", []), toml.tables))
    _nothing_left("", left)
    for number, segment in enumerate(found):
        if segment.code in {other.code for other in found[:number]}:
            raise _wrong(
                segment.code, "code", N_("Segment “{segment}”, {field}: another one has it. Give each its own.")
            )
    return found


def to_toml(segments: Sequence[Segment]) -> str:
    """Segments as TOML; `to_toml(from_toml(text))` gives the same bytes for every text written here."""
    parts = []
    for segment in segments:
        lines = ["[[segment]]", f"code = {toml.written(segment.code)}", f"name = {toml.written(segment.name)}"]
        for condition in segment.conditions:
            lines += ["", "[[segment.condition]]"]
            lines += [f"{key} = {toml.written(value)}" for key, value in _plain(condition).items()]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def _plain(condition: Condition) -> dict[str, Any]:
    value: Any = condition.value
    if isinstance(value, Mapping):
        value = {currency: format(amount, "f") for currency, amount in value.items()}
    elif isinstance(value, tuple):
        value = list(value)
    return {"field": condition.field, "operator": condition.operator, "value": value}


def _condition(segment: str, raw: Mapping[str, Any]) -> Condition:
    left = dict(raw)
    name = _take(segment, left, "field", toml.text)
    operator = _take(segment, left, "operator", toml.text)
    known = FIELDS.get(name)
    if known is None:  # `check` says which there are
        _check_condition(segment, Condition(name, operator, ()))
    if "value" not in left:
        raise _wrong(segment, name, N_("Segment “{segment}”, {field}: say what to compare with."))
    value = _typed(segment, name, left.pop("value"), _READ[known.kind] if known else toml.words)
    _nothing_left(segment, left)
    return Condition(name, operator, value)


def _take(segment: str, left: dict[str, Any], name: str, read: Callable[[Any], Any]) -> Any:
    if name not in left:
        raise _wrong(segment, name, N_("Segment “{segment}”: {field} is missing. Add it."))
    return _typed(segment, name, left.pop(name), read)


def _typed(segment: str, name: str, value: Any, read: Callable[[Any], Any]) -> Any:
    try:
        return read(value)
    except (TypeError, InvalidOperation):
        message = N_("Segment “{segment}”, {field}: “{value}” is not of the kind expected here.")
        raise _wrong(segment, name, message, value=value) from None


def _nothing_left(segment: str, left: Mapping[str, Any]) -> None:
    for name in left:
        raise _wrong(
            segment, name, N_("Segment “{segment}”: there is no field {field}. Check the spelling or remove it.")
        )


def _wrong(segment: str, name: str, message: str, **details: object) -> Problem:
    return Problem(message, segment=segment, field=name, **details)


_READ: Mapping[Kind, Callable[[Any], Value]] = {
    Kind.AMOUNT: toml.amounts,
    Kind.NUMBER: toml.number,
    Kind.CHOICE: toml.words,
    Kind.TAGS: toml.words,
    Kind.FLAG: toml.flag,
}
