"""What differs between two manuals, step by step and field by field."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal

from puntual.strategies.steps import Manual, Notice, Offer, Policy, Step


@dataclass(frozen=True, slots=True)
class Change:
    """One part that is not as it was: a step, policy, offer, notice, or the heading (`table` "").

    `name` is what people call it, as it is now or was last; a notice has only its code. `fields` are the fields that differ, with
    the value before and after; what was added or removed as a whole lists none.
    """

    table: str
    code: str
    name: str
    kind: Literal["added", "removed", "changed"]
    fields: tuple[tuple[str, Any, Any], ...] = ()


def changes(before: Manual, after: Manual) -> list[Change]:
    """Every change from one manual to the other, in the order of the pages: heading, steps, offers, policies, notices."""
    found: list[Change] = []
    heading = tuple(
        (name, old, new)
        for name in ("name", "language")
        if (old := getattr(before, name)) != (new := getattr(after, name))
    )
    if heading:
        found.append(Change("", "", after.name, "changed", heading))
    found += _between("step", before.steps, after.steps)
    found += _between("offer", before.offers, after.offers)
    found += _between("policy", before.policies, after.policies)
    found += _between("notice", before.notices, after.notices)
    return found


def _between(
    table: str, before: Sequence[Step | Offer | Policy | Notice], after: Sequence[Step | Offer | Policy | Notice]
) -> Iterator[Change]:
    old = {part.code: part for part in before}
    new = {part.code: part for part in after}
    for code, part in new.items():
        if code not in old:
            yield Change(table, code, _name(part), "added")
        elif different := tuple(_fields(old[code], part)):
            yield Change(table, code, _name(part), "changed", different)
    for code, part in old.items():
        if code not in new:
            yield Change(table, code, _name(part), "removed")


def _fields(old: Step | Offer | Policy | Notice, new: Step | Offer | Policy | Notice) -> Iterator[tuple[str, Any, Any]]:
    for name in (one.name for one in fields(new)):
        if (before := getattr(old, name)) != (after := getattr(new, name)):
            yield name, before, after


def _name(part: Step | Offer | Policy | Notice) -> str:
    if isinstance(part, Notice):
        return part.code
    return part.title if isinstance(part, Policy) else part.name
