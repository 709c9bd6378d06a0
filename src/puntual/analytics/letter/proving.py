"""What a manual could do better, as far as it is proved: the same step by two channels, which one worked more often. Pure.

A customer's contacts are not independent of each other, so each share is a ratio of sums over customers (`evidence`). What is
called an interval of 95 % holds for all comparisons of a letter together (Bonferroni): however many pairs were looked at, one
letter in twenty, at most, names a difference that is none. Nobody drew lots for who was reached how, so a proposal is one to be
tried.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import exp, log, sqrt
from statistics import NormalDist
from typing import Final, Literal

from puntual.analytics.evidence import Sums, difference, enough

Outcome = Literal["answered", "paid"]
LEVEL: Final = 0.95
LEAST: Final = 10
"""Contacts with and without the outcome, in each group, below which the interval of a share says too little."""
ANSWERABLE: Final = frozenset({"email", "whatsapp", "sms"})
"""The channels a written answer comes back by: that nobody answered a call in writing proves nothing."""


@dataclass(frozen=True, slots=True)
class Way:
    """What came of one step by one channel. `step` tells it from any other step of any manual."""

    step: str
    channel: str
    outcome: Outcome
    sums: Sums


@dataclass(frozen=True, slots=True)
class Proof:
    """A step that one channel did better for: shares from 0 to 1, how many times as often, and the interval of that."""

    step: str
    outcome: Outcome
    better: str
    worse: str
    contacts: int
    customers: int
    better_share: float
    worse_share: float
    times: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Findings:
    """What was proved, the surest first, and out of how many comparisons."""

    proofs: tuple[Proof, ...]
    comparisons: int


def prove(ways: Sequence[Way]) -> Findings:
    """Compare the channels of each step wherever there are contacts enough, and keep what is sure.

    Sure is a difference whose two-sided interval leaves out zero, and a ratio whose interval leaves out one.
    """
    pairs = [
        (one, other)
        for one, other in combinations(sorted(ways, key=lambda way: (way.step, way.outcome, way.channel)), 2)
        if (one.step, one.outcome) == (other.step, other.outcome) and _comparable(one, other)
    ]
    if not pairs:
        return Findings((), 0)
    confidence = 1 - (1 - LEVEL) / len(pairs)
    proofs = [proof for one, other in pairs if (proof := _proof(one, other, confidence))]
    return Findings(tuple(sorted(proofs, key=lambda proof: -proof.low)), len(pairs))


def _comparable(one: Way, other: Way) -> bool:
    if one.outcome == "answered" and not {one.channel, other.channel} <= ANSWERABLE:
        return False
    both = (one.sums, other.sums)
    return enough(*both) and all(sums.hits >= LEAST and sums.items - sums.hits >= LEAST for sums in both)


def _proof(one: Way, other: Way, confidence: float) -> Proof | None:
    better, worse = (one, other) if one.sums.share >= other.sums.share else (other, one)
    a, b = better.sums, worse.sums
    if not difference(a, b, confidence).is_sure:
        return None
    # The ratio's interval on its logarithm, by the delta method, from the same variances.
    half = NormalDist().inv_cdf((1 + confidence) / 2) * sqrt(a.variance / a.share**2 + b.variance / b.share**2)
    times = a.share / b.share
    low, high = exp(log(times) - half), exp(log(times) + half)
    if low <= 1:
        return None
    return Proof(
        better.step,
        better.outcome,
        better.channel,
        worse.channel,
        a.items + b.items,
        a.customers + b.customers,
        a.share,
        b.share,
        times,
        low,
        high,
    )
