"""What is open of invoices whose extension was a renegotiation: shown apart, while it ages from its due date with the rest."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import connection

from puntual.analytics.narrowing import Whose, of_creditor

# The latest extension by then decides. A withdrawn one counts as if it had never been.
_RENEGOTIATED = """
WITH latest AS (
    SELECT DISTINCT ON (x.installment_id) x.installment_id, x.renegotiated, x.to_due
    FROM agreements_extension x
    WHERE x.organization_id = %(org)s AND x.state = 'granted' AND x.granted_on <= %(as_of)s
    ORDER BY x.installment_id, x.granted_on DESC, x.recorded_at DESC
)
SELECT i.currency, sum(e.amount), count(*), coalesce(sum(e.amount) FILTER (WHERE l.to_due < %(as_of)s), 0)
FROM latest l
JOIN receivables_installment i ON i.organization_id = %(org)s AND i.id = l.installment_id
    {narrowed}
CROSS JOIN LATERAL (
    SELECT sum(amount) AS amount FROM receivables_entry
    WHERE organization_id = %(org)s AND installment_id = i.id AND account = 'receivable' AND effective_on <= %(as_of)s
) e
WHERE l.renegotiated AND e.amount > 0
GROUP BY i.currency
ORDER BY i.currency
"""


@dataclass(frozen=True, slots=True)
class Renegotiated:
    """What is open in one currency, on how many items, and the part whose new day is past too."""

    currency: str
    open: Decimal
    items: int
    past: Decimal


def renegotiated(
    organization_id: UUID, as_of: date, creditor: UUID | None = None, *, whose: Whose | None = None
) -> list[Renegotiated]:
    """By currency, in alphabetical order; nothing where nothing was renegotiated."""
    asked = whose or of_creditor(creditor)
    with connection.cursor() as cursor:
        values = {"org": organization_id, "as_of": as_of, **asked.values}
        cursor.execute(_RENEGOTIATED.format(narrowed=asked.sql("i")), values)
        return [Renegotiated(*row) for row in cursor.fetchall()]
