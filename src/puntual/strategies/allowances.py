"""What the manual allows for a customer now: its situation, and the offers that apply to whoever is in it.

Everything runs inside `acting_for` and names its organization.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import connection

from puntual.agreements.guardrails import KINDS, Asked, Situation, Within, closest, nothing
from puntual.parties.models import Customer
from puntual.strategies.manual import Manual
from puntual.strategies.queries import NOWHERE, Assignments, assignments
from puntual.strategies.segment_queries import memberships_now
from puntual.strategies.situations import allowance, applying

# What is ours and open, at its original due date: an extension does not make anybody's situation younger.
_OPEN = """
    SELECT i.customer_id, i.currency, sum(i.open_amount), min(i.due_on)
    FROM receivables_installment i
    JOIN receivables_invoice v ON v.organization_id = i.organization_id AND v.id = i.invoice_id
    WHERE i.organization_id = %(org)s AND i.customer_id = ANY(%(customers)s) AND i.open_amount > 0
      AND NOT (v.claim_owner <> 'ours' AND v.claim_owner_since <= %(day)s)
    GROUP BY i.customer_id, i.currency
    ORDER BY i.customer_id, i.currency"""


@dataclass(frozen=True, slots=True)
class Followed:
    """The manual a customer's offers come from, and the customer's situations by currency."""

    manual: Manual | None
    situations: Mapping[str, Situation]


def allowances(organization_id: UUID, customer_id: UUID, role: str, day: date) -> list[Within]:
    """Every offer that applies to the customer on a day, in each currency something is open in, as a member in `role` has it."""
    followed = followed_by(organization_id, [customer_id], day).get(customer_id)
    if followed is None or followed.manual is None:
        return []
    return [
        Within(allowance(offer), role, situation)
        for situation in followed.situations.values()
        for offer in applying(followed.manual.offers, situation)
    ]


def within_for(
    organization_id: UUID, customer_id: UUID, role: str, day: date, kind: str, currency: str, asked: Asked | None = None
) -> Within:
    """What holds for granting `kind` (of `guardrails.KINDS`) in a currency: of the offers that apply the one that `asked`
    goes by (`guardrails.closest`); where none does, one that allows nothing.
    """
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is no kind of offer")
    followed = followed_by(organization_id, [customer_id], day).get(customer_id)
    situation = (followed.situations.get(currency) if followed else None) or Situation(currency, Decimal(0), 0)
    offers = applying(followed.manual.offers, situation) if followed and followed.manual else ()
    found = tuple(Within(allowance(offer), role, situation) for offer in offers if offer.kind == kind)
    return closest(found, asked or {}) or nothing(kind, role, situation)


def offered(
    organization_id: UUID, customer_id: UUID, role: str, day: date, kind: str, currency: str, offer: str
) -> Within:
    """What the offer with that code holds for the customer; where it is not for its situation, what `within_for` says."""
    if offer:
        for within in allowances(organization_id, customer_id, role, day):
            found = within.allowance.offer, within.allowance.kind, within.situation.currency
            if found == (offer, kind, currency):
                return within
    return within_for(organization_id, customer_id, role, day, kind, currency)


def followed_by(organization_id: UUID, customers: Collection[UUID], day: date) -> dict[UUID, Followed]:
    """The manual each customer follows and its situations. Only the segments that its offers speak of count for a situation."""
    manuals = assignments(organization_id, day)
    rows = Customer.objects.filter(organization_id=organization_id, pk__in=customers)
    creditors = dict(rows.values_list("id", "creditor"))
    among = memberships_now(organization_id, list(creditors), day)
    manual_by_customer = {
        pk: _manual(manuals, pk, creditor, among.get(pk, NOWHERE)) for pk, creditor in creditors.items()
    }
    found: dict[UUID, dict[str, Situation]] = {pk: {} for pk in creditors}
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, {"org": organization_id, "customers": list(creditors), "day": day})
        for pk, currency, balance, oldest in cursor.fetchall():
            manual = manual_by_customer[pk]
            segments = among.get(pk, NOWHERE) & manual.offer_segments if manual else NOWHERE
            found[pk][currency] = Situation(currency, balance, (day - oldest).days, segments)
    return {pk: Followed(manual_by_customer[pk], found[pk]) for pk in creditors}


def _manual(manuals: Assignments | None, customer: UUID, creditor: UUID, segments: frozenset[str]) -> Manual | None:
    return manuals.of(str(customer), str(creditor), segments)[1] if manuals else None
