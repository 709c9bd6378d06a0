"""What an experiment showed: the share of items paid in time, arm by arm, and how sure the differences are.

Everything runs inside `acting_for`. Customers are counted in the arm they were enrolled in, whatever was done with them later
(intention to treat). Nothing is declared before the end: whoever looks every week will one week see a winner by chance.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, TypeAlias

from django.db import connection

from puntual.analytics.evidence import Difference, Sums, difference, enough, interval
from puntual.strategies.experiments import ARMS, Arm
from puntual.strategies.models import Experiment

BANK_DAYS = 5
"""Days after the last one on which a payment counts, until the bank's files have told of it."""

Verdict: TypeAlias = Literal["to_begin", "too_early", "stopped", "too_few", "no_difference", "difference"]


@dataclass(frozen=True, slots=True)
class ArmResult:
    """One arm: customers `enrolled`, those with an item that counts (in `sums`), the share's interval, and contacts made."""

    arm: Arm
    enrolled: int
    contacts: int
    sums: Sums
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Result:
    """What can be said on a day. `differences` are each arm's from the champion, and empty until something may be said."""

    verdict: Verdict
    readable_on: date
    arms: tuple[ArmResult, ...]
    differences: Mapping[Arm, Difference]


# An item counts once its days for paying are over, unless it was closed without any payment: canceled, credited, gone from the
# creditor's books. It is a hit where the last posting that closed it took effect in time.
_SUMS = """
WITH item AS (
    SELECT n.arm, n.customer_id, count(i.id) AS items,
           count(*) FILTER (WHERE i.settled_on <= i.due_on + %(within)s::int) AS hits
    FROM strategies_enrollment n
    JOIN receivables_installment i ON i.organization_id = %(org)s AND i.customer_id = n.customer_id
        AND i.due_on BETWEEN %(first)s AND %(last)s
    WHERE n.organization_id = %(org)s AND n.experiment_id = %(experiment)s
      AND (i.settled_on IS NULL OR EXISTS (
          SELECT FROM receivables_entry e
          WHERE e.organization_id = %(org)s AND e.installment_id = i.id AND e.kind = 'payment'))
    GROUP BY n.arm, n.customer_id
)
SELECT arm, count(*), sum(items)::bigint, sum(hits)::bigint, sum(items * items)::bigint, sum(hits * hits)::bigint,
       sum(items * hits)::bigint
FROM item GROUP BY arm
"""
_ENROLLED = """
SELECT n.arm, count(*), coalesce(sum(a.contacts), 0)::bigint
FROM strategies_enrollment n
LEFT JOIN (
    SELECT customer_id, count(*) AS contacts FROM outreach_activity
    WHERE organization_id = %(org)s AND direction = 'out' AND channel <> 'internal' AND state IN ('sent', 'done')
      AND day BETWEEN %(first)s AND %(last)s
    GROUP BY customer_id
) a ON a.customer_id = n.customer_id
WHERE n.organization_id = %(org)s AND n.experiment_id = %(experiment)s
GROUP BY n.arm
"""


def readable_on(experiment: Experiment) -> date:
    """The first day on which the whole of an experiment can be read."""
    return experiment.ends_on + timedelta(days=experiment.within_days + BANK_DAYS)


def result(experiment: Experiment, as_of: date) -> Result:
    """What an experiment shows on a day."""
    last = min(experiment.ends_on, as_of - timedelta(days=experiment.within_days + BANK_DAYS))
    if experiment.stopped_on:
        last = min(last, experiment.stopped_on - timedelta(days=1))
    arms = _arms(experiment, last, as_of)
    told = {arm.arm: arm.sums for arm in arms}
    verdict = _verdict(experiment, as_of, told)
    differences: dict[Arm, Difference] = {}
    if verdict == "no_difference":
        differences = {arm: difference(told[arm], told["champion"]) for arm in told if arm != "champion"}
        if any(one.is_sure for one in differences.values()):
            verdict = "difference"
    return Result(verdict, readable_on(experiment), arms, differences)


def _verdict(experiment: Experiment, as_of: date, told: Mapping[Arm, Sums]) -> Verdict:
    if experiment.stopped_on:
        return "stopped"
    if as_of < experiment.starts_on:
        return "to_begin"
    if as_of < readable_on(experiment):
        return "too_early"
    return "no_difference" if enough(*told.values()) else "too_few"


def _arms(experiment: Experiment, last: date, as_of: date) -> tuple[ArmResult, ...]:
    values: dict[str, Any] = {
        "org": experiment.organization_id,
        "experiment": experiment.id,
        "first": experiment.starts_on,
        "last": last,
        "within": experiment.within_days,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, values)
        sums = {arm: Sums(*numbers) for arm, *numbers in cursor.fetchall()}
        cursor.execute(_ENROLLED, {**values, "last": min(experiment.ends_on, as_of)})
        enrolled = {arm: (customers, contacts) for arm, customers, contacts in cursor.fetchall()}
    shares = {"champion": 100, "challenger": experiment.challenger_share, "holdback": experiment.holdback_share}
    found = []
    for arm in ARMS:
        if not shares[arm]:
            continue
        one = sums.get(arm, Sums(0, 0, 0, 0, 0, 0))
        low, high = interval(one) if enough(one) else (None, None)
        customers, contacts = enrolled.get(arm, (0, 0))
        found.append(ArmResult(arm, customers, contacts, one, low, high))
    return tuple(found)
