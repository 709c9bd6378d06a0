"""What the sample's collector finds out and asks for: more time within the manual's limits, and beyond them with a reason."""

from datetime import date, timedelta

from puntual.agreements.actions import decide, grant_extension, record_finding
from puntual.agreements.approval_queries import waiting_for
from puntual.agreements.extensions.queries import chains
from puntual.audit.actions import Actor
from puntual.kernel.problems import Problem
from puntual.receivables.models import Hold, Installment
from puntual.strategies.allowances import within_for
from puntual.tenancy.scope import acting_for

_FOUND = (
    (True, False, "late_income", "Cobra de su propio cliente a fin de mes; pidió unos días más."),
    (True, True, "forgotten", "Se le pasó con el cambio de asistente. Paga esta semana."),
    (False, True, "disagrees", "Dice que el último taller no fue lo pedido."),
    (True, False, "short_of_cash", "Perdió una cuenta grande en setiembre; propone pagar en partes."),
    (True, None, "paperwork", "Falta la orden de compra; la consigue con su gerencia."),
)
_ASKED = (
    (7, "Pidió hasta fin de semana."),
    (20, "Su cliente le paga el 30; siempre cumplió desde que trabajamos juntos."),
    (6, "Tiene la firma recién el lunes."),
    (25, "Cambian de banco y no pueden transferir antes."),
)
"""Days from the due date, within the manual's seven and beyond them, with the reason."""


def find_out_and_ask(collector: Actor, owner: Actor) -> None:
    """One day's talks: what was found out, more time for some, and one exception that the owner decides; the last one waits."""
    with acting_for(collector.organization_id):
        held = Hold.objects.filter(released_on=None).values("customer_id")
        late = Installment.objects.filter(open_amount__gt=0, due_on__lt=collector.today).exclude(customer_id__in=held)
        latest = {item.customer_id: item for item in late.order_by("due_on", "id")}
    items = sorted(latest.values(), key=lambda item: (item.due_on, item.id), reverse=True)
    for item, (willing, able, reason, evidence) in zip(reversed(items), _FOUND, strict=False):
        record_finding(collector, item.customer_id, willing=willing, able=able, reason=reason, evidence=evidence)
    for item, (days, reason) in zip(items, _ASKED, strict=False):
        _ask(collector, item, item.due_on + timedelta(days=days), reason)
    with acting_for(owner.organization_id):
        first = waiting_for(owner.organization_id, owner.user_id, "owner").order_by("asked_at", "id").first()
    if first:
        decide(owner, first.id, approve=True, why="Diez años de cliente y siempre cumplió.", role="owner")


def _ask(by: Actor, item: Installment, to_due: date, reason: str) -> None:
    with acting_for(by.organization_id):
        asked = chains(by.organization_id, [item.id])[item.id].asked(to_due)
        customer, currency = item.customer_id, item.currency
        within = within_for(by.organization_id, customer, "collector", by.today, "extension", currency, asked)
    try:
        grant_extension(by, item.id, to_due, within=within, reason=reason)
    except Problem:  # what is planned or over meanwhile is left alone
        return
