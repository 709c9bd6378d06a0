"""A whole import taken back. Callers import it from `actions`."""

from datetime import date
from uuid import UUID

from puntual.audit.actions import Actor, action
from puntual.disputes import bulk as disputes
from puntual.intake.jobs import locked
from puntual.intake.models import Change, ImportJob
from puntual.kernel.problems import N_, Problem
from puntual.payments import bulk as payments
from puntual.receivables import bulk as receivables
from puntual.receivables.actions import hold
from puntual.receivables.bulk_dates import move_due_many
from puntual.receivables.models import Hold, Installment

State = ImportJob.State


def undo(by: Actor, job_id: UUID, *, why: str = "") -> ImportJob:
    """Take back what an import brought, as one: its payments and documents, what it settled outside, the due dates it moved, the
    holds it made or ended. Everything is posted back, nothing is deleted; customers and how to reach them stay.

    All of it, or nothing. Raises ImportJob.DoesNotExist, jobs.WrongState while it runs, Problem for a list of customers,
    receivables.BatchInUse or payments.PartlyRefunded where something of it was used since.
    """
    with action(by, "intake.undo", why=why) as log:
        job = locked(by, job_id, State.DONE, State.CANCELED, State.FAILED)
        log.about(job)
        log.say(file=job.file_name, kind=job.kind)
        if job.kind == ImportJob.Kind.CUSTOMERS:
            raise Problem(N_("A list of customers is not undone. Import a corrected list, or correct the customers."))
        why = why or job.file_name
        log.say(
            payments=payments.undo_batch(by, job.id, why=why), documents=receivables.undo_batch(by, job.id, why=why)
        )
        disputes.undo_batch(by, job.id, why=why)
        changes = Change.objects.filter(organization_id=by.organization_id, job=job)
        _move_back(by, list(changes.filter(kind=Change.Kind.DUE_DATE)), why)
        ended = changes.filter(kind=Change.Kind.DISPUTE_ENDED).values_list("object_id", flat=True)
        disputes.reopen_many(by, list(ended), why=why)
        _hold_again(by, list(changes.filter(kind=Change.Kind.HOLD_RELEASED).values_list("object_id", flat=True)))
        job.state = State.UNDONE
        job.save(update_fields=["state"])
        return job


def _move_back(by: Actor, changes: list[Change], why: str) -> None:
    """Due dates as they were, but for those that somebody has moved again since."""
    items = Installment.objects.filter(
        organization_id=by.organization_id, id__in=[change.object_id for change in changes]
    )
    now = dict(items.values_list("id", "due_on"))
    days: dict[UUID, date] = {
        change.object_id: change.before for change in changes if change.before and now[change.object_id] == change.after
    }
    if days:
        move_due_many(by, days, why=why)


def _hold_again(by: Actor, hold_ids: list[UUID]) -> None:
    for ended in Hold.objects.filter(organization_id=by.organization_id, id__in=hold_ids).order_by("id"):
        hold(
            by,
            reason=ended.reason,
            customer_id=ended.customer_id,
            invoice_id=ended.invoice_id,
            installment_id=ended.installment_id,
            amount=ended.amount,
            from_on=ended.from_on,
            until_on=ended.until_on,
            stops_chasing=ended.stops_chasing,
            stops_interest=ended.stops_interest,
            stops_pre_due=ended.stops_pre_due,
            note=ended.note,
            source_id=ended.source_id,
        )
