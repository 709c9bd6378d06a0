"""How some of the sample's customers pay by their own rules, what some may keep for paying early, and terms that changed."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from puntual.agreements.actions import change_terms
from puntual.audit.actions import Actor
from puntual.outreach.actions import record_reception
from puntual.parties.models import Person
from puntual.receivables.actions import keep_payment_rules, set_early_terms
from puntual.receivables.models import Installment
from puntual.tenancy.scope import acting_for

_RULES: Sequence[dict[str, object]] = (
    {"pay_days": [15, 30], "needs_order": True},
    {"weekdays": [4], "cut_off_days": 10, "documents": ["Conformidad de servicio firmada"]},
    {"pay_days": [31], "cap_days": 30, "portal": "proveedores.quenara.example"},
    {"weekdays": [1, 3]},
    {
        "needs_order": True,
        "documents": ["Orden de compra", "Acta de entrega"],
        "note": "La recibe recepción hasta las 4.",
    },
)


def know_their_ways(by: Actor, customers: Sequence[UUID]) -> None:
    """Payment rules for every fortieth customer, and two percent for paying within ten days for every fiftieth."""
    for place, customer in enumerate(customers[::40]):
        rules = _RULES[place % len(_RULES)]
        with acting_for(by.organization_id):
            approver = Person.objects.filter(customer=customer).order_by("id").first()
        keep_payment_rules(by, customer, **rules, approver_id=approver.id if approver and place % 2 else None)
    for customer in customers[20::50]:
        set_early_terms(by, customer, percent=Decimal(2), days=10, reason="Siempre paga a tiempo")


def change_some(by: Actor, customers: Sequence[UUID]) -> None:
    """New terms for one customer from today and for another from next month; two invoices that are not approved yet."""
    for place, (customer, days, ahead) in enumerate(((customers[7], 45, 0), (customers[11], 60, 30))):
        change_terms(
            by,
            customer,
            effective_on=by.today + timedelta(days=ahead),
            terms_days=days,
            reason="Sus propios clientes le pagan a 60 días; lo pidió antes de atrasarse.",
            consent_ours="Carmen Ríos",
            consent_theirs="Su gerencia de finanzas",
            evidence=f"Adenda {place + 1} al contrato, firmada",
        )
    with acting_for(by.organization_id):
        coming = Installment.objects.filter(
            customer__in=customers[::40], open_amount__gt=0, due_on__gt=by.today, invoice__issued_on__lt=by.today
        )
        invoices = list(coming.order_by("due_on", "id").values_list("invoice_id", flat=True)[:3])
    for invoice, missing in zip(invoices, (["order"], ["documents", "portal"], []), strict=False):
        record_reception(by, invoice, approved=not missing, missing=missing, said_by="Asistente de pagos")
