"""A customer's credit in short: a part of its tab."""

from typing import Any

from puntual.desk import crediting
from puntual.desk.pages import DeskRequest
from puntual.parties.models import Customer
from puntual.strategies.credit.models import CreditApplication
from puntual.strategies.credit.queries import applications_of


def part(request: DeskRequest, customer: Customer) -> dict[str, Any]:
    """Limits with their use, and how many applications wait."""
    mine = applications_of(request.organization.id, customer.id)
    return {
        "customer": customer,
        "limits": crediting.limits_shown(request, customer),
        "waiting": mine.filter(state=CreditApplication.State.OPEN).count(),
    }
