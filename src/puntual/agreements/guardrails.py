"""What may be granted in a situation, by whom, and what goes beyond it. Pure: the table itself is the manual's offers.

A situation holds nothing that tells one customer from another, so that what is allowed is the same for all who are in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from puntual.organizations.roles import AUTHORITY

Asked: TypeAlias = Mapping[str, int | Decimal]
"""What somebody wants to grant, by limit: {"installments": 5, "days": 120, "down_percent": Decimal(10)}."""

AT_MOST = ("percent", "days", "installments", "times")
AT_LEAST = ("down_percent",)
ROLE = "role"
"""The limit that is passed where the offer is not for whoever proposes it to grant."""
KINDS = ("early_payment", "extension", "plan", "discount")
"""Kinds of allowances, as those of the manual's offers; a *discount* is a settlement (quita)."""


@dataclass(frozen=True, slots=True)
class Situation:
    """The facts about a customer that limits depend on, in one currency.

    `balance` is all that is open in it, `age` the days since the oldest open due date (below zero: until the first one),
    `segments` the codes of those the customer is in.
    """

    currency: str
    balance: Decimal
    age: int
    segments: frozenset[str] = frozenset()

    def as_json(self) -> dict[str, Any]:
        """As it is kept beside what was agreed."""
        return {
            "currency": self.currency,
            "balance": format(self.balance, "f"),
            "age": self.age,
            "segments": sorted(self.segments),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Situation | None":
        """What `as_json` gave; None where nothing was kept."""
        if "currency" not in kept:
            return None
        return cls(kept["currency"], Decimal(kept["balance"]), int(kept["age"]), frozenset(kept["segments"]))


@dataclass(frozen=True, slots=True)
class Allowance:
    """One offer of the manual as it applies to a situation.

    `role` is the first of `AUTHORITY` who may grant it alone, `offer` its code, `words` what the customer hears. Of the limits
    those count that its kind has: *early_payment* `percent`, `days`; *extension* `days`, `times` (per installment); *plan*
    `installments`, `days` (from agreement to the last part), `down_percent` (of the total, at least); *discount* `percent`,
    `days`, `installments`.
    """

    kind: str
    role: str
    offer: str = ""
    name: str = ""
    words: str = ""
    percent: Decimal = Decimal(0)
    days: int = 0
    installments: int = 0
    times: int = 0
    down_percent: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Within:
    """What a member in `role` may grant in a situation."""

    allowance: Allowance
    role: str
    situation: Situation


@dataclass(frozen=True, slots=True)
class Excess:
    """A limit that is passed: what is allowed, and what was asked for."""

    limit: str
    allowed: int | Decimal | str
    asked: int | Decimal | str

    def as_json(self) -> dict[str, str]:
        """As an approval keeps it."""
        return {"limit": self.limit, "allowed": _text(self.allowed), "asked": _text(self.asked)}


def nothing(kind: str, role: str, situation: Situation) -> Within:
    """Where the manual offers nothing of that kind: whatever is asked for goes beyond it."""
    return Within(Allowance(kind, AUTHORITY[0]), role, situation)


def excess(within: Within, asked: Asked) -> tuple[Excess, ...]:
    """Every limit that `asked` passes, in the order of `AT_MOST`, `AT_LEAST`, `ROLE`; nothing where it may be granted.

    Raises ValueError for a limit nobody knows.
    """
    if unknown := set(asked).difference(AT_MOST, AT_LEAST):
        raise ValueError(f"no such limit: {', '.join(sorted(unknown))}")
    allowance = within.allowance
    passed = [
        Excess(name, getattr(allowance, name), asked[name])
        for name in AT_MOST
        if name in asked and asked[name] > getattr(allowance, name)
    ]
    passed += [
        Excess(name, getattr(allowance, name), asked[name])
        for name in AT_LEAST
        if name in asked and asked[name] < getattr(allowance, name)
    ]
    if not reaches(within.role, allowance.role):
        passed.append(Excess(ROLE, allowance.role, within.role))
    return tuple(passed)


def who_decides(within: Within, excesses: tuple[Excess, ...]) -> str:
    """The least role that may approve it; "" where nobody has to be asked.

    What only the role is lacking for, whoever the offer names decides; what passes a limit, the next one up. Above an owner there
    is nobody: an owner's exception stands, with its reason on record.
    """
    if not excesses or within.role == AUTHORITY[-1]:
        return ""
    rank = AUTHORITY.index(within.allowance.role)
    if all(one.limit == ROLE for one in excesses):
        return AUTHORITY[rank]
    return AUTHORITY[min(rank + 1, len(AUTHORITY) - 1)]


def reaches(role: str, least: str) -> bool:
    """Whether `role` has at least the authority of `least`; roles that grant nothing never have."""
    return role in AUTHORITY[AUTHORITY.index(least) :]


def closest(withins: tuple[Within, ...], asked: Asked) -> Within | None:
    """Of several that apply the one to go by: within the limits of some, the one of the least authority; beyond all of them, the
    one of the most, so that nobody approves by a narrow offer what a wide one refuses.
    """

    def order(within: Within) -> tuple[bool, int, int]:
        limits = sum(one.limit != ROLE for one in excess(within, asked))
        rank = AUTHORITY.index(within.allowance.role)
        return limits > 0, -rank if limits else rank, limits

    return min(withins, key=order, default=None)


def _text(value: int | Decimal | str) -> str:
    return format(value.normalize() + 0, "f") if isinstance(value, Decimal) else str(value)
