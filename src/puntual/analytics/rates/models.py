"""Rates entered by people, dated. A row is never changed: another of the same day takes its place."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from puntual.parties.models import Creditor
from puntual.tenancy.models import TenantKey, TenantModel


class LossRate(TenantModel):
    """Lifetime loss rates by age that an organization set for its provision matrix (IFRS 9, B5.5.35), from a day on.

    `percents` are in the order of `kernel.aging.Buckets().names`; None: from that day what was measured counts again. For what
    one creditor is owed, for the customers of a segment, for both at once, or for all that have none of their own.
    """

    creditor = TenantKey(Creditor, null=True)
    segment = models.CharField(max_length=60, blank=True)  # its code: a segment may go, the rates that counted stay
    from_on = models.DateField()
    percents = ArrayField(models.DecimalField(max_digits=7, decimal_places=4), null=True)
    reason = models.CharField(max_length=300)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)

    class Meta:
        indexes = [models.Index(fields=["organization_id", "creditor", "-from_on"], name="loss_rate_of")]


class ExchangeRate(TenantModel):
    """What one unit of `base` was worth in `quote` on a day, by whom that is said. The latest recorded of a day counts."""

    on = models.DateField()
    base = models.CharField(max_length=3)
    quote = models.CharField(max_length=3)
    rate = models.DecimalField(max_digits=20, decimal_places=10)
    source = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(rate__gt=0), name="exchange_rate_positive"),
            models.CheckConstraint(condition=~Q(base=F("quote")), name="exchange_rate_of_another"),
        ]
        indexes = [models.Index(fields=["organization_id", "base", "quote", "-on"], name="exchange_rate_of")]
