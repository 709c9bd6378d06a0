"""What the clock does with activities: every periodic task finds the organizations, and one job for each does the work.

Arguments are ids only, and every job may run again from its start. A job is not queued twice; two that run at once do not
disturb each other, so no lock is needed that a killed worker would never give back.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.tasks import Task

from puntual.audit.actions import Actor
from puntual.organizations.actions import actor_of
from puntual.organizations.models import Organization
from puntual.outreach.actions import fall_to_next_channel, lapse_over, lapse_settled, lapse_unapproved, sweep_stalled
from puntual.outreach.answers.actions import escalate
from puntual.outreach.answers.polling import poll
from puntual.outreach.channels.letter.tasks import make_batch as make_batch
from puntual.outreach.deliveries.reports import resolve_known
from puntual.outreach.models import Activity, Retention
from puntual.outreach.outbox import send_due
from puntual.outreach.record.retention import forget_due
from puntual.outreach.staff.actions import tidy_staff_mail
from puntual.outreach.staff.models import StaffMail
from puntual.outreach.staff.sending import send_staff_mail
from puntual.tenancy.scope import acting_for

_TURN = timedelta(seconds=55)
"""How long a job sends before it gives its worker back: the next one comes within a minute."""
_MANY = 500
"""With more messages than this waiting, two workers send."""


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="outreach.send")
def send_everywhere(timestamp: int) -> None:
    """Every minute: a job for each organization with a message that is due, and one more where many are."""
    for organization in _organizations():
        with acting_for(organization.id):
            due = Activity.objects.filter(
                organization_id=organization.id, state=Activity.State.QUEUED, not_before__lte=timezone.now()
            )[: _MANY + 1].count()
            to_members = StaffMail.objects.filter(
                organization_id=organization.id, state=StaffMail.State.QUEUED, not_before__lte=timezone.now()
            ).exists()
        if to_members:
            _enqueue(send_to_members_for, organization)
        if due:
            _enqueue(send_for, organization)
        if due > _MANY:
            _enqueue(send_for, organization, lane=2)


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="outreach.sweep")
def sweep_everywhere(timestamp: int) -> None:
    """Every five minutes: find what a killed sender left behind, where there is any."""
    for organization in _organizations():
        with acting_for(organization.id):
            claimed = Activity.objects.filter(organization_id=organization.id, state=Activity.State.ATTEMPTING).exists()
        if claimed:
            _enqueue(sweep_for, organization)


@app.periodic(cron="7 * * * *")
@app.task(queueing_lock="outreach.tidy")
def tidy_everywhere(timestamp: int) -> None:
    """Every hour: give up what nobody approved, what was settled or paused, the calls nobody made; escalate unread answers."""
    for organization in _organizations():
        _enqueue(tidy_for, organization)


@app.periodic(cron="*/2 * * * *")
@app.task(queueing_lock="outreach.poll_answers")
def poll_answers(timestamp: int) -> None:
    """Every two minutes: land what is unread in the mailbox that answers come to, where one is named."""
    if settings.IMAP_URL:
        polled = poll(settings.IMAP_URL, timezone.now())
        if polled.problem:
            raise RuntimeError(f"the mailbox of PUNTUAL_IMAP_URL cannot be read: {polled.problem}")


@app.task
def send_for(organization_id: str, lane: int = 1) -> None:
    """Send what is due in one organization, for as long as a minute; then the next job goes on."""
    send_due(UUID(organization_id), timezone.now(), limit=100_000, lasting=_TURN)


@app.task
def send_to_members_for(organization_id: str) -> None:
    """Send what members of one organization are to read."""
    send_staff_mail(UUID(organization_id), timezone.now())


@app.task
def sweep_for(organization_id: str) -> None:
    """Call unknown what was claimed and never settled, unless its provider told what became of it."""
    by = _clock(organization_id)
    sweep_stalled(by)
    resolve_known(by)


@app.task
def tidy_for(organization_id: str) -> None:
    """Lapse what has no reason to wait any longer, and hand on the answers nobody has read."""
    by = _clock(organization_id)
    lapse_unapproved(by)
    lapse_settled(by)
    lapse_over(by)
    fall_to_next_channel(by)
    escalate(by)
    tidy_staff_mail(by)


@app.periodic(cron="23 3 * * *")
@app.task(queueing_lock="outreach.forget")
def forget_everywhere(timestamp: int) -> None:
    """Every night: forget what is past its period of retention, where one is turned on."""
    for organization in _organizations():
        with acting_for(organization.id):
            on = Retention.objects.filter(organization_id=organization.id, active=True).exists()
        if on:
            _enqueue(forget_for, organization)


@app.task
def forget_for(organization_id: str) -> None:
    """Forget what is past its time in one organization."""
    forget_due(_clock(organization_id))


def _organizations() -> Iterator[Organization]:
    return Organization.objects.order_by("id").iterator()


def _enqueue(task: Task[Any, Any, Any], organization: Organization, **more: int) -> None:
    lock = " ".join([str(task.name), str(organization.id), *map(str, more.values())])
    with suppress(AlreadyEnqueued):
        task.configure(queueing_lock=lock).defer(organization_id=str(organization.id), **more)


def _clock(organization_id: str) -> Actor:
    return actor_of(Organization.objects.get(pk=organization_id), timezone.now())
