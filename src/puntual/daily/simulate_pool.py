"""Customers whose contact found no room that day: the same contact waits, so that only those whose turn comes are asked again.

What waits is worth more each day and may be shut out by the hours of a day; both are known without a decision. Anything else that
may change it takes the customer out: a day on which something happens to it or another step is reached (`simulate_wake`).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple, TypeAlias

from puntual.conduct.gate import NO_HISTORY, Allowed, Refused, Subject, first_moment
from puntual.daily.simulate_together import Rank
from puntual.strategies.facts import CustomerFacts
from puntual.strategies.manual import Manual
from puntual.strategies.outcomes import INTERNAL, Do, Rules

Value: TypeAlias = Callable[[Do], Decimal]
_STORED = Decimal("0.0001")


class Waiting(NamedTuple):
    """A contact that waits, and by which channels the customer can be reached for it, in their order."""

    do: Do  # its demand, days and channel count; its items are left out
    decided: date
    subject: Subject
    ways: tuple[tuple[str, bool], ...]  # channel, and whether the customer authorized it


def would_wait(facts: CustomerFacts, do: Do, manual: Manual, rules: Rules, day: date) -> Waiting | None:
    """What would wait where there is no room on `day`; None where the answer may be another one tomorrow by itself."""
    step = manual.step(do.step)
    if step is None or do.channel == INTERNAL:
        return None
    channels = (do.channel,) if do.why.code == "third_round_call" else step.channels
    usable = [
        channel
        for channel in channels
        if channel in facts.reachable and channel in rules.channels and channel not in facts.no_sender
    ]
    usable.sort(key=lambda channel: channel not in facts.prefers)  # as it is decided: what they prefer goes first
    if usable[0] != do.channel:
        return None
    ways = tuple((channel, channel in facts.authorized) for channel in usable)
    return Waiting(do._replace(items=()), day, facts.subject, ways)


class Pool:
    """The contacts that wait, by customer."""

    def __init__(self) -> None:
        self._all: dict[str, Waiting] = {}

    def add(self, customer: str, one: Waiting) -> None:
        """Let a contact wait."""
        self._all[customer] = one

    def clear(self) -> None:
        """Forget all of them."""
        self._all.clear()

    def drop(self, customers: Iterable[str]) -> None:
        """Forget what waits for these."""
        for customer in customers:
            self._all.pop(customer, None)

    def leads(self, customer: str) -> bool:
        """Whether something overdue waits for the customer."""
        one = self._all.get(customer)
        return one is not None and one.do.days > 0

    def shut(self, day: date, rules: Rules) -> tuple[dict[str, Refused], set[str]]:
        """Whom conduct keeps back all of `day` whatever happened before, and who may now be reached in another way."""
        hours = _Hours(day, rules)
        shut: dict[str, Refused] = {}
        other: set[str] = set()
        for customer, one in self._all.items():
            first, *rest = one.ways
            answer = hours.answer(one.subject, *first)
            if isinstance(answer, Allowed):
                continue
            refusals = [answer]
            for way in rest:
                answer = hours.answer(one.subject, *way)
                if isinstance(answer, Allowed):
                    other.add(customer)
                    break
                refusals.append(answer)
            else:
                shut[customer] = first_to_give_way(refusals)
        return shut, other

    def ranks(self, day: date, value: Value, shut: Mapping[str, Refused]) -> dict[str, list[Rank]]:
        """What waits with the day open to it, by channel, as the plan ranks it."""
        found: defaultdict[str, list[Rank]] = defaultdict(list)
        for customer, one in self._all.items():
            if customer not in shut:
                do = one.do._replace(days=one.do.days + (day - one.decided).days)
                found[do.channel].append(rank(value(do), customer))
        return found

    def __contains__(self, customer: object) -> bool:
        return customer in self._all


def rank(value: Decimal, customer: str) -> Rank:
    """Where a contact stands in the plan: the lowest first."""
    return -value.quantize(_STORED, ROUND_HALF_UP), customer


def first_to_give_way(refusals: list[Refused]) -> Refused:
    """The refusal a decision names where every channel is refused."""
    return min(refusals, key=lambda one: (one.again_from is None, one.again_from.timestamp() if one.again_from else 0))


class _Hours:
    """What the hours and days of a pack leave open to customers of a kind, worked out once a day."""

    def __init__(self, day: date, rules: Rules) -> None:
        self._day, self._rules = day, rules
        self._known: dict[tuple[Subject, str, bool], Allowed | Refused] = {}

    def answer(self, subject: Subject, channel: str, authorized: bool) -> Allowed | Refused:
        key = subject, channel, authorized
        if key not in self._known:
            rules, country = self._rules, subject.country
            self._known[key] = first_moment(
                rules.pack(country),
                subject,
                channel,
                self._day,
                rules.earliest,
                NO_HISTORY,
                rules.policy(country),
                authorized=authorized,
            )
        return self._known[key]
