"""A report as it was worked out at a moment, and its rows."""

from django.db import models

from puntual.tenancy.models import TenantKey, TenantModel


class KeptReport(TenantModel):
    """One report as the day's job worked it out, as of the job's day; the next job's takes its place.

    `language` is that of the words in its rows, "" where they hold none. `narrowed` is what it is narrowed to, each of
    `narrowing.FIELDS` as text; {} for everybody. `facts` are the report's own, `totals` its totals as JSON has cells.
    """

    name = models.CharField(max_length=20)
    language = models.CharField(max_length=5)
    narrowed = models.JSONField(default=dict)
    as_of = models.DateField()
    worked_out_at = models.DateTimeField()
    facts = models.JSONField()
    totals = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "name", "language", "narrowed"], name="kept_report_once")
        ]


class WaitedFor(TenantModel):
    """What somebody asked and waited for: the day's job works it out as well, as long as somebody has asked it lately."""

    name = models.CharField(max_length=20)
    language = models.CharField(max_length=5)
    narrowed = models.JSONField(default=dict)
    asked_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "name", "language", "narrowed"], name="waited_for_once")
        ]


class KeptRows(TenantModel):
    """Some of its rows, in their order, as JSON: an array of arrays of cells, a decimal as text."""

    report = TenantKey(KeptReport)
    position = models.PositiveIntegerField()
    rows = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization_id", "report", "position"], name="kept_rows_once")]
