"""What months came to: kept by the day run, so that a report over years reads a few hundred rows. They only repeat what the
entries say, and are worked out again where an entry reaches back into them.
"""

from django.db import models

from puntual.analytics.alerts.models import Alert as Alert
from puntual.analytics.kept.models import KeptReport as KeptReport
from puntual.analytics.kept.models import KeptRows as KeptRows
from puntual.analytics.learning.models import ScoreModel as ScoreModel
from puntual.analytics.letter.models import ManagementLetter as ManagementLetter
from puntual.analytics.rates.models import ExchangeRate as ExchangeRate
from puntual.analytics.rates.models import LossRate as LossRate
from puntual.analytics.rhythm.models import CustomerRhythm as CustomerRhythm
from puntual.analytics.rhythm.models import RhythmRead as RhythmRead
from puntual.analytics.subscriptions.models import Issue as Issue
from puntual.analytics.subscriptions.models import Subscription as Subscription
from puntual.analytics.targets.models import Target as Target
from puntual.analytics.work.models import ContactCost as ContactCost
from puntual.analytics.work.models import ContactWorth as ContactWorth
from puntual.parties.models import Creditor
from puntual.receivables.models import money
from puntual.tenancy.models import TenantKey, TenantModel


class MonthKept(TenantModel):
    """A month that is kept; `through_entry` is the last entry there was when that was last looked at."""

    month = models.DateField()  # its first day
    through_entry = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization_id", "month"], name="month_kept_once")]


class MonthEnd(TenantModel):
    """What was open at the end of a month, by creditor, currency and aging bucket."""

    creditor = TenantKey(Creditor)
    month = models.DateField()
    currency = models.CharField(max_length=3)
    bucket = models.PositiveSmallIntegerField()  # the position in `kernel.aging.Buckets().names`
    amount = money()
    items = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "month", "creditor", "currency", "bucket"], name="month_end_once"
            )
        ]


class MonthFlow(TenantModel):
    """What moved receivables in a month, by creditor, currency and kind of entry; billed is above zero, paid below."""

    creditor = TenantKey(Creditor)
    month = models.DateField()
    currency = models.CharField(max_length=3)
    kind = models.CharField(max_length=14)  # Entry.Kind
    amount = money()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "month", "creditor", "currency", "kind"], name="month_flow_once"
            )
        ]


class MonthMove(TenantModel):
    """What became in a month of what was open at its beginning: from a bucket into another one, or paid, credited, written off
    or closed elsewhere.
    """

    creditor = TenantKey(Creditor)
    month = models.DateField()
    currency = models.CharField(max_length=3)
    bucket = models.PositiveSmallIntegerField()
    became = models.CharField(max_length=12)  # the position of a bucket, or paid, credited, written_off, closed
    amount = money()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "month", "creditor", "currency", "bucket", "became"], name="month_move_once"
            )
        ]


class MonthCure(TenantModel):
    """Of the customers with something overdue at the beginning of a month, how many had nothing overdue at its end."""

    creditor = TenantKey(Creditor)
    month = models.DateField()
    currency = models.CharField(max_length=3)
    delinquent = models.PositiveIntegerField()
    cured = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "month", "creditor", "currency"], name="month_cure_once")
        ]


class ForecastWeek(TenantModel):
    """One week of a forecast as it was made at the end of a day: never changed, but that what came is written beside it."""

    made_on = models.DateField()
    currency = models.CharField(max_length=3)
    first = models.DateField()
    last = models.DateField()
    expected = money()
    low = money()
    high = money()
    variance = models.FloatField()  # of payments each for themselves: what the band is measured by, no amount
    came = money(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "made_on", "currency", "first"], name="forecast_week_once"
            )
        ]
        indexes = [
            models.Index(fields=["organization_id", "last"], condition=models.Q(came=None), name="forecast_to_compare")
        ]
