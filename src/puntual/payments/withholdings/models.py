"""Rates of withholding that an organization entered."""

from django.db import models
from django.db.models import F, Q

from puntual.tenancy.models import TenantModel


class WithholdingRate(TenantModel):
    """A rate the organization entered for the creditors of a country, with its source, between two days; withdrawn, not edited.

    One with the code of a shipped rate stands in its place from its first day; `used` false says that it is not recognized here.
    """

    country = models.CharField(max_length=2)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12)  # ExpectedDeduction.Kind
    percent = models.DecimalField(max_digits=8, decimal_places=4)
    base = models.CharField(max_length=5)  # rates.Base: of the total, the net or the tax
    tax_percent = models.DecimalField(max_digits=6, decimal_places=3, default=0)  # the sales tax inside the total
    group = models.CharField(max_length=20, blank=True)
    used = models.BooleanField(default=True)
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    source = models.CharField(max_length=300)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "country", "code", "from_on"],
                condition=Q(withdrawn_at__isnull=True),
                name="withholding_rate_once",
            ),
            models.CheckConstraint(condition=Q(percent__gt=0) & Q(percent__lte=100), name="withholding_percent"),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="withholding_ends_after"
            ),
        ]
