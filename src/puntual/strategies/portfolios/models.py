"""A kept rule of the portfolios."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from puntual.tenancy.models import TenantKey, TenantModel


class PortfolioRule(TenantModel):
    """Which customers become a member's: those of a segment, of some creditors, countries or tags; all that is named must hold.

    Of several that fit, the one with the lowest `position` counts. Creditors are named by code, countries by ISO 3166.
    """

    name = models.CharField(max_length=100)
    member = models.ForeignKey("organizations.User", models.CASCADE, related_name="+", db_index=False)
    segment = TenantKey("strategies.StoredSegment", null=True)
    creditors = ArrayField(models.CharField(max_length=60), default=list)
    countries = ArrayField(models.CharField(max_length=2), default=list)
    tags = ArrayField(models.CharField(max_length=40), default=list)
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization_id", "name"], name="portfolio_rule_name")]

    def __str__(self) -> str:
        return self.name
