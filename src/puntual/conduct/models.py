"""The rules of conduct an organization gives itself on top of the packs. Everything else of this room is pure."""

from django.db import models
from django.db.models import F, Q

from puntual.tenancy.models import TenantModel


class OwnRule(TenantModel):
    """A rule stricter than the law, in force from a day until it is ended; it is never changed and never deleted, so that the
    report on conduct knows what was in force on any day.

    `content` is a rule as `packs.read_policy` reads it; `country` is empty where it holds for customers everywhere.
    """

    country = models.CharField(max_length=2, blank=True)
    content = models.JSONField()
    from_on = models.DateField()
    ended_on = models.DateField(null=True)  # from this day it holds no more

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(country="") | Q(country__regex="^[A-Z]{2}$"), name="own_rule_country"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("from_on")), name="own_rule_ends_after"
            ),
        ]
        indexes = [models.Index(fields=["organization_id", "from_on"], name="own_rule_of")]
