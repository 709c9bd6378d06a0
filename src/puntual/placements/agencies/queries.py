"""Reads of agencies: what came in on what they have, and how it stands with each."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import connection
from django.db.models import Sum

from puntual.placements.agencies.accounting import Collected, Line, account
from puntual.placements.agencies.models import AgencyEntry

# A payment taken back later is no collection: a reversal counts where what it reverses counts. What was placed before the items
# were kept with it is all that was due before.
_COLLECTED = """
SELECT p.id, e.currency, p.percent, -sum(e.amount)
FROM placements_placement p
JOIN receivables_installment i ON i.organization_id = %(organization)s AND i.customer_id = p.customer_id
    AND (i.id = ANY(p.items) OR cardinality(p.items) = 0 AND i.due_on < p.placed_on)
JOIN receivables_entry e ON e.organization_id = %(organization)s AND e.installment_id = i.id
    AND e.kind IN ('payment', 'recovery') AND e.effective_on BETWEEN p.placed_on AND %(day)s
LEFT JOIN receivables_entry o ON o.organization_id = %(organization)s AND o.id = e.reverses_id
WHERE p.organization_id = %(organization)s AND p.agency_id = %(agency)s
  AND coalesce(o.effective_on, e.effective_on) BETWEEN p.placed_on AND coalesce(p.recalled_on, %(day)s)
GROUP BY p.id, e.currency
"""


def collected(organization_id: UUID, agency_id: UUID, day: date) -> Mapping[UUID, list[Collected]]:
    """By placement what customers paid of what was placed, from that day through a day or the day it was recalled."""
    found: dict[UUID, list[Collected]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_COLLECTED, {"organization": organization_id, "agency": agency_id, "day": day})
        for placement, currency, percent, amount in cursor.fetchall():
            found.setdefault(placement, []).append(Collected(currency, Decimal(amount), percent))
    return found


def standing(organization_id: UUID, agency_id: UUID, came: Mapping[UUID, list[Collected]]) -> list[Line]:
    """How it stands with an agency, by currency, with what came in (`collected`)."""
    entries = AgencyEntry.objects.filter(organization_id=organization_id, agency=agency_id, withdrawn_on=None)
    settled = entries.order_by().values_list("kind", "currency").annotate(Sum("amount"))
    return account((one for lines in came.values() for one in lines), settled)
