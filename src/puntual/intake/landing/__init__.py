"""Typed rows into the ledger, a chunk at a time: one module for each kind of file."""

from typing import Final

from puntual.intake.landing.balances import BalanceLanding
from puntual.intake.landing.base import Landing
from puntual.intake.landing.customers import CustomerLanding
from puntual.intake.landing.invoices import InvoiceLanding
from puntual.intake.landing.payments import PaymentLanding

LANDINGS: Final[dict[str, type[Landing]]] = {
    "invoices": InvoiceLanding,
    "customers": CustomerLanding,
    "payments": PaymentLanding,
    "balances": BalanceLanding,
}
