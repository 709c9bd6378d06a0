"""What is too small to chase, by currency."""

from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from puntual.kernel.money import minor_units
from puntual.organizations.models import Tolerance

TOLERANCES = {0: Decimal(500), 2: Decimal(1), 3: Decimal(1), 4: Decimal("0.5")}
"""What is too small to chase where the organization has not said: by the currency's number of decimals (500 pesos, 1 sol)."""


def tolerances(organization_id: UUID, currencies: Iterable[str]) -> dict[str, Decimal]:
    """The amount up to which an item never leads a contact, for those currencies and for every one the organization set."""
    found = {currency: TOLERANCES[minor_units(currency)] for currency in currencies}
    own = Tolerance.objects.filter(organization_id=organization_id)
    found.update((row.currency, row.amount) for row in own)
    return found
