"""Due dates that a file moves, kept so that they can be moved back."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from puntual.intake.landing.base import Arrival
from puntual.intake.models import Change
from puntual.receivables.bulk_dates import move_due_many


def move_due(arrival: Arrival, days: Mapping[UUID, date]) -> dict[UUID, date]:
    """Move the due dates of these installments; the earlier date of each that moved."""
    before = move_due_many(arrival.by, days, why=arrival.job.file_name)
    Change.objects.bulk_create(
        Change(
            organization_id=arrival.by.organization_id,
            job=arrival.job,
            kind=Change.Kind.DUE_DATE,
            object_id=installment,
            before=day,
            after=days[installment],
        )
        for installment, day in before.items()
    )
    return before
