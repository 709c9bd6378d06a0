"""Where customers stand on a strategy's line of days. Runs inside `acting_for` and names its organization."""

from collections import Counter
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from puntual.strategies.queries import NOWHERE, assignments
from puntual.strategies.segment_queries import memberships

_AHEAD = timedelta(days=30)
_OLDEST = """
SELECT customer_id, creditor_id, min(due_on) AS due_on FROM receivables_installment
WHERE organization_id = %(organization)s AND open_amount > 0 AND due_on <= %(until)s
GROUP BY customer_id, creditor_id
"""
_COUNTED = f"SELECT due_on, count(*) FROM ({_OLDEST}) oldest GROUP BY due_on"


def standing(organization_id: UUID, version_id: UUID, today: date) -> Counter[int]:
    """How many customers whom the active version is assigned to have their oldest open item at each day from its due date on.

    Days before the due date are negative, 30 at most.
    """
    scopes = assignments(organization_id)
    if scopes is None:
        return Counter()
    parameters: dict[str, Any] = {"organization": organization_id, "until": today + _AHEAD}
    for_all = not (scopes.by_customer or scopes.by_segment or scopes.by_creditor)
    if for_all and scopes.of_organization[0] != version_id:
        return Counter()
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED if for_all else _OLDEST, parameters)
        rows = cursor.fetchall()
    if for_all:
        return Counter({(today - due_on).days: count for due_on, count in rows})
    segments = memberships(organization_id, [row[0] for row in rows], today) if scopes.by_segment else {}
    return Counter(
        (today - due_on).days
        for customer, creditor, due_on in rows
        if scopes.assigned(str(customer), str(creditor), segments.get(customer, NOWHERE))[0] == version_id
    )
