"""The collections manual as text: read from and written to TOML and JSON. What it is made of stands in `steps`."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import fields
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from puntual.kernel import toml
from puntual.kernel.problems import N_
from puntual.strategies.faults import Fault
from puntual.strategies.lines import places
from puntual.strategies.soundness import check, faults
from puntual.strategies.steps import (
    ANSWER_REQUEST,
    APPROVALS,
    ASK_INSTRUMENT,
    ASK_PAYER,
    CREDIT_TO_APPLY,
    FIND_CONTACT,
    FORMAL,
    FRIENDLY,
    GIVE_MISSING,
    INTERNALS,
    LANGUAGES,
    OTHER_WAY,
    RANK,
    REVIEW_OF_TERMS,
    ROLES,
    TASKS,
    Manual,
    Notice,
    Offer,
    Policy,
    Step,
)

__all__ = [
    "ANSWER_REQUEST",
    "APPROVALS",
    "ASK_INSTRUMENT",
    "ASK_PAYER",
    "CREDIT_TO_APPLY",
    "FIND_CONTACT",
    "FORMAL",
    "FRIENDLY",
    "GIVE_MISSING",
    "INTERNALS",
    "LANGUAGES",
    "OTHER_WAY",
    "RANK",
    "REVIEW_OF_TERMS",
    "ROLES",
    "TASKS",
    "Manual",
    "Notice",
    "Offer",
    "Policy",
    "Step",
    "check",
    "faults",
    "from_content",
    "from_toml",
    "read_content",
    "to_content",
    "to_toml",
]

_T = TypeVar("_T")


def from_toml(text: str) -> Manual:
    """A checked manual from TOML. Raises Fault with the line, the table and the field at fault."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Fault("", "", "", N_("This is not valid TOML."), line=toml.wrong_line(error, text)) from error
    try:
        return from_content(raw)
    except Fault as fault:
        lines = places(text)
        table = (fault.table, fault.number)
        fault.line = lines.get((*table, fault.field)) or lines.get((*table, "")) or 1
        raise


def from_content(content: Mapping[str, Any]) -> Manual:
    """A checked manual from the JSON of a stored version. Raises Fault with the table and the field at fault."""
    manual = read_content(content)
    check(manual)
    return manual


def read_content(content: Mapping[str, Any]) -> Manual:
    """A manual from JSON, sound or not: a draft may be anything of the right kind. Raises Fault where a kind is wrong."""
    table = _Table(content, "", "", 0)
    manual = Manual(
        code=table.take("code", toml.text),
        name=table.take("name", toml.text),
        language=table.take("language", toml.text),
        policies=_all(table, "policy", Policy, _POLICY),
        offers=_all(table, "offer", Offer, _OFFER),
        steps=_all(table, "step", Step, _STEP, needed=True),
        notices=_all(table, "notice", Notice, _NOTICE),
    )
    table.end()
    return manual


def to_content(manual: Manual) -> dict[str, Any]:
    """The manual as plain JSON values; what stands at its default is left out."""
    content: dict[str, Any] = {"code": manual.code, "name": manual.name, "language": manual.language}
    for name, parts in (("policy", manual.policies), ("offer", manual.offers)):
        if parts:
            content[name] = [_plain(part) for part in parts]
    content["step"] = [_plain(step) for step in manual.steps]
    if manual.notices:
        content["notice"] = [_plain(notice) for notice in manual.notices]
    return content


def to_toml(manual: Manual) -> str:
    """The manual as TOML; `to_toml(from_toml(text))` gives the same bytes for every text written here."""
    content = to_content(manual)
    lines = [f"{key} = {toml.written_in_lines(content[key])}" for key in ("code", "name", "language")]
    for name in ("policy", "offer", "step", "notice"):
        for part in content.get(name, ()):
            lines += ["", f"[[{name}]]", *(f"{key} = {toml.written_in_lines(value)}" for key, value in part.items())]
    return "\n".join(lines) + "\n"


class _Table:
    """A TOML table or JSON object of which every key is taken once, with its type."""

    def __init__(self, raw: Mapping[str, Any], table: str, code: str, number: int) -> None:
        self.left = dict(raw)
        self.table = table
        self.code = code
        self.number = number

    def take(self, name: str, read: Callable[[Any], _T]) -> _T:
        """The value of `name`, read; it must be there."""
        if name not in self.left:
            raise self._fault(name, N_("it is missing. Add it."))
        value = self.left.pop(name)
        try:
            return read(value)
        except (TypeError, InvalidOperation):
            raise self._fault(name, N_("“{value}” is not of the kind expected here."), value=value) from None

    def end(self) -> None:
        """Refuse what nobody took."""
        for name in self.left:
            raise self._fault(name, N_("there is no such field. Check the spelling or remove it."))

    def _fault(self, name: str, message: str, value: object = None) -> Fault:
        return Fault(self.table, self.code, name, message, number=self.number, value=value)


def _all(
    table: _Table, name: str, kind: type[_T], readers: Mapping[str, Callable[[Any], Any]], *, needed: bool = False
) -> tuple[_T, ...]:
    raws = table.take(name, toml.tables) if needed or name in table.left else []
    return tuple(_one(raw, name, number, kind, readers) for number, raw in enumerate(raws))


def _one(
    raw: Mapping[str, Any], name: str, number: int, kind: type[_T], readers: Mapping[str, Callable[[Any], Any]]
) -> _T:
    called = raw.get("code", raw.get("title", number + 1))
    table = _Table(raw, name, str(called), number)
    needed = _NEEDED[name]
    if name == "step" and "internal" not in raw:
        needed = needed | {"channels", "tone", "template"}
    values = {key: table.take(key, read) for key, read in readers.items() if key in raw or key in needed}
    table.end()
    return kind(**values)


def _percent(value: Any) -> Decimal:
    """ "2.5", or a whole number."""
    percent = Decimal(value if isinstance(value, int) and not isinstance(value, bool) else toml.text(value))
    if not percent.is_finite() or abs(percent.adjusted()) > 6:
        raise TypeError
    return percent


_STEP: Mapping[str, Callable[[Any], Any]] = {
    "code": toml.text,
    "name": toml.text,
    "day": toml.number,
    "business_days": toml.flag,
    "channels": toml.words,
    "tone": toml.text,
    "template": toml.text,
    "offer": toml.text,
    "role": toml.text,
    "assignee": toml.text,
    "approval": toml.text,
    "entry": toml.flag,
    "required": toml.flag,
    "proof": toml.text,
    "minimum": toml.amounts,
    "gap_days": toml.number,
    "needs_delivered": toml.number,
    "internal": toml.text,
    "attach_statement": toml.flag,
    "attach_invoices": toml.flag,
    "next_after_days": toml.number,
    "segments": toml.words,
}
_POLICY: Mapping[str, Callable[[Any], Any]] = {"title": toml.text, "text": toml.text, "team_only": toml.flag}
_OFFER: Mapping[str, Callable[[Any], Any]] = {
    "code": toml.text,
    "name": toml.text,
    "kind": toml.text,
    "percent": _percent,
    "days": toml.number,
    "installments": toml.number,
    "times": toml.number,
    "down_percent": _percent,
    "from_day": toml.number,
    "to_day": toml.number,
    "balance_from": toml.amounts,
    "balance_below": toml.amounts,
    "segments": toml.words,
    "granted_by": toml.text,
    "words": toml.text,
}
_NOTICE: Mapping[str, Callable[[Any], Any]] = {
    "code": toml.text,
    "channels": toml.words,
    "tone": toml.text,
    "template": toml.text,
    "days": toml.number,
    "months": toml.number,
    "rest_days": toml.number,
    "offer": toml.text,
    "role": toml.text,
    "approval": toml.text,
}
_NEEDED = {
    "step": frozenset({"code", "name", "day"}),
    "policy": frozenset({"title", "text"}),
    "offer": frozenset({"code", "name", "kind", "granted_by", "words"}),
    "notice": frozenset({"code", "channels", "tone", "template"}),
}
_DEFAULTS = {
    Step: Step("", "", 0),
    Policy: Policy("", ""),
    Offer: Offer("", "", "", granted_by=""),
    Notice: Notice(""),
}


def _plain(part: Step | Policy | Offer | Notice) -> dict[str, Any]:
    """Its fields as they are written; those at their default are left out."""
    needed = _NEEDED[type(part).__name__.lower()]
    default = _DEFAULTS[type(part)]
    kept: dict[str, Any] = {}
    for name in (one.name for one in fields(part)):
        value = getattr(part, name)
        if name not in needed and value == getattr(default, name):
            continue
        if isinstance(value, Decimal):
            value = format(value, "f")
        elif isinstance(value, Mapping):
            value = {currency: format(amount, "f") for currency, amount in value.items()}
        elif isinstance(value, tuple):
            value = list(value)
        kept[name] = value
    return kept
