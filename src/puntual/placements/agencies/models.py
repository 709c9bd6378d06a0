"""With whom debts are placed, and what passed between them and us."""

from django.db import models
from django.db.models import Q

from puntual.receivables.models.amounts import money
from puntual.tenancy.models import TenantKey, TenantModel


class Agency(TenantModel):
    """An agency, a law firm or a lawyer: one of each kind and name, whatever its capitals and accents.

    `percent` is the commission agreed for what is placed from now on, in percent of what is collected; None: none was agreed.
    """

    kind = models.CharField(max_length=6)  # as of its placements
    name = models.CharField(max_length=150)
    key = models.CharField(max_length=150)  # the name folded
    percent = models.DecimalField(max_digits=7, decimal_places=4, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "kind", "key"], name="agency_once"),
            models.CheckConstraint(
                condition=Q(percent=None) | Q(percent__gte=0, percent__lte=100), name="agency_percent"
            ),
        ]


class AgencyEntry(TenantModel):
    """What passed between an agency and us on a day. Never edited: a wrong one is withdrawn with its reason.

    Remitted: money of customers that it passed on. Kept: commission it kept of what it collected. Paid: commission we paid it.
    """

    class Kind(models.TextChoices):
        REMITTED = "remitted"
        KEPT = "kept"
        PAID = "paid"

    agency = TenantKey(Agency)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    amount = money()
    currency = models.CharField(max_length=3)
    on = models.DateField()
    note = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)
    withdrawn_on = models.DateField(null=True)
    withdrawn_by = models.CharField(max_length=150, blank=True)
    withdrawn_why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="agency_entry_positive")]
        indexes = [models.Index(fields=["organization_id", "agency", "-on", "-id"], name="agency_entry_when")]
