"""What the model looks at, each with one definition for learning and for scoring, and what a learned model says. Pure.

Everything is known on the day an item is billed. The customer's own rate, which the model has to beat, is the first feature:
where nothing else tells anything the model comes down to it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp
from typing import Any, NamedTuple, Self

from puntual.analytics.scoring import K

RECENT = 180
"""Days: so far back "lately" goes."""
GROUP_K = 50
"""Settled items that the portfolio's rate stands for when that of a creditor or of a month of the year is worked out."""


def _logit(share: str) -> str:
    """Shares at the edges are drawn in to one and ninety-nine percent: nobody is surer than that."""
    return f"ln(least(greatest({share}, 0.01), 0.99) / (1 - least(greatest({share}, 0.01), 0.99)))"


OWN = f"((late + {K} * portfolio) / (settled + {K}))"
"""The customer's own rate: `scoring.shrunk`, in SQL."""
_LATELY = f"((recent_late + {K} * {OWN}) / (recent + {K}))"
_CREDITORS = f"((creditor_late + {GROUP_K} * portfolio) / (creditor_settled + {GROUP_K}))"
_SEASONS = f"((season_late + {GROUP_K} * portfolio) / (season_settled + {GROUP_K}))"

FEATURES = {
    "rate": _logit(OWN),
    "lately": f"({_logit(_LATELY)} - {_logit(OWN)})",
    "days": f"((days + {K} * portfolio_days) / (settled + {K}))",
    "overdue": "ln(1 + greatest(overdue, 0))",
    "new": "1 / (1 + settled)",
    "size": "size",
    "own_size": "CASE WHEN sized > 0 THEN size - sizes / sized ELSE 0 END",
    "terms": "ln(1 + greatest(terms, 0))",
    "creditor": f"({_logit(_CREDITORS)} - {_logit('portfolio')})",
    "season": f"({_logit(_SEASONS)} - {_logit('portfolio')})",
}
"""By name, the expression over what is known (float8 columns): `settled` and `late`, items settled by money in two years and how
many of them late, with the sum of their `days` late (each between -30 and 60); `recent` and `recent_late` in the last `RECENT`
days; those of the whole `portfolio` as a share, and its mean `portfolio_days`; those of the creditor, and those expected in the
same month of the year (`season`); `overdue`, items unpaid past their day; `size`, the logarithm of the amount; `sizes` and
`sized`, the sum of those of the customer's settled items in the currency, and how many; and `terms`, days from the bill to the
day the item is expected on.
"""
NAMES = tuple(FEATURES)


class Reason(NamedTuple):
    """What a feature adds to the log-odds of being late beside what is usual, and whether it is above its mean."""

    name: str
    odds: float
    above: bool


@dataclass(frozen=True, slots=True)
class Model:
    """A logistic regression: the log-odds of being late are `intercept` + Σ `weights` × features.

    `centers` is the middle `size` by currency, which is taken off first: sizes are compared within a currency only. `means` are
    those of what was learned from, which a reason is told from.
    """

    intercept: float
    weights: Mapping[str, float]
    centers: Mapping[str, float]
    means: Mapping[str, float]

    def chance(self, features: Mapping[str, float], currency: str) -> float:
        """The chance (0 to 1) of being paid late. An amount in a currency that was not learned from tells nothing."""
        values = {**features, "size": features["size"] - self.centers.get(currency, features["size"])}
        return 1 / (1 + exp(-self.intercept - sum(self.weights[name] * values[name] for name in NAMES)))

    def reasons(self, features: Mapping[str, float]) -> list[Reason]:
        """What each feature adds beside what is usual. `size` is without its center."""
        return [
            Reason(name, self.weights[name] * (features[name] - self.means[name]), features[name] > self.means[name])
            for name in NAMES
        ]

    def kept(self) -> dict[str, Any]:
        """As JSON; `restored` is the way back."""
        return {
            "intercept": self.intercept,
            "weights": dict(self.weights),
            "centers": dict(self.centers),
            "means": dict(self.means),
        }

    @classmethod
    def restored(cls, kept: Mapping[str, Any]) -> Self:
        """The model that was kept."""
        return cls(kept["intercept"], kept["weights"], kept["centers"], kept["means"])
