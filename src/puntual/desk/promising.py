"""Promises as pages show them; and what a customer can promise: open invoices, currencies, and who of theirs may say so."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Q

from puntual.agreements.models import Promise
from puntual.agreements.promises.standing import Standing
from puntual.audit.actions import Actor
from puntual.desk.forms.promises import Promisable
from puntual.kernel.remembering import remembered
from puntual.parties.models import Person
from puntual.receivables.queries import ItemBalance, open_items


def promisable(by: Actor, customer_id: UUID | None) -> Promisable:
    """What the form of a call or an answer offers; nothing where it is not known whose it is."""
    if customer_id is None:
        return Promisable()
    items = items_of(by.organization_id, customer_id)
    invoices = {str(item.invoice_id): item.number for item in items}
    currencies = list(dict.fromkeys(item.currency for item in items))
    return Promisable(list(invoices.items()), currencies, people(by, customer_id))


@remembered
def items_of(organization_id: UUID, customer_id: UUID) -> list[ItemBalance]:
    """What is open of one customer, asked for once where several parts of a page show it."""
    return open_items(organization_id, [customer_id])


def people(by: Actor, customer_id: UUID) -> list[str]:
    """The names of the customer's people of today."""
    mine = Person.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=by.today), organization_id=by.organization_id, customer=customer_id
    )
    return list(mine.order_by("name", "id").values_list("name", flat=True))


@dataclass(frozen=True, slots=True)
class Row:
    """A promise with what came of it so far."""

    promise: Promise
    paid: Decimal
    deadline: date | None

    @classmethod
    def of(cls, promise: Promise, now: Standing | None) -> "Row":
        still = promise.state == Promise.State.OPEN and now is not None
        return cls(promise, now.paid if still and now else promise.paid, now.deadline if now else None)
