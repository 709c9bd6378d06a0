"""What came of the steps of a manual: how often each was sent, and how often what it asked for was paid before the next word."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from puntual.analytics.contacts_sql import CAME, KNOWN, SAID
from puntual.outreach.results import NOT_HAD

DAYS = 90

_CAME = f"""
SELECT t.step, count(*), count(*) FILTER (WHERE {CAME}), count(*) FILTER (WHERE {KNOWN})
FROM ({SAID.format(narrowed="")}) t
JOIN strategies_version v ON v.organization_id = %(org)s AND v.id = t.version_id
WHERE v.strategy_id = %(strategy)s
GROUP BY t.step
"""


@dataclass(frozen=True, slots=True)
class StepResult:
    """A step's contacts that arrived (`sent`); of those after which the customer paid or heard from us again (`known`), how many
    were `paid` before that.
    """

    sent: int
    paid: int
    known: int

    @property
    def share(self) -> float:
        """Paid before the next contact, from 0 to 1; 0 as well where nothing came of any yet."""
        return self.paid / self.known if self.known else 0.0


def step_results(organization_id: UUID, strategy_id: UUID, day: date, days: int = DAYS) -> dict[str, StepResult]:
    """By the code of the step, over all versions of a strategy, in the last `days`. Inside `acting_for`."""
    values: dict[str, Any] = {
        "org": organization_id,
        "strategy": strategy_id,
        "since": day - timedelta(days=days - 1),
        "through": day,
        "not_had": ["bounced", *NOT_HAD],
    }
    with connection.cursor() as cursor:
        cursor.execute(_CAME, values)
        return {step: StepResult(sent, paid, known) for step, sent, paid, known in cursor.fetchall()}
