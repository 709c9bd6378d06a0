"""Steps that were taken and met silence: by which channels, since when, with neither an answer nor a payment.

Whether a message was opened is not asked: programs open messages too, and people read without opening.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from django.db import connection

from puntual.strategies.facts import Tried
from puntual.strategies.queries import active_manuals

_LOOKED_BACK = timedelta(days=120)

_SILENT = """
WITH tried AS (
    SELECT a.customer_id, a.lead_id, a.step, a.channel, min(a.day) AS first_on
    FROM outreach_activity a
    JOIN receivables_installment i ON i.organization_id = %(organization)s AND i.id = a.lead_id
        AND i.due_generation = a.due_generation AND i.open_amount > 0
    WHERE a.organization_id = %(organization)s AND a.day > %(since)s AND a.day < %(day)s AND a.direction = 'out'
      AND a.state IN ('sent', 'done') AND a.step = ANY(%(steps)s)
      AND a.result NOT IN ('bounced', 'rehearsed', 'went_live') {only}
    GROUP BY a.customer_id, a.lead_id, a.step, a.channel
),
begun AS (SELECT customer_id, min(first_on) AS first_on FROM tried GROUP BY customer_id),
heard AS (
    SELECT b.customer_id, r.day AS heard_on
    FROM begun b
    JOIN outreach_activity r ON r.organization_id = %(organization)s AND r.customer_id = b.customer_id
        AND r.day >= b.first_on AND r.day <= %(day)s
        AND (r.direction = 'in' OR (r.state = 'done' AND r.result LIKE 'reached%%'))
    UNION ALL
    SELECT b.customer_id, p.received_on
    FROM begun b
    JOIN payments_payment p ON p.organization_id = %(organization)s AND p.customer_id = b.customer_id
        AND p.received_on >= b.first_on AND p.received_on <= %(day)s AND p.reversed_on IS NULL
)
SELECT t.customer_id::text, t.lead_id::text, t.step, t.channel, t.first_on
FROM tried t
WHERE NOT EXISTS (SELECT FROM heard h WHERE h.customer_id = t.customer_id AND h.heard_on >= t.first_on)
"""


def silent(organization_id: UUID, day: date, customers: Sequence[UUID] | None = None) -> Mapping[str, Tried]:
    """By customer and (lead item, step): the channels it was tried by without effect before `day`, each with its first day.

    Only steps that go on by another channel are looked at; without any of them in a manual in force this is one small query.
    """
    manuals = active_manuals(organization_id).values()
    steps = sorted({step.code for manual in manuals for step in manual.steps if step.next_after_days})
    if not steps:
        return {}
    found: dict[str, dict[tuple[str, str], dict[str, date]]] = defaultdict(lambda: defaultdict(dict))
    with connection.cursor() as cursor:
        cursor.execute(
            _SILENT.format(only="" if customers is None else "AND a.customer_id = ANY(%(customers)s)"),
            {
                "organization": organization_id,
                "day": day,
                "since": day - _LOOKED_BACK,
                "steps": steps,
                "customers": list(customers or ()),
            },
        )
        for customer, lead, step, channel, first_on in cursor:
            found[customer][lead, step][channel] = first_on
    return found
