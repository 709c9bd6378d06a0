"""Reads of import jobs. Everything runs inside `acting_for` and names its organization."""

from uuid import UUID

from django.db.models import QuerySet

from puntual.intake.keeping import from_json
from puntual.intake.models import ImportJob, Rejection
from puntual.intake.reading.proposals import Proposal
from puntual.intake.results import MOST_REJECTS, ImportResult, Refusal, Tally


def jobs(organization_id: UUID) -> QuerySet[ImportJob]:
    """The organization's imports, the latest first."""
    return ImportJob.objects.filter(organization_id=organization_id).order_by("-created_at", "-id")


def proposal_of(job: ImportJob) -> Proposal:
    """How a job's file would be read, with the questions that are open."""
    return from_json(job.proposal)


def refusals(job: ImportJob, limit: int = MOST_REJECTS) -> list[Refusal]:
    """The first refused rows and cells of a job, by line."""
    rows = Rejection.objects.filter(organization_id=job.organization_id, job=job).order_by("line", "id")
    return [Refusal(row.line, row.column, row.value, row.reasons) for row in rows.defer("cells")[:limit]]


def result_of(job: ImportJob) -> ImportResult:
    """What a job has done so far."""
    return ImportResult(job.id, job.state, Tally.from_json(job.result), refusals(job), job.rejects_path)
