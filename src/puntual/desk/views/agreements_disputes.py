"""A customer's disputes."""

from typing import Any

from puntual.desk.pages import DeskRequest
from puntual.disputes import queries
from puntual.parties.models import Customer

ON_A_TAB = 12


def part(request: DeskRequest, customer: Customer) -> dict[str, Any]:
    """What the customer objects to, or did, the latest first."""
    found = queries.of_customer(request.organization.id, customer.id)
    return {"rows": list(found[:ON_A_TAB])}
