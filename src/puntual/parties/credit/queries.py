"""Credit limits in force. Everything runs inside `acting_for` and names its organization."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from puntual.parties.credit.models import CreditLimit

IN_FORCE: Final = """
    SELECT * FROM (
        SELECT DISTINCT ON (l.customer_id, l.currency) l.customer_id, l.currency, l.amount, l.from_on, l.valid_until
        FROM parties_creditlimit l
        WHERE l.organization_id = %(org)s AND l.from_on <= %(as_of)s {only}
        ORDER BY l.customer_id, l.currency, l.from_on DESC, l.recorded_at DESC, l.id DESC
    ) latest WHERE amount IS NOT NULL"""
"""The limit of each customer and currency that counts on a day: `customer_id`, `currency`, `amount`, `from_on`, `valid_until`.
`{only}` narrows it by conditions on l. Parameters: org, as_of.
"""


@dataclass(frozen=True, slots=True)
class Limit:
    """How much a customer may owe in a currency, and for how long that was decided."""

    customer_id: UUID
    currency: str
    amount: Decimal
    from_on: date
    valid_until: date | None

    def review_due(self, day: date) -> bool:
        """Whether the day it was granted until is over."""
        return self.valid_until is not None and self.valid_until < day


def limits_in_force(organization_id: UUID, as_of: date, customers: Collection[UUID] | None = None) -> list[Limit]:
    """The limits that count on a day, by customer and currency; of these customers alone where they are given."""
    only = "" if customers is None else "AND l.customer_id = ANY(%(customers)s)"
    with connection.cursor() as cursor:
        cursor.execute(
            IN_FORCE.format(only=only), {"org": organization_id, "as_of": as_of, "customers": list(customers or ())}
        )
        return [Limit(*row) for row in cursor.fetchall()]


def limits_of(organization_id: UUID, customer_id: UUID) -> QuerySet[CreditLimit]:
    """Every limit a customer had, the latest first."""
    rows = CreditLimit.objects.filter(organization_id=organization_id, customer_id=customer_id)
    return rows.order_by("-from_on", "-recorded_at", "-id")
