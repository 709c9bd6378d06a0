"""Required notices that were sent and wait for the proof of their delivery: until it is there they were not had."""

from collections.abc import Mapping
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from puntual.outreach.models import Activity, Mark
from puntual.strategies.manual import from_content
from puntual.strategies.models import Version


def wanted_proofs(organization_id: UUID) -> Mapping[tuple[UUID, str], str]:
    """What proves each required step, by version and step; of drafts too, which have sent nothing."""
    rows = Version.objects.filter(
        organization_id=organization_id, content__step__contains=[{"required": True}]
    ).values_list("id", "content")
    manuals = {key: from_content(content) for key, content in rows}
    return {(key, step.code): step.proof for key, manual in manuals.items() for step in manual.steps if step.required}


def without_proof(organization_id: UUID) -> QuerySet[Activity]:
    """Sent notices of required steps without their proof, by ("settled_at", "id"); those that came back are not among them."""
    wanted = wanted_proofs(organization_id)
    which = Q(pk__in=[])
    for version_id, step in wanted:
        which |= Q(version_id=version_id, step=step)
    marks = Mark.objects.filter(
        organization_id=organization_id, customer=OuterRef("customer"), activity_id=OuterRef("id")
    )
    sent = Activity.objects.filter(which, organization_id=organization_id, state__in=["sent", "done"]).exclude(
        result="bounced"
    )
    return sent.filter(~Exists(marks.filter(step=OuterRef("step")))).select_related("customer")
