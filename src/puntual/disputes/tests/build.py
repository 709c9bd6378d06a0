"""Disputes over the ledger's own test books."""

from decimal import Decimal
from uuid import UUID

from puntual.disputes import actions
from puntual.disputes.models import Dispute
from puntual.receivables.models import Hold, Installment
from puntual.receivables.queries import active_holds
from puntual.receivables.tests.build import Books


def disputed(books: Books, item: Installment, amount: str | None = None, **more: object) -> Dispute:
    """The item's invoice in dispute, all of it or a part."""
    given = {"reason": "price", "said": "El precio acordado era otro.", **more}
    return actions.open_dispute(books.by, item.invoice_id, amount=None if amount is None else Decimal(amount), **given)


def holds(books: Books, dispute_id: UUID, on: object = None) -> list[Hold]:
    """What holds for the dispute on a day."""
    day = on or books.by.today
    return list(active_holds(books.org, day).filter(source_id=dispute_id))  # type: ignore[arg-type]


def again(books: Books, dispute: Dispute) -> Dispute:
    return Dispute.objects.get(organization_id=books.org, id=dispute.id)
