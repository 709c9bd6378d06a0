"""Reads of bank statements. Each names its organization."""

from uuid import UUID

from puntual.payments.statements.models import StatementMapping
from puntual.payments.statements.reading.mapping import Mapping


def remembered_mappings(organization_id: UUID) -> dict[str, Mapping]:
    """How exports were read before, by the signature of their layout."""
    kept = StatementMapping.objects.filter(organization_id=organization_id)
    return {signature: Mapping.from_toml(toml) for signature, toml in kept.values_list("signature", "toml")}
