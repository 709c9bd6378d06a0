"""Reads of print batches and their letters."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from puntual.outreach.channels.letter.models import DeliveryProof, PrintBatch, PrintedLetter, PrintFile
from puntual.outreach.models import Activity
from puntual.outreach.queries import lines


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


def settled_since(organization_id: UUID, letters: Sequence[PrintedLetter], day: date) -> frozenset[UUID]:
    """Those letters that wait to be posted and whose customers owe nothing of it any more, or may not be asked: take them out."""
    activities = list(
        Activity.objects.filter(
            organization_id=organization_id, pk__in=[one.activity_id for one in letters if one.state == "made"]
        ).select_related("customer")
    )
    found = lines(organization_id, activities, day)
    nothing = {line.activity.pk for line in found if not line.demand}
    return frozenset(one.pk for one in letters if one.activity_id in nothing)


def proofs_lately(organization_id: UUID) -> QuerySet[DeliveryProof]:
    """Every proof without its file, by ("recorded_at", "id")."""
    return DeliveryProof.objects.filter(organization_id=organization_id).select_related("customer").defer("content")


def proofs_of(organization_id: UUID, activity_id: UUID) -> Sequence[DeliveryProof]:
    """The proofs filed for an activity, without their files, the latest first."""
    rows = DeliveryProof.objects.filter(organization_id=organization_id, activity_id=activity_id)
    return list(rows.defer("content").order_by("-recorded_at", "-id"))
