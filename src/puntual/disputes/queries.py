"""Reads of disputes: lists paged by key, what one page shows, and what the causes come to."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from puntual.disputes.models import Dispute, DisputeNote, Evidence
from puntual.disputes.states import LIVE


def disputes(organization_id: UUID) -> QuerySet[Dispute]:
    """Every dispute with its customer, invoice and owner, in no order of its own."""
    rows = Dispute.objects.filter(organization_id=organization_id)
    return rows.select_related("customer", "invoice", "owner")


def live(organization_id: UUID) -> QuerySet[Dispute]:
    """Those nobody has settled, by ("deadline", "id")."""
    return disputes(organization_id).filter(state__in=LIVE)


def live_of(organization_id: UUID, whose: Collection[UUID]) -> QuerySet[Dispute]:
    """Those these members see to, or were handed because nobody answered in time, by ("deadline", "id")."""
    return live(organization_id).filter(Q(owner__in=whose) | Q(escalated_to__in=whose))


def overdue(organization_id: UUID, today: date) -> QuerySet[Dispute]:
    """Those whose day of answer is over, by ("deadline", "id")."""
    return live(organization_id).filter(deadline__lt=today)


def settled(organization_id: UUID) -> QuerySet[Dispute]:
    """Those that were decided, by ("resolved_on", "id")."""
    return disputes(organization_id).exclude(resolved_on=None)


def of_customer(organization_id: UUID, customer_id: UUID) -> QuerySet[Dispute]:
    """A customer's, the latest first."""
    return disputes(organization_id).filter(customer_id=customer_id).order_by("-opened_on", "-id")


def of_invoices(organization_id: UUID, invoice_ids: Collection[UUID]) -> list[Dispute]:
    """Those of some invoices, the latest first."""
    return list(disputes(organization_id).filter(invoice_id__in=invoice_ids).order_by("-opened_on", "-id"))


def notes(dispute: Dispute, *, inner: bool = True) -> list[DisputeNote]:
    """What was said and done, in order; without what is for the team only, where it is for the customer to read."""
    found = DisputeNote.objects.filter(organization_id=dispute.organization_id, dispute=dispute)
    if not inner:
        found = found.exclude(kind=DisputeNote.Kind.INNER)
    return list(found.order_by("at", "id"))


def evidence(organization_id: UUID, dispute_ids: Collection[UUID]) -> QuerySet[Evidence]:
    """The files of some disputes without their content, in the order in which they came."""
    found = Evidence.objects.filter(organization_id=organization_id, dispute_id__in=dispute_ids)
    return found.defer("content").order_by("added_at", "id")


def untold(organization_id: UUID) -> QuerySet[Dispute]:
    """Those that were decided and of which nothing was said to the customer since, by ("resolved_on", "id"); what the customer
    took back needs no telling.
    """
    said = DisputeNote.objects.filter(
        organization_id=organization_id,
        dispute=OuterRef("pk"),
        kind=DisputeNote.Kind.OURS,
        at__gte=OuterRef("resolved_at"),
    )
    return settled(organization_id).filter(~Exists(said)).exclude(state=Dispute.State.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many disputes wait for somebody; of those how many are overdue, and how many of these were handed to whoever reads."""

    live: int
    overdue: int
    yours: int


def waiting(organization_id: UUID, today: date, whose: Collection[UUID]) -> Waiting:
    """What the first page says of them: everybody's, and what was escalated to one of these members."""
    rows = Dispute.objects.filter(organization_id=organization_id, state__in=LIVE)
    late = Q(deadline__lt=today)
    yours = late & Q(escalated_to__in=whose)
    return Waiting(
        **rows.aggregate(live=Count("pk"), overdue=Count("pk", filter=late), yours=Count("pk", filter=yours))
    )


@dataclass(frozen=True, slots=True)
class CauseLine:
    """The disputes of one month (of opening), creditor, cause and currency. `cause` is "" for those not decided yet."""

    month: date
    creditor_id: UUID
    creditor: str
    cause: str
    currency: str
    disputes: int
    live: int
    won: int  # by the customer, in part or whole
    late: int  # decided after the day they should have been, or not decided and overdue
    amount: Decimal  # disputed
    granted: Decimal
    days: Decimal | None  # from opening to decision, on average


_CAUSES = """
SELECT date_trunc('month', d.opened_on)::date, d.creditor_id, c.name, d.cause, d.currency, count(*),
       count(*) FILTER (WHERE d.resolved_on IS NULL), count(*) FILTER (WHERE d.state IN ('accepted', 'credited', 'corrected')),
       count(*) FILTER (WHERE coalesce(d.resolved_on, %(today)s) > d.deadline), sum(d.amount), coalesce(sum(d.granted), 0),
       avg(d.resolved_on - d.opened_on)
FROM disputes_dispute d
JOIN parties_creditor c ON c.organization_id = d.organization_id AND c.id = d.creditor_id
WHERE d.organization_id = %(organization)s AND d.opened_on BETWEEN %(since)s AND %(through)s
  {narrowed}
GROUP BY 1, 2, 3, 4, 5
ORDER BY 1 DESC, 3, 2, 6 DESC, 4, 5
"""


def causes(
    organization_id: UUID,
    since: date,
    through: date,
    today: date,
    *,
    narrowed: str = "",
    values: Mapping[str, Any] | None = None,
) -> list[CauseLine]:
    """What the disputes that were opened from `since` through `through` came from, by month, creditor, cause and currency.

    `narrowed` are further conditions on the dispute (alias `d`), each after an AND, with their `values`.
    """
    asked = {"organization": organization_id, "since": since, "through": through, "today": today, **(values or {})}
    with connection.cursor() as cursor:
        cursor.execute(_CAUSES.format(narrowed=narrowed), asked)
        return [CauseLine(*row) for row in cursor.fetchall()]
