"""The dated record of each day run, and what was tried on the past."""

from django.db import models

from puntual.tenancy.models import TenantModel


class DayRun(TenantModel):
    """One run of one day: what was planned, and how many customers had which reason for nothing."""

    day = models.DateField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    report = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["organization_id", "-day", "-started_at"], name="day_run")]


class Replay(TenantModel):
    """A version of a manual played over the organization's own history: how far it is, and what it came to.

    `report` is a `simulate_report.Report`; `said` the contacts, compressed JSON. The version is no foreign key: a draft may be
    discarded while what it would have done is still worth reading, so `manual` keeps what was played.
    """

    class State(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        CANCELED = "canceled"
        FAILED = "failed"

    version_id = models.UUIDField()
    number = models.PositiveIntegerField()
    manual = models.JSONField()
    first = models.DateField()
    last = models.DateField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING)
    days_done = models.PositiveSmallIntegerField(default=0)
    cancel_asked = models.BooleanField(default=False)
    problem = models.TextField(blank=True)
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    report = models.JSONField(default=dict)
    said = models.BinaryField(default=bytes)

    class Meta:
        indexes = [models.Index(fields=["organization_id", "-created_at", "-id"], name="replay_when")]
