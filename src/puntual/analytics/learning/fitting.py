"""Learning the model, with scikit-learn: the only module that needs the extra `ml`. It is imported only where
`actions.installed` says so.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import numpy as np
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from puntual.analytics.learning.comparing import Judged
from puntual.analytics.learning.features import NAMES, Model
from puntual.analytics.learning.history import Item
from puntual.analytics.scores import HISTORY

ORIGINS = 12
"""Months past that a model is tried on."""
LAG = 7
"""Days after which a payment is on record: an item expected more lately tells nothing yet."""
WARM = 90
"""Days in which a new ledger is not learned from: it has seen only what was paid soon."""
FEWEST = 200
"""Items to learn from; with fewer nothing is learned."""
_SIZE = NAMES.index("size")
_STRENGTH = 1.0
"""The inverse of the ridge penalty on standardized features: scikit-learn's own measure, and never tuned."""


def fitted(items: Sequence[Item], day: date) -> Model | None:
    """The model that what was known before the day teaches: items billed in two years before it whose outcome is known.

    None where there are fewer than `FEWEST`, or all came alike. The same items give the same model: nothing in it is drawn.
    """
    today = day.toordinal()
    begins = min((one.issued_on for one in items), default=today)
    since, through = max(today - HISTORY.days, begins + WARM), today - LAG
    learned = [
        (one, outcome)
        for one in items
        if since <= one.issued_on < today and one.expected_on < through and (outcome := one.outcome(today)) is not None
    ]
    outcomes = np.array([outcome for _one, outcome in learned])
    if len(learned) < FEWEST or outcomes.min() == outcomes.max():
        return None
    known = [one for one, _outcome in learned]
    table = np.array([one.features for one in known])
    currencies = np.array([one.currency for one in known])
    centers = {str(one): float(np.median(table[currencies == one, _SIZE])) for one in sorted(set(currencies))}
    table[:, _SIZE] -= np.array([centers[one.currency] for one in known])
    means, spreads = table.mean(axis=0), table.std(axis=0)
    spreads[spreads < 1e-9] = 1.0
    learner = LogisticRegression(C=_STRENGTH, max_iter=300)
    with threadpool_limits(1):  # the same sums in the same order on any machine, and the other cores are for others
        learner.fit((table - means) / spreads, outcomes)
    weights = learner.coef_[0] / spreads
    return Model(
        intercept=float(learner.intercept_[0] - weights @ means),
        weights={name: float(weight) for name, weight in zip(NAMES, weights, strict=True)},
        centers=centers,
        means={name: float(mean) for name, mean in zip(NAMES, means, strict=True)},
    )


def tried(items: Sequence[Item], day: date) -> list[list[Judged]]:
    """For each of the `ORIGINS` months before that of the day what came of the items billed in it, with the chances given by a
    model that knew only what was known before the month. Months with too little before them, or nothing to judge, are left out.
    """
    found = []
    for first, after in _origins(day):
        model = fitted(items, first)
        if model is not None and (judged := _judged(items, model, first, after, day)):
            found.append(judged)
    return found


def _judged(items: Sequence[Item], model: Model, first: date, after: date, day: date) -> list[Judged]:
    begins, ends, today = first.toordinal(), after.toordinal(), day.toordinal()
    judged = []
    for one in items:
        if begins <= one.issued_on < ends and one.expected_on < today - LAG:
            outcome = one.outcome(today)
            if outcome is not None:
                month = date.fromordinal(one.expected_on).replace(day=1)
                judged.append(Judged(one.customer, month, outcome, one.own, _chance(model, one)))
    return judged


def _chance(model: Model, one: Item) -> float:
    return model.chance(dict(zip(NAMES, one.features, strict=True)), one.currency)


def _origins(day: date) -> Iterator[tuple[date, date]]:
    """The first days of the months before the day's own, each with that of the next; the latest first."""
    after = day.replace(day=1)
    for _month in range(ORIGINS):
        first = (after - timedelta(days=1)).replace(day=1)
        yield first, after
        after = first
