"""Reads of print batches and their letters."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import QuerySet

from puntual.outreach.channels.letter.models import DeliveryProof, PrintBatch, PrintedLetter, PrintFile
from puntual.outreach.models import Activity


def batches(organization_id: UUID) -> QuerySet[PrintBatch]:
    """Every batch, by ("number", "id")."""
    return PrintBatch.objects.filter(organization_id=organization_id)


def letters_of(batch: PrintBatch) -> QuerySet[PrintedLetter]:
    """A batch's letters without their PDFs, by ("place", "id")."""
    rows = PrintedLetter.objects.filter(organization_id=batch.organization_id, batch=batch)
    return rows.select_related("customer").defer("pdf", "text")


def files_of(batch: PrintBatch) -> Sequence[PrintFile]:
    """What the printer gets, without the bytes, in order."""
    rows = PrintFile.objects.filter(organization_id=batch.organization_id, batch=batch)
    return list(rows.defer("pdf").order_by("part"))


def steps_of(organization_id: UUID, letters: Sequence[PrintedLetter]) -> Mapping[UUID, str]:
    """The code of each letter's step, by activity."""
    rows = Activity.objects.filter(organization_id=organization_id, pk__in=[one.activity_id for one in letters])
    return dict(rows.values_list("id", "step"))


def proofs_of(organization_id: UUID, activity_id: UUID) -> Sequence[DeliveryProof]:
    """The proofs filed for an activity, without their files, the latest first."""
    rows = DeliveryProof.objects.filter(organization_id=organization_id, activity_id=activity_id)
    return list(rows.defer("content").order_by("-recorded_at", "-id"))
