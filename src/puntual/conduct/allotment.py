"""Who gets the contact where several customers of one party want theirs on the same day: a party's frequency is one. Pure.

First what the manual requires, then what was already planned or agreed (a call-back), then by value. The gate itself is
asked, with what was given out before counted as made; nothing here knows a rule.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import IntEnum

from puntual.conduct.gate import Contact, ContactHistory, Refused, Subject, first_moment
from puntual.conduct.rules import NO_POLICY, Pack, Policy
from puntual.conduct.windows import zone_of


class Rank(IntEnum):
    """What goes first."""

    REQUIRED = 0
    PLANNED = 1
    VALUE = 2


@dataclass(frozen=True, slots=True)
class Wish:
    """One contact with a party that is wanted on a day, as one of its debts sees it.

    `history` is the party's, with `same_debt` from this debt's side. `not_before` (with offset) is the moment the gate gave it by
    itself; its day is the day that is allotted.
    """

    key: str
    debt: str
    channel: str
    not_before: datetime
    rank: Rank
    value: Decimal
    pack: Pack
    subject: Subject
    history: ContactHistory
    policy: Policy = NO_POLICY
    authorized: bool = False


def allot(wishes: Iterable[Wish]) -> dict[str, Refused]:
    """The wishes of **one party** that must give way, by key, each with the rule that says so. The others may go out."""
    given: list[tuple[str, str, datetime]] = []
    refused: dict[str, Refused] = {}
    for wish in sorted(wishes, key=lambda one: (one.rank, -one.value, one.key)):
        also = tuple(Contact(channel, at, same_debt=debt == wish.debt) for debt, channel, at in given)
        day = wish.not_before.astimezone(zone_of(wish.subject.time_zone)).date()
        answer = first_moment(
            wish.pack,
            wish.subject,
            wish.channel,
            day,
            wish.not_before,
            ContactHistory((*wish.history.contacts, *also)) if also else wish.history,
            wish.policy,
            authorized=wish.authorized,
        )
        if isinstance(answer, Refused):
            refused[wish.key] = answer
        else:
            given.append((wish.debt, wish.channel, answer.not_before))
    return refused
