"""The dated record of each day run."""

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
