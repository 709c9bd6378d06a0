"""What came of the steps of a manual: how often each was sent, and how often what it asked for was paid before the next word."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from puntual.outreach.results import NOT_HAD

DAYS = 90

# Its lead item is what a contact was about. Where that is still open and the customer was not contacted since, nothing came of it
# yet. An item that was written off was not paid.
_CAME = """
SELECT t.step, count(*), count(*) FILTER (WHERE t.paid_on < coalesce(t.next_day, 'infinity')),
       count(*) FILTER (WHERE t.paid_on IS NOT NULL OR t.next_day IS NOT NULL)
FROM (
    SELECT a.step, a.day, a.version_id, CASE WHEN i.written_off = 0 THEN i.settled_on END AS paid_on,
           lead(a.day) OVER (PARTITION BY a.customer_id ORDER BY a.day, a.id) AS next_day
    FROM outreach_activity a
    LEFT JOIN receivables_installment i ON i.organization_id = %(organization)s AND i.id = a.lead_id
    WHERE a.organization_id = %(organization)s AND a.day > %(since)s AND a.day <= %(day)s AND a.direction = 'out'
      AND a.channel <> 'internal' AND a.state IN ('sent', 'done') AND a.result <> ALL(%(not_had)s)
) t
JOIN strategies_version v ON v.organization_id = %(organization)s AND v.id = t.version_id
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
        "organization": organization_id,
        "strategy": strategy_id,
        "day": day,
        "since": day - timedelta(days=days),
        "not_had": ["bounced", *NOT_HAD],
    }
    with connection.cursor() as cursor:
        cursor.execute(_CAME, values)
        return {step: StepResult(sent, paid, known) for step, sent, paid, known in cursor.fetchall()}
