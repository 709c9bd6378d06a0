"""A day that a person asks for: a job like the clock's own, so that nobody's page waits for it."""

from contextlib import suppress
from enum import StrEnum
from uuid import UUID

from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from puntual.audit.actions import Actor
from puntual.daily.models import DayRun
from puntual.daily.run import no_manual
from puntual.daily.tasks import job_for
from puntual.organizations.models import Organization
from puntual.strategies.queries import assignments


class Asked(StrEnum):
    """What became of the day somebody asked for."""

    NOTHING = "nothing"  # nobody did, or it is done
    RUNNING = "running"
    FAILED = "failed"  # by an error of ours, and no run has come to its end since


def ask_for_day(by: Actor) -> None:
    """Have a worker run the day of the actor's organization; where that was asked for already, once is enough.

    To be called inside the organization. Raises Problem where it has no active manual.
    """
    organization = Organization.objects.get(id=by.organization_id)
    if assignments(organization.id, by.today) is None:
        raise no_manual(organization)
    if asked(organization.id) is Asked.RUNNING:
        return
    with suppress(AlreadyEnqueued):
        job_for(organization.id).defer(organization_id=str(organization.id), user_id=str(by.user_id or ""))


def asked(organization_id: UUID) -> Asked:
    """How far the last day is that was asked for, by a person or the clock. To be called inside the organization."""
    job = job_for(organization_id).job
    last = ProcrastinateJob.objects.filter(queueing_lock=job.queueing_lock).order_by("-id").first()
    if last is None or last.status not in ("todo", "doing", "failed"):
        return Asked.NOTHING
    if last.status != "failed":
        return Asked.RUNNING
    failed_at = ProcrastinateEvent.objects.filter(job=last, type="failed").order_by("-at").values_list("at", flat=True)
    done_since = DayRun.objects.filter(organization_id=organization_id, started_at__gt=failed_at[0])
    return Asked.NOTHING if done_since.exists() else Asked.FAILED
