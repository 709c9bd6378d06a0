"""Who gets which report when, and what was sent so far."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from puntual.parties.models import Creditor
from puntual.tenancy.models import TenantKey, TenantModel


class Subscription(TenantModel):
    """A report on a schedule, for some members, each of whom reads it in their own language.

    `on` is the weekday (ISO 8601: Monday is 1) of one that comes weekly, the n-th working day of one that comes monthly.
    """

    class Every(models.TextChoices):
        DAY = "day"  # each working day
        WEEK = "week"
        MONTH = "month"

    class Format(models.TextChoices):
        TABLE = "table"  # in the message itself
        PDF = "pdf"
        XLSX = "xlsx"
        CSV = "csv"

    report = models.CharField(max_length=40)  # of `reports.REPORTS`
    format = models.CharField(max_length=5, choices=Format.choices)
    every = models.CharField(max_length=5, choices=Every.choices)
    on = models.PositiveSmallIntegerField(null=True)
    creditor = TenantKey(Creditor, null=True)
    user_ids = ArrayField(models.UUIDField())
    since = models.DateField()  # from then on: what fell before is not made up for
    paused_at = models.DateTimeField(null=True)
    made_by = models.UUIDField(null=True)
    made_by_name = models.CharField(max_length=150)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(every="day", on=None)
                | Q(every="week", on__range=(1, 7))
                | Q(every="month", on__range=(1, 15)),
                name="subscription_when",
            )
        ]
        indexes = [models.Index(fields=["organization_id", "created_at"], name="subscription_when_made")]


class Issue(TenantModel):
    """What a subscription sent for one of its days: each day once, however often its job runs."""

    subscription = TenantKey(Subscription)
    due_on = models.DateField()
    as_of = models.DateField()
    mails = models.PositiveSmallIntegerField()
    problem = models.CharField(max_length=500, blank=True)  # why there was nothing to send
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization_id", "subscription", "due_on"], name="issue_once")]
