"""A kept absence of a member."""

from django.db import models
from django.db.models import F, Q

from puntual.tenancy.models import TenantModel


class Absence(TenantModel):
    """A member is away from the first day through the last, both included (no last day: until told otherwise), and another does
    their work: what is theirs stays theirs and comes back with them.
    """

    user = models.ForeignKey("organizations.User", models.CASCADE, related_name="+", db_index=False)
    substitute = models.ForeignKey("organizations.User", models.CASCADE, related_name="+", db_index=False)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    note = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(substitute=F("user")), name="absence_by_another"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="absence_lasts"
            ),
        ]
        indexes = [models.Index(fields=["organization_id", "ends_on"], name="absence_end")]
