"""What was objected to and is decided: the answer, with its reason."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from puntual.disputes.models import Dispute
from puntual.outreach.models import Activity
from puntual.outreach.notices.told import Occasion, Search, Told

# Whom somebody has told already needs no message; nor who took the objection back.
_UNTOLD = """
    d.state IN ('credited', 'corrected', 'rejected') AND NOT EXISTS (
        SELECT FROM disputes_disputenote n
        WHERE n.organization_id = d.organization_id AND n.dispute_id = d.id AND n.kind = 'ours' AND n.at >= d.resolved_at)
"""
_DECIDED = f"""
SELECT d.customer_id, d.creditor_id, d.id, d.resolved_on FROM disputes_dispute d
WHERE d.organization_id = %(organization)s AND d.resolved_on BETWEEN %(first)s AND %(day)s AND {_UNTOLD}
"""
_TOLD = f"""
SELECT d.id, d.resolved_on, v.number, d.state, d.why, d.currency, d.granted
FROM disputes_dispute d
JOIN receivables_invoice v ON v.organization_id = d.organization_id AND v.id = d.invoice_id
WHERE d.organization_id = %(organization)s AND d.id = ANY(%(leads)s) AND {_UNTOLD}
"""


def without_answered(among: QuerySet[Dispute]) -> QuerySet[Dispute]:
    """Those whose decision no notice has told the customer since."""
    told = Activity.objects.filter(
        organization_id=OuterRef("organization_id"),
        step="dispute_answered",
        lead_id=OuterRef("pk"),
        state__in=[Activity.State.SENT, Activity.State.DONE],
        settled_at__gte=OuterRef("resolved_at"),
    )
    return among.exclude(Exists(told))


def decided(search: Search) -> list[Occasion]:
    """The objections that were decided lately and of which the customer has heard nothing since."""
    values: dict[str, Any] = {"organization": search.organization_id, "day": search.day, "first": search.first}
    with connection.cursor() as cursor:
        cursor.execute(_DECIDED, values)
        return [Occasion.of("dispute_answered", row, day=row[3].isoformat()) for row in cursor.fetchall()]


def told(organization_id: UUID, leads: Sequence[UUID], day: date) -> dict[UUID, Told]:
    """What was decided of each, unless it was reopened or told meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, {"organization": organization_id, "leads": list(leads)})
        return {
            key: Told(on=on, number=number, verdict=state, why=why, paid={currency: granted} if granted else {})
            for key, on, number, state, why, currency, granted in cursor
        }
