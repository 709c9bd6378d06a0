"""Credit limits against what is owed. Everything runs inside `acting_for` and names its organization.

Use is what is open in the limit's currency, as the aging has it, less the customer's credit that is not applied yet.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import connection

from puntual.analytics.narrowing import EVERYBODY, Whose
from puntual.analytics.queries import aging_by_customer
from puntual.parties.credit.queries import IN_FORCE
from puntual.receivables.queries import end_of_day

_ZERO = Decimal(0)

_LIMITS = """
SELECT c.id, d.code, c.code, c.name, l.currency, l.amount, l.from_on, l.valid_until
FROM ({limits}) l
JOIN parties_customer c ON c.organization_id = %(org)s AND c.id = l.customer_id {customers}
JOIN parties_creditor d ON d.organization_id = %(org)s AND d.id = c.creditor_id
WHERE %(currency)s IN ('', l.currency)
ORDER BY c.search_name COLLATE "C", c.code COLLATE "C", c.id, l.currency"""
_NOW = """
SELECT currency, greatest(0, sum(amount)) FROM (
    SELECT currency, open_amount AS amount FROM receivables_installment
    WHERE organization_id = %(org)s AND customer_id = %(customer)s AND open_amount > 0
    UNION ALL
    SELECT currency, -unapplied FROM payments_payment
    WHERE organization_id = %(org)s AND customer_id = %(customer)s AND unapplied > 0
    UNION ALL
    SELECT currency, -unapplied FROM receivables_creditnote
    WHERE organization_id = %(org)s AND customer_id = %(customer)s AND unapplied > 0
) line GROUP BY currency"""


@dataclass(frozen=True, slots=True)
class LimitUse:
    """A customer's limit in a currency and what is owed under it. `creditor` is its code."""

    customer_id: UUID
    creditor: str
    code: str
    name: str
    currency: str
    limit: Decimal
    used: Decimal
    from_on: date
    valid_until: date | None

    @property
    def free(self) -> Decimal:
        """What may still be owed; nothing once the limit is passed."""
        return max(_ZERO, self.limit - self.used)

    @property
    def beyond(self) -> Decimal:
        """By how much the limit is passed; nothing while it is not."""
        return max(_ZERO, self.used - self.limit)

    @property
    def percent(self) -> Decimal | None:
        """The part of the limit that is used, of 100; None of a limit of nothing."""
        return self.used * 100 / self.limit if self.limit else None


def limit_passed(organization_id: UUID, as_of: date) -> list[LimitUse]:
    """The customers who on a day owe more than their limit of that day, by name and currency: two statements for all of them."""
    return [one for one in limit_use(organization_id, as_of) if one.beyond]


def limit_use(
    organization_id: UUID, as_of: date, whose: Whose = EVERYBODY, known_on: date | None = None
) -> Iterator[LimitUse]:
    """Every limit in force on a day with its use, by name and currency; with `known_on` as recorded by the end of that day."""
    statement = _LIMITS.format(limits=limits_sql(known_on), customers=whose.sql("c", "id", currency=False))
    parameters = {
        **whose.values,
        "org": organization_id,
        "as_of": as_of,
        "known_before": end_of_day(organization_id, known_on) if known_on else None,
        "currency": whose.currency,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        limits = cursor.fetchall()
    watched = {(str(row[0]), row[4]) for row in limits}
    used = {
        key: max(_ZERO, one.total - one.unapplied_credit)
        for one in (aging_by_customer(organization_id, as_of, known_on, whose=whose) if watched else ())
        if (key := (one.customer_id, one.currency)) in watched
    }
    for customer, code_of_creditor, code, name, currency, amount, from_on, valid_until in limits:
        owed = used.get((str(customer), currency), _ZERO)
        yield LimitUse(customer, code_of_creditor, code, name, currency, amount, owed, from_on, valid_until)


def limits_sql(known_on: date | None) -> str:
    """The statement of the limits in force. Parameters: org, as_of and, where it is about what was known, known_before."""
    return IN_FORCE.format(only="AND l.recorded_at < %(known_before)s" if known_on else "")


def among(organization_id: UUID, customers: Collection[UUID], whose: Whose) -> frozenset[UUID]:
    """Those of the customers that figures narrowed to `whose` are about; the currency does not tell customers apart."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.id FROM parties_customer c WHERE c.organization_id = %(org)s AND c.id = ANY(%(customers)s) "
            + whose.sql("c", "id", currency=False),
            {**whose.values, "org": organization_id, "customers": list(customers)},
        )
        return frozenset(key for (key,) in cursor.fetchall())


def use_now(organization_id: UUID, customer_id: UUID) -> dict[str, Decimal]:
    """What a customer owes now by currency, less its credit that is not applied: what is set against its limits."""
    with connection.cursor() as cursor:
        cursor.execute(_NOW, {"org": organization_id, "customer": customer_id})
        return dict(cursor.fetchall())
