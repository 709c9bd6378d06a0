"""Parties with several customers: what is planned with one of them is a contact of the party for all.

A party with one customer costs nothing here: the statements begin with the parties that have more.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from puntual.conduct.gate import Contact

_SHARED = """
shared AS MATERIALIZED (
    SELECT party_id FROM parties_customer WHERE organization_id = %(organization)s {only} GROUP BY party_id HAVING count(*) > 1
)"""
_OF_THESE = """AND party_id IN (
        SELECT party_id FROM parties_customer WHERE organization_id = %(organization)s AND id = ANY(%(customers)s))"""
SHARED = _SHARED.format(only="")
# What was planned for this day, and what is to happen later (a call-back); a call that nobody made on an earlier day is not
# in the way of anybody.
UNDER_WAY = """
    a.organization_id = %(organization)s AND a.state IN ('proposed', 'queued', 'to_do') AND a.direction = 'out'
    AND a.channel <> 'internal' AND (a.day = %(day)s OR a.not_before > %(now)s)"""
_PLANNED = f"""
WITH {_SHARED}
SELECT c.party_id::text, c.id::text, a.channel, greatest(a.not_before, %(now)s)
FROM shared
JOIN parties_customer c ON c.organization_id = %(organization)s AND c.party_id = shared.party_id
JOIN outreach_activity a ON a.customer_id = c.id AND {UNDER_WAY}
"""


def planned_of_shared(
    organization_id: UUID, day: date, now: datetime, customers: Sequence[UUID] | None = None
) -> Mapping[str, Sequence[tuple[str, Contact]]]:
    """What is planned but not yet made with each party that has several customers, or only with those of the customers named:
    (customer, contact), by party.
    """
    found: dict[str, list[tuple[str, Contact]]] = defaultdict(list)
    asked: dict[str, Any] = {
        "organization": organization_id,
        "day": day,
        "now": now,
        "customers": list(customers or ()),
    }
    with connection.cursor() as cursor:
        cursor.execute(_PLANNED.format(only="" if customers is None else _OF_THESE), asked)
        for party, customer, channel, at in cursor:
            found[party].append((customer, Contact(channel, at, same_debt=False)))
    return found
