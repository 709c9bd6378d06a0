"""What the sample's customers object to, and what the team finds out: in part right, in whole, or not at all."""

from datetime import timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from puntual.audit.actions import Actor
from puntual.disputes import actions
from puntual.disputes.models import Dispute
from puntual.kernel.money import round_money
from puntual.receivables.models import Installment
from puntual.tenancy.scope import acting_for

_OFTEN = 0.22
"""How often somebody objects on a working day."""
_SAID = (
    ("price", "30", "La tarifa acordada por consultor era menor que la facturada."),
    ("order_number", "", "Falta el número de la orden de compra; sin él no pueden registrar la factura."),
    ("delivery", "40", "El segundo taller aún no se ha dictado."),
    ("quality", "25", "Dos de los perfiles presentados no cumplían lo pedido."),
    ("duplicate", "", "Dicen que ya pagaron este servicio con otra factura."),
    ("tax", "18", "La detracción está calculada sobre otro importe."),
)
_FOUND = {
    "price": ("pricing", "La orden de compra confirma la tarifa menor."),
    "delivery": ("delivery", "El taller quedó para el mes siguiente."),
    "quality": ("quality", "Se repone uno de los perfiles y se descuenta el otro."),
    "tax": ("billing", "El importe de la detracción estaba mal calculado."),
}


def object_to_something(by: Actor, random: Random) -> Dispute | None:
    """Now and then a customer objects to an invoice that is some days late, to all of it or to a part."""
    if random.random() > _OFTEN:
        return None
    with acting_for(by.organization_id):
        disputed = Dispute.objects.values("invoice_id")
        late = Installment.objects.filter(open_amount__gt=0, due_on__lt=by.today - timedelta(days=3))
        items = late.exclude(invoice_id__in=disputed).order_by("id")
        count = items.count()
        item = items[random.randrange(count)] if count else None
    if item is None:
        return None
    reason, percent, said = random.choice(_SAID)
    part = round_money(item.open_amount * Decimal(percent) / 100, item.currency) if percent else None
    made = actions.open_dispute(by, item.invoice_id, reason=reason, amount=part or None, said=said, source="contact")
    actions.add_evidence(by, made.id, "correo del cliente.txt", f"{said}\n".encode(), theirs=True)
    return made


def decide_one(by: Actor, random: Random) -> None:
    """Many a day the team decides the oldest dispute: a credit note where the customer is right, else the reason why not."""
    with acting_for(by.organization_id):
        due = Dispute.objects.filter(state=Dispute.State.OPEN, opened_on__lte=by.today - timedelta(days=3))
        found = due.order_by("opened_on", "id").first()
        paid = [
            one for one in due if not Installment.objects.filter(invoice=one.invoice_id, open_amount__gt=0).exists()
        ]
    for one in paid:
        actions.withdraw(by, one.id, cause="customer", why="Revisaron la orden y pagaron la factura completa.")
    if found is None or found in paid or random.random() > 0.25:
        return
    if found.reason in _FOUND and random.random() < 0.7:
        cause, why = _FOUND[found.reason]
        actions.credit(by, found.id, number=_number(by.organization_id), cause=cause, why=why)
        actions.add_note(by, found.id, "Le enviamos la nota de crédito con la explicación.", kind="ours")
    elif found.reason == "order_number":
        actions.withdraw(by, found.id, cause="ordering", why="Se le envió la orden de compra y la registraron.")
    else:
        actions.reject(by, found.id, cause="customer", why="El contrato firmado dice ese importe; se le envió copia.")
        actions.add_note(by, found.id, "Le explicamos el motivo por correo y adjuntamos el contrato.", kind="ours")


def _number(organization_id: UUID) -> str:
    """The next number of the sample's credit notes."""
    with acting_for(organization_id):
        return f"FC01-{Dispute.objects.exclude(credit_note=None).count() + 1:08}"
