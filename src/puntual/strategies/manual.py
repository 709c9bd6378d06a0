"""The collections manual as values: its steps, read from and written to TOML and JSON, and what makes one sound."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeVar

from puntual.conduct.rules import CHANNELS
from puntual.kernel.money import is_currency
from puntual.kernel.problems import N_, Problem
from puntual.kernel.toml import written
from puntual.strategies.facts import TONES

LANGUAGES = ("es", "en", "pt")
ROLES = ("billing", "approver", "escalation", "notices")
APPROVALS = ("automatic", "approve")
INTERNALS = ("decision", "credit_block", "tell_salesperson")
FIND_CONTACT, CREDIT_TO_APPLY, REVIEW_OF_TERMS = "find_contact", "credit_to_apply", "review_of_terms"
TASKS = (FIND_CONTACT, CREDIT_TO_APPLY, REVIEW_OF_TERMS)
"""Tasks a decision makes without any manual asking for them; no step may take their codes."""
RANK = {tone: rank for rank, tone in enumerate(TONES)}
FRIENDLY, FORMAL = RANK["friendly"], RANK["formal"]

_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
_AHEAD, _AHEAD_BUSINESS = 30, 18  # a month: how far ahead a customer's items are looked at
_DAYS = 3650
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Step:
    """One step: who hears what, in which tone, by which channel, from which day.

    `day` counts from the due date (0), before it if negative; with `business_days` only the team's working days count.
    `channels` are tried in this order. An `entry` step is where an item of which nothing was said yet starts. A
    `required` step is never skipped and counts as had only with its `proof`. Below `minimum` (demanded, by currency)
    the step does not run. `gap_days` since the last contact and `needs_delivered` activities for the item come before
    it. An `internal` step is a task for the team and reaches no customer: it has neither tone nor channels. With
    `segments` (codes) the step is only for customers in at least one of them.
    """

    code: str
    name: str
    day: int
    business_days: bool = False
    channels: tuple[str, ...] = ()
    tone: str = ""
    template: str = ""
    role: str = "billing"
    approval: str = "approve"
    entry: bool = False
    required: bool = False
    proof: str = ""
    minimum: Mapping[str, Decimal] = field(default_factory=dict, hash=False)
    gap_days: int | None = None
    needs_delivered: int = 0
    internal: str = ""
    attach_statement: bool = False
    segments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Manual:
    """A strategy's steps in the order of their days. `language` is that of the names; texts follow the customer's."""

    code: str
    name: str
    language: str
    steps: tuple[Step, ...] = field(hash=False)

    @cached_property
    def _by_code(self) -> Mapping[str, Step]:
        return {step.code: step for step in self.steps}

    @cached_property
    def segments(self) -> frozenset[str]:
        """The codes of all segments that a step is limited to."""
        return frozenset(code for step in self.steps for code in step.segments)

    def step(self, code: str) -> Step | None:
        """The step of that code; None for another manual's step and for the tasks of `TASKS`."""
        return self._by_code.get(code)


def from_toml(text: str) -> Manual:
    """A checked manual from TOML. Raises Problem naming the step and the field at fault."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Problem(N_("The manual is not written in valid TOML: {reason}."), reason=error) from error
    return from_content(raw)


def from_content(content: Mapping[str, Any]) -> Manual:
    """A checked manual from the JSON of a stored version. Raises Problem naming the step and the field at fault."""
    table = _Table(content, "")
    steps = table.take("step", _tables)
    manual = Manual(
        code=table.take("code", _text),
        name=table.take("name", _text),
        language=table.take("language", _text),
        steps=tuple(_step(raw, number) for number, raw in enumerate(steps, 1)),
    )
    table.end()
    check(manual)
    return manual


def to_content(manual: Manual) -> dict[str, Any]:
    """The manual as plain JSON values; what stands at its default is left out."""
    return {
        "code": manual.code,
        "name": manual.name,
        "language": manual.language,
        "step": [_plain(step) for step in manual.steps],
    }


def to_toml(manual: Manual) -> str:
    """The manual as TOML; `to_toml(from_toml(text))` gives the same bytes for every text written here."""
    content = to_content(manual)
    lines = [f"{key} = {written(content[key])}" for key in ("code", "name", "language")]
    for step in content["step"]:
        lines += ["", "[[step]]", *(f"{key} = {written(value)}" for key, value in step.items())]
    return "\n".join(lines) + "\n"


def check(manual: Manual) -> None:
    """Raise Problem, with the step and the field in its details, where the manual cannot be followed as written."""
    _check_heading(manual)
    codes: set[str] = set()
    for before, step in zip((None, *manual.steps), manual.steps, strict=False):
        if not _CODE.fullmatch(step.code) or step.code in TASKS:
            raise _wrong(step, "code", N_("Step “{step}”, {field}: use small letters, digits, “-” and “_”, no more."))
        if step.code in codes:
            raise _wrong(step, "code", N_("Step “{step}”, {field}: another step has this code. Give each its own."))
        codes.add(step.code)
        if before and step.day < before.day:
            raise _wrong(step, "day", N_("Step “{step}”, {field}: it comes before the step above it. Order by day."))
        _check_values(step)
        (_check_internal if step.internal else _check_contact)(step)
    contacts = [step for step in manual.steps if not step.internal]
    _check_climb(contacts)
    _check_climb_for_everyone([step for step in contacts if not step.segments])
    last = manual.steps[-1]
    if last.internal != "decision":
        raise _wrong(last, "internal", N_("Step “{step}”, {field}: the last step must be a decision, never silence."))


def _check_heading(manual: Manual) -> None:
    if not _CODE.fullmatch(manual.code):
        raise Problem(
            N_("The manual's {field} “{value}” is not usable. Use small letters, digits, “-” and “_”, no more."),
            step="",
            field="code",
            value=manual.code,
        )
    if not 0 < len(manual.name.strip()) <= 150:
        raise Problem(N_("The manual's {field} must have 1 to 150 letters."), step="", field="name")
    if manual.language not in LANGUAGES:
        raise Problem(
            N_("The manual's {field} “{value}” is not known. Choose one of: {choices}."),
            step="",
            field="language",
            value=manual.language,
            choices=", ".join(LANGUAGES),
        )


def _check_values(step: Step) -> None:
    if not 0 < len(step.name.strip()) <= 100:
        raise _wrong(step, "name", N_("Step “{step}”, {field}: write 1 to 100 letters."))
    _one_of(step, "role", [step.role], ROLES)
    _one_of(step, "approval", [step.approval], APPROVALS)
    _one_of(step, "internal", [step.internal] if step.internal else [], INTERNALS)
    _one_of(step, "channels", step.channels, sorted(CHANNELS))
    _between(step, "day", step.day, -_AHEAD_BUSINESS if step.business_days else -_AHEAD, _DAYS)
    _between(step, "gap_days", step.gap_days or 0, 0, _DAYS)
    _between(step, "needs_delivered", step.needs_delivered, 0, 100)
    for currency, amount in step.minimum.items():
        if not is_currency(currency) or not amount.is_finite() or amount < 0:
            raise _wrong(step, "minimum", N_("Step “{step}”, {field}: write amounts by currency, such as PEN = “50”."))
    if step.required and not step.proof.strip():
        raise _wrong(step, "proof", N_("Step “{step}”, {field}: say what proves that a required step was delivered."))
    for code in step.segments:
        if not _CODE.fullmatch(code) or step.segments.count(code) > 1:
            raise _wrong(step, "segments", N_("Step “{step}”, {field}: name codes of segments, each of them once."))
    if step.segments and (step.required or step.entry or step.internal == "decision"):
        raise _wrong(
            step,
            "segments",
            N_("Step “{step}”, {field}: the entry, a required step and the decision are for everyone."),
        )
    if step.minimum and (step.required or step.entry):
        raise _wrong(step, "minimum", N_("Step “{step}”, {field}: a required or entry step cannot have a minimum."))


def _check_internal(step: Step) -> None:
    for name in ("channels", "tone", "template", "entry", "needs_delivered", "attach_statement"):
        if getattr(step, name):
            raise _wrong(step, name, N_("Step “{step}”, {field}: an internal step reaches no customer. Remove it."))
    if step.day <= 0:
        raise _wrong(step, "day", N_("Step “{step}”, {field}: an internal step comes after the due date."))


def _check_contact(step: Step) -> None:
    _one_of(step, "tone", [step.tone], TONES)
    if not step.channels or len(set(step.channels)) < len(step.channels):
        raise _wrong(step, "channels", N_("Step “{step}”, {field}: name at least one channel, each of them once."))
    if not _CODE.fullmatch(step.template):
        raise _wrong(step, "template", N_("Step “{step}”, {field}: name the text it sends."))
    if step.day <= 0 and RANK[step.tone] > 0:
        raise _wrong(step, "tone", N_("Step “{step}”, {field}: nothing is late yet, so the tone must be courteous."))
    if RANK[step.tone] >= FORMAL and step.approval != "approve":
        raise _wrong(step, "approval", N_("Step “{step}”, {field}: a formal or final step needs a person's approval."))
    if RANK[step.tone] >= FORMAL and not step.needs_delivered:
        raise _wrong(
            step,
            "needs_delivered",
            N_("Step “{step}”, {field}: say how many contacts come before this tone (1 or more)."),
        )


def _check_climb(steps: list[Step]) -> None:
    """Tones never fall nor leap, one entry step, and every step can be reached by the shortest way from the entry on."""
    entries = [step for step in steps if step.entry]
    if not entries:
        raise Problem(
            N_("No step is marked as {field}. Mark the step an old invoice starts at."), step="", field="entry"
        )
    if len(entries) > 1:
        raise _wrong(entries[1], "entry", N_("Step “{step}”, {field}: another step is the entry step. Mark only one."))
    entry = entries[0]
    if entry.day <= 0 or RANK[entry.tone] > FRIENDLY:
        raise _wrong(entry, "entry", N_("Step “{step}”, {field}: it comes after the due date and is at most friendly."))
    for before, step in pairwise(steps):
        rise = RANK[step.tone] - RANK[before.tone]
        if rise < 0:
            raise _wrong(
                step, "tone", N_("Step “{step}”, {field}: it is softer than the step above it. Tones only rise.")
            )
        if rise > 1:
            raise _wrong(
                step, "tone", N_("Step “{step}”, {field}: it is two tones above the step before. Rise by one.")
            )
    for step in steps:
        tones = RANK[step.tone] - RANK[entry.tone]
        if step.needs_delivered > max(tones, 0):
            raise _wrong(
                step, "needs_delivered", N_("Step “{step}”, {field}: fewer contacts than that may come before it.")
            )


def _check_climb_for_everyone(steps: list[Step]) -> None:
    """Customers outside all segments reach every tone too: without the limited steps no tone is leaped."""
    for before, step in pairwise(steps):
        if RANK[step.tone] - RANK[before.tone] > 1:
            message = N_(
                "Step “{step}”, {field}: only limited steps lead to its tone. Add a step for everyone in the tone before."
            )
            raise _wrong(step, "segments", message)


def _wrong(step: Step, name: str, message: str, **details: object) -> Problem:
    return Problem(message, step=step.code, field=name, **details)


def _one_of(step: Step, name: str, values: Iterable[str], choices: Iterable[str]) -> None:
    for value in values:
        if value not in choices:
            message = N_("Step “{step}”, {field}: “{value}” is not known. Choose one of: {choices}.")
            raise _wrong(step, name, message, value=value, choices=", ".join(choices))


def _between(step: Step, name: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        message = N_("Step “{step}”, {field}: write a number from {low} to {high}.")
        raise _wrong(step, name, message, low=low, high=high)


class _Table:
    """A TOML table or JSON object of which every key is taken once, with its type."""

    def __init__(self, raw: Mapping[str, Any], step: str) -> None:
        self.left = dict(raw)
        self.step = step

    def take(self, name: str, read: Callable[[Any], _T], default: _T | None = None) -> _T:
        """The value of `name`, read; without a default it must be there."""
        if name not in self.left:
            if default is None:
                raise Problem(N_("Step “{step}”: {field} is missing. Add it."), step=self.step, field=name)
            return default
        value = self.left.pop(name)
        try:
            return read(value)
        except (TypeError, InvalidOperation):
            message = N_("Step “{step}”, {field}: “{value}” is not of the kind expected here.")
            raise Problem(message, step=self.step, field=name, value=value) from None

    def end(self) -> None:
        """Refuse what nobody took."""
        for name in self.left:
            raise Problem(
                N_("Step “{step}”: there is no field {field}. Check the spelling or remove it."),
                step=self.step,
                field=name,
            )


def _step(raw: Mapping[str, Any], number: int) -> Step:
    table = _Table(raw, str(raw.get("code", number)))
    gap = table.take("gap_days", _number, -1)
    internal = table.take("internal", _text, "")
    step = Step(
        code=table.take("code", _text),
        name=table.take("name", _text),
        day=table.take("day", _number),
        business_days=table.take("business_days", _flag, False),
        channels=table.take("channels", _words, () if internal else None),
        tone=table.take("tone", _text, "" if internal else None),
        template=table.take("template", _text, "" if internal else None),
        role=table.take("role", _text, "billing"),
        approval=table.take("approval", _text, "approve"),
        entry=table.take("entry", _flag, False),
        required=table.take("required", _flag, False),
        proof=table.take("proof", _text, ""),
        minimum=table.take("minimum", _amounts, {}),
        gap_days=gap if "gap_days" in raw else None,
        needs_delivered=table.take("needs_delivered", _number, 0),
        internal=internal,
        attach_statement=table.take("attach_statement", _flag, False),
        segments=table.take("segments", _words, ()),
    )
    table.end()
    return step


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _words(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError
    return tuple(_text(word) for word in value)


def _tables(value: Any) -> list[Mapping[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(table, dict) for table in value):
        raise TypeError
    return value


def _amounts(value: Any) -> Mapping[str, Decimal]:
    if not isinstance(value, dict):
        raise TypeError
    return {currency: Decimal(_text(amount)) for currency, amount in value.items()}


_FIELDS = tuple(Step.__dataclass_fields__)
_DEFAULTS = Step("", "", 0)


def _plain(step: Step) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for name in _FIELDS:
        value = getattr(step, name)
        if name in ("code", "name", "day") or value != getattr(_DEFAULTS, name):
            kept[name] = value
    if step.minimum:
        kept["minimum"] = {currency: format(amount, "f") for currency, amount in step.minimum.items()}
    for name in ("channels", "segments"):
        if name in kept:
            kept[name] = list(kept[name])
    return kept
