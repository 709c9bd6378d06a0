"""Credit limits as dated facts: none is ever changed, a later one counts instead."""

from django.db import models
from django.db.models import Q

from puntual.tenancy.models import TenantKey, TenantModel


class CreditLimit(TenantModel):
    """How much a customer may owe in a currency from a day on; without an amount there is no limit from then on.

    `valid_until` is the last day it was granted for: later it still says what use is measured by, but is due for review.
    """

    class Source(models.TextChoices):
        APPLICATION = "application"  # the customer asked, somebody decided
        TERMS = "terms"  # the customer's terms were changed for good
        HAND = "hand"  # somebody set it
        BEFORE = "before"  # it stood before limits were kept by their days

    customer = TenantKey("Customer")
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    from_on = models.DateField()
    valid_until = models.DateField(null=True)
    source = models.CharField(max_length=11, choices=Source.choices)
    source_id = models.UUIDField(null=True)
    reason = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0), name="credit_limit_not_below_zero"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=models.F("from_on")),
                name="credit_limit_in_order",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization_id", "customer", "currency", "-from_on", "-recorded_at"],
                name="credit_limit_customer",
            )
        ]
