"""What differs between two wordings of a credit policy, rule by rule and field by field. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal

from puntual.strategies.credit.policy import Paragraph, Policy, Rule


@dataclass(frozen=True, slots=True)
class Difference:
    """One part that is not as it was: the rule of a segment (`what` "rule"), the own words in a language ("paragraphs"), the
    name, or the "order" of the rules that both have.

    `fields` of a rule are those that differ, before and after; what was added or removed as a whole lists none.
    """

    what: Literal["name", "rule", "order", "paragraphs"]
    key: str
    kind: Literal["added", "removed", "changed"]
    fields: tuple[tuple[str, Any, Any], ...] = ()


def differences(before: Policy, after: Policy) -> list[Difference]:
    """Every difference from one policy to the other: its name, the rules in the order of the later one, the own words."""
    found: list[Difference] = []
    if before.name != after.name:
        found.append(Difference("name", "", "changed", (("name", before.name, after.name),)))
    old, new = _rules(before), _rules(after)
    for segment, rule in new.items():
        if segment not in old:
            found.append(Difference("rule", segment, "added"))
        elif changed := _changed(old[segment], rule):
            found.append(Difference("rule", segment, "changed", changed))
    found += [Difference("rule", segment, "removed") for segment in old if segment not in new]
    kept = [segment for segment in old if segment in new]
    moved = [segment for segment in new if segment in old]
    if kept != moved:
        found.append(Difference("order", "", "changed", (("order", tuple(kept), tuple(moved)),)))
    said, says = _words(before), _words(after)
    for language in dict.fromkeys((*said, *says)):
        if said.get(language) != says.get(language):
            kind: Literal["added", "removed", "changed"] = "changed"
            if language not in said:
                kind = "added"
            elif language not in says:
                kind = "removed"
            found.append(Difference("paragraphs", language, kind))
    return found


def _rules(policy: Policy) -> dict[str, Rule]:
    return {rule.segment: rule for rule in policy.rules}


def _changed(old: Rule, new: Rule) -> tuple[tuple[str, Any, Any], ...]:
    names = (one.name for one in fields(Rule))
    return tuple(
        (name, getattr(old, name), getattr(new, name)) for name in names if getattr(old, name) != getattr(new, name)
    )


def _words(policy: Policy) -> Mapping[str, list[Paragraph]]:
    found: dict[str, list[Paragraph]] = {}
    for one in policy.paragraphs:
        found.setdefault(one.language, []).append(one)
    return found
