"""How far each member is in a month. Money and promises are those of the customers they look after today; conversations are those
in which somebody was reached, by whoever recorded them.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from puntual.analytics.targets.models import Target

# Payments that settled items, net of what came back; recoveries of what was written off are not in it.
_COLLECTED = """
SELECT c.owner_id, e.currency, -sum(e.amount)
FROM receivables_entry e
JOIN receivables_installment i ON i.organization_id = %(org)s AND i.id = e.installment_id
JOIN parties_customer c ON c.organization_id = %(org)s AND c.id = i.customer_id AND c.owner_id IS NOT NULL
WHERE e.organization_id = %(org)s AND e.kind = 'payment' AND e.account = 'receivable'
  AND e.effective_on >= %(first)s AND e.effective_on < %(after)s
GROUP BY 1, 2 HAVING sum(e.amount) <> 0
"""
_CONTACTS = """
SELECT user_id, count(*) FROM outreach_turn
WHERE organization_id = %(org)s AND at >= %(begins)s AND at < %(ends)s AND kind = 'result' AND reason LIKE 'reached%%'
  AND taken_back_at IS NULL GROUP BY 1
"""
_KEPT = """
SELECT c.owner_id, count(*) FILTER (WHERE p.state = 'kept'), count(*)
FROM agreements_promise p
JOIN parties_customer c ON c.organization_id = %(org)s AND c.id = p.customer_id AND c.owner_id IS NOT NULL
WHERE p.organization_id = %(org)s AND p.promised_for >= %(first)s AND p.promised_for < %(after)s
  AND p.state = ANY(ARRAY['kept', 'partly_kept', 'broken'])
GROUP BY 1
"""


@dataclass(slots=True)
class Progress:
    """What a member reached in a month, and what they were to reach (`goals` by kind and currency): amounts by currency,
    conversations, and of the promises that were judged how many were kept.
    """

    collected: dict[str, Decimal] = field(default_factory=dict)
    contacts: int = 0
    kept: int = 0
    judged: int = 0
    goals: dict[tuple[str, str], Decimal] = field(default_factory=dict)

    @property
    def kept_share(self) -> int | None:
        """Percent of the promises judged that were kept; None where none was."""
        return round(100 * self.kept / self.judged) if self.judged else None


def progress_of(
    organization_id: UUID, first: date, after: date, begins: datetime, ends: datetime
) -> Mapping[UUID, Progress]:
    """Of each member with something in the month from `first` up to (not with) `after`, of which `begins` and `ends` are the
    moments. Five reads, each of the month alone.
    """
    found: defaultdict[UUID, Progress] = defaultdict(Progress)
    values: dict[str, Any] = {"org": organization_id, "first": first, "after": after, "begins": begins, "ends": ends}
    with connection.cursor() as cursor:
        cursor.execute(_COLLECTED, values)
        for user_id, currency, amount in cursor.fetchall():
            found[user_id].collected[currency] = amount
        cursor.execute(_CONTACTS, values)
        for user_id, contacts in cursor.fetchall():
            found[user_id].contacts = contacts
        cursor.execute(_KEPT, values)
        for user_id, kept, judged in cursor.fetchall():
            found[user_id].kept, found[user_id].judged = kept, judged
    for one in Target.objects.filter(organization_id=organization_id, month=first):
        found[one.member_id].goals[one.kind, one.currency] = one.goal
    return found
