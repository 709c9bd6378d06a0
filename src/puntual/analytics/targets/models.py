"""A kept target."""

from django.db import models
from django.db.models import Q

from puntual.tenancy.models import TenantModel


class Target(TenantModel):
    """What a member is to reach in a month, named by its first day: an amount collected in a currency, a number of conversations,
    or a percent of promises kept.
    """

    class Kind(models.TextChoices):
        COLLECTED = "collected"
        CONTACTS = "contacts"
        KEPT = "kept"

    member = models.ForeignKey("organizations.User", models.CASCADE, related_name="+", db_index=False)
    month = models.DateField()
    kind = models.CharField(max_length=9, choices=Kind.choices)
    currency = models.CharField(max_length=3, blank=True)  # of an amount
    goal = models.DecimalField(max_digits=20, decimal_places=4)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "month", "member", "kind", "currency"], name="target_once"
            ),
            models.CheckConstraint(condition=Q(goal__gt=0), name="target_above_zero"),
            models.CheckConstraint(condition=Q(month__day=1), name="target_of_a_month"),
        ]
