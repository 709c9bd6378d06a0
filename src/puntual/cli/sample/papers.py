"""Letras, checks and deductions of the sample: one letra runs, one check is past its day without a word, one letra came back."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from puntual.audit.actions import Actor
from puntual.payments.instruments.actions import deposit, receive, return_it
from puntual.payments.instruments.models import InstrumentItem
from puntual.receivables.actions import Designation, grant_discount
from puntual.receivables.models import Hold, Installment
from puntual.tenancy.scope import acting_for

_NEEDED = 4


def take_in_papers(by: Actor, on: Callable[[date], Actor]) -> None:
    """Over the latest open items in soles that nothing else holds; `on` is the same person on an earlier day."""
    items = _free(by)
    if len(items) < _NEEDED:
        return
    letra, check, protested, discounted = items[:_NEEDED]
    before, later = by.today - timedelta(days=12), by.today + timedelta(days=20)
    running = _receive(by, letra, "bill", "L-00481", later, "BCP")
    deposit(by, running)
    _receive(on(before), check, "check", "00077120", by.today - timedelta(days=5), "BBVA")
    came_back = _receive(on(before), protested, "bill", "L-00466", by.today - timedelta(days=4), "BCP")
    deposit(on(before), came_back)
    return_it(by, came_back, why="Protestada por falta de pago", fee=Decimal("35.00"))
    part = (discounted.open_amount / 20).quantize(Decimal("0.01"))
    grant_discount(by, discounted.id, amount=part, why="Entrega incompleta de marzo")


def _free(by: Actor) -> list[Installment]:
    with acting_for(by.organization_id):
        held = Hold.objects.filter(organization_id=by.organization_id, released_on=None).values("customer")
        promised = InstrumentItem.objects.filter(organization_id=by.organization_id).values("installment")
        known_by_then = by.today - timedelta(days=20)
        rows = Installment.objects.filter(
            organization_id=by.organization_id,
            currency="PEN",
            open_amount__gt=1000,
            invoice__issued_on__lt=known_by_then,
            expected_deduction=0,
        )
        others = rows.exclude(customer__in=held).exclude(id__in=promised).order_by("-due_on", "id")
        one_each: dict[UUID, Installment] = {}
        for item in others[:100]:
            one_each.setdefault(item.customer_id, item)
        return list(one_each.values())


def _receive(by: Actor, item: Installment, kind: str, number: str, matures_on: date, bank: str) -> UUID:
    made = receive(
        by,
        customer_id=item.customer_id,
        kind=kind,
        number=number,
        currency=item.currency,
        amount=item.open_amount,
        matures_on=matures_on,
        items=[Designation(item.id)],
        bank=bank,
    )
    id: UUID = made.id
    return id
