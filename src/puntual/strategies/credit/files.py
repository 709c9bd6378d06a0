"""A credit policy as a file, to be kept in git beside the manual: TOML that comes back byte for byte. Pure."""

import tomllib
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from puntual.kernel import toml
from puntual.kernel.problems import N_, Problem
from puntual.strategies.credit.policy import Paragraph, Policy, Rule, rule_to_content

RULE, PARAGRAPH = "rule", "paragraph"
"""What the tables of the file are called."""


def to_toml(policy: Policy) -> str:
    """A policy in its order; `to_toml(from_toml(text))` gives the same bytes for every file written here."""
    parts = [f"name = {toml.written(policy.name)}\n"]
    for rule in policy.rules:
        content = rule_to_content(rule)
        content["up_to"] = dict(sorted(content["up_to"].items()))
        lines = [f"[[{RULE}]]", *(f"{name} = {toml.written(content[name])}" for name in _RULE)]
        parts.append("\n".join(lines) + "\n")
    for one in policy.paragraphs:
        lines = [f"[[{PARAGRAPH}]]"]
        lines += [f"{name} = {toml.written_in_lines(getattr(one, name))}" for name in _PARAGRAPH]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def from_toml(file: str) -> Policy:
    """The policy of a file. Raises Problem naming the table by its number, and the field at fault; whether what it says can be
    is `policy.faults`' to tell.
    """
    try:
        left = tomllib.loads(file)
    except tomllib.TOMLDecodeError as error:
        raise Problem(
            N_("The credit policy is not written in valid TOML: look at line {line}."),
            line=toml.wrong_line(error, file),
        ) from error
    try:
        name = toml.text(left.pop("name", None))
        rules, paragraphs = toml.tables(left.pop(RULE, [])), toml.tables(left.pop(PARAGRAPH, []))
    except TypeError:
        raise Problem(
            N_("The file of a credit policy begins with its name; then each rule begins with [[rule]].")
        ) from None
    for field in left:
        raise Problem(N_("A credit policy has no field {field}. Check the spelling or remove it."), field=field)
    return Policy(
        name,
        tuple(Rule(**_read(RULE, place, table, _RULE)) for place, table in enumerate(rules, 1)),
        tuple(Paragraph(**_read(PARAGRAPH, place, table, _PARAGRAPH)) for place, table in enumerate(paragraphs, 1)),
    )


def _read(
    table: str, place: int, given: Mapping[str, Any], fields: Mapping[str, Callable[[Any], Any]]
) -> dict[str, Any]:
    for name in given:
        if name not in fields:
            raise _wrong(
                N_("{table} {number}: there is no field {field}. Check the spelling or remove it."), table, place, name
            )
    found = {}
    for name, read in fields.items():
        if name not in given:
            raise _wrong(N_("{table} {number}: {field} is missing. Add it."), table, place, name)
        try:
            found[name] = read(given[name])
        except (TypeError, InvalidOperation):
            message = N_("{table} {number}, {field}: this is not written as it has to be; a file from here shows how.")
            raise _wrong(message, table, place, name) from None
    return found


def _wrong(message: str, table: str, place: int, field: str) -> Problem:
    return Problem(message, table=f"[[{table}]]", number=place, field=field)


def _finite(value: Any) -> Mapping[str, Decimal]:
    amounts = toml.amounts(value)
    if not all(amount.is_finite() for amount in amounts.values()):
        raise TypeError
    return amounts


def _by_role(value: Any) -> Mapping[str, Mapping[str, Decimal]]:
    if not isinstance(value, dict):
        raise TypeError
    return {role: _finite(amounts) for role, amounts in value.items()}


_RULE: Final[Mapping[str, Callable[[Any], Any]]] = {
    "segment": toml.text,
    "terms_days": toml.number,
    "limits": _finite,
    "documents": toml.words,
    "up_to": _by_role,
    "review_months": toml.number,
}
_PARAGRAPH: Final[Mapping[str, Callable[[Any], Any]]] = {"language": toml.text, "title": toml.text, "text": toml.text}
