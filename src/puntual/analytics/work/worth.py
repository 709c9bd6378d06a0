"""What it is worth to contact a customer now: amount × risk × chance to reach, less cost. Pure.

The risk is a risk and no effect: how likely it is that what is asked for is still unpaid in two weeks if things go on as they
did, not how much of that a contact changes. That is known only where an experiment with a holdback has measured it
(`analytics.experiments`), and until then the order says where most is at stake, not where a call does most.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from puntual.analytics.scoring import K, shrunk
from puntual.kernel.aging import Buckets

LIKE = 5
"""Where a learned model is in use, customers are compared with those of the same fifth of its chances."""
HORIZON = 14
"""Days after which what is still unpaid is looked at: a promise made now would be due by then."""
UNKNOWN = 0.5
"""The chance of what nobody has any experience with."""

_BUCKETS = Buckets()
_PLACES, _SHARE = Decimal("0.0001"), Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A contact that could be made now, with what its customer's past tells.

    `demand` is what it asks for, by currency; `days` how late its lead item is. Of the customer's items of the past, `seen`
    came to be that late, and `still` of them were unpaid `HORIZON` days later. Of `tried` contacts in this channel, `reached`
    reached somebody. `usable` says whether there is a number or an address at all. `late` is the chance of paying late that a
    learned model gives the customer (None: none is in use).
    """

    activity_id: UUID
    channel: str
    demand: Mapping[str, Decimal]
    days: int
    seen: int
    still: int
    tried: int
    reached: int
    usable: bool
    late: float | None = None


@dataclass(frozen=True, slots=True)
class Worth:
    """The value of one contact with its parts. `size`, `cost` and `value` are in average open items, so that currencies can be
    ranked together and are never summed; `risk` and `reach` are shares from 0 to 1. Only for ranking, never shown as money.
    `by_model` says whether a learned model told with whom the customer was compared.
    """

    size: Decimal
    risk: Decimal
    reach: Decimal
    cost: Decimal
    by_model: bool = False

    @property
    def value(self) -> Decimal:
        """amount × risk × chance to reach, less cost; below zero where a contact costs more than hangs on it."""
        return (self.size * self.risk * self.reach - self.cost).quantize(_PLACES)


def worths(
    candidates: Sequence[Candidate], average: Mapping[str, Decimal], costs: Mapping[str, Decimal]
) -> dict[UUID, Worth]:
    """The worth of each. `average` is the open amount of an average item by currency, `costs` what a contact of a channel
    costs in such items.

    A customer's own experience counts as much as there is of it, drawn to that of the others on the list who were as late, and by
    the channel: `scoring.shrunk`. Where a learned model is in use, it is drawn to those of them to whom the model gives a like
    chance of paying late: the model says who is like whom, and what such customers did says the risk.
    """
    risks = _risks(candidates)
    chances = _pooled((one.channel, one.reached, one.tried) for one in candidates)
    return {
        one.activity_id: Worth(
            size=sum(
                (amount / average.get(currency, amount) for currency, amount in one.demand.items() if amount),
                Decimal(0),
            ),
            risk=_share(one.still, one.seen, risks[_alike(one)]),
            reach=_share(one.reached, one.tried, chances[one.channel]) if one.usable else Decimal(0),
            cost=costs.get(one.channel, Decimal(0)),
            by_model=one.late is not None,
        )
        for one in candidates
    }


def _alike(one: Candidate) -> tuple[int, int | None]:
    """As late and, by a learned model, as likely to pay late."""
    return _BUCKETS.index(one.days), None if one.late is None else min(int(one.late * LIKE), LIKE - 1)


def _risks(candidates: Sequence[Candidate]) -> dict[tuple[int, int | None], float]:
    """The share of those who are alike; of a few it is drawn to that of all who were as late."""
    as_late = _pooled((_BUCKETS.index(one.days), one.still, one.seen) for one in candidates)
    still: dict[tuple[int, int | None], int] = defaultdict(int)
    seen: dict[tuple[int, int | None], int] = defaultdict(int)
    for one in candidates:
        still[_alike(one)] += one.still
        seen[_alike(one)] += one.seen
    return {
        (bucket, like): as_late[bucket]
        if like is None
        else shrunk(still[bucket, like], seen[bucket, like], as_late[bucket])
        for bucket, like in seen
    }


def _pooled(counted: Iterable[tuple[Hashable, int, int]]) -> dict[Hashable, float]:
    """The share of all together, by group; that of a group without any experience is drawn to everybody's, or is `UNKNOWN`."""
    hits: dict[Hashable, int] = defaultdict(int)
    trials: dict[Hashable, int] = defaultdict(int)
    for group, hit, trial in counted:
        hits[group] += hit
        trials[group] += trial
    everybody = shrunk(sum(hits.values()), sum(trials.values()), UNKNOWN)
    return {group: shrunk(hits[group], trials[group], everybody) for group in trials}


def _share(hits: int, trials: int, others: float) -> Decimal:
    return Decimal(str(round(shrunk(hits, trials, others, K), 6))).quantize(_SHARE)
