"""Reads: which approved text may leave for which of ours. Inside `acting_for`."""

from uuid import UUID

from puntual.outreach.channels.whatsapp.models import ApprovedText, Mapping
from puntual.strategies.texts import base_language


def mapping_for(organization_id: UUID, template: str, language: str, *, consumer: bool) -> Mapping | None:
    """The approved text that may leave for a template now, or None."""
    found = Mapping.objects.select_related("text").filter(
        organization_id=organization_id,
        template=template,
        audience="consumer" if consumer else "company",
        language=base_language(language),
        text__state=ApprovedText.State.APPROVED,
    )
    return found.first()


def approved_for(organization_id: UUID) -> frozenset[tuple[str, str, str]]:
    """What can be said outside the window: (template, audience, language) of every mapped text that is approved."""
    rows = Mapping.objects.filter(organization_id=organization_id, text__state=ApprovedText.State.APPROVED)
    return frozenset(rows.values_list("template", "audience", "language"))
