"""Reads: who prefers what. Inside `acting_for`."""

from uuid import UUID

from puntual.parties.preferences.models import Preference


def preferences_of(organization_id: UUID, customer_id: UUID) -> dict[UUID | None, Preference]:
    """The preferences at a customer by person; None is everybody there."""
    found = Preference.objects.filter(organization_id=organization_id, customer_id=customer_id)
    return {one.person_id: one for one in found}
