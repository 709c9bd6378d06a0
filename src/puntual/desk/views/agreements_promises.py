"""A customer's promises to pay."""

from typing import Any
from uuid import UUID

from puntual.agreements.models import Promise
from puntual.agreements.promises import queries
from puntual.agreements.promises.standing import Standing, standings
from puntual.desk.pages import DeskRequest
from puntual.desk.promising import Row
from puntual.parties.models import Customer
from puntual.payments.receipts import RECEIPTS

ON_A_TAB = 12


def part(request: DeskRequest, customer: Customer) -> dict[str, Any]:
    """What the customer promised, the latest first."""
    org = request.organization.id
    found = list(queries.promises_of(org, customer.id)[:ON_A_TAB])
    now: dict[UUID, Standing] = {}
    for currency in {promise.currency for promise in found if promise.state == Promise.State.OPEN}:
        now |= standings(org, customer.id, currency, request.actor.today, RECEIPTS)
    kept, judged = queries.kept_of(org, customer.id)
    return {"rows": [Row.of(promise, now.get(promise.id)) for promise in found], "kept": kept, "judged": judged}
