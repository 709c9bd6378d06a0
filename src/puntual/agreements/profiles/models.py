"""Findings about customers: the latest counts, all are kept."""

from django.db import models
from django.db.models import Q

from puntual.parties.models import Customer
from puntual.tenancy.models import TenantKey, TenantModel


class Finding(TenantModel):
    """What was found out about a customer on a day: willing × able (null: not known), why it is in arrears, how that is known.

    Never changed; a later one counts instead. What counts now stands on the customer too, where segments read it.
    """

    customer = TenantKey(Customer)
    willing = models.BooleanField(null=True)
    able = models.BooleanField(null=True)
    reason = models.CharField(max_length=40, blank=True)  # of `findings.REASONS`
    evidence = models.TextField()  # what was said or seen
    found_on = models.DateField()
    source_id = models.UUIDField(null=True)  # the call, visit or answer it comes from
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(willing__isnull=False) | Q(able__isnull=False) | ~Q(reason=""),
                name="finding_says_something",
            ),
            models.CheckConstraint(condition=~Q(evidence=""), name="finding_has_evidence"),
        ]
        indexes = [
            models.Index(fields=["organization_id", "customer", "-found_on", "-recorded_at"], name="finding_customer")
        ]
