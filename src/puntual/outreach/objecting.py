"""What a customer objects to in a call, a meeting or an answer becomes disputes. Part of the action that records it."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from puntual.audit.actions import Actor
from puntual.disputes.actions import record_objection
from puntual.disputes.models import Dispute
from puntual.kernel.problems import N_, Problem
from puntual.receivables.models import Installment, Invoice

MOST = 20
"""More invoices than this are not meant by “I dispute it”: somebody says which."""


@dataclass(frozen=True, slots=True)
class Objection:
    """What is wrong (of `Dispute.Reason`), with which invoice (None: with all that was asked for), and how much of it."""

    reason: str = Dispute.Reason.OTHER
    invoice_id: UUID | None = None
    amount: Decimal | None = None


def object_to(
    by: Actor,
    customer_id: UUID,
    objection: Objection,
    *,
    items: Collection[UUID],
    said: str,
    source: str,
    source_id: UUID,
    said_by: str = "",
) -> list[Dispute]:
    """Open a dispute of the invoice named, or of each whose `items` were asked for, or else of each that is overdue.

    What is in dispute already gets one more word. Raises Problem where it is not clear which invoice is meant, for an amount of
    no single invoice, NothingOpen, MoreThanOpen, NotPositive.
    """
    invoices = Invoice.objects.filter(organization_id=by.organization_id, customer_id=customer_id, withdrawn_on=None)
    if objection.invoice_id:
        named = list(invoices.filter(id=objection.invoice_id).values_list("id", flat=True))
    else:
        named = _asked_for(by, customer_id, items)
    if not 1 <= len(named) <= MOST:
        raise Problem(N_("Say which invoice they dispute."))
    if objection.amount is not None and len(named) > 1:
        raise Problem(N_("Say which invoice the amount is a part of."))
    return [
        record_objection(
            by,
            invoice_id,
            reason=objection.reason,
            amount=objection.amount,
            said=said,
            said_by=said_by,
            source=source,
            source_id=source_id,
        )
        for invoice_id in named
    ]


def _asked_for(by: Actor, customer_id: UUID, items: Collection[UUID]) -> list[UUID]:
    open_items = Installment.objects.filter(
        organization_id=by.organization_id, customer_id=customer_id, open_amount__gt=0
    )
    found = open_items.filter(id__in=items) if items else open_items.filter(due_on__lt=by.today)
    return list(dict.fromkeys(found.order_by("due_on", "id").values_list("invoice_id", flat=True)[: MOST + 1]))
