"""What the model looks at, each with one definition for learning and for scoring, and what a learned model says. Pure.

Everything is known on the day an item is billed. The customer's own rate, which the model has to beat, is the first feature:
where nothing else tells anything the model comes down to it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp
from typing import Any, NamedTuple, Self

from puntual.analytics.scoring import K

RECENT = 180
"""Days: so far back "lately" goes."""
CREDITOR_K = 50
"""Settled items that the portfolio's rate stands for when a creditor's is worked out."""


def _logit(share: str) -> str:
    """Shares at the edges are drawn in to one and ninety-nine percent: nobody is surer than that."""
    return f"ln(least(greatest({share}, 0.01), 0.99) / (1 - least(greatest({share}, 0.01), 0.99)))"


OWN = f"((late + {K} * portfolio) / (settled + {K}))"
"""The customer's own rate: `scoring.shrunk`, in SQL."""
_LATELY = f"((recent_late + {K} * {OWN}) / (recent + {K}))"
_CREDITORS = f"((creditor_late + {CREDITOR_K} * portfolio) / (creditor_settled + {CREDITOR_K}))"

FEATURES = {
    "rate": _logit(OWN),
    "lately": f"({_logit(_LATELY)} - {_logit(OWN)})",
    "days": f"(days / (settled + {K}))",
    "overdue": "ln(1 + greatest(overdue, 0))",
    "known": "ln(1 + settled)",
    "size": "size",
    "own_size": "CASE WHEN sized > 0 THEN size - sizes / sized ELSE 0 END",
    "terms": "ln(1 + greatest(terms, 0))",
    "creditor": f"({_logit(_CREDITORS)} - {_logit('portfolio')})",
}
"""By name, the expression over what is known (float8 columns): `settled` and `late`, items settled by money in two years and how
many of them late, with the sum of their `days` late (each between -30 and 60); `recent` and `recent_late` in the last `RECENT`
days; those of the whole `portfolio` as a share, and of the creditor; `overdue`, items unpaid past their day; `size`, the
logarithm of the amount; `sizes` and `sized`, the sum of those of the customer's settled items in the currency, and how many; and
`terms`, days from the bill to the day the item is expected on.
"""
NAMES = tuple(FEATURES)
MONTHS = 12


class Reason(NamedTuple):
    """What a feature (or "month") adds to the log-odds of being late beside what is usual, and whether it is above its mean."""

    name: str
    odds: float
    above: bool


@dataclass(frozen=True, slots=True)
class Model:
    """A logistic regression: the log-odds of being late are `intercept` + Σ `weights` × features + that of the month of the
    year in which the item is expected (`months`, January first).

    `centers` is the middle `size` by currency, which is taken off first: sizes are compared within a currency only. `means` are
    those of what was learned from, "month" being the mean of `months`: what a reason is told from.
    """

    intercept: float
    weights: Mapping[str, float]
    months: Sequence[float]
    centers: Mapping[str, float]
    means: Mapping[str, float]

    def chance(self, features: Mapping[str, float], month: int, currency: str) -> float:
        """The chance (0 to 1) of being paid late. An amount in a currency that was not learned from tells nothing."""
        values = {**features, "size": features["size"] - self.centers.get(currency, features["size"])}
        odds = self.intercept + sum(self.weights[name] * values[name] for name in NAMES) + self.months[month - 1]
        return 1 / (1 + exp(-odds))

    def reasons(self, features: Mapping[str, float], of_month: float) -> list["Reason"]:
        """What each feature adds beside what is usual. `size` is without its center; `of_month` is the month's part."""
        found = [
            Reason(name, self.weights[name] * (features[name] - self.means[name]), features[name] > self.means[name])
            for name in NAMES
        ]
        beside = of_month - self.means["month"]
        return [*found, Reason("month", beside, beside > 0)]

    def kept(self) -> dict[str, Any]:
        """As JSON; `restored` is the way back."""
        return {
            "intercept": self.intercept,
            "weights": dict(self.weights),
            "months": list(self.months),
            "centers": dict(self.centers),
            "means": dict(self.means),
        }

    @classmethod
    def restored(cls, kept: Mapping[str, Any]) -> Self:
        """The model that was kept."""
        return cls(kept["intercept"], kept["weights"], kept["months"], kept["centers"], kept["means"])
